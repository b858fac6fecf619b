"""The claims that the grounding check is measured with are what they claim to be."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from evals.cases import BadCase, section_texts
from evals.claim_cases import DEFECTS, TRUE, load_defects, load_paraphrases, load_training

COURSE = section_texts()[0]
QUOTE = "Certification is not a one-time event."
PARAPHRASE = {"id": "h1", "split": "tune", "evidence": [QUOTE], "claim": "You do not certify just once."}
LEARNT = {"id": "t1", "kind": "negation", "evidence": [QUOTE], "claim": "A certificate lasts for life."}
DEFECT = {"id": "d1", "split": "tune", "kind": "negation", "evidence": [QUOTE], "claim": "You certify just once."}


def write(path: Path, *records: object) -> Path:
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    return path


def test_there_are_enough_paraphrases_and_half_are_sealed() -> None:
    cases = load_paraphrases()
    assert len(cases) >= 160
    splits = Counter(case.split for case in cases)
    assert abs(splits["tune"] - splits["sealed"]) <= 1


def test_paraphrases_are_neither_snippets_nor_essays() -> None:
    lengths = {case.id: len(case.claim.split()) for case in load_paraphrases()}
    assert {identifier: length for identifier, length in lengths.items() if not 6 <= length <= 35} == {}


def test_every_passage_of_the_section_is_paraphrased() -> None:
    excerpts = [excerpt for case in load_paraphrases() for excerpt in case.evidence]
    body = COURSE.split("---\n", 2)[2]
    passages = [line for line in body.splitlines() if re.match(r"[^#:|\s].*[^?]$|\| (?!Operational Domain)", line)]
    assert len(passages) > 55
    assert [line for line in passages if not any(excerpt in line for excerpt in excerpts)] == []


def test_there_are_enough_defects_of_every_kind_and_half_are_sealed() -> None:
    counts = Counter((case.kind, case.split) for case in load_defects())
    assert {kind for kind, _ in counts} == set(DEFECTS)
    for kind in DEFECTS:
        assert counts[kind, "tune"] + counts[kind, "sealed"] >= 25
        assert abs(counts[kind, "tune"] - counts[kind, "sealed"]) <= 1


def test_there_are_enough_training_claims_of_every_kind() -> None:
    counts = Counter(case.kind for case in load_training())
    assert set(counts) == {TRUE, *DEFECTS}
    assert counts.pop(TRUE) >= 250
    assert min(counts.values()) >= 40


def test_no_claim_stands_twice() -> None:
    """Nor is a claim that is measured with among those learnt from."""
    measured = [case.claim for case in load_paraphrases()] + [case.claim for case in load_defects()]
    claims = Counter(measured + [case.claim for case in load_training()])
    assert max(claims.values()) == 1


@pytest.mark.parametrize(
    ("record", "words"),
    [
        pytest.param({**PARAPHRASE, "evidence": ["Certification is a one-time event."]}, "not verbatim", id="changed"),
        pytest.param({**PARAPHRASE, "evidence": [f"{QUOTE}\n"]}, "not verbatim in a line", id="over a line"),
        pytest.param({**PARAPHRASE, "evidence": ["| Financial Management |"]}, "markup", id="a table's markup"),
        pytest.param({**PARAPHRASE, "evidence": ["- Rigorous Assessment"]}, "markup", id="a list's markup"),
        pytest.param({**PARAPHRASE, "evidence": ["### For the Patient"]}, "markup", id="a heading's markup"),
        pytest.param({**PARAPHRASE, "evidence": []}, "“evidence”", id="no evidence"),
        pytest.param({**PARAPHRASE, "evidence": QUOTE}, "“evidence”", id="evidence as text"),
        pytest.param({**PARAPHRASE, "claim": QUOTE}, "the claim is verbatim", id="the course's own sentence"),
        pytest.param({**PARAPHRASE, "claim": QUOTE.upper()}, "the claim is verbatim", id="only capitals differ"),
        pytest.param({**PARAPHRASE, "claim": " "}, "“claim” is empty", id="no claim"),
        pytest.param({**PARAPHRASE, "split": "test"}, "“split” is “test”", id="no such split"),
        pytest.param({**PARAPHRASE, "kind": "number"}, "unknown field “kind”", id="unknown field"),
    ],
)
def test_a_bad_paraphrase_is_refused_by_name(tmp_path: Path, record: object, words: str) -> None:
    with pytest.raises(BadCase, match=r"cases\.jsonl case h1: ") as refused:
        load_paraphrases(write(tmp_path / "cases.jsonl", record))
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        pytest.param({**DEFECT, "kind": "typo"}, "“kind” is “typo”", id="no such kind"),
        pytest.param({**DEFECT, "evidence": ["Certification is a one-time event."]}, "not verbatim", id="not verbatim"),
        pytest.param({**DEFECT, "split": "test"}, "“split” is “test”", id="no such split"),
        pytest.param({**DEFECT, "claim": ""}, "“claim” is empty", id="no claim"),
        pytest.param({key: DEFECT[key] for key in DEFECT if key != "kind"}, "missing field “kind”", id="no kind"),
    ],
)
def test_a_bad_defect_is_refused_by_name(tmp_path: Path, record: object, words: str) -> None:
    with pytest.raises(BadCase, match=r"cases\.jsonl case d1: ") as refused:
        load_defects(write(tmp_path / "cases.jsonl", record))
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        pytest.param({**LEARNT, "kind": "typo"}, "“kind” is “typo”", id="no such kind"),
        pytest.param({**LEARNT, "evidence": ["Certification is a one-time event."]}, "not verbatim", id="not verbatim"),
        pytest.param({**LEARNT, "kind": "true", "claim": QUOTE}, "the claim is verbatim", id="the course's own words"),
        pytest.param({**LEARNT, "split": "tune"}, "unknown field “split”", id="a split"),
    ],
)
def test_a_bad_training_claim_is_refused_by_name(tmp_path: Path, record: object, words: str) -> None:
    with pytest.raises(BadCase, match=r"cases\.jsonl case t1: ") as refused:
        load_training(write(tmp_path / "cases.jsonl", record))
    assert words in str(refused.value)


def test_a_true_sentence_with_the_wrong_evidence_may_be_the_courses_own(tmp_path: Path) -> None:
    record = {**DEFECT, "kind": "wrong_citation", "evidence": ["Both roles are essential"], "claim": QUOTE}
    assert load_defects(write(tmp_path / "cases.jsonl", record))[0].claim == QUOTE


def test_two_claims_with_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCase, match="case h1 stands there twice"):
        load_paraphrases(write(tmp_path / "cases.jsonl", PARAPHRASE, PARAPHRASE))
    with pytest.raises(BadCase, match="case d1 stands there twice"):
        load_defects(write(tmp_path / "cases.jsonl", DEFECT, DEFECT))
