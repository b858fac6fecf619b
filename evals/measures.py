"""Measures of ranked passages and of confidence, under the names that the literature has for them."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evals.statistics import Numbers

Evidence = Sequence[Sequence[str]]
"""Acceptable sets of excerpts; a set is found when every excerpt of it is."""


def rank(evidence: Evidence, found: Sequence[str]) -> int:
    """How many of the passages found are needed until a set of the evidence is whole; 0 where they do not do.

    With k, this gives recall@k: the share of questions with a rank of 1 to k, the “success@k” of a question that
    needs one passage.
    """
    flat = [flattened(text) for text in found]
    last = [max(places) for places in (_places(excerpts, flat) for excerpts in evidence) if 0 not in places]
    return min(last, default=0)


def reciprocal_rank(evidence: Evidence, found: Sequence[str]) -> float:
    """1 / rank, 0 where nothing is found; its mean is the MRR (Voorhees, TREC-8 question answering, 1999)."""
    first = rank(evidence, found)
    return 1 / first if first else 0.0


def ndcg(evidence: Evidence, found: Sequence[str]) -> float:
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002), of the best set of the evidence.

    A passage gains 1 where it holds an excerpt of the set that none before it holds (Clarke et al., 2008, count
    novelty so). The ideal order has those passages first, and one more for each excerpt that was not found.
    """
    flat = [flattened(text) for text in found]
    return max(_ndcg(_places(excerpts, flat)) for excerpts in evidence)


def flattened(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def auroc(confidence: Sequence[float], right: Sequence[bool], weights: Numbers) -> Numbers:
    """Area under the ROC curve: how often a right case has more confidence than a wrong one; ties count half.

    Args:
        confidence: one number a case.
        right: what the confidence should be high for.
        weights: shape (draws, cases), how often each case counts.

    Returns:
        One number a draw; NaN where a draw has no right or no wrong case.
    """
    every, is_right = np.asarray(confidence), np.asarray(right)
    higher, lower = every[is_right], every[~is_right]
    wins = (higher[:, None] > lower) + 0.5 * (higher[:, None] == lower)
    over, under = weights[:, is_right], weights[:, ~is_right]
    with np.errstate(invalid="ignore"):
        won: Numbers = ((over @ wins) * under).sum(axis=1) / (over.sum(axis=1) * under.sum(axis=1))
    return won


def risks(confidence: Sequence[float], wrong: Sequence[bool], weights: Numbers) -> tuple[Numbers, Numbers]:
    """The risk-coverage curve (El-Yaniv and Wiener, 2010): most confident first, the share of wrong ones so far.

    Cases of one confidence are covered together.

    Args:
        confidence: one number a case.
        wrong: whether answering the case is a mistake.
        weights: shape (draws, cases), how often each case counts.

    Returns:
        Coverage and risk, each of shape (draws, cases), in order of falling confidence.
    """
    order = np.argsort(-np.asarray(confidence), kind="stable")
    drawn = weights[:, order]
    last = _last_of_equals(np.asarray(confidence)[order])
    covered = drawn.cumsum(axis=1)[:, last]
    mistaken = (drawn * np.asarray(wrong, dtype=np.float64)[order]).cumsum(axis=1)[:, last]
    return covered / drawn.sum(axis=1, keepdims=True), mistaken / np.maximum(covered, 1.0)


def aurc(confidence: Sequence[float], wrong: Sequence[bool], weights: Numbers) -> Numbers:
    """Area under the risk-coverage curve (Geifman, Uziel and El-Yaniv, 2019): the mean risk over all coverages.

    Takes and returns what `auroc` does; lower is better.
    """
    order = np.argsort(-np.asarray(confidence), kind="stable")
    _, risk = risks(confidence, wrong, weights)
    area: Numbers = (risk * weights[:, order]).sum(axis=1) / weights.sum(axis=1)
    return area


def _places(excerpts: Sequence[str], flat: Sequence[str]) -> list[int]:
    """For each excerpt the place, from 1, of the first text that holds it; 0 where none does."""
    wanted = map(flattened, excerpts)
    return [next((place for place, text in enumerate(flat, 1) if excerpt in text), 0) for excerpt in wanted]


def _ndcg(places: Sequence[int]) -> float:
    gaining = set(places) - {0}
    ideal = len(gaining) + places.count(0)
    gain = sum(1 / math.log2(place + 1) for place in gaining)
    return gain / sum(1 / math.log2(place + 1) for place in range(1, ideal + 1))


def _last_of_equals(ordered: Numbers) -> NDArray[np.intp]:
    """For each place of a falling series, the last place that has the same number."""
    return np.searchsorted(-ordered, -ordered, side="right") - 1
