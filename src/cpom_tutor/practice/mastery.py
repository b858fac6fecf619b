"""How well a learner knows a part of the course, with honest uncertainty."""

from dataclasses import dataclass
from enum import StrEnum


class Trend(StrEnum):
    """How the latest attempts compare with those before."""

    UP = "up"
    DOWN = "down"
    STEADY = "steady"
    UNKNOWN = "unknown"  # too few to say


@dataclass(frozen=True, slots=True)
class Mastery:
    """What the marked attempts in one part say.

    Attributes:
        key: the subsection's address, or the value of an `ItemKind` or `Level`.
        title: for a person: "1.1.2 Why a credential?", "Multiple choice", "Application".
        attempts: all marked attempts.
        facts: how many different facts they tested.
        share: of facts known, 0 to 1, later attempts counting more; 0 where there are none.
        low, high: 95 % interval of the share.
        enough: whether there are facts enough to say anything; show "not enough yet" where not.
        trend: whether it gets better.
        sentence: all of it in words, for a screen reader: "11 of 14 facts ..." or "Not enough yet: ...".
    """

    key: str
    title: str
    attempts: int
    facts: int
    share: float
    low: float
    high: float
    enough: bool
    trend: Trend
    sentence: str
