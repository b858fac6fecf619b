"""Reading a text that has no structure: passages of whole sentences, ranked with what stands around them.

A composition of the tutor's own parts: its sentences, embedder, stems, and its fusion of cosines with BM25.
Only sentences are embedded, once. A passage has the mean of its sentences' vectors, weighted by their length,
and BM25 from the sums of its sentences' words, so passages of any size are scored without another pass of the
model. A passage is ranked by itself and, with equal weight, by itself with what stands around it at two wider
sizes: a paragraph that says "the game" is found by the page that names it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cpom_tutor.grounding.sentences import split_sentences
from cpom_tutor.protocols import Embedder, Vectors
from cpom_tutor.retrieval.fusion import Scores, fuse
from cpom_tutor.retrieval.lexical import words_of
from cpom_tutor.retrieval.retriever import DENSE_WEIGHT
from evals.excerpts import Chunk, Range

AROUND = (2, 6)
"""How many times as long as a passage the stretches around it are that are weighed with it."""
_LONGEST_SENTENCE = 400
"""Characters; what has no end of a sentence for so long is cut between words."""
_K1, _B = 1.2, 0.6  # as in retrieval/lexical.py

Places = NDArray[np.intp]


class LongText:
    """Documents as one list of embedded sentences.

    Args:
        documents: plain text by name; none blank.
        embedder: embeds each sentence once.
    """

    def __init__(self, documents: Mapping[str, str], embedder: Embedder) -> None:
        self.embedder = embedder
        self.sentences = [Chunk(name, *each) for name, text in documents.items() for each in sentences_of(text)]
        texts = [documents[each.document][each.start : each.end] for each in self.sentences]
        self.starts = np.array([each.start for each in self.sentences], dtype=np.intp)
        self.ends = np.array([each.end for each in self.sentences], dtype=np.intp)
        names = [each.document for each in self.sentences]
        self.documents = [(names.index(name), names.index(name) + names.count(name)) for name in dict.fromkeys(names)]
        self.vectors = _running_sum(embedder.embed(texts) * (self.ends - self.starts)[:, None])
        stems = [words_of(text) for text in texts]
        self.words = _running_sum(np.array([len(each) for each in stems]))
        self._places: dict[str, list[int]] = {}
        for place, words in enumerate(stems):
            for word in words:
                self._places.setdefault(word, []).append(place)

    def running_count(self, word: str) -> NDArray[np.float64]:
        """How often a stem stands in the first 0, 1, 2 ... sentences, shape (sentences + 1,)."""
        return _running_sum(np.bincount(self._places.get(word, []), minlength=len(self.sentences)))


class Passages:
    """The text cut once, before any question, into whole sentences that do not overlap.

    Args:
        text: embedded already; several cuts may share it.
        size: at most so many characters a passage, and always one sentence.
    """

    def __init__(self, text: LongText, size: int) -> None:
        self._text = text
        starts, ends = _cut(text, size)
        self.chunks: Sequence[Chunk] = [
            Chunk(text.sentences[left].document, text.sentences[left].start, text.sentences[right - 1].end)
            for left, right in zip(starts, ends, strict=True)
        ]
        wider = [_widened(text, starts, ends, times * size) for times in AROUND]
        self._scales = [_scale(text, *each) for each in [(starts, ends), *wider]]

    def search(self, question: str, limit: int) -> list[Chunk]:
        """The best passages for a question, at most `limit`, best first."""
        vector = self._text.embedder.embed([question])[0]
        words = words_of(question)
        scores = np.sum(
            [fuse(scale.vectors @ vector, _bm25(self._text, words, scale), DENSE_WEIGHT) for scale in self._scales],
            axis=0,
        )
        return [self.chunks[place] for place in np.argsort(-scores, kind="stable")[:limit]]


@dataclass(frozen=True, slots=True)
class _Scale:
    """One stretch a passage: the passage itself, or with more around it.

    Attributes:
        starts, ends: the first sentence of each and the one after its last, shape (passages,).
        vectors: shape (passages, dimension), L2-normalised.
        words: how many stems each has, shape (passages,).
    """

    starts: Places
    ends: Places
    vectors: Vectors
    words: Scores


def sentences_of(text: str) -> Iterator[Range]:
    """The sentences of a plain text: a line's end always separates, and none is longer than 400 characters."""
    line_start = 0
    for line in text.splitlines(keepends=True):
        for span in split_sentences(line):
            yield from _short(text, line_start + span.start, line_start + span.end)
        line_start += len(line)


def _short(text: str, start: int, end: int) -> Iterator[Range]:
    """The stretch, in parts of about equal length that end between words where it is too long."""
    while end - start > _LONGEST_SENTENCE:
        parts = -(-(end - start) // _LONGEST_SENTENCE)
        target = start + (end - start) // parts
        gap = text.rfind(" ", start + 1, target + 1)
        cut = gap if gap > start else target
        yield start, cut
        start = cut + len(text[cut:end]) - len(text[cut:end].lstrip())
    if start < end:
        yield start, end


def _cut(text: LongText, size: int) -> tuple[Places, Places]:
    """The first sentence of each passage and the one after its last, in reading order."""
    starts, ends = [], []
    for first, after in text.documents:
        place = first
        while place < after:
            starts.append(place)
            fitting = first + int(np.searchsorted(text.ends[first:after], text.starts[place] + size, side="right"))
            place = max(place + 1, fitting)
            ends.append(place)
    return np.array(starts, dtype=np.intp), np.array(ends, dtype=np.intp)


def _widened(text: LongText, starts: Places, ends: Places, size: int) -> tuple[Places, Places]:
    """The passages with as much on either side as makes `size` characters, within their document."""
    starts, ends = starts.copy(), ends.copy()
    for first, after in text.documents:
        inside = (starts >= first) & (starts < after)
        middle = (text.starts[starts[inside]] + text.ends[ends[inside] - 1]) // 2
        left = first + np.searchsorted(text.starts[first:after], middle - size // 2, side="left")
        right = first + np.searchsorted(text.ends[first:after], middle + size // 2, side="right")
        starts[inside] = np.minimum(left, starts[inside])
        ends[inside] = np.maximum(right, ends[inside])
    return starts, ends


def _scale(text: LongText, starts: Places, ends: Places) -> _Scale:
    vectors = text.vectors[ends] - text.vectors[starts]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    words = text.words[ends] - text.words[starts]
    return _Scale(starts, ends, vectors.astype(np.float32), words.astype(np.float32))


def _bm25(text: LongText, words: Sequence[str], scale: _Scale) -> Scores:
    """BM25 of each stretch in Lucene's variant: what retrieval/lexical.py gives for the same texts."""
    count = len(scale.starts)
    scores = np.zeros(count)
    discount = _K1 * (1 - _B + _B * scale.words / max(float(scale.words.mean()), 1.0))
    for word in words:
        running = text.running_count(word)
        times = running[scale.ends] - running[scale.starts]
        holding = int((times > 0).sum())
        scores += np.log(1 + (count - holding + 0.5) / (holding + 0.5)) * times / (times + discount)
    return scores.astype(np.float32)


def _running_sum(values: NDArray[np.generic]) -> NDArray[np.float64]:
    """The sums of the first 0, 1, 2 ... values along the first axis."""
    summed = np.cumsum(values, axis=0, dtype=np.float64)
    return np.concatenate([np.zeros((1, *summed.shape[1:])), summed])
