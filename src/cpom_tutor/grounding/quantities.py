"""How much, how many, how long, how often: does the evidence give the amounts that a claim gives, in any notation?

"Twenty percent" is "a fifth", "six months" is "half a year", "three times as many" is "tripled", and a claim that
speaks of weeks needs evidence that does, or a span of the same length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cpom_tutor.language import numbers, plain

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
_WORDS = {word: float(value) for value, word in enumerate(_SMALL)} | {
    word: 10.0 * value for value, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), 3)
} | {"a": 1.0, "an": 1.0, "every": 1.0, "each": 1.0, "per": 1.0, "dozen": 12.0, "couple": 2.0}  # fmt: skip
_PARTS = {
    "half": 2.0, "halves": 2.0, "third": 3.0, "quarter": 4.0, "fourth": 4.0, "fifth": 5.0, "sixth": 6.0, "tenth": 10.0,
}  # fmt: skip
_FACTORS = {
    "double": 2.0, "doubles": 2.0, "doubled": 2.0, "twice": 2.0, "triple": 3.0, "triples": 3.0, "tripled": 3.0,
    "threefold": 3.0, "twofold": 2.0, "tenfold": 10.0, "quadrupled": 4.0,
}  # fmt: skip
_MAGNITUDES = {"hundred": 100.0, "thousand": 1000.0, "million": 1e6, "billion": 1e9}
_DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4, "year": 365.0, "decade": 3650.0}
_UNITS = {
    "minute": "minute minutes", "hour": "hour hours hourly", "day": "day days daily night nights nightly overnight "
    "evening evenings weekday weekdays",
    "week": "week weeks weekly weekend weekends", "month": "month months monthly", "quarter": "quarterly",
    "year": "year years yearly annual annually", "decade": "decade decades", "century": "century centuries",
}  # fmt: skip
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_EVERY_SO_MANY = re.compile(r"\bevery (second|third|fourth|fifth|tenth)\b")
_WORD_OR_NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|[a-z]+)"
_ANY_UNIT = "|".join(sorted(_UNIT_OF, key=len, reverse=True))
_PERCENT = re.compile(rf"\b({_WORD_OR_NUMBER}) ?(?:percent\b|per cent\b|%)")
_ONE_IN = re.compile(rf"\b({_WORD_OR_NUMBER}) (?:[a-z]+ )?(?:in|of|out of) (?:every |each )?({_WORD_OR_NUMBER})\b")
_SHARE = re.compile(
    rf"\b(?:(a|an|one|two|three|four) )?(?<!the )({'|'.join(_PARTS)})s?\b"
    r"(?= of| as| the| fewer| less| more|[.,;]|$| [a-z]+s\b)"
)
_HALF_SPAN = re.compile(rf"\bhalf an? ({_ANY_UNIT})\b")
_SPAN = re.compile(rf"\b({_WORD_OR_NUMBER})[ -]({_ANY_UNIT})\b")
_OFTEN = re.compile(rf"\b(once|twice|{_WORD_OR_NUMBER} times) (?:a|an|per|every|each) ({_ANY_UNIT})\b")
_IDIOMS = re.compile(
    r"\bday[- ]to[- ]day\b|\bthese days\b|\bto this day\b|\bone day\b|\bat (?:any|all) hours?\b|\bdays? off\b"
    r"|\bnight and day\b|\bday by day\b|\byear by year\b|\bat the end of the day\b"
    r"|\blast[- ]minute\b|\bover the years\b"
)
_TWO = re.compile(r"\b(?:both|either|neither|pair|each other)\b", re.IGNORECASE)
_NEAR = 0.04


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a text says of amounts.

    Attributes:
        values: its numbers, written in digits; fractions and percentages are in `shares`.
        shares: parts of a whole, with the words that give them.
        spans: lengths of time in days.
        units: units of time, with the words that name them.
    """

    values: frozenset[str]
    shares: tuple[tuple[float, str], ...]
    spans: tuple[float, ...]
    units: dict[str, str]


@lru_cache(maxsize=4096)
def amounts(text: str) -> Amounts:
    """The amounts of a text."""
    lower = _IDIOMS.sub(" ", plain(text).lower())
    spans = tuple(_spans(lower))
    values = set(numbers(lower))
    values |= {f"{value:g}" for word, value in _FACTORS.items() if re.search(rf"\b{word}\b", lower)}
    values |= {f"{_WORDS[word]:g}" for word in re.findall(r"[a-z]+ty\b", lower) if word in _WORDS}
    units = {_UNIT_OF[word]: word for word in re.findall(r"[a-z]+", lower) if word in _UNIT_OF}
    return Amounts(frozenset(values), tuple(_shares(lower)), spans, units)


