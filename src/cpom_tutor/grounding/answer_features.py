"""Numbers that tell a passage that answers a question from one that only resembles it.

All are cheap: cosines that the search has already computed, and words compared by stem. None is learned; what they
are worth together is in `answerability.json`.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from cpom_tutor.grounding.answer_candidate import Candidate
from cpom_tutor.grounding.asked import FORMS, asks_for_definition, candidates, form, wanted
from cpom_tutor.grounding.opposites import opposite_count
from cpom_tutor.language import NEGATIONS, STOPWORDS, names, numbers, rarity, stem, tokens

_OVERLAP_WORTH = 0.5  # of shared words, beside the cosine, in choosing the sentence that is looked at closely
_ABOUT = 0.3  # share of the question's words from which a sentence is about it
_WINDOW = 25  # words in which the question's words should stand together
_GRAM = 4
_MANY_CANDIDATES = 6
_OPEN_CANDIDATES = 3  # counted for a question whose kind of answer is open
_OPENING = 6  # words of a sentence in which a definition names its subject
_TO_BE = re.compile(r"^\W*(?:\S+\s+){1,11}?(?:is|are|was|were|refers|means)\b")
_LEAST = 0.01  # a passage that is nothing but its heading leaves nothing to divide by
_LIMITING = frozenset("most least best worst first last only before after not other during more less".split())


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question's content words, in order, with what each weighs."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    weights: tuple[float, ...]
    every: tuple[str, ...]  # stems of all its words

    def share(self, have: frozenset[str], without: frozenset[str] = frozenset()) -> float:
        """Weight of the words that `have` holds, as a share of all not in `without`; 1 where none is left."""
        rest = [
            (each, weight) for each, weight in zip(self.stems, self.weights, strict=True) if each not in without
        ]  # fmt: skip
        total = sum(weight for _, weight in rest)
        return sum(weight for each, weight in rest if each in have) / total if total else 1.0

    def missing(self, have: frozenset[str]) -> list[float]:
        """Weights of the words that `have` lacks."""
        return [weight for each, weight in zip(self.stems, self.weights, strict=True) if each not in have]


def features(question: str, candidate: Candidate) -> dict[str, float]:
    """All features of one question and one passage, by name, in a fixed order.

    Args:
        question: as asked; needs no capitals and no question mark.
        candidate: the passage with its cosines.
    """
    asked = _asked(question)
    rows = [_stems(sentence) for sentence in candidate.sentences]
    have = [frozenset(row) for row in rows]
    everything = frozenset().union(*have)
    covers = [asked.share(each) for each in have]
    best = max(range(len(rows)), key=lambda place: candidate.cosines[place] + _OVERLAP_WORTH * covers[place])
    return {
        **_resemblance(candidate, best, covers),
        **_covered(asked, rows, have, everything, covers, best),
        **_headed(asked, candidate, have, everything),
        **_kinds(question, candidate.sentences, best),
        **_named(question, candidate, asked, have[best]),
        **_contradicted(question, candidate.sentences[best], asked, have[best], everything),
        **_manner(question, asked),
    }


def _resemblance(candidate: Candidate, best: int, covers: Sequence[float]) -> dict[str, float]:
    """Cosines, and what is left of them without the heading: every passage under "Forecasting" is about it, so what
    tells them apart is the rest of the question (partial correlation, after Yule, 1907)."""
    cosines = np.asarray(candidate.cosines, dtype=np.float64)
    ordered = np.sort(cosines)[::-1]
    ranked = sorted((cosine + _OVERLAP_WORTH * cover for cosine, cover in zip(cosines, covers, strict=True)))
    to_heading = np.asarray(candidate.heading_to_sentences or [0.0] * len(cosines), dtype=np.float64)
    about = candidate.heading_cosine
    beyond = (cosines - about * to_heading) / math.sqrt(max(_LEAST, 1 - about * about))
    beyond_whole = candidate.cosine - about * candidate.heading_to_passage
    return {
        "cosine of the passage": candidate.cosine,
        "cosine of the best sentence": float(cosines[best]),
        "cosine of the closest sentence": float(ordered[0]),
        "cosine of the second sentence": float(ordered[1]) if len(ordered) > 1 else 0.0,
        "mean cosine": float(cosines.mean()),
        "mean of three cosines": float(ordered[:3].mean()),
        "spread of cosines": float(cosines.std()),
        "cosine beside the best": float(max((cosines[at] for at in _beside(best, len(cosines))), default=0.0)),
        "lead of the best": float(ranked[-1] - ranked[-2]) if len(ranked) > 1 else _OVERLAP_WORTH,
        "cosine of the heading": about,
        "cosine beyond the heading": beyond_whole / math.sqrt(max(_LEAST, 1 - about * about)),
        "cosine beyond the heading, of a sentence": float(beyond.max()),
        "partial cosine": _partial(candidate.cosine, about, candidate.heading_to_passage),
        "partial cosine of a sentence": max(
            _partial(float(one), about, float(other)) for one, other in zip(cosines, to_heading, strict=True)
        ),
    }


def _partial(cosine: float, question_heading: float, passage_heading: float) -> float:
    left = (1 - question_heading**2) * (1 - passage_heading**2)
    return (cosine - question_heading * passage_heading) / math.sqrt(max(_LEAST, left))


def _covered(
    asked: _Asked, rows: Sequence[tuple[str, ...]], have: Sequence[frozenset[str]], everything: frozenset[str],
    covers: Sequence[float], best: int,
) -> dict[str, float]:  # fmt: skip
    around = [
        asked.share(have[place].union(*(have[at] for at in _beside(place, len(have))))) for place in range(len(have))
    ]
    missing, missing_best = asked.missing(everything), asked.missing(have[best])
    flat = [each for row in rows for each in row]
    wanted_stems = frozenset(asked.stems)
    content = [each for each in rows[best] if each not in _STOP_STEMS]
    pairs = set(pairwise(content))
    runs = max(_longest_run(asked.every, row) for row in rows)
    return {
        "words in the best sentence": covers[best],
        "words in the fullest sentence": max(covers),
        "words in the second sentence": sorted(covers)[-2] if len(covers) > 1 else 0.0,
        "words in neighbouring sentences": max(around),
        "words in the passage": asked.share(everything),
        "words close together": _together(asked, flat),
        "words elsewhere": max(0.0, asked.share(everything) - covers[best]),
        "rarest word missing": max(missing, default=0.0),
        "number of words missing": float(len(missing)),
        "rarest word missing in the sentence": max(missing_best, default=0.0),
        "number of words missing in the sentence": float(len(missing_best)),
        "words much alike": _alike(asked, everything, flat),
        "pairs of words": sum(pair in pairs for pair in pairwise(asked.stems)) / max(1, len(asked.stems) - 1),
        "words out of order": _disorder(asked, rows[best]),
        "longest run": float(runs),
        "share of the longest run": runs / max(1, len(asked.every)),
        "density of the words": sum(each in wanted_stems for each in flat) / max(1, len(flat)),
        "repetition of the words": float(np.mean([math.log1p(flat.count(each)) for each in asked.stems]))
        if asked.stems
        else 0.0,
        "share of sentences about it": sum(cover > _ABOUT for cover in covers) / len(covers),
    }


def _headed(
    asked: _Asked, candidate: Candidate, have: Sequence[frozenset[str]], everything: frozenset[str]
) -> dict[str, float]:
    """A heading says what "it" is; what the question has beyond the heading is what it asks about that thing."""
    heading = frozenset(_stems(candidate.heading))
    telling = heading - _STOP_STEMS
    beyond = asked.missing(everything | heading)
    return {
        "words in the heading": asked.share(heading) if asked.stems else 0.0,
        "heading in the question": len(telling & set(asked.stems)) / max(1, len(telling)),
        "words beyond the heading in the passage": asked.share(everything, heading),
        "words beyond the heading in a sentence": max(asked.share(each, heading) for each in have),
        "words in passage and heading": asked.share(everything | heading),
        "words in a sentence and the heading": max(asked.share(each | heading) for each in have),
        "rarest word missing under the heading": max(beyond, default=0.0),
        "number of words missing under the heading": float(len(beyond)),
    }


def _kinds(question: str, sentences: Sequence[str], best: int) -> dict[str, float]:
    """Whether there is a thing of the kind that is asked for."""
    kind = wanted(question)
    counts = [candidates(question, sentence) for sentence in sentences] if kind else [_OPEN_CANDIDATES]
    return {
        "its kind is known": float(bool(kind)),
        "its kind in the sentence": float(counts[best] > 0) if kind else 0.5,
        "its kind in the passage": float(min(sum(counts), _MANY_CANDIDATES)),
        "its kind in one sentence": float(min(max(counts), _MANY_CANDIDATES)),
    }


def _named(question: str, candidate: Candidate, asked: _Asked, best: frozenset[str]) -> dict[str, float]:
    text = " ".join(candidate.sentences)
    said, capitals = frozenset(tokens(text)), _capitals(text)
    defines = any(_defines(asked, sentence) for sentence in candidate.sentences)
    defining = asks_for_definition(question, len(asked.stems))
    lacking = [each for word, each in zip(asked.words, asked.stems, strict=True) if word in capitals]
    return {
        "numbers missing": float(len(numbers(question) - numbers(text))),
        "names missing": float(len(names(question) - said)),
        "names missing in the sentence": float(sum(each not in best for each in lacking)),
        "asks for a definition": float(defining),
        "gives a definition": float(defines),
        "gives the definition asked for": float(defining and defines),
    }


def _contradicted(
    question: str, sentence: str, asked: _Asked, best: frozenset[str], everything: frozenset[str]
) -> dict[str, float]:
    negated, denies = _negates(question), _negates(sentence)
    limits = {word for word in tokens(question) if word in _LIMITING or (word.endswith("est") and len(word) > 5)}
    return {
        "question is negated": float(negated),
        "only one is negated": float(negated != denies),
        "opposites in the sentence": float(opposite_count(asked.stems, best)),
        "opposites in the passage": float(opposite_count(asked.stems, everything)),
        "opposites of any word": float(opposite_count(asked.every, best)),
        "limiting words": float(bool(limits)),
        "limiting words missing": float(sum(1 for word in limits if stem(word) not in best)),
    }


def _manner(question: str, asked: _Asked) -> dict[str, float]:
    asking = form(question)
    return {
        "content words asked": float(len(asked.stems)),
        "words asked": float(len(asked.every)),
        **{f"asks {each}": float(asking == each) for each in FORMS},
    }


@lru_cache(maxsize=1024)
def _asked(question: str) -> _Asked:
    every = tokens(question)
    words = tuple(word.removesuffix("'s") for word in every if word not in STOPWORDS and word != "list")
    return _Asked(words, tuple(map(stem, words)), tuple(map(rarity, words)), tuple(map(stem, every)))


@lru_cache(maxsize=16384)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(token.removesuffix("'s")) for token in tokens(text))


@lru_cache(maxsize=4096)
def _capitals(text: str) -> frozenset[str]:
    """Words that the text writes with a capital anywhere, in lower case: a learner types names without."""
    return frozenset(match.lower() for match in re.findall(r"[A-Z][\w'-]+", text))


def _beside(place: int, count: int) -> list[int]:
    return [at for at in (place - 1, place + 1) if 0 <= at < count]


def _together(asked: _Asked, flat: Sequence[str]) -> float:
    """Weight of the question's words that stand within 25 words of each other, 0 to 1."""
    weights = dict(zip(asked.stems, asked.weights, strict=True))
    places = [(place, each) for place, each in enumerate(flat) if each in weights]
    best = 0.0
    for start, (first, _) in enumerate(places):
        seen = {each for place, each in places[start : start + _WINDOW] if place - first < _WINDOW}
        best = max(best, sum(weights[each] for each in seen))
    total = sum(weights.values())
    return best / total if total else 0.0


