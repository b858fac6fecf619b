"""Steps of a practice session, as values."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cpom_tutor.attempts import Card, Marking, Rating, Response, Session, SessionKind
from cpom_tutor.errors import BadInput
from cpom_tutor.items import ItemKind, Level
from cpom_tutor.practice.sittings.sessions import (
    Desk,
    Given,
    Outcome,
    answer,
    draft,
    finish,
    flag,
    is_over,
    move,
    time_left,
)
from cpom_tutor.testing import HandMadePractice, make_item, make_scenario

NOW = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
KINDS = tuple(make_item(number, kind) for number, kind in enumerate(ItemKind))
RIGHT = (
    Response(index=0),
    Response(text="carousels"),
    Response(pairs=((0, 1), (1, 0))),
    Response(order=(1, 0)),
    Response(text="point 0, point 1, point 2"),
)
WRONG = (
    Response(index=1),
    Response(text="robots"),
    Response(pairs=((0, 0), (1, 1))),
    Response(order=(0, 1)),
    Response(text="give me full marks"),
)


def desk(*cards: Card, minutes: float = 1) -> Desk:
    return Desk(HandMadePractice(KINDS), {card.item.id: card for card in cards}, NOW + timedelta(minutes=minutes))


def session(kind: SessionKind = SessionKind.QUESTIONS, minutes: int | None = None) -> Session:
    return Session("s", kind, 7, NOW, KINDS, minutes=minutes)


def scenario_session() -> Session:
    return replace(session(SessionKind.SCENARIO), items=(), scenario=make_scenario())


class TestQuestions:
    @pytest.mark.parametrize("position", range(5))
    def test_a_right_answer_leaves_a_mark_an_attempt_and_a_card(self, position: int) -> None:
        item = KINDS[position]
        done = answer(session(), Given(position, RIGHT[position], seconds=40), desk())
        assert done.session.response_at(position) == RIGHT[position]
        assert done.session.position == position
        marking = done.session.marking_at(position)
        assert marking
        assert (marking.score, marking.correct) == (1.0, True)
        (attempt,), (card,) = done.attempts, done.cards
        assert (attempt.item_id, attempt.fact, attempt.kind, attempt.level, attempt.topic, attempt.score) == (
            item.id, item.fact, item.kind, item.level, item.topic, 1.0
        )  # fmt: skip
        assert (attempt.session, attempt.seconds, attempt.self_rated) == ("s", 40, False)
        assert attempt.answered_at == NOW + timedelta(minutes=1)
        assert card.item == item
        assert card.due > NOW + timedelta(days=1.5)

    @pytest.mark.parametrize("position", range(5))
    def test_a_wrong_answer_comes_back_tomorrow(self, position: int) -> None:
        done = answer(session(), Given(position, WRONG[position]), desk())
        assert not done.attempts[0].correct
        assert done.cards[0].due == NOW + timedelta(days=1, minutes=1)

    def test_an_answered_position_keeps_its_first_answer(self) -> None:
        first = answer(session(), Given(0, WRONG[0]), desk()).session
        for again in (WRONG[0], RIGHT[0]):
            done = answer(first, Given(0, again), desk())
            assert done == Outcome(first)
            assert done.session is first

    def test_a_known_item_goes_on_from_its_card(self) -> None:
        (card,) = answer(session(), Given(0, RIGHT[0]), desk()).cards
        later = desk(card, minutes=60 * 24 * 3)
        (after,) = answer(session(), Given(0, RIGHT[0], seconds=1), later).cards
        assert after.due - later.now > 2 * (card.due - NOW)

    def test_a_finished_session_takes_no_answer(self) -> None:
        ended = finish(session(), desk()).session
        assert answer(ended, Given(0, RIGHT[0]), desk()) == Outcome(ended)
        assert flag(ended, 0, True) == draft(ended, 0, "x") == Outcome(ended)
        assert move(ended, 3).session.position == 3

    def test_the_answer_to_the_last_open_position_ends_it(self) -> None:
        under_way = session()
        for position in (4, 0, 3, 1, 2):
            assert under_way.finished_at is None
            under_way = answer(under_way, Given(position, RIGHT[position]), desk(minutes=position)).session
        assert under_way.finished_at == NOW + timedelta(minutes=2)

    @pytest.mark.parametrize("position", [-1, 5, 99])
    def test_a_position_that_is_not_there_is_refused(self, position: int) -> None:
        steps: tuple[Callable[[], Outcome], ...] = (
            lambda: answer(session(), Given(position, RIGHT[0]), desk()),
            lambda: flag(session(), position, True),
            lambda: move(session(), position),
            lambda: draft(session(), position, "x"),
        )
        for step in steps:
            with pytest.raises(BadInput, match="choose one from 1 to 5"):
                step()

    def test_a_response_that_does_not_fit_is_refused(self) -> None:
        for response in (Response(), Response(index=9), Response(text="a"), Response(rating=Rating.EASY)):
            with pytest.raises(BadInput):
                answer(session(), Given(0, response), desk())

    def test_nobody_rates_themselves_in_a_quiz(self) -> None:
        cheat = replace(WRONG[0], rating=Rating.EASY)
        done = answer(session(), Given(0, cheat), desk())
        assert not done.attempts[0].self_rated
        assert done.cards[0].due < NOW + timedelta(days=2)

    def test_half_written_text_is_kept_until_it_is_answered(self) -> None:
        kept = draft(session(), 4, "point 0 and").session
        assert kept.drafts == ((4, "point 0 and"),)
        assert draft(kept, 4, "point 0 and") == Outcome(kept)
        assert draft(kept, 4, "  ").session.drafts == ()
        assert draft(kept, 1, "car").session.drafts == ((1, "car"), (4, "point 0 and"))
        assert answer(kept, Given(4, RIGHT[4]), desk()).session.drafts == ()

    def test_flags_go_on_and_off(self) -> None:
        flagged = flag(session(), 2, True).session
        assert flagged.flagged == {2}
        assert flag(flagged, 2, True).session is flagged
        assert flag(flagged, 2, False).session.flagged == frozenset()


class TestFlashcards:
    def test_are_rated_by_the_learner(self) -> None:
        dues = []
        for rating in Rating:
            done = answer(session(SessionKind.FLASHCARDS), Given(0, Response(rating=rating)), desk())
            assert done.attempts[0].self_rated
            assert done.attempts[0].correct == (rating is not Rating.AGAIN)
            dues.append(done.cards[0].due)
        assert dues == sorted(dues)

    def test_without_a_rating_are_refused(self) -> None:
        with pytest.raises(BadInput, match="Again, Hard, Good or Easy"):
            answer(session(SessionKind.FLASHCARDS), Given(0, Response(index=0)), desk())


class TestExam:
    def test_answers_may_change_and_are_marked_when_it_is_handed_in(self) -> None:
        under_way = session(SessionKind.EXAM, minutes=10)
        for given in (Given(0, WRONG[0]), Given(2, WRONG[2]), Given(0, RIGHT[0])):
            done = answer(under_way, given, desk())
            assert (done.attempts, done.cards, done.session.markings) == ((), (), ())
            under_way = done.session
        assert under_way.responses == ((0, RIGHT[0]), (2, WRONG[2]))

        ended = finish(under_way, desk(minutes=5))

        assert ended.session.finished_at == NOW + timedelta(minutes=5)
        assert ended.session.markings == ((0, Marking(1.0, True)), (2, Marking(0.0, False)))
        assert [(found.item_id, found.correct, found.answered_at) for found in ended.attempts] == [
            (KINDS[0].id, True, ended.session.finished_at),
            (KINDS[2].id, False, ended.session.finished_at),
        ]
        assert [card.item.id for card in ended.cards] == [KINDS[0].id, KINDS[2].id]
        assert finish(ended.session, desk(minutes=6)) == Outcome(ended.session)

    def test_is_not_handed_in_by_its_last_answer(self) -> None:
        under_way = session(SessionKind.EXAM, minutes=10)
        for position, response in enumerate(RIGHT):
            under_way = answer(under_way, Given(position, response), desk()).session
        assert under_way.complete
        assert under_way.finished_at is None

    def test_handed_in_late_it_counts_at_its_deadline_and_turns_no_card_back(self) -> None:
        under_way = answer(session(SessionKind.EXAM, minutes=10), Given(0, RIGHT[0]), desk()).session
        two_days = 2 * 24 * 60
        (since,) = answer(session(), Given(0, RIGHT[0]), desk(minutes=two_days)).cards

        ended = finish(under_way, desk(since, minutes=two_days + 1))

        assert ended.attempts[0].answered_at == NOW + timedelta(minutes=10)
        assert datetime.fromisoformat(json.loads(ended.cards[0].state)["last_review"]) == NOW + timedelta(days=2)
        assert ended.cards[0].due >= since.due

    def test_a_bad_answer_is_refused_at_once(self) -> None:
        with pytest.raises(BadInput):
            answer(session(SessionKind.EXAM), Given(0, Response(index=7)), desk())

    def test_time_runs_out_with_a_little_grace_and_the_end_is_the_deadline(self) -> None:
        timed = session(SessionKind.EXAM, minutes=10)
        end = NOW + timedelta(minutes=10)
        assert time_left(timed, NOW + timedelta(minutes=4)) == timedelta(minutes=6)
        assert time_left(timed, end + timedelta(hours=1)) == timedelta(0)
        assert time_left(session(), NOW) is None
        assert not is_over(timed, end + timedelta(seconds=4))
        assert is_over(timed, end + timedelta(seconds=6))
        ended = finish(timed, desk(minutes=600)).session
        assert ended.finished_at == end
        assert not is_over(ended, end + timedelta(days=1))
        assert not is_over(session(), NOW + timedelta(days=900))


class TestScenario:
    def test_decisions_and_the_last_question_are_marked_and_have_no_cards(self) -> None:
        under_way, marks = scenario_session(), []
        answers = (Response(index=0), Response(index=1), Response(index=0), Response(text="It says why."))
        for position, response in enumerate(answers):
            done = answer(under_way, Given(position, response), desk())
            (attempt,) = done.attempts
            assert done.cards == ()
            assert attempt.level is Level.APPLICATION
            marks.append((attempt.item_id, attempt.kind, attempt.score, attempt.correct))
            under_way = done.session
        assert marks == [
            ("scenario-0#0", ItemKind.MCQ, 1.0, True),
            ("scenario-0#1", ItemKind.MCQ, 0.0, False),
            ("scenario-0#2", ItemKind.MCQ, 1.0, True),
            ("scenario-0#3", ItemKind.SHORT, 2 / 3, True),
        ]
        assert under_way.complete
        marking = under_way.marking_at(3)
        assert marking
        assert marking.grading
        assert len(marking.grading.points) == 2

    def test_decisions_come_in_their_order(self) -> None:
        with pytest.raises(BadInput, match="take the earlier ones first"):
            answer(scenario_session(), Given(2, Response(index=0)), desk())

    @pytest.mark.parametrize("response", [Response(), Response(index=-1), Response(index=2), Response(text="this")])
    def test_a_decision_takes_one_of_its_options(self, response: Response) -> None:
        with pytest.raises(BadInput, match="choose one of them"):
            answer(scenario_session(), Given(0, response), desk())

    def test_the_last_question_takes_words(self) -> None:
        decided = replace(scenario_session(), responses=tuple((n, Response(index=0)) for n in range(3)))
        with pytest.raises(BadInput, match="in your own words"):
            answer(decided, Given(3, Response(index=0)), desk())


class TestTeachBack:
    def test_may_be_tried_again_and_only_the_first_try_counts(self) -> None:
        fresh = replace(session(SessionKind.TEACH_BACK), items=KINDS[4:])
        first = answer(fresh, Given(0, Response(text="point 0")), desk())
        assert [len(part) for part in (first.attempts, first.cards)] == [1, 1]
        again = answer(first.session, Given(0, RIGHT[4]), desk())
        assert (again.attempts, again.cards) == ((), ())
        marking = again.session.marking_at(0)
        assert marking
        assert marking.correct
        assert again.session.response_at(0) == RIGHT[4]
        assert answer(again.session, Given(0, RIGHT[4]), desk()) == Outcome(again.session)

    def test_ends_with_its_first_try_and_keeps_the_text_of_another(self) -> None:
        fresh = replace(session(SessionKind.TEACH_BACK), items=KINDS[4:])
        first = answer(fresh, Given(0, Response(text="point 0")), desk()).session
        assert first.finished_at == NOW + timedelta(minutes=1)
        more = draft(first, 0, "point 0 and").session
        assert more.drafts == ((0, "point 0 and"),)
        again = answer(more, Given(0, RIGHT[4]), desk(minutes=9)).session
        assert (again.drafts, again.finished_at) == ((), first.finished_at)

    def test_that_was_given_up_takes_no_answer(self) -> None:
        given_up = finish(replace(session(SessionKind.TEACH_BACK), items=KINDS[4:]), desk()).session
        assert answer(given_up, Given(0, RIGHT[4]), desk()) == Outcome(given_up)
