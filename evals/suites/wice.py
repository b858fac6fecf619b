"""Real claims of an encyclopedia against the articles they cite: WiCE (Kamoi et al., 2023), development claims."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cpom_tutor.language import coverage
from cpom_tutor.wiring import open_checker
from evals import statistics
from evals.public_sets import public_file, skipped
from evals.report import OURS, Figure, Result
from evals.runs import Run

FILE = "wice/claim_dev.jsonl"
TITLE = "WiCE: is a whole article's claim supported by the page it cites, or not (partly counts as not)?"
FOLDS = 5
OVERLAP, ACCEPTS = "word overlap", "accepts everything"


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim, whether it is supported, and two scores of it."""

    page: str
    supported: bool
    score: float
    overlap: float


def measure(run: Run) -> Result:
    """Balanced accuracy, the threshold always from the other folds."""
    path = public_file(run.settings, FILE)
    if path is None:
        return skipped("wice", TITLE, FILE)
    checker = open_checker(run.settings)
    judged = []
    for record in _read(path):
        evidence = record["evidence"]
        score = checker.check(record["claim"], evidence).score
        page = record["meta"]["claim_title"]
        overlap = coverage(record["claim"], " ".join(evidence))
        judged.append(Judged(page, record["label"] == "supported", score, overlap))
    figures = [
        _figure(judged, _out_of_fold(judged, lambda each: each.score), OURS),
        _figure(judged, _out_of_fold(judged, lambda each: each.overlap), OVERLAP),
        _figure(judged, [True] * len(judged), ACCEPTS),
        _figure(judged, [each.score >= 0.5 for each in judged], f"{OURS} at its own 0.5"),
    ]
    return Result(
        "wice", TITLE, tuple(figures),
        notes=(
            "Published on its test split: word overlap 65.4, MiniCheck 72.2, GPT-4-turbo 80.4. WiCE: ODC-BY; its "
            "articles CC BY-SA. Nothing of it went into the checker.",
        ),
    )  # fmt: skip


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _out_of_fold(judged: Sequence[Judged], score: Callable[[Judged], float]) -> list[bool]:
    """Whether each is accepted, by the threshold that is best for the claims of other pages."""
    pages = sorted({each.page for each in judged})
    random.Random(1).shuffle(pages)
    fold = {page: number % FOLDS for number, page in enumerate(pages)}
    thresholds = [
        _best([each for each in judged if fold[each.page] != number], score) for number in range(FOLDS)
    ]  # fmt: skip
    return [score(each) >= thresholds[fold[each.page]] for each in judged]


def _best(judged: Sequence[Judged], score: Callable[[Judged], float]) -> float:
    scores = np.array([score(each) for each in judged])
    truth = np.array([each.supported for each in judged])
    return float(
        max(np.unique(scores), key=lambda least: (scores[truth] >= least).mean() + (scores[~truth] < least).mean())
    )


def _figure(judged: Sequence[Judged], accepted: Sequence[bool], system: str) -> Figure:
    """Mean of the two recalls, as a mean of cases that weigh the same by class."""
    share = sum(each.supported for each in judged) / len(judged)
    weights = [0.5 / share if each.supported else 0.5 / (1 - share) for each in judged]
    right = [weight * (each.supported is taken) for each, taken, weight in zip(judged, accepted, weights, strict=True)]
    estimate = statistics.ratio(right, weights, [each.page for each in judged])
    return Figure.of("balanced accuracy", estimate, system=system, unit="%")
