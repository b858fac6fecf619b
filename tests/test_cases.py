"""The cases that the tutor is measured with are what they claim to be."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from cpom_tutor.language import content_stems
from cpom_tutor.library import Library
from evals.cases import (
    ANSWERABLE,
    KINDS,
    UNANSWERABLE,
    BadCase,
    load_kinds,
    load_questions,
    load_unanswerable,
    section_texts,
)
from evals.talk_cases import PREMISES, load_conversations, load_premises

COURSE = section_texts()[0]
QUOTE = "Certification is not a one-time event."
LEAST = {
    "fact": 40, "yes_no": 20, "list": 20, "table": 20, "analogy": 16, "comparison": 14, "why": 20, "situation": 20,
    "benefit": 16, "wrong_premise": 6,
}  # fmt: skip
"""How many questions of each kind there are at least."""
GOOD = {
    "id": "r1", "question": "am i done", "split": "tune", "kind": "yes_no", "evidence": [[QUOTE]],
    "key_facts": [["not a one-time event", "not for life"]], "items": [],
}  # fmt: skip

TURN = {"question": "am i done", "whole": "am i done after the exam", "expect": "answer", "evidence": [[QUOTE]]}
THANKS = {"question": "thx", "whole": "thx", "expect": "conversation", "evidence": []}
TALK = {"id": "c1", "split": "tune", "turns": [TURN, TURN, THANKS]}
PREMISE = {"id": "p1", "split": "tune", "kind": "negated", "question": "why am i done", "evidence": [[QUOTE]]}


def write(path: Path, *records: object) -> Path:
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    return path


def runs_of_three(texts: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    for text in texts:
        stems = content_stems(text)
        yield from ((first, second, third) for (first, second), (_, third) in pairwise(pairwise(stems)))


def test_questions_share_no_run_of_three_content_words_with_the_course() -> None:
    course = set(runs_of_three(COURSE.splitlines()))
    assert len(course) > 1000
    shared = {case.id: set(runs_of_three([case.question])) & course for case in load_questions()}
    assert {identifier: runs for identifier, runs in shared.items() if runs} == {}


def test_no_question_kept_with_the_course_is_one_that_the_tutor_is_measured_with(library: Library) -> None:
    """Only ids are shown: half of the cases are sealed."""
    kept = {_plain(probe.question) for probe in library.probes}
    asked = [(case.id, case.question) for case in load_questions()]
    asked += [(case.id, case.question) for case in load_unanswerable()]
    asked += [(case.id, case.question) for case in load_premises()]
    asked += [(case.id, question) for case in load_kinds() for question in case.turns]
    asked += [(case.id, text) for case in load_conversations() for turn in case.turns
              for text in (turn.question, turn.whole)]  # fmt: skip
    assert len(kept) > 5000
    copied = sorted({identifier for identifier, question in asked if _plain(question) in kept})
    if copied:
        pytest.fail(f"the questions of these cases stand in corpus/probes: {', '.join(copied)}", pytrace=False)


def _plain(question: str) -> str:
    """A question without case, spacing and the marks at its end."""
    return " ".join(question.lower().split()).strip(" ?.!")


def test_a_run_of_three_content_words_would_be_noticed() -> None:
    course = set(runs_of_three(COURSE.splitlines()))
    assert set(runs_of_three(["so is it razor-thin margins then"])) & course


def test_there_are_enough_questions_of_every_kind_and_half_are_sealed() -> None:
    cases = load_questions()
    assert len(cases) >= 256
    assert set(Counter(case.kind for case in cases)) == set(ANSWERABLE)
    counts = Counter(case.kind for case in cases)
    assert {kind: counts[kind] for kind, least in LEAST.items() if counts[kind] < least} == {}
    splits = Counter(case.split for case in cases)
    assert abs(splits["tune"] - splits["sealed"]) <= 1


def test_a_key_fact_is_short_and_has_few_phrasings() -> None:
    for case in load_questions():
        assert all(len(fact) <= 4 for fact in case.key_facts), case.id
        assert all(len(phrasing.split()) <= 5 for fact in case.key_facts for phrasing in fact), case.id


def test_the_items_of_a_list_are_several_and_different() -> None:
    items = {case.id: case.items for case in load_questions() if case.items or case.kind == "list"}
    assert {each: shown for each, shown in items.items() if len(set(shown)) != len(shown) or len(shown) < 2} == {}


def test_every_passage_of_the_section_is_asked_about() -> None:
    excerpts = [excerpt for case in load_questions() for excerpts in case.evidence for excerpt in excerpts]
    body = COURSE.split("---\n", 2)[2]
    passages = [line for line in body.splitlines() if re.match(r"[^#:|\s]|\| (?!Operational Domain)", line)]
    assert len(passages) > 55
    assert [line for line in passages if not any(excerpt in line for excerpt in excerpts)] == []


def test_unanswerable_questions_are_of_every_kind_and_half_are_sealed() -> None:
    cases = load_unanswerable()
    assert len(cases) >= 100
    counts = Counter(case.kind for case in cases)
    assert set(counts) == set(UNANSWERABLE)
    assert counts["not_in_course"] >= 60
    splits = Counter(case.split for case in cases)
    assert splits["tune"] == splits["sealed"]


def test_every_kind_has_five_conversations_and_follow_ups_have_something_to_follow() -> None:
    cases = load_kinds()
    counts = Counter(case.kind for case in cases)
    assert set(counts) == set(KINDS)
    assert min(counts.values()) >= 5
    assert all(len(case.turns) > 1 for case in cases if case.kind == "follow_up")


def test_no_question_stands_in_two_files() -> None:
    asked = [case.question for case in load_questions()] + [case.question for case in load_unanswerable()]
    asked += [question for case in load_kinds() for question in case.turns[:1] if len(case.turns) == 1]
    assert max(Counter(asked).values()) == 1


@pytest.mark.parametrize(
    ("record", "words"),
    [
        pytest.param({**GOOD, "evidence": [["Certification is a one-time event."]]}, "verbatim", id="not verbatim"),
        pytest.param({**GOOD, "evidence": [["operations"]]}, "more than once", id="not unique"),
        pytest.param({**GOOD, "evidence": []}, "“evidence”", id="no evidence"),
        pytest.param({**GOOD, "evidence": [[]]}, "“evidence”", id="an empty set"),
        pytest.param({**GOOD, "evidence": QUOTE}, "“evidence”", id="evidence as text"),
        pytest.param({**GOOD, "key_facts": []}, "“key_facts”", id="no key fact"),
        pytest.param({**GOOD, "key_facts": [[]]}, "“key_facts”", id="a key fact without words"),
        pytest.param({**GOOD, "key_facts": ["a one-time event"]}, "“key_facts”", id="a key fact as text"),
        pytest.param({**GOOD, "items": QUOTE}, "“items”", id="items as text"),
        pytest.param({**GOOD, "items": [""]}, "“items”", id="an empty item"),
        pytest.param({**GOOD, "items": ["Strategic Cooking"]}, "the item is not verbatim", id="an item not verbatim"),
        pytest.param({**GOOD, "evidnce": [[QUOTE]]}, "unknown field “evidnce”", id="unknown field"),
        pytest.param({key: GOOD[key] for key in GOOD if key != "split"}, "missing field “split”", id="missing field"),
        pytest.param({**GOOD, "split": "test"}, "“split” is “test”", id="no such split"),
        pytest.param({**GOOD, "kind": "clinical"}, "“kind” is “clinical”", id="no such kind"),
        pytest.param({**GOOD, "question": " "}, "“question” is empty", id="no question"),
    ],
)
def test_a_bad_case_is_refused_by_name(tmp_path: Path, record: object, words: str) -> None:
    with pytest.raises(BadCase, match=r"cases\.jsonl case r1: ") as refused:
        load_questions(write(tmp_path / "cases.jsonl", record))
    assert words in str(refused.value)


def test_two_cases_with_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCase, match="case r1 stands there twice"):
        load_questions(write(tmp_path / "cases.jsonl", GOOD, GOOD))


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "line 1 is not JSON"), ("[]", "line 1 is not a JSON object"), ("{}", "line 1 has no “id”")],
)
def test_a_line_that_is_no_case_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadCase, match=words):
        load_kinds(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCase, match=r"nothing\.jsonl cannot be read"):
        load_unanswerable(tmp_path / "nothing.jsonl")


def test_an_unknown_reason_to_decline_is_refused(tmp_path: Path) -> None:
    record = {"id": "u1", "question": "q", "split": "tune", "kind": "clinical", "reasons": ["tired"]}
    with pytest.raises(BadCase, match=r"case u1: “reasons” must be a list of: .*clinical"):
        load_unanswerable(write(tmp_path / "cases.jsonl", record))


def test_conversations_and_premises_share_no_run_of_three_content_words_with_the_course() -> None:
    course = set(runs_of_three(COURSE.splitlines()))
    turns = [turn for case in load_conversations() for turn in case.turns]
    asked = [question for turn in turns for question in (turn.question, turn.whole)]
    asked += [case.question for case in load_premises()]
    assert [question for question in asked if set(runs_of_three([question])) & course] == []


def test_there_are_enough_conversations_and_half_are_sealed() -> None:
    cases = load_conversations()
    assert len(cases) >= 40
    follow_ups = [turn for case in cases for turn in case.turns[1:]]
    assert sum(turn.expect == "answer" for turn in follow_ups) >= 100
    assert min(Counter(turn.expect for turn in follow_ups).values()) >= 5
    splits = Counter(case.split for case in cases)
    assert abs(splits["tune"] - splits["sealed"]) <= 1


def test_there_are_enough_premises_of_every_kind_and_half_are_sealed() -> None:
    cases = load_premises()
    counts = Counter(case.kind for case in cases)
    assert set(counts) == set(PREMISES)
    assert min(counts.values()) >= 5
    assert counts["true_premise"] >= 12
    assert len(cases) - counts["true_premise"] >= 40
    splits = Counter(case.split for case in cases)
    assert abs(splits["tune"] - splits["sealed"]) <= 1


def test_no_conversation_opens_with_a_question_of_another_file_and_no_premise_is_one() -> None:
    new = [case.turns[0].question for case in load_conversations()] + [case.question for case in load_premises()]
    old = [case.question for case in load_questions()] + [case.question for case in load_unanswerable()]
    old += [case.turns[0] for case in load_kinds()]
    assert max(Counter(new).values()) == 1
    assert set(new) & set(old) == set()


def talk(**changes: object) -> dict[str, object]:
    return {**TALK, "turns": [TURN, {**TURN, **changes}, THANKS]}


def test_a_good_conversation_and_a_good_premise_are_read(tmp_path: Path) -> None:
    (case,) = load_conversations(write(tmp_path / "cases.jsonl", TALK))
    assert [turn.expect for turn in case.turns] == ["answer", "answer", "conversation"]
    assert [turn.evidence for turn in case.turns] == [((QUOTE,),), ((QUOTE,),), ()]
    (premise,) = load_premises(write(tmp_path / "cases.jsonl", PREMISE))
    assert (premise.kind, premise.evidence) == ("negated", ((QUOTE,),))


@pytest.mark.parametrize(
    ("record", "words"),
    [
        pytest.param(talk(evidence=[["Certification is a one-time event."]]), "verbatim", id="not verbatim"),
        pytest.param(talk(evidence=[["Its Purpose\nsource"]]), "verbatim", id="not in one line"),
        pytest.param(talk(evidence=[["operations"]]), "more than once", id="not unique"),
        pytest.param(talk(evidence=[]), "“evidence” is not a list", id="an answer without evidence"),
        pytest.param(talk(expect="decline"), "“evidence” must be empty", id="a decline with evidence"),
        pytest.param(talk(expect="shrug"), "“expect” is “shrug”", id="no such expectation"),
        pytest.param(talk(question=" "), "“question” is empty", id="no question"),
        pytest.param(talk(whole=" "), "“whole” is empty", id="not told whole"),
        pytest.param(talk(wole="am i done"), "a turn is not an object with the fields", id="unknown field of a turn"),
        pytest.param({**TALK, "turns": [TURN, TURN]}, "three to five turns", id="too few turns"),
        pytest.param({**TALK, "turns": [TURN] * 6}, "three to five turns", id="too many turns"),
        pytest.param({**TALK, "turns": ["am i done"] * 3}, "a turn is not an object", id="turns as text"),
        pytest.param({**TALK, "split": "test"}, "“split” is “test”", id="no such split"),
    ],
)
def test_a_bad_conversation_is_refused_by_name(tmp_path: Path, record: object, words: str) -> None:
    with pytest.raises(BadCase, match=r"cases\.jsonl case c1: ") as refused:
        load_conversations(write(tmp_path / "cases.jsonl", record))
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        pytest.param({**PREMISE, "evidence": [["Certification is a one-time event."]]}, "verbatim", id="not verbatim"),
        pytest.param({**PREMISE, "evidence": [["operations"]]}, "more than once", id="not unique"),
        pytest.param({**PREMISE, "evidence": []}, "“evidence” is not a list", id="no evidence"),
        pytest.param({**PREMISE, "kind": "why"}, "“kind” is “why”", id="no such kind"),
        pytest.param({**PREMISE, "split": "test"}, "“split” is “test”", id="no such split"),
        pytest.param({**PREMISE, "question": " "}, "“question” is empty", id="no question"),
    ],
)
def test_a_bad_premise_is_refused_by_name(tmp_path: Path, record: object, words: str) -> None:
    with pytest.raises(BadCase, match=r"cases\.jsonl case p1: ") as refused:
        load_premises(write(tmp_path / "cases.jsonl", record))
    assert words in str(refused.value)
