"""Questions with the exact excerpts that answer them, and how much of those is retrieved.

The measures are those of B. Smith and A. Troynikov, "Evaluating Chunking Strategies for Retrieval", Chroma
technical report, 2024, over ranges of characters, as their published evaluation computes them: the length of
what was retrieved counts characters of overlapping chunks twice, and ranges that only touch do meet.
"""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

Range = tuple[int, int]
"""Characters of a document, start inclusive, end exclusive."""

_REGION = 4000
"""Characters; excerpts in one such stretch of a document are one cluster."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of a document that can be retrieved, or was."""

    document: str
    start: int
    end: int

    @property
    def length(self) -> int:
        """In characters."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one document.

    Attributes:
        text: as asked.
        document: the name of the document.
        excerpts: what answers it.
    """

    text: str
    document: str
    excerpts: tuple[Range, ...]

    @property
    def region(self) -> str:
        """Where its first excerpt stands: questions about one region fall or stand together."""
        return f"{self.document}:{min(start for start, _ in self.excerpts) // _REGION}"


@dataclass(frozen=True, slots=True)
class Score:
    """One question's shares, 0 to 1, and the characters that were retrieved for it."""

    recall: float
    precision: float
    iou: float
    characters: int


def load(folder: Path) -> tuple[dict[str, str], list[Question]]:
    """The documents that stand in the folder, by name, and the questions about them.

    Args:
        folder: with `questions.csv` and the documents, `<corpus_id>.md`.
    """
    # As bytes: line ends are characters that the offsets count.
    documents = {path.stem: path.read_bytes().decode("utf-8") for path in sorted(folder.glob("*.md"))}
    questions = []
    with (folder / "questions.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            excerpts = tuple((each["start_index"], each["end_index"]) for each in json.loads(row["references"]))
            if row["corpus_id"] in documents:
                questions.append(Question(row["question"], row["corpus_id"], excerpts))
    return documents, questions


def score(question: Question, retrieved: Sequence[Chunk]) -> Score:
    """Recall, precision and intersection over union of what was retrieved for a question."""
    found = _total(_common(question, retrieved))
    missed = _total(_union(question.excerpts)) - found
    characters = sum(chunk.length for chunk in retrieved)
    return Score(
        recall=found / _total(question.excerpts),
        precision=found / characters if characters else 0.0,
        iou=found / (characters + missed) if characters + missed else 0.0,
        characters=characters,
    )


def precision_omega(question: Question, chunks: Iterable[Chunk]) -> float:
    """The precision of a perfect retriever: of all chunks that hold any of the excerpts, and nothing else.

    Args:
        question: with its excerpts.
        chunks: everything that can be retrieved.
    """
    holding = [chunk for chunk in chunks if _common(question, [chunk])]
    whole = _union([*((chunk.start, chunk.end) for chunk in holding), *question.excerpts])
    return _total(_common(question, holding)) / _total(whole)


def _common(question: Question, chunks: Iterable[Chunk]) -> list[Range]:
    """The parts of the excerpts that the chunks hold; a chunk that only touches one gives an empty range."""
    parts = [
        (max(start, chunk.start), min(end, chunk.end))
        for chunk in chunks
        if chunk.document == question.document
        for start, end in question.excerpts
    ]
    return _union([(start, end) for start, end in parts if start <= end])


def _union(ranges: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _total(ranges: Iterable[Range]) -> int:
    return sum(end - start for start, end in ranges)
