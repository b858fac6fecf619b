"""A small calibrated combiner: plain numbers in `combiner.json`, fitted by `python -m evals.train_checker`.

Logistic regression on features of a comparison, each with two knots, so that a feature may count more in one part of
its range than in another (a linear spline; Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning",
5.2). The intercept is shifted so that 0.5 is where the rate of false alarms on true claims is as wanted.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FILE = "combiner.json"
LIMIT = 2.5
"""Standardised values beyond count as this: nothing was learned out there."""


@dataclass(frozen=True, slots=True)
class Term:
    """One feature's part in the sum.

    Attributes:
        name: of the feature.
        mean, scale: what it is standardised by.
        knots: standardised values from which on each further slope counts.
        slopes: the first from everywhere, then one a knot.
        usual: its part in the sum for a supported claim, on average.
    """

    name: str
    mean: float
    scale: float
    knots: tuple[float, ...]
    slopes: tuple[float, ...]
    usual: float

    def part(self, value: float) -> float:
        """What this value adds to the sum."""
        place = max(-LIMIT, min(LIMIT, (value - self.mean) / self.scale))
        return self.slopes[0] * place + sum(
            slope * max(0.0, place - knot) for knot, slope in zip(self.knots, self.slopes[1:], strict=True)
        )


@dataclass(frozen=True, slots=True)
class Combiner:
    """All terms.

    Attributes:
        embedder: name of the embedder whose vectors it was fitted on.
        intercept: of the sum.
        terms: one a feature.
    """

    embedder: str
    intercept: float
    terms: tuple[Term, ...]

    def probability(self, features: Mapping[str, float]) -> float:
        """Probability, 0 to 1, that the evidence supports the claim."""
        total = self.intercept + sum(term.part(features[term.name]) for term in self.terms)
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def against(self, features: Mapping[str, float]) -> dict[str, float]:
        """How much each feature speaks against the claim, compared with claims that are supported."""
        return {term.name: term.usual - term.part(features[term.name]) for term in self.terms}


@cache
def combiner() -> Combiner:
    """The numbers, read at first use."""
    record = json.loads(files("cpom_tutor.grounding").joinpath(FILE).read_text("utf-8"))
    return Combiner(
        record["embedder"],
        record["intercept"],
        tuple(
            Term(term["name"], term["mean"], term["scale"], tuple(term["knots"]), tuple(term["slopes"]), term["usual"])
            for term in record["terms"]
        ),
    )
