"""The Practice and Progress screens without a browser: what is shown, what is kept, whose it is."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from cpom_tutor.attempts import Grading, Marking, PointMark, PointVerdict, Response, Session, SessionKind
from cpom_tutor.config import Settings
from cpom_tutor.course import Citation
from cpom_tutor.errors import BadInput
from cpom_tutor.items import (
    AcceptedKey,
    ChoiceKey,
    Decision,
    Exam,
    ExamGroup,
    ItemKind,
    Level,
    OrderKey,
    PairsKey,
    QuizItem,
    Rationale,
    RubricPoint,
    Scenario,
)
from cpom_tutor.library import Library
from cpom_tutor.practice.sittings.plans import Plan
from cpom_tutor.practice.sittings.room import PracticeRoom
from cpom_tutor.records.store import SqlRecords, open_records
from cpom_tutor.ui.practice_desk import PracticeDesk
from cpom_tutor.ui.practice_form import drafted, plan_of, zone
from cpom_tutor.ui.progress import Board
from cpom_tutor.ui.render_marks import quoted
from cpom_tutor.ui.render_progress import plan_data
from cpom_tutor.ui.visitors import COOKIE
from ingest.load import load_corpus

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


class SmallPractice:
    """Ten multiple-choice items, one of each other kind, and a scenario, all made by hand."""

    def __init__(self, library: Library) -> None:
        self.library = library
        whole = [passage for passage in library.passages if not passage.kind.is_container]
        sentences = [(passage, span) for passage in whole for span in passage.sentences]
        self.cites = [
            Citation(one.id, str(one.address), span.of(one.text), span.start, span.end) for one, span in sentences
        ]
        self.choices = [self.choice(place) for place in range(10)]
        self.others = [self.cloze(), self.matching(), self.ordering(), self.short()]

    def item(self, name: str, kind: ItemKind, stem: str, key: Any, place: int, **more: Any) -> QuizItem:
        cite = self.cites[place]
        size = len(more.get("options", ())) or 1
        reasons = tuple(Rationale(f"Reason {one} for <{name}>.", self.cites[place + one]) for one in range(size))
        topic = f"CPOM §{cite.address.split('§')[1].split(' ')[0]}"
        level = Level.RECALL if place % 2 else Level.APPLICATION
        return QuizItem(name, kind, level, stem, key, (cite,), reasons, topic, f"fact-{name}", **more)

    def choice(self, place: int) -> QuizItem:
        stem = f"A manager of ward {place} asks which plan fits.\n\nWhich of these is plan {place}?"
        options = tuple(f"Plan {number} of {place}" for number in range(4))
        return self.item(f"mcq{place}", ItemKind.MCQ, stem, ChoiceKey(place % 4), place * 4, options=options)

    def cloze(self) -> QuizItem:
        key = AcceptedKey(("bridge", "a bridge"))
        return self.item("cloze", ItemKind.CLOZE, "The CPOM is the ____ between the two.", key, 41)

    def matching(self) -> QuizItem:
        key = PairsKey(((0, 1), (1, 2), (2, 0)))
        names, gists = ("Oven", "Menu", "Cook"), ("People", "Machines", "Money")
        return self.item("match", ItemKind.MATCHING, "Match each to what it is.", key, 43, options=gists, prompts=names)

    def ordering(self) -> QuizItem:
        options = ("stored", "procured", "dispensed")
        return self.item("order", ItemKind.ORDERING, "Put these in order.", OrderKey((1, 0, 2)), 47, options=options)

    def short(self) -> QuizItem:
        points = tuple(RubricPoint(f"Names thing {one}", self.cites[50 + one]) for one in range(3))
        key = AcceptedKey(("A model answer.",))
        return self.item("short", ItemKind.SHORT, "Explain why it was created.", key, 50, rubric=points)

    @property
    def items(self) -> Mapping[str, QuizItem]:
        return {one.id: one for one in (*self.choices, *self.others)}

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        decisions = tuple(
            Decision(f"Decide {one}?", ("First way", "Second way", "Third way"), one,
                     tuple(Rationale(f"What comes of way {way}.", self.cites[way]) for way in range(3)))
            for one in range(3)
        )  # fmt: skip
        return (
            Scenario(
                "story", "A night without stock", "Manager on call", "It is night.\n\nThe robot stands still.",
                decisions, "What would you tell the board?", self.short().rubric,
                (Rationale("The sentence of a model answer.", self.cites[5]),), "CPOM §1.1.2",
            ),
        )  # fmt: skip

    def quiz(
        self, *, count: int, seed: int, topic: str = "", kinds: Collection[ItemKind] = (), level: Level | None = None,
        avoid: Collection[str] = (), about: Collection[str] = (),
    ) -> tuple[QuizItem, ...]:  # fmt: skip
        del seed, topic, about
        fitting = [one for one in self.items.values() if level in (None, one.level) and one.fact not in avoid]
        return tuple(one for one in fitting if not kinds or one.kind in kinds)[-count:]

    def singles(
        self, *, seed: int, topic: str = "", kinds: Collection[ItemKind] = (), level: Level | None = None
    ) -> tuple[QuizItem, ...]:
        return self.quiz(count=len(self.items), seed=seed, topic=topic, kinds=kinds, level=level)

    def exam(self, *, count: int, seed: int) -> Exam:
        items = tuple(self.choices[:count])
        case = ExamGroup("The broken robot", "CPOM §1.1.1", 0.2, (items[0].id,), "A robot <b>breaks</b>.")
        area = ExamGroup("The genesis", "CPOM §1.1.1", 0.8, tuple(one.id for one in items[1:]))
        return Exam(seed, 15, items, (case, area), count)

    def scenario(self, *, seed: int, topic: str = "") -> Scenario:
        del seed, topic
        return self.scenarios[0]

    def teach_back(self, *, seed: int, topic: str = "") -> QuizItem:
        del seed, topic
        return self.short()

    def mark(self, item: QuizItem, response: Response) -> Marking:
        key = item.key
        if item.kind is ItemKind.SHORT:
            grading = self.mark_text(item.stem, item.rubric, response.text or "")
            return Marking(grading.score, grading.score > 0.6, grading)
        if isinstance(key, ChoiceKey):
            if response.index not in range(len(item.options)):
                raise BadInput("There is no such option; choose one of those shown.")
            right = response.index == key.index
        elif isinstance(key, OrderKey):
            right = response.order == key.indices
        elif isinstance(key, PairsKey):
            right = response.pairs == key.pairs
        else:
            right = response.text in key.texts
        return Marking(float(right), right)

    def mark_text(self, question: str, rubric: Any, answer: str) -> Grading:
        del question
        marks = tuple(
            PointMark(point.criterion, PointVerdict.MET if str(place) in answer else PointVerdict.MISSED, 1.0,
                      answer if str(place) in answer else "")
            for place, point in enumerate(rubric)
        )  # fmt: skip
        return Grading(marks, sum(one.verdict is PointVerdict.MET for one in marks) / len(marks), "Keep at it.")


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    store = open_records(Settings(tmp_path))
    yield store
    store.close()


@pytest.fixture(scope="module")
def course(corpus: Path) -> Library:
    return load_corpus(corpus).library("f")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(records: SqlRecords, course: Library, clock: Clock) -> PracticeDesk:
    room = PracticeRoom(SmallPractice(course), records, lambda: course, clock)
    return PracticeDesk(room, records, cast("Any", SimpleNamespace(library=course)), clock)


@pytest.fixture
def cookies(records: SqlRecords) -> dict[str, str]:
    return {COOKIE: records.add_learner()}


def begun(desk: PracticeDesk, cookies: dict[str, str], kind: SessionKind, **more: str) -> tuple[str, str]:
    screen = desk.start(cookies, {"kind": kind.value, "count": "3", "exam_count": "5", **more})
    assert screen.notice == ""
    return screen.session or "", screen.stage or ""


def kept(records: SqlRecords, cookies: dict[str, str], session: str) -> Session:
    return records.session(cookies[COOKIE], session)


def test_the_first_screen_offers_every_kind_and_every_part_of_the_course(
    desk: PracticeDesk, cookies: dict[str, str]
) -> None:
    stage = desk.open(cookies, "").stage or ""
    assert all(f'value="{kind.value}"' in stage for kind in SessionKind)
    assert all(f'value="CPOM §{part}"' in stage for part in ("1.1", "1.1.1", "1.1.2", "1.1.3"))
    assert "due" not in stage.split("<form")[0]


def test_a_question_tells_nothing_of_its_answer_until_it_is_answered(
    desk: PracticeDesk, cookies: dict[str, str]
) -> None:
    session, asked = begun(desk, cookies, SessionKind.QUESTIONS, kinds="mcq")
    assert "Which of these is plan 7?" in asked
    assert "Reason" not in asked
    assert "data-cite" not in asked
    marked = desk.step(cookies, {"session": session, "step": "answer", "position": "0", "index": "1"}).stage or ""
    assert "Not right." in marked
    assert marked.count("Reason") == 4  # one an option
    assert "Right answer" in marked
    assert "Your answer" in marked
    assert "Reason 0 for &lt;mcq7&gt;." in marked
    assert "<mcq7>" not in marked


def test_a_right_answer_is_called_right_and_the_course_sentence_stands_below(
    desk: PracticeDesk, cookies: dict[str, str]
) -> None:
    session, _ = begun(desk, cookies, SessionKind.QUESTIONS, kinds="mcq")
    marked = desk.step(cookies, {"session": session, "step": "answer", "position": "0", "index": "3"}).stage or ""
    assert "Right." in marked
    assert "What the course says" in marked
    assert 'data-event="proof"' in marked


@pytest.mark.parametrize(
    ("kind", "data", "says"),
    [
        (ItemKind.MCQ, {}, "Choose an option first"),
        (ItemKind.MCQ, {"index": "-1"}, "Choose an option first"),
        (ItemKind.MCQ, {"index": "99"}, "option"),
        (ItemKind.CLOZE, {"text": "  "}, "Write your answer first"),
        (ItemKind.CLOZE, {"text": "x" * 7000}, "at most 6,000"),
        (ItemKind.MATCHING, {"pair-0": "1", "pair-1": ""}, "every line"),
        (ItemKind.ORDERING, {"order": "0,0,1"}, "in order"),
        (ItemKind.SHORT, {}, "Write your answer first"),
    ],
)
def test_an_answer_that_is_missing_or_half_gets_a_sentence_and_the_stage_stays(
    desk: PracticeDesk, cookies: dict[str, str], kind: ItemKind, data: dict[str, str], says: str
) -> None:
    session, _ = begun(desk, cookies, SessionKind.QUESTIONS, kinds=kind.value, count="1")
    screen = desk.step(cookies, {"session": session, "step": "answer", "position": "0", **data})
    assert screen.stage is None
    assert says in (screen.notice or "")


@pytest.mark.parametrize(
    ("kind", "data", "shows"),
    [
        (ItemKind.CLOZE, {"text": "bridge"}, "The course’s words: <strong>bridge</strong>. Also right: a bridge."),
        (ItemKind.MATCHING, {"pair-0": "1", "pair-1": "0", "pair-2": "0"}, "You chose: People."),
        (ItemKind.ORDERING, {"order": "0,1,2"}, "You had it in place 2."),
        (ItemKind.SHORT, {"text": "0 and 1"}, "Your words: <q>0 and 1</q>"),
    ],
)
def test_every_kind_shows_what_was_answered_beside_what_is_right(
    desk: PracticeDesk, cookies: dict[str, str], kind: ItemKind, data: dict[str, str], shows: str
) -> None:
    session, _ = begun(desk, cookies, SessionKind.QUESTIONS, kinds=kind.value, count="1")
    marked = desk.step(cookies, {"session": session, "step": "answer", "position": "0", **data}).stage or ""
    assert shows in marked
    assert "See how it went" in marked


def test_a_quiz_ends_with_what_was_missed_and_offers_it_again(desk: PracticeDesk, cookies: dict[str, str]) -> None:
    session, _ = begun(desk, cookies, SessionKind.QUESTIONS, kinds="mcq")
    for place, index in enumerate(("3", "3", "1")):
        desk.step(cookies, {"session": session, "step": "answer", "position": str(place), "index": index})
    ended = desk.step(cookies, {"session": session, "step": "finish"}).stage or ""
    assert "2 of 3 right" in ended
    again = desk.again(cookies, {"session": session})
    assert "Question 1 of 1" in (again.stage or "")
    assert "plan 8?" in (again.stage or "")


def test_an_open_page_of_long_ago_takes_nothing_twice(
    desk: PracticeDesk, records: SqlRecords, cookies: dict[str, str]
) -> None:
    session, _ = begun(desk, cookies, SessionKind.QUESTIONS, kinds="mcq")
    for index in ("3", "1"):
        desk.step(cookies, {"session": session, "step": "answer", "position": "0", "index": index})
    assert kept(records, cookies, session).response_at(0) == Response(index=3)
    assert len(records.attempts(cookies[COOKIE])) == 1


def test_an_exam_tells_nothing_keeps_every_choice_and_can_be_changed_until_it_is_handed_in(
    desk: PracticeDesk, records: SqlRecords, cookies: dict[str, str]
) -> None:
    session, stage = begun(desk, cookies, SessionKind.EXAM)
    assert "A robot &lt;b&gt;breaks&lt;/b&gt;." in stage
    assert 'data-left="900"' in stage
    kept_one = desk.pick(cookies, {"session": session, "pick": "answer", "position": "0", "index": "2"})
    assert (kept_one.stage, kept_one.notice) == (None, "")
    moved = (
        desk.step(cookies, {"session": session, "step": "move", "position": "1", "at": "0", "index": "0"}).stage or ""
    )
    assert kept(records, cookies, session).response_at(0) == Response(index=0)
    flagged = desk.step(cookies, {"session": session, "step": "flag", "position": "1", "on": "yes"}).stage or ""
    back = desk.step(cookies, {"session": session, "step": "look_back", "at": "1", "index": "1"}).stage or ""
    assert "2 of 5 questions are answered." in back
    assert "Still open: 3, 4, 5." in back
    assert "Flagged: 2." in back
    for page in (stage, moved, flagged, back):
        assert "Reason" not in page
        assert "verdict" not in page
    assert not records.attempts(cookies[COOKIE])
    ended = desk.step(cookies, {"session": session, "step": "finish"}).stage or ""
    assert "2 of 5 right" in ended
    assert "no prediction" in ended
    assert "Not answered" in ended
    assert ended.count("Reason") == 5 * 4
    assert "Weak" in ended
    assert len(records.attempts(cookies[COOKIE])) == 2


def test_an_exam_comes_back_where_it_was_with_the_time_that_is_left(
    desk: PracticeDesk, cookies: dict[str, str], clock: Clock
) -> None:
    session, _ = begun(desk, cookies, SessionKind.EXAM)
    desk.step(cookies, {"session": session, "step": "move", "position": "2", "at": "0", "index": "1"})
    clock.time += timedelta(minutes=4)
    resumed = desk.open(cookies, session)
    assert resumed.session == session
    assert "Question 3 of 5" in (resumed.stage or "")
    assert 'data-left="660"' in (resumed.stage or "")
    home = desk.open(cookies, "").stage or ""
    assert "Mock exam, 1 of 5 answered, 11 minutes left" in home
    assert "Question 3 of 5" in (desk.resume(cookies, {"session": session}).stage or "")


@pytest.mark.parametrize("step", ["over", "move", "look_back", "finish", "answer"])
def test_when_the_time_is_over_the_exam_is_handed_in_by_whatever_comes_next(
    desk: PracticeDesk, cookies: dict[str, str], clock: Clock, step: str
) -> None:
    session, _ = begun(desk, cookies, SessionKind.EXAM)
    desk.pick(cookies, {"session": session, "pick": "answer", "position": "0", "index": "0"})
    clock.time += timedelta(minutes=16)
    screen = desk.step(cookies, {"session": session, "step": step, "position": "1", "at": "1", "index": "1"})
    assert "1 of 5 right" in (screen.stage or "")


def test_the_clock_of_the_page_hands_in_when_the_time_is_over_and_not_before(
    desk: PracticeDesk, cookies: dict[str, str], clock: Clock
) -> None:
    session, _ = begun(desk, cookies, SessionKind.EXAM)
    clock.time += timedelta(minutes=14)
    early = desk.step(cookies, {"session": session, "step": "over"}).stage or ""
    assert 'data-left="60"' in early
    clock.time += timedelta(minutes=1)
    assert "0 of 5 right" in (desk.step(cookies, {"session": session, "step": "over"}).stage or "")


def test_a_choice_after_the_time_shows_the_end(desk: PracticeDesk, cookies: dict[str, str], clock: Clock) -> None:
    session, _ = begun(desk, cookies, SessionKind.EXAM)
    clock.time += timedelta(minutes=16)
    screen = desk.pick(cookies, {"session": session, "pick": "answer", "position": "0", "index": "0"})
    assert "0 of 5 right" in (screen.stage or "")


def test_a_scenario_goes_from_decision_to_decision_and_marks_what_is_written(
    desk: PracticeDesk, cookies: dict[str, str]
) -> None:
    session, stage = begun(desk, cookies, SessionKind.SCENARIO)
    assert "Manager on call" in stage
    assert "What comes of" not in stage
    for place in range(3):
        marked = (
            desk.step(cookies, {"session": session, "step": "answer", "position": str(place), "index": "0"}).stage or ""
        )
        assert ("Right." in marked) == (place == 0)
        assert marked.count("What comes of way") == 3
        stage = desk.step(cookies, {"session": session, "step": "move", "position": str(place + 1)}).stage or ""
    assert "What would you tell the board?" in stage
    assert "A model answer" not in stage
    marked = desk.step(cookies, {"session": session, "step": "answer", "position": "3", "text": "0 & 2"}).stage or ""
    assert "Your words: <q>0 &amp; 2</q>" in marked
    assert marked.count("Found") == 2
    assert marked.count("Missed") == 1
    assert "The sentence of a model answer." in marked
    ended = desk.step(cookies, {"session": session, "step": "finish"}).stage or ""
    assert "2 of 4 right" in ended


def test_a_teach_back_can_be_tried_again_from_what_was_written(desk: PracticeDesk, cookies: dict[str, str]) -> None:
    session, _ = begun(desk, cookies, SessionKind.TEACH_BACK)
    marked = desk.step(cookies, {"session": session, "step": "answer", "position": "0", "text": "only 1"}).stage or ""
    assert "Not yet: 1 of 3 points." in marked
    retry = desk.step(cookies, {"session": session, "step": "retry", "position": "0"}).stage or ""
    assert ">only 1</textarea>" in retry
    better = (
        desk.step(cookies, {"session": session, "step": "answer", "position": "0", "text": "0, 1 and 2"}).stage or ""
    )
    assert "Right." in better


def test_a_teach_back_that_is_tried_again_is_found_again_as_it_was_left(
    desk: PracticeDesk, cookies: dict[str, str]
) -> None:
    session, _ = begun(desk, cookies, SessionKind.TEACH_BACK)
    desk.step(cookies, {"session": session, "step": "answer", "position": "0", "text": "only 1"})
    assert "Choose what to do" in (desk.open(cookies, "").stage or "")
    desk.pick(cookies, {"session": session, "pick": "draft", "position": "0", "text": "1 and"})
    assert ">1 and</textarea>" in (desk.open(cookies, session).stage or "")
    desk.step(cookies, {"session": session, "step": "answer", "position": "0", "text": "0, 1 and 2"})
    ended = desk.step(cookies, {"session": session, "step": "finish"}).stage or ""
    assert "1 of 1 right" in ended


@pytest.mark.parametrize("kind", [kind for kind in SessionKind if kind is not SessionKind.TEACH_BACK])
def test_only_a_teach_back_is_tried_again(desk: PracticeDesk, cookies: dict[str, str], kind: SessionKind) -> None:
    session, _ = begun(desk, cookies, kind)
    screen = desk.step(cookies, {"session": session, "step": "retry", "position": "0"})
    assert screen.stage is None
    assert "This page is out of date" in (screen.notice or "")


@pytest.mark.parametrize("kind", [kind for kind in SessionKind if kind is not SessionKind.EXAM])
def test_only_an_exam_is_looked_back_at_and_handed_in(
    desk: PracticeDesk, cookies: dict[str, str], kind: SessionKind
) -> None:
    session, _ = begun(desk, cookies, kind)
    screen = desk.step(cookies, {"session": session, "step": "look_back", "position": "0"})
    assert screen.stage is None
    assert "This page is out of date" in (screen.notice or "")


def test_half_written_text_is_kept(desk: PracticeDesk, cookies: dict[str, str]) -> None:
    session, _ = begun(desk, cookies, SessionKind.TEACH_BACK)
    kept_text = desk.pick(cookies, {"session": session, "pick": "draft", "position": "0", "text": "half <written"})
    assert (kept_text.stage, kept_text.notice) == (None, "")
    assert ">half &lt;written</textarea>" in (desk.open(cookies, session).stage or "")


@pytest.mark.parametrize(
    ("kind", "draft", "shown"),
    [
        (ItemKind.MATCHING, "0=2 2=1", '<option value="2" selected>'),
        (ItemKind.ORDERING, "2,0,1", 'data-order="yes"><li data-choice="2">'),
    ],
)
def test_a_half_made_answer_is_kept(
    desk: PracticeDesk, cookies: dict[str, str], kind: ItemKind, draft: str, shown: str
) -> None:
    plan = {"kind_of": "questions", "kinds": kind.value, "count": "1"}
    session = desk.start(cookies, plan).session or ""
    assert shown not in (desk.open(cookies, session).stage or "")
    assert desk.pick(cookies, {"session": session, "pick": "draft", "position": "0", "text": draft}).notice == ""
    assert shown in (desk.open(cookies, session).stage or "")
    assert "verdict" not in (desk.open(cookies, session).stage or "")


@pytest.mark.parametrize("text", ["0=9 9=0 x=y =", "3,3", "99999999999=1", "<b>"])
@pytest.mark.parametrize("kind", [ItemKind.MATCHING, ItemKind.ORDERING])
def test_a_forged_half_made_answer_is_taken_for_none(course: Library, kind: ItemKind, text: str) -> None:
    practice = SmallPractice(course)
    item = practice.matching() if kind is ItemKind.MATCHING else practice.ordering()
    response = drafted(item, text)
    assert not response.pairs
    assert response.order is None


def test_unfinished_teach_backs_of_one_part_stand_there_once_and_are_dropped_together(
    desk: PracticeDesk, cookies: dict[str, str]
) -> None:
    first, *_ = (begun(desk, cookies, SessionKind.TEACH_BACK)[0] for _ in range(3))
    desk.pick(cookies, {"session": first, "pick": "draft", "position": "0", "text": "It was created because"})
    home = desk.open(cookies, "").stage or ""
    assert home.count("Teach-back: ") == 1
    assert "Teach-back: Explain why it was created. (something written)" in home
    assert f'data-session="{first}"' in home
    dropped = desk.drop(cookies, {"session": first})
    assert dropped.session == ""
    assert "Not finished yet" not in (dropped.stage or "")


def test_half_written_text_may_be_as_long_as_an_answer_and_no_longer(
    desk: PracticeDesk, records: SqlRecords, cookies: dict[str, str]
) -> None:
    session, _ = begun(desk, cookies, SessionKind.TEACH_BACK)
    draft = {"session": session, "pick": "draft", "position": "0"}
    assert desk.pick(cookies, {**draft, "text": "x" * 6000}).notice == ""
    screen = desk.pick(cookies, {**draft, "text": "x" * 6001})
    assert screen.stage is None
    assert "at most 6,000" in (screen.notice or "")
    assert kept(records, cookies, session).drafts == ((0, "x" * 6000),)


def test_flashcards_are_rated_one_after_another(
    desk: PracticeDesk, records: SqlRecords, cookies: dict[str, str]
) -> None:
    session, stage = begun(desk, cookies, SessionKind.FLASHCARDS)
    assert "Card 1 of 3" in stage
    for rating in ("again", "good", "easy"):
        place = kept(records, cookies, session).position
        screen = desk.step(cookies, {"session": session, "step": "answer", "position": str(place), "rating": rating})
    assert "You knew 2 of 3" in (screen.stage or "")
    assert len(records.cards(cookies[COOKIE])) == 3


def test_due_cards_come_first_on_the_first_screen(desk: PracticeDesk, cookies: dict[str, str], clock: Clock) -> None:
    session, _ = begun(desk, cookies, SessionKind.FLASHCARDS)
    for place in range(3):
        desk.step(cookies, {"session": session, "step": "answer", "position": str(place), "rating": "again"})
    clock.time += timedelta(days=2)
    home = desk.open(cookies, "").stage or ""
    assert "3 cards are due." in home
    assert ">As flashcards<" in home
    again, stage = begun(desk, cookies, SessionKind.FLASHCARDS, due="yes", count="20")
    assert "Card 1 of 3" in stage
    assert again != session


@pytest.mark.parametrize(
    ("kinds", "offers"), [("ordering", None), ("ordering cloze", ">1 as flashcards<"), ("cloze", ">As flashcards<")]
)
def test_due_cards_are_offered_as_flashcards_as_far_as_they_can_be(
    desk: PracticeDesk, cookies: dict[str, str], clock: Clock, kinds: str, offers: str | None
) -> None:
    session, _ = begun(desk, cookies, SessionKind.QUESTIONS, kinds=kinds)
    for place in range(len(kinds.split())):
        answers = {"order": "0,1,2", "text": "robot"}
        desk.step(cookies, {"session": session, "step": "answer", "position": str(place), **answers})
    clock.time += timedelta(days=2)
    home = (desk.open(cookies, "").stage or "").split("<form")[0]
    assert "due." in home
    assert ("as flashcards" in home.casefold()) is (offers is not None)
    assert offers is None or offers in home


@pytest.mark.parametrize("step", ["move", "finish", "flag", "answer", "look_back", "over", "retry"])
def test_nobody_takes_a_step_in_anothers_session(
    desk: PracticeDesk, records: SqlRecords, cookies: dict[str, str], step: str
) -> None:
    session, _ = begun(desk, cookies, SessionKind.EXAM)
    before = kept(records, cookies, session)
    other = {COOKIE: records.add_learner()}
    screen = desk.step(other, {"session": session, "step": step, "position": "1", "index": "1", "at": "0"})
    assert screen.stage is None
    assert "no such practice session" in (screen.notice or "")
    assert kept(records, cookies, session) == before


def test_nobody_opens_picks_cites_repeats_or_ends_anothers_session(
    desk: PracticeDesk, records: SqlRecords, cookies: dict[str, str], course: Library
) -> None:
    session, _ = begun(desk, cookies, SessionKind.EXAM)
    before = kept(records, cookies, session)
    other = {COOKIE: records.add_learner()}
    cite = before.items[0].citations[0]
    refused = [
        desk.resume(other, {"session": session}),
        desk.drop(other, {"session": session}),
        desk.again(other, {"session": session}),
        desk.pick(other, {"session": session, "pick": "answer", "position": "0", "index": "1"}),
        desk.pick(other, {"session": session, "pick": "draft", "position": "0", "text": "x"}),
    ]
    assert all(screen.stage is None and "no such practice session" in (screen.notice or "") for screen in refused)
    assert "no such practice session" in desk.proof(
        other, {"session": session, "cite": f"{cite.passage_id}:{cite.start}-{cite.end}"}
    )
    assert "Choose what to do" in (desk.open(other, session).stage or "")
    assert kept(records, cookies, session) == before
    assert course is desk.library


def test_a_citation_opens_the_course_with_its_words_marked(desk: PracticeDesk, cookies: dict[str, str]) -> None:
    session, _ = begun(desk, cookies, SessionKind.QUESTIONS, kinds="mcq")
    marked = desk.step(cookies, {"session": session, "step": "answer", "position": "0", "index": "1"}).stage or ""
    cite = marked.split('data-cite="')[1].split('"')[0]
    view = desk.proof(cookies, {"session": session, "cite": cite})
    assert 'class="cited target"' in view
    assert "not in this practice" in desk.proof(cookies, {"session": session, "cite": "1.1-0000:0-9"})
    assert 'data-pointed="yes"' in desk.proof(cookies, {"session": session, "address": "CPOM §1.1.2"})
    assert "not an address" in desk.proof(cookies, {"session": session, "address": "nowhere"})


@pytest.mark.parametrize("sent", [{}, {COOKIE: "unknown"}, {COOKIE: "a.b"}])
def test_a_browser_without_a_known_cookie_is_told_to_reload(desk: PracticeDesk, sent: dict[str, str]) -> None:
    for screen in (desk.open(sent, ""), desk.start(sent, {"kind": "questions"}), desk.leave(sent, {})):
        assert "reload the page" in (screen.notice or "")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"kind": "party"},
        {"kind": "questions", "level": "hard"},
        {"kind": "questions", "kinds": "mcq;drop"},
    ],
)
def test_a_forged_choice_gets_a_sentence(desk: PracticeDesk, cookies: dict[str, str], data: dict[str, str]) -> None:
    screen = desk.start(cookies, data)
    assert screen.stage is None
    assert "first, then press Start" in (screen.notice or "")


@pytest.mark.parametrize("data", [{"step": "answer"}, {"step": "move", "position": "99"}, {"step": "dance"}, {}])
def test_a_forged_step_gets_a_sentence(desk: PracticeDesk, cookies: dict[str, str], data: dict[str, str]) -> None:
    session, _ = begun(desk, cookies, SessionKind.QUESTIONS)
    screen = desk.step(cookies, {"session": session, **data})
    assert screen.stage is None
    assert "alert" in (screen.notice or "")


@pytest.mark.parametrize(
    ("sent", "hours"), [("60", 1), ("-300", -5), ("", 0), ("x", 0), ("99999999", 0), (None, 0), ("841", 0)]
)
def test_the_learners_time_zone_is_taken_only_where_it_makes_sense(sent: str | None, hours: int) -> None:
    assert zone(sent).utcoffset(START) == timedelta(hours=hours)


@pytest.fixture
def board(desk: PracticeDesk, records: SqlRecords) -> Board:
    return Board(desk.room, records)


def test_progress_without_an_answer_says_so_and_offers_a_start(board: Board, cookies: dict[str, str]) -> None:
    view = board.view(cookies, "0")
    assert "Nothing practised in these four weeks yet." in view
    assert "No cards yet" in view
    assert 'data-event="start"' in view
    assert "<svg" not in view


def test_progress_shows_what_was_answered_and_what_is_due(
    desk: PracticeDesk, board: Board, cookies: dict[str, str], clock: Clock
) -> None:
    session, _ = begun(desk, cookies, SessionKind.QUESTIONS, kinds="mcq", count="8")
    for place in range(8):
        desk.step(cookies, {"session": session, "step": "answer", "position": str(place), "index": "2"})
    clock.time += timedelta(days=3)
    view = board.view(cookies, "60")
    assert "8 answers on 1 day of the last 28; 2 of them right." in view
    assert 'class="interval"' in view
    assert "8 cards in all" in view
    assert "Review 8 due cards" in view


def test_a_mock_exam_is_shown_as_practice_and_can_be_read_again(
    desk: PracticeDesk, board: Board, cookies: dict[str, str]
) -> None:
    session, _ = begun(desk, cookies, SessionKind.EXAM)
    assert f'data-event="resume" data-session="{session}"' in board.view(cookies, "")
    desk.step(cookies, {"session": session, "step": "finish", "at": "0", "index": "0"})
    view = board.view(cookies, "")
    assert "no prediction" in view
    assert "2 Mar: 20% of 5" in view
    assert "1 Mar: 20% of 5" in board.view(cookies, "-600")  # nine o'clock in the morning is the evening before there
    assert "1 of 5 right" in (desk.resume(cookies, {"session": session}).stage or "")


@pytest.mark.parametrize(
    "plan",
    [
        Plan(SessionKind.QUESTIONS, topic="CPOM §1.1.2", level=Level.APPLICATION, kinds=(ItemKind.MCQ, ItemKind.CLOZE)),
        Plan(SessionKind.FLASHCARDS, count=7, due_only=True),
        Plan(SessionKind.EXAM, count=40),
    ],
)
def test_a_button_starts_the_very_plan_it_stands_for(plan: Plan) -> None:
    assert plan_of({name: str(value) for name, value in plan_data(plan).items()}) == plan


def test_progress_is_refused_without_a_known_cookie(board: Board) -> None:
    assert "reload the page" in board.view({}, "")


def test_cards_that_are_asked_no_more_are_shown_with_their_reason(
    desk: PracticeDesk, board: Board, records: SqlRecords, cookies: dict[str, str]
) -> None:
    session, _ = begun(desk, cookies, SessionKind.FLASHCARDS, kinds="mcq", count="1")
    desk.step(cookies, {"session": session, "step": "answer", "position": "0", "rating": "good"})
    (card,) = records.cards(cookies[COOKIE])
    gone = replace(card, item=replace(card.item, id="gone", stem="What <was> it?"))
    records.save_session(cookies[COOKIE], Session("s", SessionKind.FLASHCARDS, 1, START, ()), [], [gone])
    view = board.view(cookies, "")
    assert "Cards asked no more" in view
    assert "What &lt;was&gt; it?" in view
    assert "changed" in view


def test_cited_words_are_shown_in_their_sentence_and_a_name_with_the_sentence_after_it(course: Library) -> None:
    passage = next(one for one in course.passages if one.name == "Standardized Leadership Competence")
    sentence = passage.sentence_texts[0]
    inside = Citation(passage.id, str(passage.address), "reliable benchmark", 0, 0)
    start = passage.text.index(inside.quote)
    shown = quoted(replace(inside, start=start, end=start + len(inside.quote)), course)
    before, _, after = sentence.partition("reliable benchmark")
    assert f'{before}<mark class="cited">reliable benchmark</mark>{after}' in shown
    assert passage.label
    name = Citation(passage.id, str(passage.address), passage.name, passage.label.start, passage.label.end)
    assert f'<mark class="cited">{passage.name}</mark>' in quoted(name, course)
    assert sentence in quoted(name, course)


def test_a_quote_that_no_longer_stands_is_shown_as_it_was(course: Library) -> None:
    gone = Citation("1.1-gone", "CPOM §1.1.9 ¶1", "Words of <then>.", 0, 16)
    assert "<p>Words of &lt;then&gt;.</p>" in quoted(gone, course)
