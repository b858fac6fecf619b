"""Roles and stakeholders: is what the claim says of one of them said of another?"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cpom_tutor.grounding.alignment import Word
from cpom_tutor.language import stem

Numbers = NDArray[np.float64]
_GROUPS = tuple(
    frozenset(stem(word) for word in line.split())
    for line in """
    pharmacist
    technician
    physician doctor prescriber
    nurse
    patient
    insurer payer
    employer
    manager supervisor boss director leader executive chief
    vendor supplier wholesaler manufacturer company distributor
    regulator authority inspector
    resident trainee student
    hospital facility system organization
    specialist expert
    customer guest
    owner board administrator administration
    family caregiver
    scientist engineer
    chef cook
    """.strip().splitlines()
)
"""Each line is one role or kind of stakeholder: its words may stand for each other."""
_GROUP_OF = {word: number for number, group in enumerate(_GROUPS) for word in group}
ANYBODY = frozenset(
    stem(word)
    for word in """
    people person somebody someone anybody anyone nobody everybody everyone staff colleague member candidate holder
    individual human user worker team other man woman folk applicant learner reader participant head boss lot leader
    expert talent professional student employee owner guest figure hand party peer newcomer
    """.split()
)
"""Words for persons that fit anybody whom the evidence speaks of."""
_PLAIN_ROLES = {
    role: (re.compile(rf"\b(?:{words})s?\b", re.IGNORECASE), re.compile(rf"\b(?:{there})", re.IGNORECASE))
    for role, words, there in (
        ("pharmacist", "pharmacist", "pharmac|profession"),
        ("technician", "technician", "technician"),
        ("physician", "physician|doctor|prescriber", "physician|doctor|prescrib|clinic"),
        ("nurse", "nurse", "nurs"),
        ("patient", "patient", "patient"),
        ("insurer", "insurer|payer", "insur|payer|reimburse"),
        ("employer", "employer", "employ|hospital|health system|organization|facilit|compan|hir"),
        ("vendor", "vendor|supplier|wholesaler|manufacturer", "vendor|suppl|wholesal|manufactur|contract|maker|compan"),
        ("regulator", "regulator", "regulat|authorit|agenc|board|state|commission"),
        ("resident", "resident|student|trainee", "resident|student|train|learn|graduat|school"),
        ("chef", "chef|cook", "chef|cook|kitchen|dish"),
    )
}
"""How a claim names a role, and what of the evidence may stand for it."""
_SOMEBODY = re.compile(r"\b(?:he|she)\b", re.IGNORECASE)  # may be anybody
_REACH = 3  # content words over which being near somebody counts


def strange_role(claim: str, evidence: str) -> str:
    """The first role that the claim names where the evidence speaks of other roles only; else nothing."""
    if _SOMEBODY.search(evidence) or not any(words.search(evidence) for words, _ in _PLAIN_ROLES.values()):
        return ""
    for words, there in _PLAIN_ROLES.values():
        found = words.search(claim)
        if found and not there.search(evidence):
            return found[0]
    return ""


def roles(mine: Sequence[Word], theirs: Sequence[Word], answers: Numbers, strangers: Sequence[int]) -> dict[str, float]:
    """What the combiner weighs of roles, by name; all finite.

    Args:
        mine, theirs: the content words of the claim and of the evidence.
        answers: how well each word of the evidence (column) answers to each of the claim (row), 0 to 1.
        strangers: words of the claim for persons, or names, that the evidence does not have.
    """
    best = answers.max(axis=1)
    named = {_GROUP_OF[word.stem] for word in theirs if word.stem in _GROUP_OF}
    here = [(row, _GROUP_OF[word.stem]) for row, word in enumerate(mine) if word.stem in _GROUP_OF]
    strange = [row for row, group in here if group not in named]
    return {
        "role_strange": float(bool(strange)),
        "role_strange_beside": float(bool(strange) and bool(named)),
        "role_strange_gap": float(max((1.0 - best[row] for row in strange), default=0.0)),
        "person_strange": float(bool(strangers)),
        "person_strange_first": float(bool(strangers) and strangers[0] <= 1),
        "person_strange_gap": float(max((1.0 - best[row] for row in strangers), default=0.0)),
        "role_turned": max((_turned(row, group, theirs, answers) for row, group in here), default=0.0),
    }


def _turned(row: int, group: int, theirs: Sequence[Word], answers: Numbers) -> float:
    """How much rather another role of the evidence has the neighbours that this one has in the claim."""
    own = [column for column, word in enumerate(theirs) if _GROUP_OF.get(word.stem) == group]
    others = [column for column, word in enumerate(theirs) if _GROUP_OF.get(word.stem, group) != group]
    if not own or not others:
        return 0.0
    return max(0.0, _company(row, others, answers) - _company(row, own, answers))


def _company(row: int, columns: Sequence[int], answers: Numbers) -> float:
    """How well the neighbours of a word of the claim are answered near the best of some words of the evidence."""
    rows = [near for near in range(max(0, row - _REACH), min(len(answers), row + _REACH + 1)) if near != row]
    return max(
        float(
            sum(
                answers[near, max(0, column - _REACH) : column + _REACH + 1].max() * np.exp(-abs(near - row) / 2)
                for near in rows
            )
        )
        for column in columns
    )
