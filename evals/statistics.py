"""Intervals: the bootstrap, clustered, and what to do where it is blind.

Questions about the same passage fall or stand together, so passages are drawn, not questions
(Efron and Tibshirani, "An Introduction to the Bootstrap", 1993; clusters: Field and Welsh, 2007).
"""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

DRAWS = 10_000
FEWER_DRAWS = 2_000
"""For what takes long to compute."""
SEED = 1
_Z95 = 1.959964

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and how sure it is.

    Attributes:
        value: the figure itself.
        low, high: 95 % interval.
        count: number of cases that it rests on.
    """

    value: float
    low: float
    high: float
    count: int


def mean(values: Sequence[float], clusters: Sequence[Hashable] | None = None) -> Estimate:
    """The mean of `values` with a percentile bootstrap interval over clusters.

    Args:
        values: one number a case; shares are means of 0 and 1.
        clusters: what each case belongs to; by default each case is its own.

    Raises:
        ValueError: there are no values.
    """
    return ratio(values, [1.0] * len(values), clusters)


def ratio(
    numerators: Sequence[float], denominators: Sequence[float], clusters: Sequence[Hashable] | None = None
) -> Estimate:
    """sum(numerators) / sum(denominators), such as a precision, with a clustered bootstrap interval.

    Args:
        numerators: one number a case.
        denominators: one number a case, 0 where the case does not count.
        clusters: what each case belongs to; by default each case is its own.

    Raises:
        ValueError: nothing counts.
    """
    over = np.asarray(numerators, dtype=np.float64)
    under = np.asarray(denominators, dtype=np.float64)
    if not under.sum():
        raise ValueError("there is nothing to count")
    tops, bottoms = _cluster_sums(over, under, clusters)
    value = float(over.sum() / under.sum())
    count = int((under != 0).sum())
    counted = under != 0
    if set(np.unique(over[counted] / under[counted])) in ({0.0}, {1.0}):
        # Every draw is the same: the bootstrap would claim certainty.
        low, high = wilson(value, int((bottoms != 0).sum()))
        return Estimate(value, low, high, count)
    draws = _draws(len(tops))
    drawn_tops, drawn_bottoms = draws @ tops, draws @ bottoms
    usable = drawn_bottoms > 0
    low, high = np.percentile(drawn_tops[usable] / drawn_bottoms[usable], [2.5, 97.5])
    return Estimate(value, float(low), float(high), count)


def change(
    before: Sequence[float | None], after: Sequence[float | None], clusters: Sequence[Hashable] | None = None
) -> Estimate:
    """The mean of `after` minus the mean of `before`, the same cases drawn for both (the paired bootstrap).

    Args:
        before: one number a case, None where the measure says nothing of the case.
        after: the same cases in the same order.
        clusters: what each case belongs to; by default each case is its own.

    Raises:
        ValueError: there is nothing to count before, or nothing after.
    """
    sums = []
    for values in (before, after):
        over = np.array([value or 0.0 for value in values])
        under = np.array([float(value is not None) for value in values])
        if not under.sum():
            raise ValueError("there is nothing to count")
        sums.append(_cluster_sums(over, under, clusters))
    draws = _draws(len(sums[0][0]))
    drawn = [(draws @ tops, draws @ bottoms) for tops, bottoms in sums]
    usable = np.all([bottoms > 0 for _, bottoms in drawn], axis=0)
    old, new = (tops[usable] / bottoms[usable] for tops, bottoms in drawn)
    low, high = np.percentile(new - old, [2.5, 97.5])
    first, second = (tops.sum() / bottoms.sum() for tops, bottoms in sums)
    return Estimate(float(second - first), float(low), float(high), len(before))


def of_draws(statistic: Callable[[Numbers], Numbers], clusters: Sequence[Hashable]) -> Estimate:
    """Any statistic of weighted cases, with a clustered bootstrap interval.

    Args:
        statistic: takes an array of shape (draws, cases), how often each case is drawn, and gives one number a draw;
            NaN where a draw holds too little to tell.
        clusters: what each case belongs to.
    """
    numbers = {cluster: number for number, cluster in enumerate(dict.fromkeys(clusters))}
    places = np.array([numbers[cluster] for cluster in clusters])
    value = float(statistic(np.ones((1, len(places))))[0])
    low, high = np.nanpercentile(statistic(_draws(len(numbers))[:FEWER_DRAWS, places]), [2.5, 97.5])
    return Estimate(value, float(low), float(high), len(places))


def quantile(values: Sequence[float], share: float) -> Estimate:
    """A quantile of `values` (0.95 for p95) with a percentile bootstrap interval.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("there is nothing to count")
    every = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(SEED).choice(every, size=(FEWER_DRAWS, len(every)))
    low, high = np.percentile(np.quantile(draws, share, axis=1), [2.5, 97.5])
    return Estimate(float(np.quantile(every, share)), float(low), float(high), len(every))


def wilson(share: float, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share of `count` independent cases (E. B. Wilson, 1927)."""
    square = _Z95**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    spread = _Z95 / (1 + square / count) * math.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return max(0.0, middle - spread), min(1.0, middle + spread)


@lru_cache(maxsize=32)
def _draws(clusters: int) -> Numbers:
    """How often each of so many clusters is drawn, in each of DRAWS draws: shape (DRAWS, clusters)."""
    drawn = np.random.default_rng(SEED).integers(0, clusters, size=(DRAWS, clusters))
    flat = (np.arange(DRAWS)[:, None] * clusters + drawn).ravel()
    return np.bincount(flat, minlength=DRAWS * clusters).reshape(DRAWS, clusters).astype(np.float64)


def _cluster_sums(over: Numbers, under: Numbers, clusters: Sequence[Hashable] | None) -> tuple[Numbers, Numbers]:
    if clusters is None:
        return over, under
    numbers = {cluster: number for number, cluster in enumerate(dict.fromkeys(clusters))}
    places = np.array([numbers[cluster] for cluster in clusters])
    tops, bottoms = np.zeros(len(numbers)), np.zeros(len(numbers))
    np.add.at(tops, places, over)
    np.add.at(bottoms, places, under)
    return tops, bottoms
