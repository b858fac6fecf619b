"""The sentences of a model's drafts that the gate is measured with, and the passages that the checker learns from."""

import json
import re
import zlib
from collections import Counter
from pathlib import Path

import pytest

from cpom_tutor.library import Library
from evals.cases import BadCase, section_texts
from evals.draft_cases import DEFECTS, TRUE, load_drafts
from evals.suites.gate import best_threshold
from evals.teaching_cases import load_taught, mutated, wrongly_cited

ROLES = "CPOM §1.1.2 ¶5"
CASE = {"id": "m1", "split": "tune", "kind": "true", "cites": [ROLES], "claim": "Neither role can be left out."}
TAUGHT = {
    "id": "w1",
    "passage": "A huddle takes ten minutes.",
    "true": ["It is short."],
    "false": {"number": ["20 minutes."]},
}


def write(path: Path, *records: object) -> Path:
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    return path


def test_there_are_enough_true_sentences_and_defects_of_every_kind(library: Library) -> None:
    counts = Counter(case.kind for case in load_drafts(library))
    assert counts[TRUE] >= 150
    assert set(counts) == {TRUE, *DEFECTS}
    assert min(counts[kind] for kind in DEFECTS) >= 10


def test_the_passage_decides_what_is_sealed(library: Library) -> None:
    for case in load_drafts(library):
        tune = zlib.crc32(str(case.passages[0].address).encode()) % 2
        assert case.split == ("tune" if tune else "sealed"), case.id


def test_the_sentences_are_new_and_of_the_length_that_a_model_writes(library: Library) -> None:
    course = " ".join(re.findall(r"\w+", section_texts()[0].casefold()))
    for case in load_drafts(library):
        words = re.findall(r"\w+", case.sentence.casefold())
        assert 7 <= len(case.sentence.split()) <= 32, case.id
        runs = [" ".join(words[start : start + 9]) for start in range(max(1, len(words) - 8))]
        assert not [run for run in runs if run in course], case.id


def test_every_passage_is_named_by_a_true_sentence(library: Library) -> None:
    named = {passage.id for case in load_drafts(library) if case.supported for passage in case.passages}
    short = {passage.id for passage in library.passages if len(passage.text) < 100}
    assert {passage.id for passage in library.passages if not passage.kind.is_container} - named <= short


def test_a_claim_leans_on_all_of_its_passages(library: Library, tmp_path: Path) -> None:
    record = {**CASE, "cites": [ROLES, "CPOM §1.1.2 ¶4.2"]}
    (case,) = load_drafts(library, write(tmp_path / "cases.jsonl", record))
    assert [pointer.passage_id for pointer in case.claim.evidence] == [passage.id for passage in case.passages]
    assert len(case.passages) == 2


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({**CASE, "cites": ["CPOM §1.1.2 ¶99"]}, "not the address of one passage"),
        ({**CASE, "cites": ["CPOM §1.1.2"]}, "not the address of one passage"),
        ({**CASE, "cites": ["hello"]}, "not the address of one passage"),
        ({**CASE, "cites": []}, "“cites” is not a list"),
        ({**CASE, "cites": [ROLES] * 4}, "“cites” is not a list"),
        ({**CASE, "kind": "typo"}, "“kind” is “typo”"),
        ({**CASE, "claim": " "}, "“claim” is empty"),
    ],
)
def test_a_bad_sentence_is_refused_by_name(library: Library, tmp_path: Path, record: object, words: str) -> None:
    with pytest.raises(BadCase, match=r"cases\.jsonl case m1: ") as refused:
        load_drafts(library, write(tmp_path / "cases.jsonl", record))
    assert words in str(refused.value)


def test_no_taught_passage_is_of_the_course_and_each_has_true_and_false_sentences() -> None:
    taught = load_taught()
    assert len(taught) >= 20
    for each in taught:
        assert each.passage not in section_texts()[0]
        assert len(each.true) >= 5
        assert len({kind for kind, _ in each.false}) >= 5


def test_a_wrong_citation_names_another_passage() -> None:
    taught = load_taught()
    cited = list(wrongly_cited(taught))
    assert len(cited) == sum(len(each.true) for each in taught)
    assert not [sentence for sentence, passage in cited if sentence in passage.true]


def test_mutations_of_taught_sentences_are_false_in_every_way_but_by_citation() -> None:
    taught = load_taught()[:6]
    made = list(mutated(taught, 1))
    assert made == list(mutated(taught, 1))
    assert "wrong_citation" not in {kind for kind, _, _ in made}
    assert not [sentence for _, sentence, passage in made if sentence in passage.true]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({**TAUGHT, "true": []}, "“true” is not a list"),
        ({**TAUGHT, "false": {"typo": ["Wrong."]}}, "“false” must hold"),
        ({**TAUGHT, "false": ["Wrong."]}, "“false” must hold"),
        ({**TAUGHT, "passage": ""}, "“passage” is empty"),
    ],
)
def test_a_bad_taught_passage_is_refused_by_name(tmp_path: Path, record: object, words: str) -> None:
    with pytest.raises(BadCase, match=r"cases\.jsonl case w1: ") as refused:
        load_taught(write(tmp_path / "cases.jsonl", record))
    assert words in str(refused.value)


def test_the_best_threshold_parts_what_can_be_parted() -> None:
    import numpy as np

    threshold = best_threshold(np.array([0.9, 0.8, 0.3, 0.1]), np.array([True, True, False, False]))
    assert 0.3 < threshold <= 0.8
