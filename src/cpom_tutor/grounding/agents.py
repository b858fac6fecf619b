"""Who does what: people and names in a claim and in its evidence, and whether they have changed places."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cpom_tutor.grounding.alignment import Word, listed_together
from cpom_tutor.grounding.lexicon import is_person
from cpom_tutor.language import names

_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|get|gets)\b(?: \w+){1,6} by\b", re.IGNORECASE)
_REACH = 3.0  # content words over which being near somebody fades


def agents_of(text: str, words: Sequence[Word]) -> tuple[int, ...]:
    """Which of the words name a person, or are an acronym or another unusual name."""
    named = {name for name in names(text) if len(name) > 2}
    return tuple(
        number for number, word in enumerate(words)
        if is_person(word.text.lower())
        or (word.text[0].isupper() and not word.text.istitle() and word.text.lower().removesuffix("s") in named)
    )  # fmt: skip


def swapped(
    mine: Sequence[Word],
    my_agents: Sequence[int],
    theirs: Sequence[Word],
    their_agents: Sequence[int],
    same: NDArray[np.bool_],
) -> float:
    """How much rather another agent of the evidence has the neighbours that an agent has in the claim.

    Args:
        mine, theirs: the content words of the claim and of the evidence.
        my_agents, their_agents: which of them are agents.
        same: which word of the claim (row) means the same as which of the evidence (column).

    Returns:
        0 where every agent has its own neighbours; above 0.8 hardly anything but a swap is left.
    """
    worst = 0.0
    neighbours = {
        row: [int(column) for column in np.flatnonzero(same[row]) if column not in their_agents]
        for row in range(len(mine)) if row not in my_agents
    }  # fmt: skip
    for row in my_agents:
        scores: dict[str, float] = {}
        for place in their_agents:
            total = sum(
                float(np.exp(-(abs(other - row) + min(abs(column - place) for column in columns)) / _REACH))
                for other, columns in neighbours.items() if columns
            )  # fmt: skip
            scores[theirs[place].stem] = max(scores.get(theirs[place].stem, 0.0), total)
        own = scores.pop(mine[row].stem, None)
        if own is not None and scores:
            worst = max(worst, max(scores.values()) - own)
    return worst


def turned(
    claim: str,
    mine: Sequence[Word],
    my_agents: Sequence[int],
    evidence: str,
    theirs: Sequence[Word],
    their_agents: Sequence[int],
) -> bool:
    """Whether two agents that both texts name stand in the other order, and nobody merely listed them."""
    if bool(_PASSIVE.search(claim)) is not bool(_PASSIVE.search(evidence)):
        return False
    first: dict[str, int] = {}
    for place in their_agents:
        first.setdefault(theirs[place].stem, place)
    rows = [row for row in my_agents if mine[row].stem in first]
    for one, other in pairwise(rows):
        before, after = theirs[first[mine[one].stem]], theirs[first[mine[other].stem]]
        if before.start > after.start and not (
            listed_together(claim, mine[one].start, mine[other].start)
            and listed_together(evidence, after.start, before.start)
        ):
            return True
    return False
