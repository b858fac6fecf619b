"""What is worth doing now, each with its reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from cpom_tutor.attempts import Session, SessionKind
from cpom_tutor.items import Level
from cpom_tutor.practice.progress.mastery import ENOUGH_FACTS, Mastery, weakest_first
from cpom_tutor.practice.sittings.plans import MOST_REVIEWS, NAMES, Plan
from cpom_tutor.practice.sittings.sessions import time_left

_SHOWN = 4
_EXAM_ITEMS = 40
_BETWEEN_EXAMS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something worth doing now.

    Attributes:
        action: what the button says: "Review 7 due cards".
        reason: why, a sentence or two.
        plan: what to start; None where `session_id` says what to take up again.
        session_id: of an unfinished session to go on with.
        topic: address of the part that it is about, to read it first; empty where it is about none.
    """

    action: str
    reason: str
    plan: Plan | None = None
    session_id: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the advice follows from.

    Attributes:
        topics, levels: mastery of each.
        due: cards due today.
        next_due: when the next comes due, by the learner's clock, where none is.
        last_exam: when the latest mock exam was handed in.
        unfinished: sessions under way, latest first.
    """

    topics: tuple[Mastery, ...]
    levels: tuple[Mastery, ...]
    due: int
    next_due: datetime | None
    last_exam: datetime | None
    unfinished: tuple[Session, ...]


def next_steps(standing: Standing, now: datetime) -> tuple[NextStep, ...]:
    """Up to four things worth doing, the best first; there is always one."""
    return tuple(islice(_all(standing, now), _SHOWN))


def _all(standing: Standing, now: datetime) -> Iterator[NextStep]:
    exams = [session for session in standing.unfinished if session.kind is SessionKind.EXAM]
    others = [session for session in standing.unfinished if session.kind is not SessionKind.EXAM]
    yield from (_go_on(session, now) for session in exams[:1])  # its time is running
    if standing.due:
        yield _review(standing.due)
    yield from (_go_on(session, now) for session in others[:1])
    yield from (_practise_weak(topic) for topic in weakest_first(standing.topics)[:1])
    yield from (_meet(topic) for topic in [topic for topic in standing.topics if not topic.enough][:1])
    yield from _apply(standing.levels)
    ready = all(topic.enough for topic in standing.topics)
    if ready and (standing.last_exam is None or now - standing.last_exam >= _BETWEEN_EXAMS):
        yield _take_exam(standing.last_exam)
    yield _explain(standing)


def _go_on(session: Session, now: datetime) -> NextStep:
    done = f"{len(session.responses)} of {session.size} answered"
    left = time_left(session, now)
    minutes = f", {int(left.total_seconds() // 60)} minutes left" if left is not None else ""
    action = f"Go on with the {NAMES[session.kind].lower()}"
    return NextStep(action, f"You left it under way: {done}{minutes}.", session_id=session.id)


def _review(due: int) -> NextStep:
    cards = "1 due card" if due == 1 else f"{due} due cards"
    return NextStep(
        f"Review {cards}" if due <= MOST_REVIEWS else f"Review {MOST_REVIEWS} of {due} due cards",
        "You are about to forget them: a review now keeps them longest for the least work.",
        Plan(SessionKind.QUESTIONS, count=min(due, MOST_REVIEWS), due_only=True),
    )


def _practise_weak(topic: Mastery) -> NextStep:
    return NextStep(
        f"Practise {topic.title}", f"It is your weakest part. {topic.sentence}",
        Plan(SessionKind.QUESTIONS, topic=topic.key), topic=topic.key,
    )  # fmt: skip


def _meet(topic: Mastery) -> NextStep:
    met = f"only {topic.facts} of the {ENOUGH_FACTS} different facts that it takes" if topic.facts else "nothing yet"
    return NextStep(
        f"Practise {topic.title}", f"You have answered {met} there, so that nobody can say how you stand.",
        Plan(SessionKind.QUESTIONS, topic=topic.key), topic=topic.key,
    )  # fmt: skip


def _apply(levels: tuple[Mastery, ...]) -> Iterator[NextStep]:
    application = next((level for level in levels if level.key == Level.APPLICATION.value), None)
    if application and application.weak:
        yield NextStep(
            "Practise situations from work",
            f"Recognising the course at work is what the exam asks for most. {application.sentence}",
            Plan(SessionKind.QUESTIONS, level=Level.APPLICATION),
        )


def _take_exam(last: datetime | None) -> NextStep:
    when = "your last one was more than a week ago" if last else "you have not taken one yet"
    return NextStep(
        "Take a mock exam", f"You have practised every part of the course, and {when}.",
        Plan(SessionKind.EXAM, count=_EXAM_ITEMS),
    )  # fmt: skip


def _explain(standing: Standing) -> NextStep:
    reason = "Saying it in your own words shows what you have not understood yet."
    if not standing.due:
        day = standing.next_due
        when = f" until {day.day} {day:%B}" if day else ""
        reason = f"Nothing is due{when}. {reason}"
    return NextStep("Explain something in your own words", reason, Plan(SessionKind.TEACH_BACK, count=1))
