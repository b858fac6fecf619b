"""The approved questions that are measured with are whole, and a bad one is named."""

import json
from pathlib import Path

import pytest

from evals.approved_cases import NEAR_DUPLICATES, load_approved
from evals.cases import CASES, BadCase

GOOD = json.loads((CASES / "approved.jsonl").read_text("utf-8").splitlines()[0])


def test_there_are_sixty_with_three_paraphrases_and_four_near_duplicates_each() -> None:
    cases = load_approved()
    assert len(cases) == 60
    assert {len(case.same) for case in cases} == {3}
    assert {len(case.other) for case in cases} == {4}
    assert [sum(case.split == split for case in cases) for split in ("tune", "sealed")] == [30, 30]
    assert {other.kind for case in cases for other in case.other} == set(NEAR_DUPLICATES)


def test_no_question_stands_there_twice() -> None:
    questions = [
        question.lower()
        for case in load_approved()
        for question in (case.question, *case.same, *(other.question for other in case.other))
    ]
    assert len(questions) == 60 * 8
    assert sorted(set(questions)) == sorted(questions)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"evidence": ["The exam costs 500 dollars."]}, "not verbatim"),
        ({"same": []}, "“same”"),
        ({"other": ["Why?"]}, "“other” is not a list of objects"),
        ({"other": [{"kind": "number"}]}, "other fields"),
        ({"other": [{"kind": "odd", "question": "Why?"}]}, "“kind” is “odd”"),
        ({"other": [{"kind": "number", "question": " "}]}, "“question” is empty"),
        ({"split": "train"}, "“split”"),
        ({"extra": 1}, "unknown field"),
    ],
)
def test_a_bad_case_is_named(tmp_path: Path, change: dict[str, object], why: str) -> None:
    file = tmp_path / "approved.jsonl"
    file.write_text(json.dumps({**GOOD, **change}) + "\n", encoding="utf-8")
    with pytest.raises(BadCase, match="case a001") as told:
        load_approved(file)
    assert why in str(told.value)
