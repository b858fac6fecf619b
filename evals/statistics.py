"""Intervals: the bootstrap, clustered, and what to do where it is blind.

Questions about the same passage fall or stand together, so passages are drawn, not questions
(Efron and Tibshirani, "An Introduction to the Bootstrap", 1993; clusters: Field and Welsh, 2007).
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 10_000
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
    draws = np.random.default_rng(SEED).integers(0, len(tops), size=(DRAWS, len(tops)))
    drawn_tops, drawn_bottoms = tops[draws].sum(axis=1), bottoms[draws].sum(axis=1)
    usable = drawn_bottoms != 0
    low, high = np.percentile(drawn_tops[usable] / drawn_bottoms[usable], [2.5, 97.5])
    return Estimate(value, float(low), float(high), count)


def quantile(values: Sequence[float], share: float) -> Estimate:
    """A quantile of `values` (0.95 for p95) with a percentile bootstrap interval.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("there is nothing to count")
    every = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(SEED).choice(every, size=(2000, len(every)))
    low, high = np.percentile(np.quantile(draws, share, axis=1), [2.5, 97.5])
    return Estimate(float(np.quantile(every, share)), float(low), float(high), len(every))


def wilson(share: float, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share of `count` independent cases (E. B. Wilson, 1927)."""
    square = _Z95**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    spread = _Z95 / (1 + square / count) * math.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return max(0.0, middle - spread), min(1.0, middle + spread)


def _cluster_sums(over: Numbers, under: Numbers, clusters: Sequence[Hashable] | None) -> tuple[Numbers, Numbers]:
    if clusters is None:
        return over, under
    numbers = {cluster: number for number, cluster in enumerate(dict.fromkeys(clusters))}
    places = np.array([numbers[cluster] for cluster in clusters])
    tops, bottoms = np.zeros(len(numbers)), np.zeros(len(numbers))
    np.add.at(tops, places, over)
    np.add.at(bottoms, places, under)
    return tops, bottoms
