"""Opposites of single words (read from `opposites.txt`, and made by prefixes such as un- and non-)."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from cpom_tutor.language import stem

_PREFIXES = ("un", "in", "im", "ir", "il", "non", "dis", "anti", "de")
_SHORTEST = 3  # letters that must be left without the prefix


def opposite_count(asked: Iterable[str], have: frozenset[str]) -> int:
    """How many of the `asked` stems a text lacks while it has an opposite of them."""
    return sum(1 for each in asked if each not in have and _opposes(each, have))


def _opposes(asked: str, have: frozenset[str]) -> bool:
    if _pairs().get(asked, frozenset()) & have:
        return True
    return any(not _other_forms(asked, prefix).isdisjoint(have) for prefix in _PREFIXES)


def _other_forms(asked: str, prefix: str) -> set[str]:
    """The stem with the prefix, and without it; the stemmer keeps the e of "safe" and drops that of "unsafe"."""
    with_it = prefix + asked
    bare = asked.removeprefix(prefix)
    forms = {with_it, with_it.removesuffix("e")}
    return forms | {bare, f"{bare}e"} if bare != asked and len(bare) >= _SHORTEST else forms


@cache
def _pairs() -> dict[str, frozenset[str]]:
    """For each stem, the stems of its opposites."""
    found: dict[str, set[str]] = {}
    for line in files("cpom_tutor.grounding").joinpath("opposites.txt").read_text("utf-8").splitlines():
        for pair in () if line.startswith("#") else line.split():
            one, other = (stem(word) for word in pair.split("/"))
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return {one: frozenset(others) for one, others in found.items()}