def _alike(asked: _Asked, everything: frozenset[str], flat: Sequence[str]) -> float:
    """As `share`, and a word that is missing counts by the letters it has in common with the most similar one."""
    total = sum(asked.weights)
    if not total:
        return 1.0
    others = [_grams(each) for each in dict.fromkeys(flat)]
    got = 0.0
    for word, each, weight in zip(asked.words, asked.stems, asked.weights, strict=True):
        mine = _grams(word)
        near = 1.0 if each in everything else max((len(mine & it) / len(mine | it) for it in others), default=0.0)
        got += weight * near
    return got / total


@lru_cache(maxsize=65536)
def _grams(word: str) -> frozenset[str]:
    """Runs of four letters, the word's ends marked."""
    marked = f"^{word}$"
    return frozenset(marked[at : at + _GRAM] for at in range(max(1, len(marked) - _GRAM + 1)))


def _disorder(asked: _Asked, row: Sequence[str]) -> float:
    """Share of the shared words' pairs that stand the other way round; 0.3, the usual, for fewer than two."""
    places = [row.index(each) for each in asked.stems if each in row]
    pairs = len(places) * (len(places) - 1) // 2
    turned = sum(places[one] > places[two] for one in range(len(places)) for two in range(one + 1, len(places)))
    return turned / pairs if pairs else 0.3


def _longest_run(asked: Sequence[str], row: Sequence[str]) -> int:
    """Longest run of words, function words included, that both have."""
    longest = 0
    before = [0] * (len(row) + 1)
    for word in asked:
        here = [0] * (len(row) + 1)
        for at, other in enumerate(row):
            if other == word:
                here[at + 1] = before[at] + 1
        longest = max(longest, *here)
        before = here
    return longest


def _defines(asked: _Asked, sentence: str) -> bool:
    opening = frozenset(_stems(" ".join(sentence.split()[:_OPENING])))
    return bool(_TO_BE.match(sentence)) and not opening.isdisjoint(asked.stems)


def _negates(text: str) -> bool:
    return any(word in NEGATIONS or word.endswith("n't") for word in tokens(text))


_STOP_STEMS = frozenset(map(stem, STOPWORDS))
