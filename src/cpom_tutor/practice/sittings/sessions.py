"""One step of a practice session at a time: values in, values out. `room` loads and saves around it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from cpom_tutor.attempts import Attempt, Card, Marking, Rating, Response, Session, SessionKind
from cpom_tutor.errors import BadInput
from cpom_tutor.items import ItemKind, Level, QuizItem, Scenario
from cpom_tutor.practice.marking import PASS_SHORT
from cpom_tutor.practice.progress.schedule import rating_of, scheduled
from cpom_tutor.practice_protocols import Practice

_GRACE = timedelta(seconds=5)
"""For an answer that was on its way when an exam's time ended."""

_RATED = {
    Rating.AGAIN: Marking(0.0, False),
    Rating.HARD: Marking(0.5, True),
    Rating.GOOD: Marking(1.0, True),
    Rating.EASY: Marking(1.0, True),
}
_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step leads to: the session after it, and what is to be kept with it."""

    session: Session
    attempts: tuple[Attempt, ...] = ()
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """What a step needs beside the session.

    Attributes:
        practice: marks.
        cards: the learner's, by item id.
        now: the time, timezone-aware.
    """

    practice: Practice
    cards: Mapping[str, Card]
    now: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was given: to which position, what, how long it took, and whether the learner was sure."""

    position: int
    response: Response
    seconds: float | None = None
    confident: bool = False


def time_left(session: Session, now: datetime) -> timedelta | None:
    """What is left of the time allowed, never below nothing; None where there is no limit."""
    if session.minutes is None:
        return None
    return max(_deadline(session, session.minutes) - now, timedelta(0))


def is_over(session: Session, now: datetime) -> bool:
    """Whether the time allowed has run out for a session that is still under way."""
    if session.finished_at or session.minutes is None:
        return False
    return now > _deadline(session, session.minutes) + _GRACE


def same_work(one: Session, other: Session) -> bool:
    """Whether both are to explain one part of the course, so that one of them is enough."""
    both = one.kind is other.kind is SessionKind.TEACH_BACK
    return both and one.items[0].topic == other.items[0].topic


def answer(session: Session, given: Given, desk: Desk) -> Outcome:
    """Answers a position; the last open one ends the session, except an exam, which is handed in.

    Returns:
        The session itself where nothing changes: it is finished, or the position is answered already (see
        `room.PracticeRoom.answer` for the kinds that differ).

    Raises:
        BadInput: there is no such position, it is not its turn yet, or the response does not fit.
    """
    check_position(session, given.position)
    before = session.response_at(given.position)
    changeable = session.kind in (SessionKind.EXAM, SessionKind.TEACH_BACK)
    if _closed(session) or before == given.response or (before and not changeable):
        return Outcome(session)
    marking = _mark(session, given, desk.practice)
    answered = replace(
        session,
        responses=_put(session.responses, given.position, given.response),
        drafts=tuple(draft for draft in session.drafts if draft[0] != given.position),
        position=given.position,
    )
    if session.kind is SessionKind.EXAM:
        return Outcome(answered)
    answered = replace(answered, markings=_put(session.markings, given.position, marking))
    if before:
        return Outcome(answered)
    if answered.complete:
        answered = replace(answered, finished_at=desk.now)
    return _kept(answered, given, marking, desk)


def finish(session: Session, desk: Desk) -> Outcome:
    """Ends a session; an exam's answers are marked now. Positions without an answer leave no attempt."""
    if session.finished_at:
        return Outcome(session)
    ended_at = desk.now
    if session.minutes is not None:
        ended_at = min(ended_at, _deadline(session, session.minutes))
    ended = replace(session, finished_at=ended_at)
    if session.kind is not SessionKind.EXAM:
        return Outcome(ended)
    marked = [(Given(position, response), desk.practice.mark(session.items[position], response))
              for position, response in session.responses]  # fmt: skip
    at_the_end = replace(desk, now=ended_at)
    parts = [_kept(ended, given, marking, at_the_end) for given, marking in marked]
    return Outcome(
        replace(ended, markings=tuple((given.position, marking) for given, marking in marked)),
        tuple(attempt for part in parts for attempt in part.attempts),
        tuple(card for part in parts for card in part.cards),
    )


def flag(session: Session, position: int, on: bool) -> Outcome:
    """Marks a position to come back to, or takes the mark off; a finished session stays as it is."""
    check_position(session, position)
    flagged = session.flagged | {position} if on else session.flagged - {position}
    if session.finished_at or flagged == session.flagged:
        return Outcome(session)
    return Outcome(replace(session, flagged=flagged))


