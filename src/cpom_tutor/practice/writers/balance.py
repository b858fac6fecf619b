"""Choosing distractors so that the key is not the longest option (Haladyna, Downing and Rodriguez, 2002)."""

from collections.abc import Callable, Sequence
from typing import TypeVar

LONGEST_KEY = 1.3
"""Length of the key against the mean distractor, at most."""
_MOST = 4

Thing = TypeVar("Thing")


def balanced(key: str, others: Sequence[Thing], text_of: Callable[[Thing], str], most: int = _MOST) -> list[Thing]:
    """Up to `most` of the others, in their order: those nearest in length, with none that the key would outgrow.

    Empty where not even two are long enough.
    """
    nearest = sorted(range(len(others)), key=lambda place: abs(len(text_of(others[place])) - len(key)))[:most]
    while len(nearest) >= 2:
        mean = sum(len(text_of(others[place])) for place in nearest) / len(nearest)
        if len(key) <= LONGEST_KEY * mean:
            return [others[place] for place in sorted(nearest)]
        nearest.remove(min(nearest, key=lambda place: len(text_of(others[place]))))
    return []
