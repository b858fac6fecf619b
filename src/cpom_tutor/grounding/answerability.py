"""Does this passage answer this question, or does it only resemble it?

A logistic regression over the features of `answer_features.py`. Its weights are plain numbers in
`answerability.json`, made by `python -m evals.train_answerability`.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import numpy as np

from cpom_tutor.grounding.answer_candidate import Candidate
from cpom_tutor.grounding.answer_features import features
from cpom_tutor.grounding.sentences import split_sentences
from cpom_tutor.protocols import Embedder

FURTHEST = 4.0
"""Standard deviations beyond which a feature counts no more: a text unlike the training texts proves nothing."""


class Against(StrEnum):
    """What an answering passage is told apart from. The first two are different skills and pull in different ways.

    RELATED: passages found for a question that people really asked, about its subject, which leave it open.
    ALTERED: passages that answered until a name, a number or a word of the question was altered.
    BOTH: either; a little worse at each than the weights made for it alone.
    """

    RELATED = "related"
    ALTERED = "altered"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the scorer makes of one passage.

    Attributes:
        score: probability that it answers, 0 to 1, where as many passages answer as do not.
        features: by name.
        pulls: what each feature adds to the log-odds (below 0: it speaks against an answer), strongest first.
    """

    score: float
    features: Mapping[str, float]
    pulls: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """A trained logistic regression.

    Attributes:
        intercept: log-odds of an average passage.
        terms: for each feature its mean, its standard deviation and its weight.
    """

    intercept: float
    terms: Mapping[str, tuple[float, float, float]]

    def pulls(self, values: Mapping[str, float]) -> dict[str, float]:
        """What each feature adds to the log-odds.

        Raises:
            KeyError: a feature is missing.
        """
        found = {}
        for name, (mean, spread, weight) in self.terms.items():
            found[name] = weight * max(-FURTHEST, min(FURTHEST, (values[name] - mean) / spread))
        return found

    def probability(self, values: Mapping[str, float]) -> float:
        """Probability that the passage with these features answers, 0 to 1."""
        return 1 / (1 + math.exp(-self.intercept - sum(self.pulls(values).values())))


class AnswerScorer:
    """Scores passages for a question. Safe to share between threads if the embedder is.

    Args:
        embedder: the weights were trained with all-MiniLM-L6-v2; another embedder's cosines have another scale.
        against: what to tell answering passages apart from.
    """

    def __init__(self, embedder: Embedder, against: Against = Against.BOTH) -> None:
        self._embedder = embedder
        self._weights = weights(against)

    def score(self, question: str, passages: Sequence[str], headings: Sequence[str] = ()) -> float:
        """Probability that one of the passages answers the question, 0 to 1; 0 without passages.

        It embeds every sentence. Where an index has the vectors, use `score_candidates`.

        Args:
            question: as asked.
            passages: texts, as long as the embedder reads whole.
            headings: what each passage stands under; none, or one each (it may be empty).

        Raises:
            ValueError: there are headings, and not one for each passage.
            EmbedderUnavailable: the model cannot be loaded.
        """
        return max((reading.score for reading in self.readings(question, passages, headings)), default=0.0)

    def readings(self, question: str, passages: Sequence[str], headings: Sequence[str] = ()) -> tuple[Reading, ...]:
        """A reading of each passage, in the order given; blank ones score 0. Arguments and errors as for `score`."""
        found = candidates(self._embedder, [(question, text) for text in passages], headings)
        return tuple(self._read(question, each) if each else Reading(0.0, {}, ()) for each in found)

    def score_candidates(self, question: str, found: Sequence[Candidate]) -> float:
        """As `score`, from cosines that are there already: embeds nothing, a millisecond or so a passage."""
        return max((self._weights.probability(features(question, each)) for each in found), default=0.0)

    def score_features(self, values: Mapping[str, float]) -> float:
        """Probability that the passage with these features answers, 0 to 1.

        Raises:
            KeyError: a feature is missing.
        """
        return self._weights.probability(values)

    def _read(self, question: str, candidate: Candidate) -> Reading:
        values = features(question, candidate)
        pulls = sorted(self._weights.pulls(values).items(), key=lambda pull: -abs(pull[1]))
        return Reading(self._weights.probability(values), values, tuple(pulls))


def candidates(
    embedder: Embedder, pairs: Sequence[tuple[str, str]], headings: Sequence[str] = ()
) -> list[Candidate | None]:
    """For each (question, passage) a candidate, all texts embedded together; None for a blank passage.

    Args:
        embedder: gives the vectors.
        pairs: questions with passages; a text that comes back is embedded once.
        headings: what each passage stands under; none, or one each (it may be empty).

    Raises:
        ValueError: there are headings, and not one for each pair.
        EmbedderUnavailable: the model cannot be loaded.
    """
    if headings and len(headings) != len(pairs):
        raise ValueError("give no heading, or one for each passage")
    named = headings or [""] * len(pairs)
    split = {text: tuple(span.of(text) for span in split_sentences(text)) for _, text in pairs}
    sentences = (each for found in split.values() for each in found)
    every = (*(text for pair in pairs for text in pair), *sentences, *(each for each in named if each.strip()))
    texts = list(dict.fromkeys(every))
    vectors = dict(zip(texts, embedder.embed(texts), strict=True)) if texts else {}
    return [
        Candidate.from_vectors(
            split[text], vectors[question], vectors[text], np.stack([vectors[each] for each in split[text]]),
            heading.strip(), vectors.get(heading),
        )
        if split[text]
        else None
        for (question, text), heading in zip(pairs, named, strict=True)
    ]  # fmt: skip


@cache
def weights(against: Against) -> Weights:
    """The trained weights that come with the package."""
    models = json.loads(files("cpom_tutor.grounding").joinpath("answerability.json").read_text("utf-8"))["models"]
    model = models[against.value]
    terms = {name: (mean, spread, weight) for name, (mean, spread, weight) in model["terms"].items()}
    return Weights(model["intercept"], terms)