def missing_amount(claim: str, evidence: str) -> str:
    """The first number, share or unit of time of a claim that the evidence gives in no notation; else nothing."""
    mine, theirs = amounts(claim), amounts(evidence)
    shares = [share for share, _ in theirs.shares]
    for share, words in mine.shares:
        parts = numbers(words) - {"1"}
        if not any(abs(share - other) < _NEAR for other in shares) and not (parts and parts <= theirs.values):
            return words
    given = theirs.values | _rewritten(theirs) | ({"2"} if _TWO.search(evidence) else set())
    told = {part for share, words in mine.shares for part in (*amounts_in(words), f"{100 * share:g}")}
    for value in sorted(mine.values - given - told):
        if not _same_span(claim, theirs, value):
            return value
    for unit, word in mine.units.items():
        wider = unit == "year" and "decade" in theirs.units
        if (
            unit not in theirs.units
            and not wider
            and not any(_alike(span, other) for span in mine.spans for other in theirs.spans)
        ):
            return word
    return ""


def amounts_in(words: str) -> frozenset[str]:
    """The numbers of a few words, those of fractions too ("two thirds": 2 and 3)."""
    found = set(numbers(words))
    found |= {f"{_WORDS[word]:g}" for word in re.findall(r"[a-z]+", words) if word in _WORDS}
    return frozenset(found | {f"{_PARTS[word]:g}" for word in re.findall(r"[a-z]+", words) if word in _PARTS})


def _rewritten(given: Amounts) -> set[str]:
    """The same numbers in other notations: 15000 as fifteen thousand."""
    found: set[str] = set()
    for value in given.values:
        if not re.fullmatch(r"\d+(?:\.\d+)?", value):
            continue
        number = float(value)
        for name, size in _MAGNITUDES.items():
            if number >= size and number % size == 0:
                found |= {name, f"{number / size:g}"}
    for share, _ in given.shares:
        found.add(f"{100 * share:g}")
        if share and abs(1 / share - round(1 / share)) < _NEAR:
            found.add(f"{1 / share:.0f}")
    if "decade" in given.units:
        found.add("10")
    return found


def _same_span(claim: str, theirs: Amounts, value: str) -> bool:
    """Whether the number counts a time that the evidence gives in another unit."""
    lower = plain(claim).lower()
    own = [span for match, span in _counted(lower) if f"{_value(match[1]) or 0.0:g}" == value or "twice" in match[0]]
    return any(_alike(span, other) for span in own for other in theirs.spans)


def _spans(lower: str) -> Iterator[float]:
    for found in _HALF_SPAN.finditer(lower):
        yield _DAYS.get(_UNIT_OF[found[1]], 0.0) / 2
    for _, span in _counted(lower):
        yield span
    for unit in re.findall(r"\b(?:the|past|last|next|first|one) (decade|year|month|week|day)\b", lower):
        yield _DAYS[unit]


def _counted(lower: str) -> Iterator[tuple[re.Match[str], float]]:
    """Each "three months" and "twice a year", with its length (or the time between two of them) in days."""
    for found in _SPAN.finditer(lower):
        count, unit = _value(found[1]), _UNIT_OF[found[2]]
        if count and unit in _DAYS:
            yield found, count * _DAYS[unit]
    for found in _OFTEN.finditer(lower):
        word = found[1].removesuffix(" times")
        count = {"once": 1.0, "twice": 2.0}.get(word) or _value(word)
        if count and _UNIT_OF[found[2]] in _DAYS:
            yield found, _DAYS[_UNIT_OF[found[2]]] / count


def _shares(lower: str) -> Iterator[tuple[float, str]]:
    for found in _PERCENT.finditer(lower):
        value = _value(found[1])
        if value is not None:
            yield value / 100, found[0]
    for found in _ONE_IN.finditer(lower):
        part, whole = _value(found[1]), _value(found[2])
        if part and whole and part < whole and found[2] not in ("every", "each", "a", "an") and found[1] != "a":
            yield part / whole, found[0]
    for found in _EVERY_SO_MANY.finditer(lower):
        yield 1 / ({"second": 2.0} | _PARTS)[found[1]], found[0]
    for found in _SHARE.finditer(_HALF_SPAN.sub(" ", lower)):
        if found[1] or found[2] in ("half", "halves"):
            yield (_WORDS[found[1]] if found[1] else 1.0) / _PARTS[found[2]], found[0]


def _value(word: str) -> float | None:
    if word[:1].isdigit():
        return float(word.replace(",", ""))
    return _WORDS.get(word)


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= _NEAR * max(one, other)
