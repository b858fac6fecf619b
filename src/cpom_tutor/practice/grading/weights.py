"""Two small logistic models: does the answer speak of the point, and does it say otherwise? Plain numbers in
`marking.json`, fitted by `python -m evals.train_grading` to answers that are in no other case file."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FILE = "marking.json"
LIMIT = 3.0
"""Standardised values beyond count as this: nothing was learned out there."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model.

    Attributes:
        intercept: of the sum.
        terms: feature -> (mean, scale, slope).
    """

    intercept: float
    terms: Mapping[str, tuple[float, float, float]]

    def probability(self, features: Mapping[str, float]) -> float:
        """Probability, 0 to 1."""
        total = self.intercept
        for name, (mean, scale, slope) in self.terms.items():
            total += slope * max(-LIMIT, min(LIMIT, (features[name] - mean) / scale))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def weights(which: str) -> Weights:
    """The model named `speaks` or `contradicts`, read at first use."""
    record = json.loads(files("cpom_tutor.practice.grading").joinpath(FILE).read_text("utf-8"))[which]
    return Weights(record["intercept"], {name: tuple(numbers) for name, numbers in record["terms"].items()})
