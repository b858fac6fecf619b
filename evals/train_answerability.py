"""python -m evals.train_answerability: the weights of the answerability scorer, from public data.

Reads the folder of public data (`CPOM_TUTOR_BENCHMARKS`, or ../shared/benchmarks beside the checkout), copies none of
it, and writes `src/cpom_tutor/grounding/answerability.json` (numbers only) and `evals/answerability_seen.json` (digests
of the articles that were trained on, so that the suites know what they may not score with these weights).
"""

import argparse
import json
import re
import sys
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cpom_tutor.config import load_settings
from cpom_tutor.grounding import answerability
from cpom_tutor.grounding.answerability import Against, Weights
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from evals import statistics
from evals.public import SEEN, Item, Numbers, article_digest, auroc, clapnq, described, squad2

PENALTY = 33.0
"""Of the squared weights, for standardised features (scikit-learn's C = 0.03)."""
FOLDS = 8
SEED = 1
WEIGHTS = Path(answerability.__file__).with_name("answerability.json")
SEPARATE = (Against.RELATED, Against.ALTERED)
SOURCES = {
    Against.RELATED: "CLAPNQ dev (primeqa/clapnq, Apache-2.0)",
    Against.ALTERED: "half of SQuAD 2.0 dev (Rajpurkar et al., 2018, CC BY-SA 4.0)",
}
SOURCES[Against.BOTH] = f"{SOURCES[Against.RELATED]} and {SOURCES[Against.ALTERED]}, each counting half"
_STEPS = 30
_CLOSE = 1e-8


@dataclass(frozen=True, slots=True)
class Learnt:
    """What weights are learnt from: one entry a case in each list.

    Attributes:
        rows: features.
        answers: whether the passage answers.
        articles: what the case belongs to.
        worth: how many cases it counts for.
    """

    rows: list[dict[str, float]]
    answers: list[bool]
    articles: list[str]
    worth: list[float]

    @classmethod
    def from_items(cls, items: Sequence[Item], rows: list[dict[str, float]]) -> "Learnt":
        """Every item counts once."""
        return cls(rows, [item.answers for item in items], [item.article for item in items], [1.0] * len(items))

    def joined_by(self, larger: "Learnt") -> "Learnt":
        """Both, this one's cases counting for as many as it takes to weigh as much as the larger one's."""
        worth = [len(larger.rows) / len(self.rows)] * len(self.rows)
        return Learnt(
            self.rows + larger.rows, self.answers + larger.answers, self.articles + larger.articles,
            worth + larger.worth,
        )  # fmt: skip


def fit(rows: Sequence[dict[str, float]], answers: Sequence[bool], worth: Sequence[float] = ()) -> Weights:
    """Logistic regression with a ridge penalty, by Newton's method; deterministic.

    Args:
        rows: features of each case, the same names in each.
        answers: whether the passage answers.
        worth: how many cases each counts for; by default one.

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
    counts = np.array(worth or [1.0] * len(rows), dtype=np.float64)
    found = _newton(np.hstack([np.ones((len(rows), 1)), standard]), np.array(answers, dtype=np.float64), counts)
    terms = {
        name: (float(mean[at]), float(spread[at]), float(found[at + 1])) for at, name in enumerate(names)
    }  # fmt: skip
    return Weights(float(found[0]), terms)


def out_of_fold(
    rows: Sequence[dict[str, float]], answers: Sequence[bool], groups: Sequence[Hashable], worth: Sequence[float] = ()
) -> list[float]:
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
        counted = [worth[at] for at in learnt] if worth else ()
        weights = fit([rows[at] for at in learnt], [answers[at] for at in learnt], counted)
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
    learnt: dict[Against, Learnt] = {}
    for against, load in zip(SEPARATE, (clapnq, squad2), strict=True):
        items = load(settings.benchmarks)
        if not items:
            sys.stderr.write("The public data was not found; set CPOM_TUTOR_BENCHMARKS to its folder.\n")
            return 2
        sys.stderr.write(f"Reading {SOURCES[against]}: {len(items)} questions ...\n")
        learnt[against] = Learnt.from_items(items, described(items, embedder))
    related, altered = learnt[Against.RELATED], learnt[Against.ALTERED]
    learnt[Against.BOTH] = both = related.joined_by(altered)
    _say_how_good(both, len(related.rows))
    models = {against.value: _recorded(each, SOURCES[against]) for against, each in learnt.items()}
    seen = {each.value: sorted(set(map(article_digest, learnt[each].articles))) for each in SEPARATE}
    record = {
        "about": "Logistic regressions of grounding/answerability.py; a term is mean, standard deviation, weight. "
        "Made by `python -m evals.train_answerability`. No text of the data is in here.",
        "embedder": embedder.name,
        "models": models,
    }
    WEIGHTS.write_text(_readable(record), encoding="utf-8")
    SEEN.write_text(json.dumps(seen) + "\n", encoding="utf-8")
    sys.stderr.write(f"Wrote {WEIGHTS} and {SEEN}\n")
    return 0


def _recorded(learnt: Learnt, source: str) -> dict[str, object]:
    weights = fit(learnt.rows, learnt.answers, learnt.worth)
    return {
        "trained_on": source, "questions": len(learnt.rows), "intercept": round(weights.intercept, 5),
        "terms": {name: [float(f"{number:.5g}") for number in term] for name, term in weights.terms.items()},
    }  # fmt: skip


def _readable(record: Mapping[str, object]) -> str:
    """JSON with each feature's numbers on one line."""
    text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    return re.sub(r"\[\s+([^\[\]]+?)\s+\]", lambda found: "[" + " ".join(found[1].split()) + "]", text)


def _say_how_good(both: Learnt, first: int) -> None:
    """The joint weights' figures on each set, out of fold: the suites have one set each and cannot refit them."""
    scores = out_of_fold(both.rows, both.answers, both.articles, both.worth)
    for source, part in (("CLAPNQ", slice(first)), ("SQuAD 2.0", slice(first, None))):
        answers, articles = both.answers[part], both.articles[part]
        area = auroc(scores[part], answers, articles)
        right = [float((score >= 0.5) == answer) for score, answer in zip(scores[part], answers, strict=True)]
        accuracy = statistics.mean(right, articles)
        sys.stderr.write(
            f"Joint weights on {source}, out of fold: AUROC {area.value:.3f} ({area.low:.3f} to {area.high:.3f}), "
            f"accuracy {accuracy.value:.3f} ({accuracy.low:.3f} to {accuracy.high:.3f}), n {area.count}\n"
        )


def _newton(table: Numbers, answers: Numbers, worth: Numbers) -> Numbers:
    """Weights that minimise the log loss and half of PENALTY times the squared weights, the first one free."""
    ridge = np.diag([0.0] + [PENALTY] * (table.shape[1] - 1))
    found = np.zeros(table.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-table @ found))
        slope = table.T @ (worth * (chance - answers)) + ridge @ found
        curve = (table * (worth * chance * (1 - chance))[:, None]).T @ table + ridge
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
