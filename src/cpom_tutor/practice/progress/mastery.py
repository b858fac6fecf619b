"""How well a learner knows a part of the course, with honest uncertainty.

What is counted is facts, not clicks: asking one fact ten times says no more of the others. Of a fact's attempts the
latest counts most, each one before it half as much, so that what was learnt since shows, and one lucky answer does
not wipe out a row of wrong ones. The facts asked are a sample of all; the interval is Wilson's for a proportion
(E. B. Wilson 1927, doi:10.1080/01621459.1927.10502953), which holds for few of them too. A flashcard that the learner
rated does not count here: people rate themselves too kindly.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import sqrt

from cpom_tutor.attempts import Attempt

ENOUGH_FACTS = 5
SECURE = 0.8
"""A part of which less than this share is known is worth practising."""

NOTE = (
    "Each fact of the course counts once, its latest answers most; flashcards that you rate yourself are not counted "
    f"here. Below {ENOUGH_FACTS} different facts there is not enough to say anything yet."
)

_AGEING = 0.5
_Z = 1.96  # 95 %
_TREND_WINDOW = 10
_TREND_FEWEST = 5
_A_NIGHT = timedelta(hours=12)
_TREND_Z = 1.28  # one chance in ten of calling noise a change for the better


class Trend(StrEnum):
    """How the latest attempts compare with those before."""

    UP = "up"
    DOWN = "down"
    STEADY = "steady"  # no change that stands out from chance
    UNKNOWN = "unknown"  # too few to say, or all of one day


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
        sentence: all of it in words.
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

    @property
    def weak(self) -> bool:
        """Whether it is known to be worth practising."""
        return self.enough and self.share < SECURE


def mastery(key: str, title: str, attempts: Iterable[Attempt]) -> Mastery:
    """What these attempts say of one part; self-rated ones are left out.

    Args:
        key, title: of the part.
        attempts: those that belong to it, oldest first.
    """
    marked = [attempt for attempt in attempts if not attempt.self_rated]
    by_fact: dict[str, list[float]] = {}
    for attempt in marked:
        by_fact.setdefault(attempt.fact, []).append(attempt.score)
    facts = len(by_fact)
    share = sum(map(_aged_mean, by_fact.values())) / facts if facts else 0.0
    low, high = wilson(share, facts)
    enough, trend = facts >= ENOUGH_FACTS, _trend(marked)
    sentence = _sentence(facts, share, low, high, trend)
    return Mastery(key, title, len(marked), facts, share, low, high, enough, trend, sentence)


def weakest_first(parts: Iterable[Mastery]) -> tuple[Mastery, ...]:
    """Those worth practising, by the lower end of what is likely."""
    return tuple(sorted((part for part in parts if part.weak), key=lambda part: (part.low, part.key)))


def wilson(share: float, count: int) -> tuple[float, float]:
    """Wilson's 95 % score interval for a share seen in `count` trials; 0 to 1 where there are none."""
    if not count:
        return 0.0, 1.0
    spread = _Z * _Z / count
    middle = (share + spread / 2) / (1 + spread)
    reach = sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _aged_mean(scores: Sequence[float]) -> float:
    weights = [_AGEING**age for age in range(len(scores))]
    return sum(weight * score for weight, score in zip(weights, reversed(scores), strict=True)) / sum(weights)


def _trend(marked: Sequence[Attempt]) -> Trend:
    window = min(len(marked) // 2, _TREND_WINDOW)
    if window < _TREND_FEWEST:
        return Trend.UNKNOWN
    parts = (marked[-2 * window : -window], marked[-window:])
    earlier, later = (part[window // 2].answered_at for part in parts)
    if later - earlier < _A_NIGHT:
        return Trend.UNKNOWN
    # One success and one failure are added, so that five of five are not taken for certainty.
    before, after = ((sum(attempt.score for attempt in part) + 1) / (window + 2) for part in parts)
    error = sqrt((before * (1 - before) + after * (1 - after)) / (window + 2))
    if abs(after - before) < _TREND_Z * error:
        return Trend.STEADY
    return Trend.UP if after > before else Trend.DOWN


def _sentence(facts: int, share: float, low: float, high: float, trend: Trend) -> str:
    if facts < ENOUGH_FACTS:
        return f"Not enough yet: {facts} of the {ENOUGH_FACTS} different facts that it takes."
    going = {
        Trend.UP: " It is getting better.",
        Trend.DOWN: " It is getting worse.",
        Trend.STEADY: " It has not changed much.",
    }
    likely = f"likely between {low:.0%} and {high:.0%} of all"
    return f"You know {share:.0%} of {facts} facts asked, {likely}.{going.get(trend, '')}"
