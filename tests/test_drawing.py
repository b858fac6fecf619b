"""What a new session is made of."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cpom_tutor.attempts import Card, Session, SessionKind
from cpom_tutor.errors import BadInput, NotFound
from cpom_tutor.items import ItemKind, Level
from cpom_tutor.practice.sittings.drawing import FLASHCARD_KINDS, Learning, again, draw, due_items
from cpom_tutor.practice.sittings.plans import Plan
from cpom_tutor.testing import HandMadePractice, make_item, make_scenario

NOW = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
ONE, TWO = "CPOM §1.1.1", "CPOM §1.1.2"
KINDS = tuple(ItemKind)
ITEMS = tuple(make_item(n, KINDS[n % 5], topic=TWO if n >= 20 else ONE) for n in range(40))
PRACTICE = HandMadePractice(ITEMS, [make_scenario(n) for n in range(4)])
QUESTIONS = Plan(SessionKind.QUESTIONS)


def learning(*cards: Card, done: tuple[str, ...] = ()) -> Learning:
    return Learning(cards, frozenset(done), NOW, UTC)


def card(number: int, days: float, retired: str = "") -> Card:
    return Card(ITEMS[number], NOW + timedelta(days=days), "{}", retired)


def ids(session: Session) -> list[str]:
    return [item.id for item in session.items]


class TestQuestions:
    def test_what_is_due_comes_first_then_what_was_not_met(self) -> None:
        known = learning(card(3, -1), card(4, -2), card(5, 3), card(6, -5, "Gone."))
        found = draw(QUESTIONS, PRACTICE, known, seed=1)
        assert ids(found)[:2] == [ITEMS[4].id, ITEMS[3].id]
        assert len(set(ids(found))) == len(found.items) == 10
        assert not {ITEMS[5].id, ITEMS[6].id} & set(ids(found))
        assert (found.asked, found.kind, found.started_at, found.seed) == (10, SessionKind.QUESTIONS, NOW, 1)

    def test_the_same_seed_draws_the_same_and_ids_are_unguessable(self) -> None:
        first, second = (draw(QUESTIONS, PRACTICE, learning(), seed=5) for _ in range(2))
        assert ids(first) == ids(second)
        assert first.id != second.id
        assert len(first.id) >= 21
        assert len({draw(QUESTIONS, PRACTICE, learning()).seed for _ in range(5)}) > 1

    def test_a_scope_holds_for_what_is_due_too(self) -> None:
        known = learning(card(0, -1), card(21, -1), card(22, -1))
        for plan in (
            Plan(SessionKind.QUESTIONS, topic=TWO),
            Plan(SessionKind.QUESTIONS, level=Level.RECALL),
            Plan(SessionKind.QUESTIONS, kinds=(ItemKind.CLOZE,)),
        ):
            items = draw(plan, PRACTICE, known, seed=1).items
            assert items
            assert all(item.topic == plan.topic for item in items if plan.topic)
            assert all(item.level is plan.level for item in items if plan.level)
            assert all(item.kind in plan.kinds for item in items if plan.kinds)

    def test_quiz_me_on_that_stays_with_the_passages(self) -> None:
        about = tuple(item.citations[0].passage_id for item in ITEMS[7:9])
        found = draw(Plan(SessionKind.QUESTIONS, about=about), PRACTICE, learning(card(0, -1)), seed=1)
        assert sorted(ids(found)) == sorted(item.id for item in ITEMS[7:9])

    def test_more_than_there_is_gives_what_there_is(self) -> None:
        known = learning(*(card(number, -1) for number in range(5)))
        found = draw(Plan(SessionKind.QUESTIONS, count=500), PRACTICE, known, seed=1)
        assert len(found.items) == len(set(ids(found))) == 40
        assert found.asked == 500

    def test_nothing_to_ask_and_bad_counts_are_said(self) -> None:
        empty = HandMadePractice(ITEMS[:1])
        with pytest.raises(NotFound, match="choose another kind or level"):
            draw(Plan(SessionKind.QUESTIONS, kinds=(ItemKind.SHORT,)), empty, learning())
        with pytest.raises(BadInput, match="choose 1 or more"):
            draw(Plan(SessionKind.QUESTIONS, count=0), PRACTICE, learning())

    def test_a_review_is_only_what_is_due(self) -> None:
        known = learning(card(3, -1), card(4, 0.1), card(5, 3), card(6, -9, "Gone."))
        review = Plan(SessionKind.QUESTIONS, due_only=True)
        assert ids(draw(review, PRACTICE, known)) == [ITEMS[3].id, ITEMS[4].id]
        with pytest.raises(NotFound, match="Nothing is due here now; practise something new"):
            draw(review, PRACTICE, learning(card(5, 3)))

    def test_a_fact_is_asked_once_in_a_sitting(self) -> None:
        twin = replace(ITEMS[4], id="twin", fact=ITEMS[3].fact)
        practice = HandMadePractice([*ITEMS[:6], twin])
        known = learning(card(3, -3), card(5, -2), Card(twin, NOW - timedelta(days=1), "{}"))
        review = Plan(SessionKind.QUESTIONS, due_only=True)
        assert ids(draw(review, practice, known)) == [ITEMS[3].id, ITEMS[5].id]
        mixed = draw(Plan(SessionKind.QUESTIONS, count=7), practice, known, seed=1).items
        assert len({item.fact for item in mixed}) == len(mixed) == 6

    def test_a_due_item_is_asked_as_the_course_has_it_now_or_not_at_all(self) -> None:
        renewed = HandMadePractice([ITEMS[3]])
        known = learning(Card(make_item(3, KINDS[3], topic=TWO), NOW, "{}"), card(4, -1))
        assert due_items(QUESTIONS, renewed, known) == (ITEMS[3],)


class TestFlashcards:
    def test_have_a_front_and_a_back_and_the_due_ones_first(self) -> None:
        known = learning(card(2, -1), card(0, -1))
        found = draw(Plan(SessionKind.FLASHCARDS), PRACTICE, known, seed=1)
        assert {item.kind for item in found.items} == set(FLASHCARD_KINDS)
        assert ids(found)[0] == ITEMS[0].id


class TestTheOthers:
    def test_an_exam_keeps_its_time_and_blueprint(self) -> None:
        found = draw(Plan(SessionKind.EXAM, count=120), PRACTICE, learning(), seed=2)
        assert {item.kind for item in found.items} == {ItemKind.MCQ}
        assert (found.minutes, found.asked, len(found.blueprint)) == (12, 120, 2)
        with pytest.raises(NotFound, match="no questions for a mock exam yet"):
            draw(Plan(SessionKind.EXAM), HandMadePractice(()), learning())

    def test_a_scenario_that_was_done_gives_way_to_another(self) -> None:
        done = tuple(f"scenario-{number}" for number in (0, 1, 3))
        for _ in range(10):
            found = draw(Plan(SessionKind.SCENARIO), PRACTICE, learning(done=done)).scenario
            assert found
            assert found.id == "scenario-2"
        everything = learning(done=(*done, "scenario-2"))
        assert draw(Plan(SessionKind.SCENARIO), PRACTICE, everything).scenario

    def test_a_seed_repeats_a_scenario_even_if_it_was_done(self) -> None:
        plan = Plan(SessionKind.SCENARIO)
        first = draw(plan, PRACTICE, learning(), seed=3).scenario
        assert first
        assert draw(plan, PRACTICE, learning(done=(first.id,)), seed=3).scenario == first

    def test_a_teach_back_is_one_short_item(self) -> None:
        (item,) = draw(Plan(SessionKind.TEACH_BACK, topic=TWO), PRACTICE, learning()).items
        assert (item.kind, item.topic) == (ItemKind.SHORT, TWO)


class TestAgain:
    def test_what_went_wrong_is_asked_once_more(self) -> None:
        before = Session("s", SessionKind.EXAM, 7, NOW, ITEMS[:6], minutes=9, position=5)
        found = again(before, [1, 4], NOW + timedelta(hours=1))
        assert (found.kind, found.minutes, found.position, found.asked) == (SessionKind.QUESTIONS, None, 0, 2)
        assert found.items == (ITEMS[1], ITEMS[4])
        assert found.id != before.id

    def test_a_scenario_begins_from_its_start(self) -> None:
        before = Session("s", SessionKind.SCENARIO, 7, NOW, scenario=make_scenario(), position=3)
        found = again(before, [2], NOW)
        assert (found.scenario, found.responses, found.position) == (before.scenario, (), 0)

    def test_where_nothing_went_wrong_it_says_so(self) -> None:
        with pytest.raises(NotFound, match="Nothing went wrong"):
            again(Session("s", SessionKind.QUESTIONS, 7, NOW, ITEMS), [], NOW)
