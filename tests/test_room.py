"""Practice as the screens see it, on real records and the real course's text."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cpom_tutor.attempts import Marking, Rating, Response, Session, SessionKind
from cpom_tutor.config import Settings
from cpom_tutor.course import Citation
from cpom_tutor.errors import BadInput, NotFound
from cpom_tutor.items import ChoiceKey, ItemKind, QuizItem
from cpom_tutor.library import Library
from cpom_tutor.practice.progress.retired import CHANGED, WITHDRAWN
from cpom_tutor.practice.progress.schedule import scheduled
from cpom_tutor.practice.sittings.drawing import Due
from cpom_tutor.practice.sittings.plans import Plan
from cpom_tutor.practice.sittings.room import PracticeRoom
from cpom_tutor.records import SqlRecords, open_records
from cpom_tutor.testing import HandMadePractice, make_item, make_scenario
from cpom_tutor.wiring import open_practice

QUESTIONS = Plan(SessionKind.QUESTIONS, kinds=(ItemKind.MCQ,))
EXAM = Plan(SessionKind.EXAM, count=4)
RIGHT, WRONG = Response(index=0), Response(index=1)


class Clock:
    """The time, as the test says it is."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    opened = open_records(Settings(home=tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def practice(library: Library) -> HandMadePractice:
    """Items on passages of the real course, and scenarios."""
    kinds = (*[ItemKind.MCQ] * 8, ItemKind.SHORT, ItemKind.CLOZE)
    topics = ("CPOM §1.1.1", "CPOM §1.1.2")
    items = [make_item(number, kinds[number % 10], topic=topics[number // 10]) for number in range(20)]
    passages = [passage.id for passage in library.passages]
    cited = [replace(it, citations=(replace(it.citations[0], passage_id=passages[n]),)) for n, it in enumerate(items)]
    return HandMadePractice(cited, [make_scenario(number) for number in range(2)])


@pytest.fixture
def room(practice: HandMadePractice, records: SqlRecords, library: Library, clock: Clock) -> PracticeRoom:
    return PracticeRoom(practice, records, lambda: library, clock)


@pytest.fixture
def learner(records: SqlRecords) -> str:
    return records.add_learner()


def answer_all(room: PracticeRoom, learner: str, session: Session, response: Response) -> Session:
    for position in range(session.size):
        session = room.answer(learner, session.id, position, response)
    return session


class TestQuestions:
    def test_a_quiz_from_start_to_end(self, room: PracticeRoom, records: SqlRecords, learner: str) -> None:
        session = room.start(learner, QUESTIONS, seed=1)
        assert len(session.items) == 10
        session = room.answer(learner, session.id, 0, WRONG, seconds=9)
        for position in range(1, 10):
            session = room.answer(learner, session.id, position, RIGHT)
        session = room.finish(learner, session.id)

        assert room.resume(learner, session.id) == session
        result = room.result(session)
        assert (result.right, result.total, result.missed) == (9, 10, (0,))
        assert {area.title for area in result.areas} <= {
            "1.1.1 The Genesis of the CPOM: Why Now?",
            "1.1.2 Deconstructing the Title: A Deep Dive into “Certified Pharmacy Operations Manager”",
        }
        assert [attempt.correct for attempt in records.attempts(learner)] == [False] + [True] * 9
        assert len(records.cards(learner)) == 10

    def test_a_closed_tab_a_restart_and_a_slow_connection_lose_nothing(
        self, room: PracticeRoom, records: SqlRecords, library: Library, practice: HandMadePractice,
        clock: Clock, learner: str, tmp_path: Path,
    ) -> None:  # fmt: skip
        session = room.start(learner, QUESTIONS)
        answered = room.answer(learner, session.id, 0, WRONG)
        assert room.answer(learner, session.id, 0, WRONG) == answered  # sent twice
        assert room.answer(learner, session.id, 0, RIGHT) == answered  # and changed: too late
        assert len(records.attempts(learner)) == 1
        kept = room.draft(learner, session.id, 3, "half an ans")
        records.close()

        again = open_records(Settings(home=tmp_path / "home"))
        restarted = PracticeRoom(practice, again, lambda: library, clock)
        assert restarted.unfinished(learner) == (kept,)
        assert restarted.resume(learner, session.id) == kept
        assert kept.drafts == ((3, "half an ans"),)
        again.close()

    def test_what_went_wrong_is_practised_again(self, room: PracticeRoom, learner: str) -> None:
        session = room.start(learner, QUESTIONS)
        for position in range(10):
            room.answer(learner, session.id, position, WRONG if position in (2, 7) else RIGHT)
        again = room.start_again(learner, session.id)
        assert again.items == (session.items[2], session.items[7])
        answer_all(room, learner, again, RIGHT)
        with pytest.raises(NotFound, match="Nothing went wrong"):
            room.start_again(learner, again.id)

    def test_a_session_answered_throughout_is_not_offered_again(self, room: PracticeRoom, learner: str) -> None:
        session = room.start(learner, QUESTIONS)
        assert room.unfinished(learner) == (session,)
        answer_all(room, learner, session, RIGHT)
        assert room.unfinished(learner) == ()

    def test_what_was_begun_is_offered_however_much_was_practised_since(
        self, room: PracticeRoom, records: SqlRecords, clock: Clock, learner: str
    ) -> None:
        exam = room.start(learner, EXAM)
        quiz = room.start(learner, replace(QUESTIONS, count=3))
        quiz = room.answer(learner, quiz.id, 0, RIGHT)
        for _ in range(10):
            clock.pass_by(seconds=1)
            answer_all(room, learner, room.start(learner, replace(QUESTIONS, count=1)), RIGHT)
        assert {session.id for session in room.unfinished(learner)} == {exam.id, quiz.id}

        for _ in range(10):
            clock.pass_by(seconds=1)
            room.start(learner, QUESTIONS)
        assert room.unfinished(learner)[-1].id == exam.id  # its time is running

        clock.pass_by(days=1)
        assert exam.id not in {session.id for session in room.unfinished(learner)}
        assert records.session(learner, exam.id).finished_at == exam.started_at + timedelta(minutes=6)


class TestReviews:
    def test_cards_come_due_are_reviewed_and_move_on(self, room: PracticeRoom, clock: Clock, learner: str) -> None:
        review = Plan(SessionKind.QUESTIONS, count=20, due_only=True)
        answer_all(room, learner, room.start(learner, QUESTIONS), WRONG)
        assert room.due(learner) == Due(0, 0)
        with pytest.raises(NotFound, match="Nothing is due"):
            room.start(learner, review)

        clock.pass_by(hours=6)  # past midnight: all that comes due today is due
        assert room.due(learner) == Due(10, 10)
        session = room.start(learner, review)
        assert len(session.items) == 10
        answer_all(room, learner, session, RIGHT)
        assert room.due(learner) == Due(0, 0)
        clock.pass_by(days=30)
        assert room.due(learner) == Due(10, 10)

    def test_due_cards_that_have_no_front_and_back_are_not_counted_as_flashcards(
        self, records: SqlRecords, library: Library, clock: Clock, learner: str
    ) -> None:
        kinds = (ItemKind.MCQ, ItemKind.ORDERING, ItemKind.MATCHING)
        room = PracticeRoom(HandMadePractice([make_item(n, kind) for n, kind in enumerate(kinds)]),
                            records, lambda: library, clock)  # fmt: skip
        session = room.start(learner, Plan(SessionKind.QUESTIONS))
        answers = {
            ItemKind.MCQ: WRONG,
            ItemKind.ORDERING: Response(order=(0, 1)),
            ItemKind.MATCHING: Response(pairs=((0, 0),)),
        }
        for position, item in enumerate(session.items):
            room.answer(learner, session.id, position, answers[item.kind])
        clock.pass_by(days=2)
        assert room.due(learner) == Due(3, 1)
        as_cards = room.start(learner, Plan(SessionKind.FLASHCARDS, count=20, due_only=True))
        assert [item.kind for item in as_cards.items] == [ItemKind.MCQ]

    def test_flashcards_are_rated(self, room: PracticeRoom, records: SqlRecords, learner: str) -> None:
        session = room.start(learner, Plan(SessionKind.FLASHCARDS, count=3))
        session = answer_all(room, learner, session, Response(rating=Rating.GOOD))
        assert all(attempt.self_rated for attempt in records.attempts(learner))
        assert room.progress(learner).topics[0].attempts == 0
        assert room.progress(learner).history[-1].attempts == 3


class TestExam:
    def test_survives_a_closed_tab_and_is_marked_when_handed_in(
        self, room: PracticeRoom, records: SqlRecords, clock: Clock, learner: str
    ) -> None:
        exam = room.start(learner, EXAM, seed=3)
        assert exam.minutes == 6
        room.answer(learner, exam.id, 0, WRONG)
        room.flag(learner, exam.id, 2)
        clock.pass_by(minutes=2)
        room.answer(learner, exam.id, 0, RIGHT)
        room.move(learner, exam.id, 3)
        (found,) = room.unfinished(learner)
        assert (found.flagged, found.position, found.responses) == (frozenset({2}), 3, ((0, RIGHT),))
        assert (found.markings, records.attempts(learner), records.cards(learner)) == ((), (), ())
        assert "4 minutes left" in room.progress(learner).next_steps[0].reason

        ended = room.finish(learner, exam.id)

        assert room.finish(learner, exam.id) == ended
        assert [attempt.correct for attempt in records.attempts(learner)] == [True]
        result = room.result(ended)
        assert (result.score, result.answered, result.missed) == (0.25, 1, (1, 2, 3))
        assert "no prediction" in result.sentences[-1]
        assert [score.score for score in room.progress(learner).exams] == [0.25]

    @pytest.mark.parametrize("contact", ["answer", "resume", "unfinished", "progress", "flag", "finish"])
    def test_when_the_time_is_over_the_next_contact_hands_it_in(
        self, room: PracticeRoom, records: SqlRecords, clock: Clock, learner: str, contact: str
    ) -> None:
        exam = room.start(learner, EXAM)
        room.answer(learner, exam.id, 0, RIGHT)
        clock.pass_by(minutes=7)
        contacts: dict[str, Callable[[], object]] = {
            "answer": lambda: room.answer(learner, exam.id, 1, RIGHT),
            "resume": lambda: room.resume(learner, exam.id),
            "unfinished": lambda: room.unfinished(learner),
            "progress": lambda: room.progress(learner),
            "flag": lambda: room.flag(learner, exam.id, 1),
            "finish": lambda: room.finish(learner, exam.id),
        }
        contacts[contact]()
        ended = records.session(learner, exam.id)
        assert ended.finished_at == exam.started_at + timedelta(minutes=6)
        assert ended.responses == ((0, RIGHT),)
        assert len(records.attempts(learner)) == 1
        assert room.unfinished(learner) == ()


class TestTheOthers:
    def test_a_scenario_leaves_attempts_and_the_next_one_is_another(
        self, room: PracticeRoom, records: SqlRecords, learner: str
    ) -> None:
        first = room.start(learner, Plan(SessionKind.SCENARIO))
        for position in range(3):
            room.answer(learner, first.id, position, RIGHT)
        done = room.answer(learner, first.id, 3, Response(text="It says why and says how."))
        marking = done.marking_at(3)
        assert marking
        assert marking.score == 1
        assert len(records.attempts(learner)) == 4
        second = room.start(learner, Plan(SessionKind.SCENARIO))
        assert first.scenario
        assert second.scenario
        assert second.scenario.id != first.scenario.id

    def test_a_teach_back_is_marked_point_by_point_and_may_be_tried_again(
        self, room: PracticeRoom, records: SqlRecords, learner: str
    ) -> None:
        session = room.start(learner, Plan(SessionKind.TEACH_BACK))
        for text, score in (("point 0", 1 / 3), ("point 0 point 1", 2 / 3)):
            marking = room.answer(learner, session.id, 0, Response(text=text)).marking_at(0)
            assert marking
            assert marking.score == pytest.approx(score)
        assert len(records.attempts(learner)) == 1


class TestWhoMay:
    def test_somebody_elses_session_looks_like_a_missing_one(
        self, room: PracticeRoom, records: SqlRecords, learner: str
    ) -> None:
        session = room.start(learner, QUESTIONS)
        other = records.add_learner()
        for who, which in ((other, session.id), (learner, "missing"), ("nobody", session.id)):
            steps: tuple[Callable[[], object], ...] = (
                lambda: room.resume(who, which),  # noqa: B023
                lambda: room.answer(who, which, 0, RIGHT),  # noqa: B023
                lambda: room.flag(who, which, 0),  # noqa: B023
                lambda: room.move(who, which, 1),  # noqa: B023
                lambda: room.draft(who, which, 0, "x"),  # noqa: B023
                lambda: room.finish(who, which),  # noqa: B023
                lambda: room.start_again(who, which),  # noqa: B023
            )
            for step in steps:
                with pytest.raises(NotFound):
                    step()
        assert room.resume(learner, session.id) == session
        assert room.unfinished(other) == ()
        assert room.progress(other).history[-1].attempts == 0
        with pytest.raises(NotFound, match="start afresh"):
            room.start("nobody", QUESTIONS)

    def test_what_does_not_fit_is_refused_and_changes_nothing(
        self, room: PracticeRoom, records: SqlRecords, learner: str
    ) -> None:
        session = room.start(learner, QUESTIONS)
        for position, response in ((-1, RIGHT), (10, RIGHT), (0, Response()), (0, Response(index=77))):
            with pytest.raises(BadInput):
                room.answer(learner, session.id, position, response)
        assert records.session(learner, session.id) == session


class TestTwoTabs:
    def test_each_tabs_steps_are_kept(self, room: PracticeRoom, learner: str) -> None:
        exam = room.start(learner, Plan(SessionKind.EXAM, count=16))
        failures: list[BaseException] = []

        def use(tab: int) -> None:
            try:
                for position in range(tab, 16, 4):
                    room.answer(learner, exam.id, position, RIGHT)
                    room.flag(learner, exam.id, position)
            except BaseException as error:  # noqa: BLE001 - shown by the assertion below
                failures.append(error)

        tabs = [threading.Thread(target=use, args=(tab,)) for tab in range(4)]
        for tab in tabs:
            tab.start()
        for tab in tabs:
            tab.join()
        assert failures == []
        found = room.resume(learner, exam.id)
        assert (len(found.responses), len(found.flagged)) == (16, 16)

    def test_another_process_that_was_faster_is_not_overwritten(
        self, practice: HandMadePractice, records: SqlRecords, library: Library, clock: Clock, learner: str
    ) -> None:
        rooms = [PracticeRoom(practice, records, lambda: library, clock) for _ in range(2)]
        exam = rooms[0].start(learner, Plan(SessionKind.EXAM, count=8))
        hands = [
            threading.Thread(target=room.answer, args=(learner, exam.id, position, RIGHT))
            for position, room in enumerate(rooms)
        ]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        assert len(rooms[0].resume(learner, exam.id).responses) == 2

    def test_a_double_click_counts_once(self, room: PracticeRoom, records: SqlRecords, learner: str) -> None:
        session = room.start(learner, QUESTIONS)
        clicks = [threading.Thread(target=room.answer, args=(learner, session.id, 0, RIGHT)) for _ in range(4)]
        for click in clicks:
            click.start()
        for click in clicks:
            click.join()
        assert len(records.attempts(learner)) == len(records.cards(learner)) == 1

    def test_one_item_answered_in_two_sessions_at_once_is_reviewed_twice(
        self, records: SqlRecords, library: Library, clock: Clock, learner: str
    ) -> None:
        item = make_item(0)
        elsewhere = PracticeRoom(HandMadePractice([item]), records, lambda: library, clock)
        first, second = (elsewhere.start(learner, QUESTIONS) for _ in range(2))

        class Interrupted(HandMadePractice):
            """While it marks, the other process is faster."""

            def mark(self, item: QuizItem, response: Response) -> Marking:
                elsewhere.answer(learner, second.id, 0, RIGHT)
                return super().mark(item, response)

        here = PracticeRoom(Interrupted([item]), records, lambda: library, clock)
        here.answer(learner, first.id, 0, RIGHT)

        assert [attempt.session for attempt in records.attempts(learner)] == [second.id, first.id]
        once = scheduled(item, None, Rating.GOOD, clock.now)
        assert records.cards(learner) == (scheduled(item, once, Rating.GOOD, clock.now),)


class TestRetirement:
    def test_a_changed_text_retires_its_cards_says_so_and_takes_them_back(
        self, room: PracticeRoom, records: SqlRecords, practice: HandMadePractice, library: Library, clock: Clock,
        learner: str,
    ) -> None:  # fmt: skip
        answer_all(room, learner, room.start(learner, QUESTIONS), WRONG)
        clock.pass_by(days=2)
        (first, *_) = records.cards(learner)
        gone = Citation(passage_id="1.1-before", address="CPOM §1.1.1 ¶1", quote="w", start=0, end=1)
        cited = replace(first, item=replace(first.item, citations=(gone,)))
        records.save_session(learner, Session("s", SessionKind.QUESTIONS, 1, clock.now, ()), [], [cited], known=[first])
        fewer = HandMadePractice([item for item in practice.items.values() if item.id != first.item.id])
        changed = replace(library, retired={"1.1-before": library.passages[0].id})
        later = PracticeRoom(fewer, records, lambda: changed, clock)

        found = later.progress(learner)

        assert (found.due, found.cards) == (9, 9)
        assert [(card.item.id, card.retired) for card in found.retired] == [(first.item.id, CHANGED)]
        assert found.retired_sentence.startswith("1 card is asked no more")
        assert later.due(learner) == Due(9, 9)
        review = Plan(SessionKind.QUESTIONS, count=50, due_only=True)
        assert first.item.id not in {item.id for item in later.start(learner, review).items}
        assert sum(bool(card.retired) for card in records.cards(learner)) == 1

        assert room.progress(learner).retired == ()
        assert room.due(learner) == Due(10, 10)

    def test_retiring_a_card_does_not_undo_a_review_of_the_same_moment(
        self, room: PracticeRoom, records: SqlRecords, library: Library, clock: Clock, learner: str
    ) -> None:
        plan = replace(QUESTIONS, count=1)
        first = room.start(learner, plan, seed=1)
        room.answer(learner, first.id, 0, RIGHT)
        (before,) = records.cards(learner)
        again = room.start(learner, plan, seed=2)
        again = records.save_session(learner, replace(again, id="again", items=first.items, revision=0))
        clock.pass_by(days=5)

        def library_after_a_review() -> Library:
            room.answer(learner, again.id, 0, RIGHT)
            return library

        PracticeRoom(HandMadePractice(()), records, library_after_a_review, clock).due(learner)

        (kept,) = records.cards(learner)
        reviewed = scheduled(before.item, before, Rating.GOOD, clock.now)
        assert kept == replace(reviewed, retired=WITHDRAWN)

    def test_a_session_goes_on_with_the_items_it_began_with(
        self, room: PracticeRoom, records: SqlRecords, library: Library, clock: Clock, learner: str
    ) -> None:
        session = room.start(learner, QUESTIONS)
        later = PracticeRoom(HandMadePractice(()), records, lambda: library, clock)
        assert later.resume(learner, session.id).items == session.items
        assert later.answer(learner, session.id, 0, RIGHT).marking_at(0)


class TestOnTheRealCourse:
    @pytest.fixture
    def real(self, index_home: Path, records: SqlRecords, library: Library, clock: Clock) -> PracticeRoom:
        return PracticeRoom(open_practice(Settings(index_home)), records, lambda: library, clock)

    def test_a_quiz_answered_by_its_keys_is_all_right_and_comes_due(
        self, real: PracticeRoom, clock: Clock, learner: str
    ) -> None:
        session = real.start(learner, Plan(SessionKind.QUESTIONS, kinds=(ItemKind.MCQ,), count=12))
        for position, item in enumerate(session.items):
            assert isinstance(item.key, ChoiceKey)
            session = real.answer(learner, session.id, position, Response(index=item.key.index))
        assert real.result(session).score == 1
        clock.pass_by(days=20)
        found = real.progress(learner)
        assert (found.due, found.cards, found.retired) == (12, 12, ())
        assert sum(level.facts for level in found.levels) == 12
        assert found.next_steps[0].plan == Plan(SessionKind.QUESTIONS, count=12, due_only=True)

    def test_a_mock_exam_is_summed_up_by_the_courses_blueprint(self, real: PracticeRoom, learner: str) -> None:
        exam = real.start(learner, Plan(SessionKind.EXAM, count=30), seed=4)
        for position in range(exam.size):
            real.answer(learner, exam.id, position, RIGHT)
        result = real.result(real.finish(learner, exam.id))
        assert sum(area.total for area in result.areas) == result.total == exam.size
        assert all(area.title.startswith("1.1.") for area in result.areas)
        assert len({area.topic for area in result.areas}) == len(result.areas) >= 3

    def test_scenarios_come_one_after_the_other(self, real: PracticeRoom, learner: str) -> None:
        titles = set()
        for _ in range(5):
            scenario = real.start(learner, Plan(SessionKind.SCENARIO)).scenario
            assert scenario
            titles.add(scenario.title)
        assert len(titles) == 5
