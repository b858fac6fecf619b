"""How a learner stands: mastery, what is due, the history, and what to do next."""

from dataclasses import dataclass
from datetime import date, datetime

from cpom_tutor.items import Card, Session
from cpom_tutor.practice.mastery import Mastery
from cpom_tutor.practice.plans import Plan


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
    """A mock exam that was handed in: its score is practice, and no prediction."""

    session_id: str
    finished_at: datetime
    score: float
    items: int


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something worth doing now.

    Attributes:
        action: what the button says: "Review 7 due cards".
        reason: why, one sentence.
        plan: what to start; None to take up `session_id` or read `topic` instead.
        session_id: of an unfinished session to go on with.
        topic: address to read again, where that helps.
    """

    action: str
    reason: str
    plan: Plan | None = None
    session_id: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How a learner stands.

    Attributes:
        topics: one for each part of the course that has items, in the course's order, tried or not.
        kinds, levels: one for each kind of item and level.
        weak: topics whose lower bound is below what we call secure, the weakest first.
        due: cards due by the end of today.
        due_days: today and the six days after it.
        next_due: when the next card comes due, where none is now.
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
