"""How a session went."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cpom_tutor.attempts import Marking, Response, Session, SessionKind
from cpom_tutor.items import ExamGroup
from cpom_tutor.practice.sittings.results import result_of
from cpom_tutor.testing import make_item, make_scenario

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ONE, TWO = "CPOM §1.1.1", "CPOM §1.1.2"
TITLES = {ONE: "1.1.1 Why?", TWO: "1.1.2 What?"}
ITEMS = (*(make_item(n, topic=TWO) for n in range(3)), *(make_item(n, topic=ONE) for n in range(3, 5)))
RIGHT, WRONG = Marking(1.0, True), Marking(0.0, False)


def session(*markings: Marking | None, kind: SessionKind = SessionKind.QUESTIONS, asked: int = 5) -> Session:
    marked = tuple((position, marking) for position, marking in enumerate(markings) if marking)
    responses = tuple((position, Response(index=0)) for position, _ in marked)
    return Session("s", kind, 7, NOW, ITEMS, responses=responses, markings=marked, asked=asked)


def test_counts_what_was_right_and_where() -> None:
    found = result_of(session(RIGHT, RIGHT, RIGHT, WRONG, Marking(0.5, False)), TITLES)
    assert (found.right, found.total, found.answered) == (3, 5, 5)
    assert found.score == pytest.approx(0.7)
    assert [(area.title, area.topic, area.right, area.total) for area in found.areas] == [
        ("1.1.2 What?", TWO, 3, 3),
        ("1.1.1 Why?", ONE, 0, 2),
    ]
    assert found.weak == (), "two questions are too few to call a part weak"
    assert found.missed == (3, 4)
    assert found.sentences == ("3 of 5 right (60%).",)


def test_no_answer_counts_as_wrong() -> None:
    found = result_of(session(RIGHT, None, RIGHT), TITLES)
    assert (found.right, found.answered, found.missed) == (2, 2, (1, 3, 4))
    assert found.score == pytest.approx(0.4)


def test_an_exam_is_summed_up_by_its_blueprint_and_is_no_prediction() -> None:
    blueprint = (
        ExamGroup("Genesis", ONE, 0.4, tuple(item.id for item in ITEMS[3:])),
        ExamGroup("Title", TWO, 0.6, tuple(item.id for item in ITEMS[:2])),
        ExamGroup("A case", TWO, 0.0, (ITEMS[2].id,), "The robot stopped."),
    )
    exam = replace(session(RIGHT, WRONG, None, RIGHT, RIGHT, kind=SessionKind.EXAM, asked=120), blueprint=blueprint)
    found = result_of(exam, TITLES)
    assert [(area.title, area.right, area.total) for area in found.areas] == [("Genesis", 2, 2), ("Title", 1, 3)]
    assert [area.title for area in found.weak] == ["Title"]
    assert found.sentences == (
        "3 of 5 right (60%).",
        "1 without an answer; each counts as wrong, as in an exam.",
        "You asked for 120 questions; the course carries 5 so far.",
        "This is a practice score on this course’s questions, and no prediction of the real exam.",
    )


def test_an_area_without_questions_is_not_shown() -> None:
    empty = ExamGroup("Nothing", "CPOM §1.1.9", 0.5, ())
    exam = replace(session(RIGHT, kind=SessionKind.EXAM), blueprint=(empty,))
    assert [area.topic for area in result_of(exam, TITLES).areas] == [TWO, ONE]


def test_a_scenario_is_one_area() -> None:
    scenario = replace(
        session(RIGHT, WRONG, RIGHT, RIGHT, kind=SessionKind.SCENARIO), items=(), scenario=make_scenario()
    )
    found = result_of(scenario, TITLES)
    assert [(area.topic, area.right, area.total) for area in found.areas] == [(ONE, 3, 4)]
    assert found.weak == ()


def test_flashcards_say_whose_judgement_it_was() -> None:
    assert "by your own judgement" in result_of(session(RIGHT, kind=SessionKind.FLASHCARDS), TITLES).sentences[0]
