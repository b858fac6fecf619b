"""How a learner stands, and what is worth doing next."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from cpom_tutor.attempts import Attempt, Card, Marking, Response, Session, SessionKind
from cpom_tutor.items import ItemKind, Level, QuizItem
from cpom_tutor.practice.progress.progress import Kept, Progress, progress_of
from cpom_tutor.practice.sittings.plans import Plan
from cpom_tutor.testing import make_item

NOW = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
ONE, TWO = "CPOM §1.1.1", "CPOM §1.1.2"
TITLES = {"CPOM §1.1": "1.1 Overview", ONE: "1.1.1 Why?", TWO: "1.1.2 What?"}
ITEMS = [make_item(number, topic=TWO if number >= 10 else ONE) for number in range(20)]


def tried(item: QuizItem, score: float, hours_ago: float = 0, *, self_rated: bool = False) -> Attempt:
    return Attempt(item.id, item.fact, item.kind, item.level, item.topic, score, score > 0.5,
                   NOW - timedelta(hours=hours_ago), "s", None, self_rated)  # fmt: skip


def standing(
    attempts: Sequence[Attempt] = (),
    cards: Sequence[Card] = (),
    unfinished: Sequence[Session] = (),
    exams: Sequence[Session] = (),
    zone: timezone = UTC,
) -> Progress:
    kept = Kept(tuple(attempts), tuple(cards), tuple(unfinished), tuple(exams))
    return progress_of(kept, {item.id: item for item in ITEMS}, TITLES, NOW, zone)


def secure() -> list[Attempt]:
    return [tried(item, 1.0) for item in ITEMS]


def exam(days_ago: float) -> Session:
    ended = NOW - timedelta(days=days_ago)
    begun = Session("e", SessionKind.EXAM, 1, ended - timedelta(hours=1), tuple(ITEMS[:4]), minutes=6)
    marks = ((0, Marking(1.0, True)),)
    return replace(begun, responses=((0, Response(index=0)),), markings=marks, finished_at=ended)


class TestFigures:
    def test_parts_of_the_course_kinds_and_levels_are_all_there_before_the_first_attempt(self) -> None:
        found = standing()
        assert [(topic.key, topic.title, topic.enough) for topic in found.topics] == [
            (ONE, "1.1.1 Why?", False),
            (TWO, "1.1.2 What?", False),
        ]
        assert [kind.key for kind in found.kinds] == ["mcq"]
        assert [level.title for level in found.levels] == ["Recall", "Application"]
        assert (found.due, found.cards, found.next_due, found.weak, found.retired_sentence) == (0, 0, None, (), "")
        assert "not enough" in found.note

    def test_a_part_that_can_never_have_enough_is_not_judged(self) -> None:
        overview = [make_item(number, ItemKind.CLOZE, topic="CPOM §1.1") for number in range(30, 34)]
        kept = Kept((), (), (), ())
        few = progress_of(kept, {item.id: item for item in (*ITEMS, *overview)}, TITLES, NOW, UTC)
        assert ([topic.key for topic in few.topics], [kind.key for kind in few.kinds]) == ([ONE, TWO], ["mcq"])
        overview.append(make_item(34, ItemKind.CLOZE, topic="CPOM §1.1"))
        enough = progress_of(kept, {item.id: item for item in (*ITEMS, *overview)}, TITLES, NOW, UTC)
        assert [topic.key for topic in enough.topics] == ["CPOM §1.1", ONE, TWO]
        assert [kind.key for kind in enough.kinds] == ["mcq", "cloze"]

    def test_attempts_count_for_their_part_kind_and_level(self) -> None:
        found = standing([*(tried(item, 1.0) for item in ITEMS[:8]), *(tried(item, 0.0) for item in ITEMS[10:16])])
        assert [(topic.facts, topic.share) for topic in found.topics] == [(8, 1.0), (6, 0.0)]
        assert [weak.key for weak in found.weak] == [TWO]
        assert [level.facts for level in found.levels] == [7, 7]
        assert [kind.facts for kind in found.kinds] == [14]

    def test_an_attempt_goes_with_its_item_when_the_course_is_renumbered(self) -> None:
        moved = [replace(tried(item, 1.0), topic="CPOM §9.9.9") for item in ITEMS[:6]]
        assert standing(moved).topics[0].facts == 6

    def test_an_attempt_at_what_has_left_the_course_counts_by_kind_only(self) -> None:
        gone = [replace(tried(item, 1.0), item_id="gone", topic="CPOM §9.9.9") for item in ITEMS[:6]]
        found = standing(gone)
        assert [topic.facts for topic in found.topics] == [0, 0]
        assert found.kinds[0].facts == 6

    def test_history_has_every_day_of_four_weeks_in_the_learners_zone(self) -> None:
        attempts = [tried(ITEMS[0], 1.0), tried(ITEMS[1], 0.0, 1, self_rated=True), tried(ITEMS[2], 1.0, 24 * 27),
                    tried(ITEMS[3], 1.0, 24 * 28)]  # fmt: skip
        found = standing(attempts)
        assert [day.day for day in found.history] == [date(2026, 2, 2) + timedelta(days=n) for n in range(28)]
        assert (found.history[-1].attempts, found.history[-1].right) == (2, 1)
        assert (found.history[0].attempts, sum(day.attempts for day in found.history)) == (1, 3)
        east = standing(attempts, zone=timezone(timedelta(hours=6)))
        assert [(day.day.day, day.attempts) for day in east.history[-2:]] == [(1, 1), (2, 1)]

    def test_what_is_due_and_what_is_retired_are_told_apart(self) -> None:
        cards = [Card(ITEMS[n], NOW + timedelta(days=n), "{}") for n in range(3)]
        gone = [Card(ITEMS[n], NOW - timedelta(days=1), "{}", "Gone.") for n in (3, 4)]
        found = standing(cards=[*cards, *gone])
        assert (found.due, found.cards, found.next_due) == (1, 3, None)
        assert [day.cards for day in found.due_days] == [1, 1, 1, 0, 0, 0, 0]
        assert found.retired == tuple(gone)
        assert found.retired_sentence.startswith("2 cards are asked no more")
        assert standing(cards=gone[:1]).retired_sentence.startswith("1 card is asked no more")
        assert standing(cards=cards[1:]).next_due == NOW + timedelta(days=1)

    def test_exams_handed_in_have_their_score(self) -> None:
        found = standing(exams=[exam(1)])
        assert [(it.session_id, it.score, it.items) for it in found.exams] == [("e", 0.25, 4)]
        under_way = replace(exam(1), finished_at=None)
        assert standing(exams=[under_way]).exams == ()

    def test_days_are_those_of_the_learners_clock(self) -> None:
        east = timezone(timedelta(hours=6))  # past midnight there
        cards = [Card(ITEMS[0], NOW + timedelta(days=2), "{}")]
        found = standing(secure(), cards, exams=[exam(1)], zone=east)
        assert found.next_due
        assert (found.next_due.date(), found.exams[0].finished_at.date()) == (date(2026, 3, 4), date(2026, 3, 1))
        assert "until 4 March" in found.next_steps[-1].reason


class TestNextSteps:
    def test_a_newcomer_begins_with_the_first_part(self) -> None:
        first, last = standing().next_steps
        assert first.action == "Practise 1.1.1 Why?"
        assert (first.plan, first.topic) == (Plan(SessionKind.QUESTIONS, topic=ONE), ONE)
        assert "nothing yet" in first.reason
        assert last.plan == Plan(SessionKind.TEACH_BACK, count=1)

    @pytest.mark.parametrize(
        ("due", "action", "count"),
        [(1, "Review 1 due card", 1), (7, "Review 7 due cards", 7), (34, "Review 20 of 34 due cards", 20)],
    )
    def test_what_is_due_comes_first(self, due: int, action: str, count: int) -> None:
        cards = [Card(make_item(n), NOW, "{}") for n in range(due)]
        step = standing(cards=cards).next_steps[0]
        assert (step.action, step.plan) == (action, Plan(SessionKind.QUESTIONS, count=count, due_only=True))

    def test_an_exam_under_way_comes_before_everything(self) -> None:
        under_way = Session("e", SessionKind.EXAM, 1, NOW - timedelta(minutes=29), tuple(ITEMS), minutes=60,
                            responses=((0, Response(index=0)),))  # fmt: skip
        quiz = Session("q", SessionKind.QUESTIONS, 1, NOW, tuple(ITEMS[:3]))
        found = standing(cards=[Card(ITEMS[0], NOW, "{}")], unfinished=[quiz, under_way]).next_steps
        assert [step.session_id for step in found] == ["e", "", "q", ""]
        assert found[0].action == "Go on with the mock exam"
        assert found[0].reason == "You left it under way: 1 of 20 answered, 31 minutes left."
        assert found[2].reason == "You left it under way: 0 of 3 answered."
        assert len(found) == 4

    def test_the_weakest_part_comes_with_its_reason(self) -> None:
        attempts = [tried(item, float(number > 13)) for number, item in enumerate(ITEMS)]
        attempts = [tried(item, 1.0) for item in ITEMS[:10]] + attempts[10:]
        step = standing(attempts).next_steps[0]
        assert (step.action, step.topic) == ("Practise 1.1.2 What?", TWO)
        assert step.reason.startswith("It is your weakest part. You know 60% of 10 facts")

    def test_weak_application_is_practised(self) -> None:
        attempts = [tried(item, float(item.level is Level.RECALL)) for item in ITEMS]
        plans = [step.plan for step in standing(attempts).next_steps]
        assert Plan(SessionKind.QUESTIONS, level=Level.APPLICATION) in plans

    @pytest.mark.parametrize(("days_ago", "offered"), [(None, True), (8, True), (2, False)])
    def test_a_mock_exam_is_for_those_who_know_every_part_and_not_every_day(
        self, days_ago: float | None, offered: bool
    ) -> None:
        exams = [exam(days_ago)] if days_ago is not None else []
        kinds = [step.plan.kind for step in standing(secure(), exams=exams).next_steps if step.plan]
        assert (SessionKind.EXAM in kinds) is offered
        unready = standing(secure()[:12], exams=exams).next_steps
        assert SessionKind.EXAM not in [step.plan.kind for step in unready if step.plan]

    def test_when_all_is_done_it_says_until_when(self) -> None:
        cards = [Card(ITEMS[0], NOW + timedelta(days=5), "{}")]
        (step,) = standing(secure(), cards, exams=[exam(1)]).next_steps
        assert step.reason.startswith("Nothing is due until 6 March. ")
