"""python -m evals.train_answerability: the weights of the answerability scorer, from public data.

Reads the folder of public data (`CPOM_TUTOR_BENCHMARKS`, or ../shared/benchmarks beside the checkout), copies none of
it, and writes `src/cpom_tutor/grounding/answerability.json` (numbers only) and `evals/answerability_seen.json` (digests
of the articles that were trained on, so that the suites know what they may not score with these weights).
"""

import argparse
import json
import sys
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path

import numpy as np

from cpom_tutor.config import load_settings
from cpom_tutor.grounding import answerability
from cpom_tutor.grounding.answerability import Against, Weights
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from evals.public import SEEN, Item, Numbers, article_digest, clapnq, described, squad2

PENALTY = 33.0
"""Of the squared weights, for standardised features (scikit-learn's C = 0.03)."""
FOLDS = 8
SEED = 1
WEIGHTS = Path(answerability.__file__).with_name("answerability.json")
SOURCES = {
    Against.RELATED: "CLAPNQ dev (primeqa/clapnq, Apache-2.0)",
    Against.ALTERED: "half of SQuAD 2.0 dev (rajpurkar, CC BY-SA 4.0)",
}
_STEPS = 30
_CLOSE = 1e-8


def fit(rows: Sequence[dict[str, float]], answers: Sequence[bool]) -> Weights:
    """Logistic regression with a ridge penalty, by Newton's method; deterministic.

    Args:
        rows: features of each case, the same names in each.
        answers: whether the passage answers.

    Raises:
        ValueError: there is nothing to learn from: no case, or only one kind of case.
    """
    if len(set(answers)) < 2:
        raise ValueError("there must be cases that answer and cases that do not")
    names = list(rows[0])
    table = np.array([[row[name] for name in names] for row in rows], dtype=np.float64)
    mean, spread = table.mean(axis=0), table.std(axis=0)
    spread[spread == 0] = 1.0
    standard = np.clip((table - mean) / spread, -answerability.FURTHEST, answerability.FURTHEST)
    found = _newton(np.hstack([np.ones((len(rows), 1)), standard]), np.array(answers, dtype=np.float64))
    terms = {
        name: (float(mean[at]), float(spread[at]), float(found[at + 1])) for at, name in enumerate(names)
    }  # fmt: skip
    return Weights(float(found[0]), terms)


def out_of_fold(rows: Sequence[dict[str, float]], answers: Sequence[bool], groups: Sequence[Hashable]) -> list[float]:
    """Probability for each case, by weights that saw no case of its group.

    Groups are dealt to eight folds, or to as many as there are groups, so that the folds are about as large.

    Raises:
        ValueError: all cases are of one group.
    """
    fold = _folds(groups)
    if len(set(fold)) < 2:
        raise ValueError("there must be two groups at least, to learn from one and score the other")
    scores = [0.0] * len(rows)
    for held in sorted(set(fold)):
        learnt = [at for at in range(len(rows)) if fold[at] != held]
        weights = fit([rows[at] for at in learnt], [answers[at] for at in learnt])
        for at in range(len(rows)):
            if fold[at] == held:
                scores[at] = weights.probability(rows[at])
    return scores


def main(arguments: Sequence[str] | None = None) -> int:
    """Trains and writes; returns 0, or 2 where the data is not there."""
    parser = argparse.ArgumentParser(prog="python -m evals.train_answerability", description=__doc__)
    parser.parse_args(arguments)
    settings = load_settings()
    embedder = SentenceTransformerEmbedder(settings.embedder)
    models, seen = {}, {}
    for against, load in ((Against.RELATED, clapnq), (Against.ALTERED, squad2)):
        items = load(settings.benchmarks)
        if not items:
            sys.stderr.write("The public data was not found; set CPOM_TUTOR_BENCHMARKS to its folder.\n")
            return 2
        sys.stderr.write(f"Training on {SOURCES[against]}: {len(items)} questions ...\n")
        models[against.value] = _recorded(items, against, embedder)
        seen[against.value] = sorted({article_digest(item.article) for item in items})
    record = {
        "about": "Logistic regressions of grounding/answerability.py; a term is mean, standard deviation, weight. "
        "Made by `python -m evals.train_answerability`. No text of the data is in here.",
        "embedder": embedder.name,
        "models": models,
    }
    WEIGHTS.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    SEEN.write_text(json.dumps(seen) + "\n", encoding="utf-8")
    sys.stderr.write(f"Wrote {WEIGHTS} and {SEEN}\n")
    return 0


def _recorded(items: Sequence[Item], against: Against, embedder: SentenceTransformerEmbedder) -> dict[str, object]:
    weights = fit(described(items, embedder), [item.answers for item in items])
    return {
        "trained_on": SOURCES[against], "questions": len(items), "intercept": round(weights.intercept, 5),
        "terms": {name: [float(f"{number:.5g}") for number in term] for name, term in weights.terms.items()},
    }  # fmt: skip


def _newton(table: Numbers, answers: Numbers) -> Numbers:
    """Weights that minimise the log loss and half of PENALTY times the squared weights, the first one free."""
    ridge = np.diag([0.0] + [PENALTY] * (table.shape[1] - 1))
    found = np.zeros(table.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-table @ found))
        slope = table.T @ (chance - answers) + ridge @ found
        curve = (table * (chance * (1 - chance))[:, None]).T @ table + ridge
        step = np.linalg.solve(curve, slope)
        found -= step
        if np.abs(step).max() < _CLOSE:
            break
    return np.asarray(found, dtype=np.float64)


def _folds(groups: Sequence[Hashable]) -> list[int]:
    """The fold of each case: groups in a fixed shuffled order, each to the fold that is emptiest so far."""
    sizes: dict[Hashable, int] = {}
    for group in groups:
        sizes[group] = sizes.get(group, 0) + 1
    every = sorted(sizes, key=str)
    np.random.default_rng(SEED).shuffle(every)
    filled = [0] * min(FOLDS, len(every))
    place: dict[Hashable, int] = {}
    for group in _largest_first(every, sizes):
        place[group] = filled.index(min(filled))
        filled[place[group]] += sizes[group]
    return [place[group] for group in groups]


def _largest_first(groups: Iterable[Hashable], sizes: dict[Hashable, int]) -> list[Hashable]:
    return sorted(groups, key=lambda group: -sizes[group])


if __name__ == "__main__":
    sys.exit(main())
