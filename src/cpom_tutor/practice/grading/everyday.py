"""Everyday words for each other, and plain opposites (read from `everyday.yaml`): what a dictionary does not link."""

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import yaml

from cpom_tutor.language import stem, tokens

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Everyday:
    """The groups of the file.

    Attributes:
        groups: phrase -> numbers of the groups that it is in.
        sides: pairs of opposite sides.
        longest: words of the longest phrase.
    """

    groups: dict[Phrase, frozenset[int]]
    sides: tuple[tuple[frozenset[Phrase], frozenset[Phrase]], ...]
    longest: int


@cache
def everyday() -> Everyday:
    """All groups, read at first use."""
    record = yaml.safe_load(files("cpom_tutor.practice.grading").joinpath("everyday.yaml").read_text("utf-8"))
    groups: dict[Phrase, set[int]] = {}
    for number, words in enumerate(record["same"]):
        for word in words:
            groups.setdefault(_phrase(word), set()).add(number)
    sides = tuple(
        (frozenset(map(_phrase, one)), frozenset(map(_phrase, other))) for one, other in record["against"]
    )  # fmt: skip
    return Everyday({phrase: frozenset(found) for phrase, found in groups.items()}, sides, max(map(len, groups)))


@lru_cache(maxsize=4096)
def groups_in(text: str) -> frozenset[int]:
    """Numbers of the groups that the text has a word or a phrase of."""
    known = everyday()
    found: set[int] = set()
    for phrase in _phrases(text, known.longest):
        found |= known.groups.get(phrase, frozenset())
    return frozenset(found)


@lru_cache(maxsize=4096)
def groups_by_stem(text: str) -> dict[str, frozenset[int]]:
    """For each stem of a text the groups that it, or a phrase that it is part of, is in."""
    known = everyday()
    found: dict[str, frozenset[int]] = {}
    for phrase in _phrases(text, known.longest):
        for word in phrase if phrase in known.groups else ():
            found[word] = found.get(word, frozenset()) | known.groups[phrase]
    return found


@lru_cache(maxsize=8192)
def against(point: str, said: str) -> int:
    """How many pairs of opposites have the point on one side and what is said on the other, and neither on both."""
    mine, theirs = set(_phrases(point, 3)), set(_phrases(said, 3))
    return sum(
        bool(mine & one and theirs & other and not mine & other and not theirs & one)
        for pair in everyday().sides for one, other in (pair, pair[::-1])
    )  # fmt: skip


def _phrase(text: str) -> Phrase:
    return tuple(stem(token) for token in tokens(text.replace("-", " ")))


def _phrases(text: str, longest: int) -> list[Phrase]:
    words = _phrase(text)
    return [
        words[start : start + length] for length in range(1, longest + 1) for start in range(len(words) - length + 1)
    ]
