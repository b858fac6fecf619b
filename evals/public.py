"""Public sets of questions with passages that answer or do not: read where they lie, never copied.

They are looked for in the folder that CPOM_TUTOR_BENCHMARKS names, else in ../shared/benchmarks beside the checkout.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cpom_tutor.grounding.answer_candidate import Candidate
from cpom_tutor.grounding.answer_features import features
from cpom_tutor.grounding.answerability import candidates
from cpom_tutor.protocols import Embedder
from evals import statistics
from evals.cases import BadCase

Numbers = NDArray[np.float64]
SEEN = Path(__file__).with_name("answerability_seen.json")
CLAPNQ = ("clapnq/clapnq_dev_answerable.jsonl", "clapnq/clapnq_dev_unanswerable.jsonl")
SQUAD2 = "squad2"
_DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Item:
    """A question with a passage.

    Attributes:
        question: as asked.
        passage: the text.
        article: the article's title, which is also the passage's heading; questions of one stay together.
        answers: whether the passage answers the question.
    """

    question: str
    passage: str
    article: str
    answers: bool


def clapnq(folder: Path | None) -> list[Item]:
    """The questions of CLAPNQ; none where the data is not there.

    Raises:
        BadCase: a file is not in CLAPNQ's format.
    """
    if not folder or not all((folder / name).is_file() for name in CLAPNQ):
        return []
    items = []
    for name, answers in zip(CLAPNQ, (True, False), strict=True):
        try:
            for line in (folder / name).read_text("utf-8").splitlines():
                if line.strip():
                    record = json.loads(line)
                    text = "\n\n".join(each["text"] for each in record["passages"])
                    items.append(Item(record["input"], text, record["passages"][0]["title"], answers))
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise BadCase(f"{folder / name} is not in CLAPNQ's format ({error!r})") from error
    return [item for item in items if item.passage.strip()]


def squad2(folder: Path | None) -> list[Item]:
    """The questions of SQuAD 2.0: every .json file of its folder; none where the data is not there.

    Raises:
        BadCase: a file is not in SQuAD's format.
    """
    items = []
    for path in sorted((folder / SQUAD2).glob("*.json")) if folder else []:
        try:
            for article in json.loads(path.read_text("utf-8"))["data"]:
                title = article["title"].replace("_", " ")
                items += [
                    Item(asked["question"].strip(), paragraph["context"], title, not asked["is_impossible"])
                    for paragraph in article["paragraphs"]
                    if paragraph["context"].strip()
                    for asked in paragraph["qas"]
                ]
        except (KeyError, TypeError, ValueError) as error:
            raise BadCase(f"{path} is not in SQuAD's format ({error!r})") from error
    return items


def described(items: Sequence[Item], embedder: Embedder) -> list[dict[str, float]]:
    """Features of every item, all texts embedded together.

    Raises:
        EmbedderUnavailable: the model cannot be loaded.
    """
    return [features(item.question, each) for item, each in zip(items, embedded(items, embedder), strict=True)]


def embedded(items: Sequence[Item], embedder: Embedder) -> list[Candidate]:
    """Every item's passage under its article's title, all texts embedded together.

    Raises:
        EmbedderUnavailable: the model cannot be loaded.
    """
    pairs = [(item.question, item.passage) for item in items]
    return [each for each in candidates(embedder, pairs, [item.article for item in items]) if each]


def article_digest(article: str) -> str:
    """A short digest of an article's title, to say what was trained on without its words."""
    return hashlib.sha256(article.encode()).hexdigest()[:8]


def seen_in_training(items: Sequence[Item], which: str) -> bool:
    """Whether any of the items' articles was trained on."""
    known = set(json.loads(SEEN.read_text("utf-8"))[which])
    return any(article_digest(item.article) in known for item in items)


def auroc(scores: Sequence[float], answers: Sequence[bool], clusters: Sequence[str]) -> statistics.Estimate:
    """Area under the ROC curve with a percentile bootstrap interval over clusters.

    It is the share of pairs (one that answers, one that does not) in the right order; ties count half
    (Hanley and McNeil, 1982).

    Raises:
        ValueError: there is only one kind of case.
    """
    every, right = np.asarray(scores, dtype=np.float64), np.asarray(answers, dtype=bool)
    if right.all() or not right.any():
        raise ValueError("there must be cases that answer and cases that do not")
    low, high = _resampled(every, right, clusters)
    return statistics.Estimate(_area(every, right), low, high, len(every))


def aurc(confidences: Sequence[float], wrong: Sequence[bool]) -> float:
    """Area under the risk-coverage curve: mean share of errors among the k surest, over all k; lower is better.

    Geifman and El-Yaniv, "Selective Classification for Deep Neural Networks", 2017. Cases that are as sure as each
    other share their errors equally.
    """
    sure, errors = np.asarray(confidences, dtype=np.float64), np.asarray(wrong, dtype=np.float64)
    for level in np.unique(sure):
        errors[sure == level] = errors[sure == level].mean()
    ordered = errors[np.argsort(-sure, kind="stable")]
    return float((np.cumsum(ordered) / np.arange(1, len(ordered) + 1)).mean())


def _resampled(scores: Numbers, right: NDArray[np.bool_], clusters: Sequence[str]) -> tuple[float, float]:
    names = {cluster: number for number, cluster in enumerate(dict.fromkeys(clusters))}
    members: list[list[int]] = [[] for _ in names]
    for place, cluster in enumerate(clusters):
        members[names[cluster]].append(place)
    rows = [np.array(each) for each in members]
    draw = np.random.default_rng(statistics.SEED)
    areas = []
    for _ in range(_DRAWS):
        chosen = np.concatenate([rows[at] for at in draw.integers(0, len(rows), len(rows))])
        if right[chosen].any() and not right[chosen].all():
            areas.append(_area(scores[chosen], right[chosen]))
    low, high = np.percentile(areas, [2.5, 97.5])
    return float(low), float(high)


def _area(scores: Numbers, right: NDArray[np.bool_]) -> float:
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    ours = int(right.sum())
    return float((ranks[right].sum() - ours * (ours + 1) / 2) / (ours * (len(scores) - ours)))
