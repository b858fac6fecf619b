"""A class as its instructor looks at it: what is counted of its learners, and none of their words but examples."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

WEEKS = 8
"""How far back an instructor looks, where nothing else was said."""

MOST_WEEKS = 53


class Outcome(StrEnum):
    """What came of a turn, for whom it is counted."""

    ANSWERED = "answered"
    DECLINED = "declined"
    NOTHING_ASKED = "nothing asked"  # small talk, or practice in the conversation


@dataclass(frozen=True, slots=True)
class ClassLook:
    """What an instructor looks at.

    Attributes:
        group: a class by its name; empty for the learners of none; None for everybody.
        weeks: this one and those before it, from 1.
    """

    group: str | None = None
    weeks: int = WEEKS


@dataclass(frozen=True, slots=True)
class ClassGroup:
    """A class and how many learners it has; the name is empty for those of none."""

    name: str
    learners: int


@dataclass(frozen=True, slots=True)
class AskedCount:
    """How often a part of the course was asked about in a week.

    Attributes:
        topic: the subsection's address; empty for what belongs to none.
        week: its Monday.
        asked: all questions.
        declined: those of them that the tutor did not answer.
    """

    topic: str
    week: date
    asked: int
    declined: int


@dataclass(frozen=True, slots=True)
class KnownCount:
    """What a learner's marked answers say of a part of the course.

    Attributes:
        topic: the subsection's address.
        facts: how many different facts were tested.
        share: of them known, 0 to 1, later answers counting more, as in `mastery`.
    """

    topic: str
    facts: int
    share: float


@dataclass(frozen=True, slots=True)
class Member:
    """A learner of a class.

    Attributes:
        name: the pseudonym, or the name that they share.
        group: their class; may be empty.
        since: when they came.
        signed_in: whether they ever did; True where nobody has to.
        last_active: their last question or practice; None where there was none.
        asked, declined: questions in the weeks looked at, and those not answered.
        attempts, right: answers given in practice in these weeks, and those that counted as right.
        known: what they know of each part, by all of their answers.
    """

    name: str
    group: str
    since: datetime
    signed_in: bool
    last_active: datetime | None
    asked: int
    declined: int
    attempts: int
    right: int
    known: tuple[KnownCount, ...]


@dataclass(frozen=True, slots=True)
class ClassRecord:
    """What is kept of a class.

    Attributes:
        accounts: whether learners sign in; otherwise all of this machine's are one class.
        groups: the classes that there are, by name.
        members: learners who may sign in, of the class looked at. Reviewers are none, nor is a disabled account.
        disabled: how many learners' accounts were left out.
        asked: what the members asked, by part and week; nothing is listed that was not asked.
    """

    accounts: bool
    groups: tuple[ClassGroup, ...]
    members: tuple[Member, ...]
    disabled: int
    asked: tuple[AskedCount, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A question that was asked, without who asked it."""

    turn_id: str
    question: str
    asked_at: datetime
    declined: bool


def week_of(moment: datetime) -> date:
    """The Monday of its ISO week, in UTC."""
    day = moment.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def weeks_until(now: datetime, count: int) -> tuple[date, ...]:
    """The Mondays of so many weeks, the present one last."""
    latest = week_of(now)
    return tuple(latest - timedelta(weeks=back) for back in range(count - 1, -1, -1))
