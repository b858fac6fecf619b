"""Fits the weights by which `evals.rewriting.rewriting` picks antecedents: `python -m evals.train_rewriter`.

For every slot of every CANARD question, each way to fill it is scored by what it would add to corpus BLEU (to first
order, the other slots left at a plain default); a log-linear model learns to prefer what adds most. Words beyond
those of the question pay: without that, BLEU's brevity penalty rewards any padding.
Trained on data under CC BY-SA 4.0; the weights hold facts about English, and no text of it.
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cpom_tutor.config import load_settings
from evals.bleu import ORDER, counts
from evals.canard import FILE, FollowUp, follow_ups
from evals.public_sets import public_file
from evals.rewriting.antecedents import Option
from evals.rewriting.rewriting import Choices, best, choices, fill
from evals.rewriting.slots import Lean, Slot

FOLDS = 5
_RAREST = 8  # options that must have a feature for it to get a weight
_LENGTH = 0.88  # of what a word must earn back is given for its mere length; 1 would reward padding
_SHARPNESS = 0.1  # of the target distribution
_RIDGE = 2.0
_STEPS = 200
_SMALLEST = 0.02  # weights below this are left out of the file

Weights = dict[str, dict[str, float]]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prepared:
    """One question with the ways to fill its slots, and what each way is worth."""

    case: FollowUp
    whole: str
    ways: Choices
    worth: tuple[tuple[float, ...], ...]

    def rewritten(self, weights: Weights) -> str:
        """The question as these weights make it whole."""
        return fill(self.whole, [(slot, best(found, weights.get(slot.lean, {}))) for slot, found in self.ways])


def prepare(cases: Sequence[FollowUp]) -> list[Prepared]:
    """Options and their worth, for each question."""
    asked = [(case, *choices(case.question, case.history)) for case in cases]
    plain = [[_plain(slot, found) for slot, found in ways] for _, _, ways in asked]
    summed: Numbers = np.asarray(
        [
            counts(fill(whole, list(zip((slot for slot, _ in ways), picked, strict=True))), case.rewrite)
            for (case, whole, ways), picked in zip(asked, plain, strict=True)
        ],
        dtype=np.float64,
    ).sum(axis=0)
    gain = 1 / (ORDER * summed[:ORDER])
    cost = 1 / (ORDER * summed[ORDER : 2 * ORDER])
    rates = np.concatenate([gain, -cost]) * len(cases)
    rates[ORDER] += _LENGTH * cost.sum() * len(cases)
    prepared = []
    for (case, whole, ways), picked in zip(asked, plain, strict=True):
        slots = [slot for slot, _ in ways]
        worth = []
        for place, (_, found) in enumerate(ways):
            tried = [
                counts(
                    fill(whole, list(zip(slots, [*picked[:place], option, *picked[place + 1 :]], strict=True))),
                    case.rewrite,
                )
                for option in found
            ]
            worth.append(tuple(float(rates @ np.asarray(each[: 2 * ORDER], dtype=np.float64)) for each in tried))
        prepared.append(Prepared(case, whole, ways, tuple(worth)))
    return prepared


def fit(prepared: Sequence[Prepared]) -> Weights:
    """Weights by ridge-penalised cross-entropy against the worth of the options (Adam, from zero: deterministic)."""
    rows = [
        (f"{slot.lean}/", option, value)
        for each in prepared
        for (slot, found), worth in zip(each.ways, each.worth, strict=True)
        for option, value in zip(found, worth, strict=True)
    ]
    seen = Counter(lean + feature for lean, option, _ in rows for feature in set(option.features))
    names = {name: place for place, name in enumerate(sorted(name for name, often in seen.items() if often >= _RAREST))}
    per_row = [
        sorted(names[lean + feature] for feature in set(option.features) if lean + feature in names)
        for lean, option, _ in rows
    ]
    columns = np.array([column for row in per_row for column in row])
    row_of = np.repeat(np.arange(len(rows)), [len(row) for row in per_row])
    sizes = np.array([len(found) for each in prepared for _, found in each.ways])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    slot_of = np.repeat(np.arange(len(sizes)), sizes)
    wanted = _softmax(np.array([value for *_, value in rows]) / _SHARPNESS, starts, slot_of)
    weights: Numbers = np.zeros(len(names))
    mean: Numbers = np.zeros(len(names))
    spread: Numbers = np.zeros(len(names))
    for step in range(1, _STEPS + 1):
        scores: Numbers = np.bincount(row_of, weights=weights[columns], minlength=len(rows)).astype(np.float64)
        error = wanted - _softmax(scores, starts, slot_of)
        slope = np.bincount(columns, weights=error[row_of], minlength=len(names)) - _RIDGE * weights
        mean = 0.9 * mean + 0.1 * slope
        spread = 0.99 * spread + 0.01 * slope**2
        weights += 0.1 * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.99**step)) + 1e-8)
    fitted: Weights = {}
    for name, place in names.items():
        if abs(weights[place]) >= _SMALLEST:
            lean, feature = name.split("/", 1)
            fitted.setdefault(lean, {})[feature] = round(float(weights[place]), 2)
    return fitted


def out_of_fold(prepared: Sequence[Prepared]) -> list[str]:
    """Every question rewritten by weights that saw no dialogue about the same article."""
    topics = {topic: place % FOLDS for place, topic in enumerate(sorted({each.case.topic for each in prepared}))}
    rewritten = [""] * len(prepared)
    for fold in range(FOLDS):
        weights = fit([each for each in prepared if topics[each.case.topic] != fold])
        for place, each in enumerate(prepared):
            if topics[each.case.topic] == fold:
                rewritten[place] = each.rewritten(weights)
    return rewritten


def _softmax(scores: Numbers, starts: NDArray[np.int64], slot_of: NDArray[np.int64]) -> Numbers:
    powers = np.exp(scores - np.maximum.reduceat(scores, starts)[slot_of])
    shares: Numbers = powers / np.add.reduceat(powers, starts)[slot_of]
    return shares


def _plain(slot: Slot, found: Sequence[Option]) -> Option:
    """A personal pronoun stands for the topic; all else is left."""
    personal = slot.lean in (Lean.PERSON, Lean.THEY, Lean.IT)
    return next((option for option in found if personal and "h0" in option.features), found[0])


def main() -> int:
    """Fits on all of CANARD's development set and writes the file of weights."""
    path = public_file(load_settings(), FILE)
    if path is None:
        sys.stderr.write(f"There is no {FILE}; set CPOM_TUTOR_BENCHMARKS to the folder of the public sets\n")
        return 2
    cases = follow_ups(path)
    record = {
        "about": "Fitted by `python -m evals.train_rewriter`.",
        "fitted_on": f"CANARD, development set, {len(cases)} questions (CC BY-SA 4.0; Elgohary et al., EMNLP 2019)",
        "weights": fit(prepare(cases)),
    }
    path = Path(str(resources.files("evals.rewriting"))) / "rewriting_weights.json"
    path.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