def move(session: Session, position: int) -> Outcome:
    """Remembers where the learner is, after the end of a session too (they read it through again)."""
    check_position(session, position)
    return Outcome(session if position == session.position else replace(session, position=position))


def draft(session: Session, position: int, text: str) -> Outcome:
    """Keeps half-written text; an empty one is not kept."""
    check_position(session, position)
    drafts = tuple(kept for kept in session.drafts if kept[0] != position)
    if text.strip():
        drafts = tuple(sorted((*drafts, (position, text))))
    if _closed(session) or drafts == session.drafts:
        return Outcome(session)
    return Outcome(replace(session, drafts=drafts))


def check_position(session: Session, position: int) -> None:
    """Raises BadInput where the session has no such position."""
    if not 0 <= position < session.size:
        raise BadInput(f"This practice has no question {position + 1}; choose one from 1 to {session.size}.")


def _closed(session: Session) -> bool:
    """Whether it takes no answer any more; a teach-back that was answered may always be tried again."""
    return session.finished_at is not None and not (session.kind is SessionKind.TEACH_BACK and session.complete)


def _deadline(session: Session, minutes: int) -> datetime:
    return session.started_at + timedelta(minutes=minutes)


def _put(pairs: tuple[tuple[int, _Kept], ...], position: int, value: _Kept) -> tuple[tuple[int, _Kept], ...]:
    return tuple(sorted({**dict(pairs), position: value}.items(), key=lambda pair: pair[0]))


def _mark(session: Session, given: Given, practice: Practice) -> Marking:
    if session.scenario:
        return _mark_scenario(session, session.scenario, given, practice)
    if session.kind is SessionKind.FLASHCARDS:
        if given.response.rating is None:
            raise BadInput("A flashcard is rated; choose Again, Hard, Good or Easy.")
        return _RATED[given.response.rating]
    return practice.mark(session.items[given.position], given.response)


def _mark_scenario(session: Session, scenario: Scenario, given: Given, practice: Practice) -> Marking:
    if given.position > len(session.responses):
        raise BadInput("The decisions follow from each other; take the earlier ones first.")
    response = given.response
    if given.position == len(scenario.decisions):
        if response.text is None:
            raise BadInput("The last question is answered in your own words; write a sentence or two.")
        grading = practice.mark_text(scenario.question, scenario.rubric, response.text)
        return Marking(grading.score, grading.score >= PASS_SHORT, grading)
    decision = scenario.decisions[given.position]
    if response.index is None or not 0 <= response.index < len(decision.options):
        raise BadInput(f"This decision has {len(decision.options)} options; choose one of them.")
    best = response.index == decision.best
    return Marking(float(best), best)


def _kept(session: Session, given: Given, marking: Marking, desk: Desk) -> Outcome:
    """The attempt and the card that come of a marked answer. A scenario's decisions have no card."""
    if session.scenario:
        return Outcome(session, (_scenario_attempt(session, session.scenario, given, marking, desk.now),))
    item = session.items[given.position]
    before = desk.cards.get(item.id)
    rating = _own_rating(session, given) or rating_of(
        item, marking, seconds=given.seconds, confident=given.confident, known=before is not None
    )
    return Outcome(
        session, (_attempt(session, item, given, marking, desk.now),), (scheduled(item, before, rating, desk.now),)
    )


def _own_rating(session: Session, given: Given) -> Rating | None:
    return given.response.rating if session.kind is SessionKind.FLASHCARDS else None


def _attempt(session: Session, item: QuizItem, given: Given, marking: Marking, now: datetime) -> Attempt:
    return Attempt(
        item_id=item.id,
        fact=item.fact,
        kind=item.kind,
        level=item.level,
        topic=item.topic,
        score=marking.score,
        correct=marking.correct,
        answered_at=now,
        session=session.id,
        seconds=given.seconds,
        self_rated=_own_rating(session, given) is not None,
    )


def _scenario_attempt(session: Session, scenario: Scenario, given: Given, marking: Marking, now: datetime) -> Attempt:
    last = given.position == len(scenario.decisions)
    name = f"{scenario.id}#{given.position}"
    return Attempt(
        item_id=name,
        fact=name,
        kind=ItemKind.SHORT if last else ItemKind.MCQ,
        level=Level.APPLICATION,
        topic=scenario.topic,
        score=marking.score,
        correct=marking.correct,
        answered_at=now,
        session=session.id,
        seconds=given.seconds,
    )
