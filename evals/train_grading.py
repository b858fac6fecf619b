"""python -m evals.train_grading: fits what marks free text; writes `practice/grading/marking.json`.

It learns from `cases/graded_training.jsonl`, and from answers of one question held against the rubric of another,
which make none of its points. None of these answers, questions or rubrics is among the cases that the suite `grading`
measures with."""

import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cpom_tutor.attempts import PointVerdict
from cpom_tutor.practice.grading.judging import NEAREST
from cpom_tutor.practice.grading.marking_sheet import Sheets
from cpom_tutor.practice.grading.weights import FILE, LIMIT, Weights
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from evals.graded_cases import TRAINING, GradedQuestion, load_graded

Numbers = NDArray[np.float64]
Features = dict[str, float]

STRANGERS = 4
"""Answers to other questions that are held against each rubric."""
SEED = 5
STRANGE = 0.5
"""Weight of those."""
RIDGE = 4.0
"""Penalty on each squared slope, in weighted cases."""
ROUNDS = 2
"""Which stretch of an answer is the one that speaks of a point is chosen by the fit before."""
SAYING = ("perfect", "plain", "off_target", "wordy", "partial")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of an answer beside a point."""

    speaks: Features
    contradicts: Features
    sentences: int


@dataclass(frozen=True, slots=True)
class Example:
    """A point, what an answer does with it, and the answer's stretches, the likeliest first."""

    verdict: PointVerdict
    weight: float
    stretches: tuple[Stretch, ...]


def main() -> int:
    """Fits and writes the numbers; returns the exit code."""
    questions = load_graded(TRAINING, corpus=None)
    examples = collect(questions)
    speaks, contradicts = fit(examples)
    record = {"answers": sum(len(question.answers) for question in questions), "points": len(examples)}
    target = Path(__file__).parents[1] / "src" / "cpom_tutor" / "practice" / "grading" / FILE
    models = ",\n".join(
        f'"{name}": {_to_json(model)}' for name, model in (("speaks", speaks), ("contradicts", contradicts))
    )
    target.write_text(f"{json.dumps(record)[:-1]},\n{models}\n}}\n", encoding="utf-8")
    sys.stderr.write(f"{len(examples)} points\n")
    return 0


def collect(questions: Sequence[GradedQuestion]) -> list[Example]:
    """Every training answer beside every point of its rubric, and some answers of other questions."""
    embedder = SentenceTransformerEmbedder()
    sheets = Sheets(lambda: embedder)
    drawn = random.Random(SEED)
    examples = []
    for question in questions:
        given = [(answer.answer, answer.verdicts, 1.0) for answer in question.answers]
        others = [
            answer.answer for other in questions if other is not question
            for answer in other.answers if answer.kind in SAYING
        ]  # fmt: skip
        none = (PointVerdict.MISSED,) * len(question.rubric)
        given += [(answer, none, STRANGE) for answer in drawn.sample(others, STRANGERS)]
        for answer, verdicts, weight in given:
            sheet = sheets.sheet(question.question, question.reference, question.rubric, answer)
            for point, verdict in zip(sheet.points, verdicts, strict=True):
                stretches = tuple(
                    Stretch(sheet.speaks(point, window), sheet.contradicts(point, window), window.sentences)
                    for window in sheet.nearest(point, NEAREST)
                )
                if stretches:
                    examples.append(Example(verdict, weight, stretches))
    return examples


def fit(examples: Sequence[Example]) -> tuple[Weights, Weights]:
    """The two models: does it speak of the point, and does it then say otherwise?"""
    chosen = [example.stretches[0] for example in examples]
    for _ in range(ROUNDS):
        speaks = _model(
            [stretch.speaks for stretch in chosen],
            [float(example.verdict is not PointVerdict.MISSED) for example in examples],
            [example.weight for example in examples],
        )
        chosen = [_best(example.stretches, speaks) for example in examples]
    told = [
        (_best([stretch for stretch in example.stretches if stretch.sentences < 2], speaks), example)
        for example in examples if example.verdict is not PointVerdict.MISSED
    ]  # fmt: skip
    contradicts = _model(
        [stretch.contradicts for stretch, _ in told],
        [float(example.verdict is PointVerdict.CONTRADICTED) for _, example in told],
        [1.0] * len(told),
    )
    return speaks, contradicts


def _best(stretches: Sequence[Stretch], speaks: Weights) -> Stretch:
    return max(stretches, key=lambda stretch: speaks.probability(stretch.speaks))


def _model(features: Sequence[Features], truth: Sequence[float], counts: Sequence[float]) -> Weights:
    """Ridge logistic regression on standardised features, by Newton's method."""
    # What never varies here has nothing to teach.
    names = sorted(name for name in features[0] if len({each[name] for each in features}) > 1)
    rows = np.array([[each[name] for name in names] for each in features])
    means, scales = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    whole = np.c_[np.ones(len(rows)), np.clip((rows - means) / scales, -LIMIT, LIMIT)]
    wanted, weight = np.asarray(truth), np.asarray(counts)
    penalty = np.full(whole.shape[1], RIDGE)
    penalty[0] = 0.0
    slopes = np.zeros(whole.shape[1])
    for _ in range(50):
        chance = 1.0 / (1.0 + np.exp(-np.clip(whole @ slopes, -30, 30)))
        slope = whole.T @ (weight * (wanted - chance)) - penalty * slopes
        curve = (whole * (weight * chance * (1 - chance))[:, None]).T @ whole + np.diag(penalty + 1e-9)
        step = np.linalg.solve(curve, slope)
        slopes += step
        if np.abs(step).max() < 1e-6:
            break
    terms = {
        name: (round(float(mean), 5), round(float(scale), 5), round(float(slope), 5))
        for name, mean, scale, slope in zip(names, means, scales, slopes[1:], strict=True)
    }
    return Weights(round(float(slopes[0]), 5), terms)


def _to_json(model: Weights) -> str:
    terms = ",\n  ".join(f'"{name}": {json.dumps(numbers)}' for name, numbers in model.terms.items())
    return f'{{"intercept": {model.intercept}, "terms": {{\n  {terms}\n}}}}'


if __name__ == "__main__":
    sys.exit(main())
