"""What makes a turn ask to be looked at."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from cpom_tutor.answers import Abstention, Answer, Conversation, Intent, Reason, Reply, Turn
from cpom_tutor.items import Practised
from cpom_tutor.records.risk import MOST_COUNTED, question_key, risk_of
from cpom_tutor.reviews import Complaint, Feedback, Risk
from cpom_tutor.testing import make_item

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def turn(reply: Reply | None = None, question: str = "What is a CSC?", confidence: float | None = 0.95) -> Turn:
    return Turn(
        question, question, Intent.ASK, reply or Answer(()), (), "extractive", "i", NOON, 1.0, confidence=confidence
    )


def thumb(helpful: bool = False, *complaints: Complaint) -> Feedback:
    return Feedback(helpful, complaints, "", NOON)


def test_a_sure_answer_that_nobody_complains_of_is_no_risk() -> None:
    assert risk_of(turn()) == risk_of(turn(confidence=None)) == risk_of(turn(), thumb(True)) == Risk(0.0, ())


def test_the_weightiest_reason_stands_first() -> None:
    reply = Answer((), premise_refuted=True, dropped=1)
    found = risk_of(turn(reply, confidence=0.5), thumb(False, Complaint.INCOMPLETE), 3)
    assert found.why == (
        "thumbs down: incomplete", "low confidence", "corrected the question", "1 sentence did not pass",
        "asked 4 times",
    )  # fmt: skip
    assert found.score == 1.0


def test_risks_stand_in_the_order_of_how_bad_they_are() -> None:
    from_bad_to_good = [
        risk_of(turn(), thumb(False, Complaint.HARD_TO_UNDERSTAND, Complaint.WRONG_EVIDENCE)),
        risk_of(turn(), thumb(False, Complaint.INCOMPLETE)),
        risk_of(turn(), thumb()),
        risk_of(turn(Abstention(Reason.UNVERIFIED, "No."))),
        risk_of(turn(Abstention(Reason.NOT_IN_COURSE, "No."))),
        risk_of(turn(Answer((), premise_refuted=True))),
        risk_of(turn(Abstention(Reason.CLINICAL, "No."))),
        risk_of(turn()),
    ]
    assert all(worse.score > better.score for worse, better in pairwise(from_bad_to_good))


@pytest.mark.parametrize("reason", [Reason.CLINICAL, Reason.OFF_TOPIC, Reason.INSTRUCTION])
def test_what_is_rightly_declined_hardly_counts(reason: Reason) -> None:
    assert 0 < risk_of(turn(Abstention(reason, "No."))).score < 0.05


def test_the_less_confident_the_riskier() -> None:
    scores = [risk_of(turn(confidence=share)).score for share in (0.9, 0.79, 0.6, 0.4, 0.1)]
    assert scores[0] == 0
    assert 0.1 < scores[1] < scores[2] < scores[3] == scores[4] == 0.3


def test_all_complaints_are_named_and_the_worst_counts() -> None:
    two = risk_of(turn(), thumb(False, Complaint.INCOMPLETE, Complaint.WRONG_EVIDENCE))
    assert two == Risk(risk_of(turn(), thumb(False, Complaint.WRONG_EVIDENCE)).score,
                       ("thumbs down: wrong evidence, incomplete",))  # fmt: skip


def test_a_question_asked_often_counts_from_the_third_time_on() -> None:
    assert [risk_of(turn(), None, before).why for before in (0, 1, 2, MOST_COUNTED)] == [
        (), (), ("asked 3 times",), (f"asked more than {MOST_COUNTED} times",)
    ]  # fmt: skip
    assert risk_of(turn(), None, 2).score < risk_of(turn(), None, 9).score < 0.25


def test_a_greeting_may_be_said_as_often_as_one_likes() -> None:
    hello = turn(Conversation("Hello."), "hello there")
    assert question_key(hello) == ""
    assert risk_of(hello, None, 30) == Risk(0.0, ())
    assert risk_of(hello, thumb()).score == 0.5


def test_an_answer_that_an_instructor_approved_is_a_risk_only_where_somebody_complains() -> None:
    shown = replace(turn(Answer((), premise_refuted=True), confidence=0.1), reviewed="Reviewed by an instructor")
    assert risk_of(shown, None, 40) == Risk(0.0, ())
    assert risk_of(shown, thumb(False, Complaint.WRONG_EVIDENCE), 40).score == 0.7


def test_practice_is_not_a_question_that_is_asked_often() -> None:
    assert question_key(replace(turn(), practice=Practised(make_item(1)))) == ""


def test_questions_of_the_same_content_words_are_the_same() -> None:
    same = {
        question_key(turn(question=asked)) for asked in ("What is a CSC?", "what’s a CSC", "And CSCs, what are they?")
    }
    assert len(same) == 1
    others = ("What does a CSC cost?", "What is a GPO?")
    assert not same & {question_key(turn(question=asked)) for asked in others}
    assert question_key(turn(question="what is it?")) == question_key(turn(question="\ud800")) == ""
