"""A claim beside its evidence, clause by clause: is each part said somewhere, and are the same words joined in it?

A sentence may have all of its words in the evidence and still join them otherwise, or add a clause of its own to one
that is there. So each clause is held against the nearest clause or sentence, and each two neighbouring words against
the nearest two of the evidence that answer to them.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cpom_tutor.grounding.alignment import ITEM_END, LISTED, Word
from cpom_tutor.grounding.lexicon import rarity

Numbers = NDArray[np.float64]
_CLAUSES = re.compile(
    r"[,;:—()]|\b(?:which|who|whom|because|since|while|whereas|although|though|but|if|when|after|before|instead|rather"
    r"|so that|such as|including|and|or|by|with|in order)\b",
    re.IGNORECASE,
)
_EVIDENCE_CLAUSES = re.compile(
    r"[,;:—()]|\b(?:which|who|whom|because|since|while|whereas|although|though|but|if|when|so that|and)\b",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"[.!?;] ")
_REACH = 4
"""So many content words may stand between two of the evidence that answer to two neighbours of the claim."""
_ONE_FOR_TWO = 0.9
"""What it counts if one and the same word of the evidence answers to both."""
_SAID = 0.75
"""How well a word must be answered to count as said."""
_FEW = 3
_LEFT_OUT = 0.55
"""How much may answer to a word that counts as left out."""


def relations(
    claim: str,
    mine: Sequence[Word],
    evidence: str,
    theirs: Sequence[Word],
    answers: Numbers,
    words: Numbers,
    near: Numbers,
) -> dict[str, float]:
    """What the combiner weighs of clauses and neighbours, by name; all finite.

    Args:
        claim, evidence: the texts.
        mine, theirs: their content words.
        answers: how well each word of the evidence (column) answers to each of the claim (row), 0 to 1.
        words, near: the vectors of the claim's words and of the evidence's, in their places.
    """
    best = answers.max(axis=1)
    weight = np.array([0.1 + rarity(word.stem) for word in mine])
    clauses = parts_of(claim, mine, _CLAUSES)
    sentences = parts_of(evidence, theirs, _SENTENCES, least=1)
    return {
        **_clauses(clauses, sentences, parts_of(evidence, theirs, _EVIDENCE_CLAUSES), words, near),
        **_gaps(clauses, sentences, answers, weight),
        **_neighbours(answers),
        **_together("clause", parts_of(evidence, theirs, _EVIDENCE_CLAUSES), answers),
        **_together("sentence", sentences, answers),
        **_ends(best, weight),
        **_items(claim, mine, (1.0 - best) * weight, weight),
    }


def parts_of(text: str, words: Sequence[Word], cuts: re.Pattern[str], least: int = 2) -> list[list[int]]:
    """The content words of each part of a text; a part with fewer than `least` goes with its neighbour."""
    places = [found.start() for found in cuts.finditer(text)]
    parts: list[list[int]] = []
    part: list[int] = []
    cut = 0
    for number, word in enumerate(words):
        while cut < len(places) and word.start > places[cut]:
            if len(part) >= least:
                parts.append(part)
                part = []
            cut += 1
        part.append(number)
    if part and parts and len(part) < least:
        parts[-1] += part
    elif part:
        parts.append(part)
    return parts


def _clauses(
    clauses: Sequence[list[int]],
    sentences: Sequence[list[int]],
    there: Sequence[list[int]],
    words: Numbers,
    near: Numbers,
) -> dict[str, float]:
    """How near each clause of the claim is to any clause or sentence of the evidence."""
    wholes = np.array([_direction(near[part]) for part in sentences])
    parts = np.concatenate([wholes, [_direction(near[part]) for part in there]])
    whole = _direction(words)
    nearest = [float((parts @ _direction(words[clause])).max()) for clause in clauses]
    return {
        "sentence_cosine": float((wholes @ whole).max()),
        "clause_cosine": float((parts[len(wholes) :] @ whole).max()),
        "clause_worst": min(nearest),
        "clause_mean": float(np.mean(nearest)),
        "clause_first": nearest[0],
        "clause_last": nearest[-1],
    }


def _gaps(
    clauses: Sequence[list[int]], sentences: Sequence[list[int]], answers: Numbers, weight: Numbers
) -> dict[str, float]:
    """How much of each clause nothing answers to; and how well one sentence alone answers to it."""
    left = (1.0 - answers.max(axis=1)) * weight
    gaps = [float(left[clause].sum() / weight[clause].sum()) for clause in clauses]
    alone = [
        max(
            float((answers[np.ix_(clause, sentence)].max(axis=1) * weight[clause]).sum() / weight[clause].sum())
            for sentence in sentences
        )
        for clause in clauses
    ]
    return {
        "clause_gap": max(gaps),
        "clause_gap_spread": max(gaps) - float(np.median(gaps)),
        "clause_gap_last": gaps[-1],
        "clause_alone_worst": min(alone),
        "clause_alone_mean": float(np.mean(alone)),
    }


def _neighbours(answers: Numbers) -> dict[str, float]:
    """How well two neighbours of the claim are answered by two near words of the evidence."""
    joined, lost = [1.0], [0.0]
    best = answers.max(axis=1)
    for row in range(len(answers) - 1):
        one, other = answers[row], answers[row + 1]
        found = _ONE_FOR_TWO * float(np.minimum(one, other).max())
        for step in range(1, min(_REACH, len(one) - 1) + 1):
            onward = np.minimum(one[:-step], other[step:]).max()
            found = max(found, float(onward), float(np.minimum(one[step:], other[:-step]).max()))
        joined.append(found)
        lost.append(float(min(best[row], best[row + 1])) - found)
    ordered = np.sort(joined)
    return {
        "joined_mean": float(np.mean(joined)),
        "joined_worst": float(ordered[0]),
        "joined_low3": float(ordered[:3].mean()),
        "joined_lost": max(lost),
        "joined_lost_sum": float(sum(lost)),
    }


def _together(what: str, parts: Sequence[list[int]], answers: Numbers) -> dict[str, float]:
    """Do the claim's words that are in the evidence stand there in one part, or is one of them from elsewhere?

    Args:
        what: the name of such a part.
        parts: the words of each part of the evidence.
        answers: as above.
    """
    there = np.array([[answers[row, part].max() >= _SAID for part in parts] for row in range(len(answers))])
    said = there[there.any(axis=1)].astype(np.float64)
    if len(said) < _FEW:
        return {f"{what}_together": 1.0, f"{what}_together_worst": 1.0, f"{what}_best": 1.0}
    shared = (said @ said.T > 0).astype(np.float64)
    with_others = (shared.sum(axis=1) - 1.0) / (len(said) - 1.0)
    return {
        f"{what}_together": float(with_others.mean()),
        f"{what}_together_worst": float(with_others.min()),
        f"{what}_best": float(said.mean(axis=0).max()),
    }


def _ends(best: Numbers, weight: Numbers) -> dict[str, float]:
    """What is left over at the beginning, at the end, and in one run."""
    run = longest = 0.0
    for value in best:
        run = run + (_LEFT_OUT - float(value)) if value < _LEFT_OUT else 0.0
        longest = max(longest, run)
    alone = best < _LEFT_OUT
    return {
        "beginning": float(best[:2].min()),
        "end": float(np.sort(best[-4:])[:2].mean()),
        "left_out_run": longest,
        "left_out": float(alone.sum()),
        "left_out_rare": float((alone * weight).sum() / weight.sum()),
        "rare_worst2": float(np.sort((1.0 - best) * weight)[::-1][:2].mean()),
    }


def _items(claim: str, mine: Sequence[Word], left: Numbers, weight: Numbers) -> dict[str, float]:
    worst, spread = items_left(claim, mine, left, weight)
    return {"item_left": worst, "item_left_spread": spread}


def items_left(claim: str, mine: Sequence[Word], left: Numbers, weight: Numbers) -> tuple[float, float]:
    """In a list of the claim: what is left over of the worst item, and how much more than of the one in the middle.

    Args:
        claim: the text.
        mine: its content words.
        left: how much of each nothing answers to, times its weight.
        weight: what each counts.
    """
    worst = spread = 0.0
    for found in LISTED.finditer(claim):
        gaps = []
        for item in ITEM_END.finditer(found.group() + ","):
            start, end = found.start() + item.start("item"), found.start() + item.end("item")
            rows = [row for row, word in enumerate(mine) if start <= word.start < end]
            if rows:
                gaps.append(float(left[rows].sum() / weight[rows].sum()))
        if len(gaps) > 1:
            worst = max(worst, *gaps)
            spread = max(spread, max(gaps) - float(np.median(gaps)))
    return worst, spread


def _direction(vectors: Numbers) -> Numbers:
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float64)
