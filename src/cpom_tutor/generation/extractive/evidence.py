"""The sentences that may answer a question, ranked; and what a composer asks of them."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from cpom_tutor.answers import Intent
from cpom_tutor.course import Kind, Passage, Span
from cpom_tutor.language import content_stems, tokens
from cpom_tutor.library import Library
from cpom_tutor.protocols import Akin, Hit, Question
from cpom_tutor.teaching import Probe

# Weights of a sentence's rank: what it resembles, which rare words it shares, how its passage ranks.
_SIMILARITY, _SHARE, _PASSAGE = 1.0, 0.8, 0.1
# What learners' questions kept with the course say: the nearest that it answers, and its share of all that are near.
_NEAREST, _VOTES = 0.6, 3.0
_DENIES = 2.0  # what the nearest wrong premises add to the sentence that denies them
DECISIVE = 25.0  # sharpness of a vote on the kind of answer: the very nearest decide
BROAD = 8.0  # sharpness of a vote in which all that is near has a say: 0.1 of cosine counts about twice
# The course's own name in a question draws it near every sentence that has the name, whatever is asked.
_NAME_LIFT = 0.12
_SITUATION_SHARE = 0.15  # a story has many words by the way: sharing one of them says little
_DANGLING_PENALTY = 0.15  # a paragraph that opens with "This is ..." leans on the one before it
_PICTURE_PENALTY = 0.15  # a sentence of the analogy answers a plain question worse than a plain sentence
_SYNONYM_WORTH = 0.85  # a term of the glossary counts this much of the learner's own word
_ANAPHOR = re.compile(
    r"^[“\"(]?(?:It|Its|This|That|These|Those|They|Their|He|She|Her|His|Such|Both|Without (?:it|this|them))\b"
)
_CONNECTIVE_START = re.compile(r"^(?:But|And|Or|So)\s")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage and how well it fits the question.

    Attributes:
        similarity: cosine with the question, -1 to 1.
        share: weight of the question's words that it has, 0 to 1.
        score: rank within one question; higher is better.
    """

    passage: Passage
    span: Span
    similarity: float = 0.0
    share: float = 0.0
    score: float = 0.0

    @property
    def text(self) -> str:
        """Its words."""
        return self.span.of(self.passage.text)

    @property
    def word_count(self) -> int:
        """How many words it has."""
        return len(self.text.split())

    @property
    def leans_back(self) -> bool:
        """Whether it starts with a word that points at the sentence before it."""
        return bool(_ANAPHOR.match(self.text))


