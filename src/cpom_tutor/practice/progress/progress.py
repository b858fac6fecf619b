"""How a learner stands: mastery, what is due, the history, and what to do next."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from cpom_tutor.attempts import Attempt, Card, Session
from cpom_tutor.items import ItemKind, Level, QuizItem
from cpom_tutor.practice.progress.mastery import ENOUGH_FACTS, NOTE, Mastery, mastery, weakest_first
from cpom_tutor.practice.progress.next_steps import NextStep, Standing, next_steps
from cpom_tutor.practice.progress.schedule import due_cards, due_days
from cpom_tutor.practice.sittings.results import result_of

HISTORY_DAYS = 28

_KIND_NAMES: dict[str, str] = {
    ItemKind.MCQ: "Multiple choice",
    ItemKind.CLOZE: "Fill the gap",
    ItemKind.MATCHING: "Matching",
    ItemKind.ORDERING: "Ordering",
    ItemKind.SHORT: "In your own words",
}
_LEVEL_NAMES: dict[str, str] = {Level.RECALL: "Recall", Level.APPLICATION: "Application"}


@dataclass(frozen=True, slots=True)
class DueDay:
    """How many cards come due on a day; what is overdue counts for today."""

    day: date
    cards: int


@dataclass(frozen=True, slots=True)
class HistoryDay:
    """What was practised on a day: attempts (flashcards too), and how many counted as right."""

    day: date
    attempts: int
    right: int


@dataclass(frozen=True, slots=True)
class ExamScore:
    """A mock exam that was handed in, by the learner's clock: its score is practice, and no prediction."""

    session_id: str
    finished_at: datetime
    score: float
    items: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How a learner stands.

    Attributes:
        topics: one for each subsection that has items on five facts or more, in the course's order, tried or not.
        kinds: one for each kind of item of which the same holds.
        levels: one for each level.
        weak: topics worth practising, by the lower end of what is likely.
        due: cards due by the end of today.
        due_days: today and the six days after it.
        next_due: when the next card comes due, by the learner's clock, where none is now.
        history: the last 28 days, oldest first, empty days too.
        cards: how many are being asked.
        retired: cards that are asked no more, each with its reason.
        retired_sentence: says so; empty where there are none.
        exams: mock exams handed in, latest first.
        unfinished: sessions to take up again, latest first.
        next_steps: best first; never empty.
        note: what the mastery figures count, in two sentences.
    """

    topics: tuple[Mastery, ...]
    kinds: tuple[Mastery, ...]
    levels: tuple[Mastery, ...]
    weak: tuple[Mastery, ...]
    due: int
    due_days: tuple[DueDay, ...]
    next_due: datetime | None
    history: tuple[HistoryDay, ...]
    cards: int
    retired: tuple[Card, ...]
    retired_sentence: str
    exams: tuple[ExamScore, ...]
    unfinished: tuple[Session, ...]
    next_steps: tuple[NextStep, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What the records hold of a learner: all attempts and cards, sessions to go on with, exams handed in."""

    attempts: tuple[Attempt, ...]
    cards: tuple[Card, ...]
    unfinished: tuple[Session, ...]
    exams: tuple[Session, ...]


def progress_of(
    kept: Kept, items: Mapping[str, QuizItem], titles: Mapping[str, str], now: datetime, zone: tzinfo
) -> Progress:
    """How a learner stands.

    Args:
        kept: what the records hold; its cards are retired as the course is now.
        items: all valid items of the course, by id.
        titles: of its subsections, by address, in reading order.
        now: timezone-aware.
        zone: where the learner's days begin and end.
    """
    attempts = tuple(_where_it_stands_now(attempt, items) for attempt in kept.attempts)
    topics = _masteries(_judgeable(titles, items.values(), _topic), attempts, _topic)
    levels = _masteries(_LEVEL_NAMES, attempts, _level)
    asked = tuple(card for card in kept.cards if not card.retired)
    retired = tuple(card for card in kept.cards if card.retired)
    due = due_cards(asked, now, zone)
    exams = tuple(_exam_score(session, titles, zone) for session in kept.exams if session.finished_at)
    next_due = min((card.due.astimezone(zone) for card in asked), default=None) if not due else None
    standing = Standing(topics, levels, len(due), next_due, exams[0].finished_at if exams else None, kept.unfinished)
    return Progress(
        topics=topics,
        kinds=_masteries(_judgeable(_KIND_NAMES, items.values(), _kind), attempts, _kind),
        levels=levels,
        weak=weakest_first(topics),
        due=len(due),
        due_days=tuple(DueDay(day, cards) for day, cards in due_days(asked, now, zone)),
        next_due=next_due,
        history=_history(attempts, now, zone),
        cards=len(asked),
        retired=retired,
        retired_sentence=_retired_sentence(len(retired)),
        exams=exams,
        unfinished=kept.unfinished,
        next_steps=next_steps(standing, now),
        note=NOTE,
    )


def _where_it_stands_now(attempt: Attempt, items: Mapping[str, QuizItem]) -> Attempt:
    """A re-ingest may give a passage another address; its attempts go with it."""
    item = items.get(attempt.item_id)
    return replace(attempt, topic=item.topic) if item else attempt


def _judgeable(
    names: Mapping[str, str], items: Iterable[QuizItem], key_of: Callable[[Attempt | QuizItem], str]
) -> Mapping[str, str]:
    """Those parts that the course asks enough of to ever say something."""
    facts: dict[str, set[str]] = {}
    for item in items:
        facts.setdefault(key_of(item), set()).add(item.fact)
    return {key: name for key, name in names.items() if len(facts.get(key, ())) >= ENOUGH_FACTS}


def _masteries(
    names: Mapping[str, str], attempts: Iterable[Attempt], key_of: Callable[[Attempt | QuizItem], str]
) -> tuple[Mastery, ...]:
    found: dict[str, list[Attempt]] = {key: [] for key in names}
    for attempt in attempts:
        if key_of(attempt) in found:
            found[key_of(attempt)].append(attempt)
    return tuple(mastery(key, names[key], belonging) for key, belonging in found.items())


def _topic(of: Attempt | QuizItem) -> str:
    return of.topic


def _kind(of: Attempt | QuizItem) -> str:
    return of.kind


def _level(of: Attempt | QuizItem) -> str:
    return of.level


def _history(attempts: Iterable[Attempt], now: datetime, zone: tzinfo) -> tuple[HistoryDay, ...]:
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=ago) for ago in reversed(range(HISTORY_DAYS))]
    rights: dict[date, list[bool]] = {day: [] for day in days}
    for attempt in attempts:
        day = attempt.answered_at.astimezone(zone).date()
        if day in rights:
            rights[day].append(attempt.correct)
    return tuple(HistoryDay(day, len(found), sum(found)) for day, found in rights.items())


def _exam_score(session: Session, titles: Mapping[str, str], zone: tzinfo) -> ExamScore:
    result = result_of(session, titles)
    ended_at = (session.finished_at or session.started_at).astimezone(zone)
    return ExamScore(session.id, ended_at, result.score, result.total)


def _retired_sentence(count: int) -> str:
    if not count:
        return ""
    what = "1 card is" if count == 1 else f"{count} cards are"
    return f"{what} asked no more, because the course has changed; your answers to them still count."
