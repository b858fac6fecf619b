"""The marked answers that marking is measured with are what they claim to be."""

import json
from pathlib import Path

import pytest

from cpom_tutor.attempts import PointVerdict
from evals.cases import BadCase
from evals.graded_cases import HOSTILE, TRAINING, load_graded

ENTRY = {
    "id": "x1", "split": "tune", "question": "What is essential?", "reference": ["Both roles are essential"],
    "rubric": ["Both roles are essential"],
    "answers": [{"kind": "perfect", "answer": "Both are.", "verdicts": ["met"]}],
}  # fmt: skip


def test_there_are_eighty_answers_or_more_and_half_or_more_are_sealed() -> None:
    questions = load_graded()
    answers = [(question.split, answer) for question in questions for answer in question.answers]
    assert len(answers) >= 80
    assert 0.5 <= sum(split == "sealed" for split, _ in answers) / len(answers) <= 0.65


def test_the_training_answers_share_no_question_and_no_answer_with_the_measured_ones() -> None:
    measured, training = load_graded(), load_graded(TRAINING, corpus=None)
    assert not {each.question for each in measured} & {each.question for each in training}
    answers = [{answer.answer for each in some for answer in each.answers} for some in (measured, training)]
    assert not answers[0] & answers[1]


def test_no_hostile_answer_is_to_earn_a_point() -> None:
    hostile = [
        answer for path in ("graded.jsonl", "graded_training.jsonl")
        for question in load_graded(TRAINING.with_name(path), corpus=None)
        for answer in question.answers if answer.kind in HOSTILE
    ]  # fmt: skip
    assert len(hostile) >= 20
    assert {verdict for answer in hostile for verdict in answer.verdicts} == {PointVerdict.MISSED}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reference": ["No such sentence stands in the course."]}, "not verbatim"),
        ({"rubric": []}, "rubric"),
        ({"rubric": ["Both roles", "are essential"]}, "1 verdicts for 2 points"),
    ],
)
def test_a_wrong_case_is_named(tmp_path: Path, change: dict[str, object], told: str) -> None:
    file = tmp_path / "graded.jsonl"
    file.write_text(json.dumps({**ENTRY, **change}), encoding="utf-8")
    with pytest.raises(BadCase, match=told):
        load_graded(file)
