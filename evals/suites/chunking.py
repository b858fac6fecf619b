"""How much of what answers a question do five passages of a long text hold, and how much else?"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import bm25s
import numpy as np

from cpom_tutor.config import DEFAULT_EMBEDDER
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.retrieval.fusion import Scores
from cpom_tutor.retrieval.lexical import words_of
from evals import statistics
from evals.excerpts import Chunk, Question, Score, load, precision_omega, score
from evals.long_text import LongText, Passages
from evals.public_sets import public_file, skipped
from evals.report import OURS, Failure, Figure, Result, Target
from evals.runs import Run
from evals.splitters import Splitters

FIRST = 5
LONG, SHORT = 1200, 500
"""Characters of our passages: about 250 tokens, and a short paragraph."""
FULL, PRECISE = f"{OURS}, passages of {LONG} characters", f"{OURS}, passages of {SHORT} characters"
"""The best of the usual with BM25; by cosine it is as good as tokens 250/125, and as slow to embed."""
_CUT_OFF = f"{FULL}, cut off at the length of "
_TITLE = (
    f"Chroma's chunking evaluation (Smith and Troynikov, 2024): the characters that answer, among {FIRST} retrieved "
    "chunks; MiniLM throughout."
)
_NOTES = (
    "Measures as published. Precision-omega is that of the chunks themselves, whoever retrieves. Length counts what "
    "overlaps twice.",
    "Published on its five documents, MiniLM: recursive 200/0 recall 75.7 %, precision-omega 31.2 %, IoU 6.5 %; "
    "250/125 82.4 %. Best with text-embedding-3-large: recall 91.9 % (chunks by GPT-4o), IoU 8.0 % (cluster 200).",
    "Fewer documents leave fewer passages to be mistaken for the right one: only rows of one table compare.",
    "Tokens are the embedder's word pieces. Time: reading all documents, and asking every question.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One system on every question.

    Attributes:
        chunks: all that it can retrieve.
        found: what it retrieved, a question each, best first.
        seconds: to read the documents and answer the questions.
        dense: it ranks by cosine alone.
    """

    chunks: Sequence[Chunk]
    found: list[list[Chunk]]
    seconds: float
    dense: bool = False


def measure(run: Run) -> Result:
    """Recall, precision, precision-omega, IoU, length and time of our passages and of the usual chunks."""
    folder = public_file(run.settings, "chunking")
    if folder is None:
        return skipped("chunking", _TITLE, "chunking")
    documents, questions = load(folder)
    if not questions:
        return skipped("chunking", _TITLE, "chunking/questions.csv with its documents")
    embedder = SentenceTransformerEmbedder(DEFAULT_EMBEDDER)
    embedder.warm_up()
    rows = usual(documents, questions, embedder)
    rows |= ours(documents, questions, embedder)
    return _result(questions, rows)


def usual(
    documents: dict[str, str], questions: Sequence[Question], embedder: SentenceTransformerEmbedder
) -> dict[str, Row]:
    """The usual chunks, by cosine and by BM25."""
    splitters = Splitters(documents)
    cuts: dict[str, Callable[[], list[Chunk]]] = {
        "recursive 200/0": lambda: splitters.recursive(200, 0),
        "tokens 250/125": lambda: splitters.by_tokens(250, 125),
        "recursive 250/125": lambda: splitters.recursive(250, 125),
    }
    rows: dict[str, Row] = {}
    for name, cut in cuts.items():
        began = time.perf_counter()
        chunks = cut()
        texts = [documents[chunk.document][chunk.start : chunk.end] for chunk in chunks]
        cutting = time.perf_counter() - began
        vectors = embedder.embed(texts)
        asked = embedder.embed([question.text for question in questions])
        found = [_best(chunks, vectors @ vector) for vector in asked]
        rows[f"{name}, dense"] = Row(chunks, found, time.perf_counter() - began, dense=True)
        began = time.perf_counter()
        index = bm25s.BM25(k1=1.2, b=0.6, method="lucene")
        index.index([words_of(text) for text in texts], show_progress=False)
        found = [_best(chunks, _lexical(index, question.text, len(chunks))) for question in questions]
        rows[f"{name}, BM25"] = Row(chunks, found, cutting + time.perf_counter() - began)
    return rows


def ours(
    documents: dict[str, str], questions: Sequence[Question], embedder: SentenceTransformerEmbedder
) -> dict[str, Row]:
    """Our passages in two sizes, from the same sentences."""
    began = time.perf_counter()
    text = LongText(documents, embedder)
    reading = time.perf_counter() - began
    rows = {}
    for name, size in ((FULL, LONG), (PRECISE, SHORT)):
        began = time.perf_counter()
        passages = Passages(text, size)
        found = [passages.search(question.text, FIRST) for question in questions]
        rows[name] = Row(passages.chunks, found, reading + time.perf_counter() - began)
    return rows