class CourseWords:
    """How telling each word of the course is: inverse document frequency over passages."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.stems: dict[str, frozenset[str]] = {
            passage.id: frozenset(content_stems(" ".join((passage.text, *passage.columns))))
            for passage in library.passages
        }
        counts: dict[str, int] = {}
        whole = [passage for passage in library.passages if not passage.kind.is_container]
        for passage in whole:
            for stem in self.stems[passage.id]:
                counts[stem] = counts.get(stem, 0) + 1
        self._size = max(1, len(whole))
        self._idf = {stem: math.log(1 + self._size / count) for stem, count in counts.items()}
        self.headings = frozenset(
            stem for passage in library.passages for heading in passage.heading_path for stem in content_stems(heading)
        )

    def weight(self, stem: str) -> float:
        """Idf of a stem; a word that the course does not have weighs as much as its rarest."""
        return self._idf.get(stem, math.log(1 + self._size))

    def __contains__(self, stem: object) -> bool:
        return stem in self._idf or stem in self.headings

    def share(self, wanted: Iterable[str], have: frozenset[str] | set[str]) -> float:
        """Weight of the `wanted` stems that `have` holds, as a share of all their weight; 0 to 1."""
        unique = set(wanted)
        total = sum(self.weight(stem) for stem in unique)
        return sum(self.weight(stem) for stem in unique if stem in have) / total if total else 0.0


class Evidence:
    """What was found for one question.

    Args:
        question: what is asked.
        hits: the retriever's passages, best first.
        words: the course's words.
    """

    def __init__(self, question: Question, hits: Sequence[Hit], words: CourseWords) -> None:
        self.question = question
        self.hits = tuple(hits)
        self.words = words
        self.library = words.library
        self._synonyms = dict(question.synonyms)
        self.expansion = tuple(stem for stem in content_stems(question.expansion) if stem not in question.terms)

    @cached_property
    def wanted(self) -> frozenset[str]:
        """Stems of the question and of its glossary expansion."""
        return frozenset((*self.question.terms, *self.expansion))

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences of the passages found, best first."""
        ranked = [
            self.rate(hit.passage, found.span, found.similarity, place)
            for place, hit in enumerate(self.hits)
            for found in hit.sentences
        ]
        return tuple(sorted(ranked, key=lambda sentence: -sentence.score))

    @cached_property
    def best_similarity(self) -> float:
        """Highest cosine between the question and a sentence or passage, the pull of the course's own name taken
        off; 0 where nothing was found."""
        best = max((hit.similarity for hit in self.hits), default=0.0)
        named = self.library.code.lower() in tokens(self.question.query or self.question.resolved)
        return best - _NAME_LIFT if named and len(self.question.terms) > 1 else best

    def rate(self, passage: Passage, span: Span, similarity: float, place: int) -> Sentence:
        """A sentence with its score."""
        have = set(content_stems(span.of(passage.text)))
        named = have | set(content_stems(passage.name)) | set(content_stems(passage.counterpart_name))
        share = self.covered(named)
        asked = _NEAREST * self.asked_alike(passage, span) + _VOTES * self.votes(passage, span)
        worth = _SITUATION_SHARE if self.question.intent is Intent.APPLY else _SHARE
        score = _SIMILARITY * similarity + worth * share + _PASSAGE / (1 + place) + asked
        if passage.kind in PICTURED and self.question.intent is not Intent.ANALOGY:
            score -= _PICTURE_PENALTY
        opens = bool(passage.sentences) and span == passage.sentences[0]
        if opens and _ANAPHOR.match(span.of(passage.text)):
            score -= _DANGLING_PENALTY
        return Sentence(passage, span, similarity, share, score)

    def asked_alike(self, passage: Passage, span: Span) -> float:
        """How like the question is the nearest of the course's probes that this sentence answers, 0 to 1."""
        answering = self._answering.get(passage.id, ())
        return max((near.similarity for place, near, _ in answering if place.overlaps(span)), default=0.0)

    def votes(self, passage: Passage, span: Span) -> float:
        """Share of the near probes' weight that speaks for this sentence, 0 to 1.

        A probe weighs by how near it is; one whose answer is many sentences gives each of them less.
        """
        return sum(weight for place, _, weight in self._answering.get(passage.id, ()) if place.overlaps(span))

    @cached_property
    def denying(self) -> tuple[Sentence, ...]:
        """The sentences again, those first that answer the nearest questions with a wrong premise."""
        wrong = [near for near in self.question.akin if near.probe.premise is False]
        return tuple(sorted(self.sentences, key=lambda one: -one.score - _DENIES * _share_denied(one, wrong)))

    def vote(self, chosen: Callable[[Probe], bool], sharpness: float = DECISIVE) -> float:
        """Share of the near probes' weight that is on `chosen` ones, 0 to 1; 0 where no probe is near.

        Args:
            chosen: tells which.
            sharpness: a probe nearer by 0.1 of cosine weighs exp(0.1 * sharpness) times as much.
        """
        weights = [math.exp(sharpness * near.similarity) for near in self.question.akin]
        spoken = (weight for weight, near in zip(weights, self.question.akin, strict=True) if chosen(near.probe))
        return sum(spoken) / (sum(weights) or 1.0)

    @cached_property
    def _answering(self) -> dict[str, list[tuple[Span, Akin, float]]]:
        """By passage id, where probes like the question are answered, with the weight of each vote."""
        weights = [math.exp(BROAD * near.similarity) for near in self.question.akin]
        total = sum(weights)
        found: dict[str, list[tuple[Span, Akin, float]]] = {}
        for near, weight in zip(self.question.akin, weights, strict=True):
            vote = weight / total / math.sqrt(len(near.probe.answers) or 1)
            for passage, place in near.probe.answers if not near.probe.gap else ():
                found.setdefault(passage, []).append((place, near, vote))
        return found

    def covered(self, have: set[str] | frozenset[str], asked: Sequence[str] | None = None) -> float:
        """Weight of the question's words (or of `asked`) that `have` holds, itself or by a glossary term, 0 to 1."""
        total = got = 0.0
        for stem in dict.fromkeys(self.question.terms if asked is None else asked):
            weight = self.words.weight(stem)
            total += weight
            if stem in have:
                got += weight
            else:
                got += weight * _SYNONYM_WORTH * self._by_synonym(stem, have)
        return got / total if total else 0.0

    def _by_synonym(self, stem: str, have: set[str] | frozenset[str]) -> float:
        """How fully the best of the stem's course terms is there, 0 to 1."""
        terms = self._synonyms.get(stem, ())
        return max((self.words.share(term, have) for term in terms if term), default=0.0)

    def similarity_of(self, passage: Passage) -> float:
        """Best cosine of a passage that was found; 0 for any other."""
        return next((hit.similarity for hit in self.hits if hit.passage.id == passage.id), 0.0)

    def rank_of(self, passage: Passage) -> int:
        """Place of the passage among those found, from 0; a large number for any other."""
        return next((place for place, hit in enumerate(self.hits) if hit.passage.id == passage.id), 99)

    def sentence_scores(self, passage: Passage) -> dict[Span, float]:
        """Cosines of the passage's sentences; empty for a passage that was not found."""
        for hit in self.hits:
            if hit.passage.id == passage.id:
                return {found.span: found.similarity for found in hit.sentences}
        return {}


