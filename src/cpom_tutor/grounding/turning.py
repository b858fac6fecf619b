"""Does a claim of the evidence's own words put them the other way round ("A serves B" for "B serves A")?"""

import re
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from cpom_tutor.grounding.alignment import Word, listed_together

Numbers = NDArray[np.float64]
HARMLESS = 0.1
"""Share of pairs the other way round, up to which a claim only has the evidence's parts in another order."""
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|get|gets)\b(?: \w+){1,6}? (?:by|from|through|because of|thanks to|on|upon)\b"
    r"|\b(?:because|thanks to|depends? on|rests? on|needs?|comes? from|follows?)\b",
    re.IGNORECASE,
)
_PARTS = re.compile(r",|\b(?:is|are|was|were)\b")


def turned_round(
    claim: str, mine: Sequence[Word], evidence: str, theirs: Sequence[Word], kin: Numbers, likeness: Numbers
) -> float:
    """Share of the pairs of shared words that stand the other way round, 0 to 1.

    0 where the one says by a passive or the like what the other says without, and where the claim has just moved
    what stands before a comma or before "is" to its end.
    """
    if bool(_PASSIVE.search(claim)) is not bool(_PASSIVE.search(evidence)):
        return 0.0
    places = _partners(kin, likeness)
    pairs = [
        (places[one], places[other]) for one, other in combinations(sorted(places), 2)
        if not listed_together(claim, mine[one].start, mine[other].start)
    ]  # fmt: skip
    breaks = [0, *(found.start() for found in _PARTS.finditer(evidence))]
    shares = [_turned(pairs, sum(word.start < place for word in theirs), len(theirs)) for place in breaks]
    return 0.0 if min(shares) <= HARMLESS else shares[0]


def _partners(kin: Numbers, likeness: Numbers) -> dict[int, int]:
    """For each word of the claim (row) one of the same meaning of the evidence (column), no word twice."""
    found: dict[int, int] = {}
    pairs = [(int(row), int(column)) for row, column in np.argwhere(kin == 1.0)]
    for row, column in sorted(pairs, key=lambda pair: -likeness[pair]):
        if row not in found and column not in found.values():
            found[row] = column
    return found


def _turned(pairs: Sequence[tuple[int, int]], start: int, length: int) -> float:
    """The share, if the evidence began with its word `start` and the words before it came last."""
    if not pairs:
        return 0.0
    return sum((one - start) % length > (other - start) % length for one, other in pairs) / len(pairs)