def cut_off(found: Sequence[Chunk], characters: int) -> list[Chunk]:
    """The first so many characters of what was retrieved."""
    kept = []
    for chunk in found:
        if characters > 0:
            kept.append(Chunk(chunk.document, chunk.start, min(chunk.end, chunk.start + characters)))
        characters -= chunk.length
    return kept


def _lexical(index: bm25s.BM25, question: str, count: int) -> Scores:
    words = words_of(question)
    return np.asarray(index.get_scores(words), dtype=np.float32) if words else np.zeros(count, dtype=np.float32)


def _best(chunks: Sequence[Chunk], scores: Scores) -> list[Chunk]:
    return [chunks[place] for place in np.argsort(-scores, kind="stable")[:FIRST]]


def _result(questions: Sequence[Question], rows: dict[str, Row]) -> Result:
    scores = {name: _scores(questions, row.found) for name, row in rows.items()}
    omegas = {name: [precision_omega(question, row.chunks) for question in questions] for name, row in rows.items()}
    others = [name for name in rows if name not in (FULL, PRECISE)]
    dense = [name for name in others if rows[name].dense]
    best = max(others, key=lambda name: _mean(scores[name], "recall"))
    length = int(_mean(scores[best], "characters"))
    targets = {
        (FULL, "recall"): _mean(scores[best], "recall"),
        (PRECISE, "iou"): max(_mean(scores[name], "iou") for name in dense),
        (PRECISE, "precision_omega"): max(float(np.mean(omegas[name])) for name in dense),
    }
    figures: list[Figure] = []
    for name, row in rows.items():
        figures += _figures(questions, name, scores[name], omegas[name], targets)
        figures.append(Figure("time", row.seconds, len(questions), name, unit="s"))
    shortened = _scores(questions, [cut_off(found, length) for found in rows[FULL].found])
    figures += _beside(questions, best, scores[best], scores[FULL], shortened)
    figures += [
        _figure(f"recall at {FIRST}", questions, [each.recall for each in scores[name]], name, split=document)
        for document in dict.fromkeys(question.document for question in questions)
        for name in (best, FULL, PRECISE)
    ]
    return Result("chunking", _TITLE, tuple(figures), _NOTES, _failures(questions, scores[FULL]))


def _scores(questions: Sequence[Question], found: Sequence[Sequence[Chunk]]) -> list[Score]:
    return [score(question, chunks) for question, chunks in zip(questions, found, strict=True)]


def _mean(scores: Sequence[Score], measure: str) -> float:
    return float(np.mean([getattr(each, measure) for each in scores]))


def _figures(
    questions: Sequence[Question], name: str, scores: Sequence[Score], omegas: Sequence[float],
    targets: dict[tuple[str, str], float],
) -> list[Figure]:  # fmt: skip
    values = {
        "recall": (f"recall at {FIRST}", [each.recall for each in scores]),
        "precision": (f"precision at {FIRST}", [each.precision for each in scores]),
        "precision_omega": ("precision-omega", omegas),
        "iou": (f"IoU at {FIRST}", [each.iou for each in scores]),
    }
    figures = [
        _figure(title, questions, shares, name, target=Target(targets[name, key]) if (name, key) in targets else None)
        for key, (title, shares) in values.items()
    ]
    lengths = statistics.mean([float(each.characters) for each in scores], [each.region for each in questions])
    return [*figures, Figure.of(f"length of the {FIRST}", lengths, system=name, unit="characters")]


def _beside(
    questions: Sequence[Question], best: str, theirs: Sequence[Score], full: Sequence[Score], short: Sequence[Score]
) -> list[Figure]:
    """Ours minus the best of the usual, question by question, and ours at their length."""
    differences = [one.recall - other.recall for one, other in zip(full, theirs, strict=True)]
    return [
        _figure(f"recall at {FIRST}", questions, differences, f"{FULL} − {best}"),
        _figure(f"recall at {FIRST}", questions, [each.recall for each in short], _CUT_OFF + best),
    ]


def _figure(
    measure: str, questions: Sequence[Question], values: Sequence[float], system: str,
    *, split: str = "all", target: Target | None = None,
) -> Figure:  # fmt: skip
    kept = [place for place, each in enumerate(questions) if split in ("all", each.document)]
    estimate = statistics.mean([values[place] for place in kept], [questions[place].region for place in kept])
    return Figure.of(measure, estimate, system=system, split=split, unit="%", target=target)


def _failures(questions: Sequence[Question], scores: Sequence[Score]) -> tuple[Failure, ...]:
    return tuple(
        Failure(question.region, question.text, f"{100 * each.recall:.0f} % of what answers was retrieved")
        for question, each in zip(questions, scores, strict=True)
        if each.recall < 0.5
    )