def _share_denied(sentence: Sentence, wrong: Sequence[Akin]) -> float:
    """Share of the weight of near wrong premises that this sentence denies, 0 to 1."""
    weights = [math.exp(DECISIVE * near.similarity) for near in wrong]
    spoken = (
        weight
        for weight, near in zip(weights, wrong, strict=True)
        if any(
            passage == sentence.passage.id and place.overlaps(sentence.span) for passage, place in near.probe.answers
        )
    )
    return sum(spoken) / (sum(weights) or 1.0)


def with_context(sentence: Sentence) -> tuple[Sentence, ...]:
    """The sentence, after the one before it where it would not stand by itself."""
    if not sentence.leans_back:
        return (sentence,)
    spans = sentence.passage.sentences
    place = spans.index(sentence.span) if sentence.span in spans else 0
    if place == 0:
        return (sentence,)
    before = Sentence(sentence.passage, spans[place - 1], score=sentence.score)
    if before.leans_back and place > 1:
        return (Sentence(sentence.passage, spans[place - 2], score=sentence.score), before, sentence)
    return (before, sentence)


def with_sequel(sentence: Sentence, *, most: int = 32) -> tuple[Sentence, ...]:
    """The sentence in its context, and the next one where that goes on from it ("It signifies ...")."""
    chosen = with_context(sentence)
    spans = sentence.passage.sentences
    place = spans.index(sentence.span) + 1 if sentence.span in spans else len(spans)
    if place < len(spans):
        sequel = Sentence(sentence.passage, spans[place], score=sentence.score)
        if sequel.leans_back and sequel.word_count <= most:
            return (*chosen, sequel)
    return chosen


def starts_awkwardly(sentence: Sentence) -> bool:
    """Whether the sentence opens with a word that answers something said before ("However, ...")."""
    return bool(_CONNECTIVE_START.match(sentence.text))


def alike(first: str, second: str) -> float:
    """Share of content words in common (Jaccard), 0 to 1."""
    one, two = set(content_stems(first)), set(content_stems(second))
    return len(one & two) / len(one | two) if one | two else 0.0


def is_question(text: str) -> bool:
    """Whether the sentence asks instead of telling."""
    return text.rstrip('”"’)').endswith("?")


def prose(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Sentences that tell something: no questions, no bare lead-ins, no fragments of under four words."""
    return [
        sentence
        for sentence in sentences
        if not is_question(sentence.text) and not sentence.text.endswith(":") and len(tokens(sentence.text)) >= 4
    ]


PICTURED = (Kind.ANALOGY, Kind.PAIR)
