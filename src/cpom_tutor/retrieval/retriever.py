"""Opening the index and searching it."""

import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from cpom_tutor.config import Settings
from cpom_tutor.course import Passage
from cpom_tutor.errors import IndexDamaged, IndexMismatch, IndexMissing, TutorError
from cpom_tutor.library import Library
from cpom_tutor.protocols import Akin, Embedder, Hit, SentenceHit, Vectors
from cpom_tutor.retrieval.chroma import PASSAGES, PROBES, SENTENCES
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.retrieval.fusion import Scores, fuse
from cpom_tutor.retrieval.lexical import LexicalIndex
from cpom_tutor.retrieval.places import Place, place_of
from cpom_tutor.retrieval.version import IndexVersion

DENSE_WEIGHT = 0.65
EXPANSION_WEIGHT = 0.5
EXPANSION_SHARE = 0.3
"""Of the direction that is searched; the rest is the learner's own words."""
PROBE_WEIGHT = 0.5
"""Of what resembles a learner's question that is kept with the course; the rest is the passages' own words."""
FAR, NEAR = 0.3, 0.5
"""Cosine of the nearest such question up to which it says nothing, and from which it has its full weight: a section
for which nobody has written questions is still found by its own words."""
VERBATIM = 0.8
"""Cosine from which a sentence is taken to be what is asked for, as a probe of its own would be."""
NEIGHBOURS = 30
"""Probes looked at."""
CANDIDATES = 60
"""Of each kind of evidence; together they are ranked exactly."""
LOOK_EVERY = 1.0
"""Seconds between two looks for a new version."""

_log = logging.getLogger(__name__)


def open_index(settings: Settings, embedder: Embedder | None = None) -> "CourseRetriever":
    """Opens the current index version.

    Args:
        settings: where the index is and which embedder it should have been made with.
        embedder: to share one that is loaded already.

    Raises:
        IndexMissing: there is no index yet.
        IndexDamaged: it fails its self-check.
        IndexMismatch: it was made with another embedder or in another format.
    """
    place = place_of(settings)
    pointer = place.pointer()
    if pointer is None:
        where = settings.chroma_url or settings.home
        raise IndexMissing(
            f"There is no course index in {where}; run: python -m ingest (or set CPOM_TUTOR_HOME to a folder with one)"
        )
    return CourseRetriever(place, pointer.version, embedder or SentenceTransformerEmbedder(settings.embedder))


@dataclass(frozen=True)
class Snapshot:
    """All that one search needs of one version; searches in flight keep theirs when a new one comes."""

    version: IndexVersion
    library: Library
    passages: tuple[Passage, ...]
    positions: dict[str, int]
    lexical: LexicalIndex
    vectors: dict[str, tuple[Vectors, Vectors]] = field(default_factory=dict)


class CourseRetriever:
    """Dense and lexical search over the current index version; follows a re-ingest while serving.

    Safe to share between threads. Implements `protocols.Retriever`.
    """

    def __init__(self, place: Place, name: str, embedder: Embedder) -> None:
        self._place = place
        self._embedder = embedder
        self._snapshot = _open(place, name, embedder)
        self._looking = threading.Lock()
        self._looked_at = time.monotonic()
        self._failed: str | None = None

    @property
    def library(self) -> Library:
        """The text of the current version; a new one is noticed here as well as when searching."""
        return self._current().library

    @property
    def fingerprint(self) -> str:
        """Of the version that is being searched; recorded with each turn."""
        return self._snapshot.library.fingerprint

    def warm_up(self) -> None:
        """Loads the embedder and reads all vectors once, so that the first learner does not wait."""
        self.search("pharmacy operations", 1)

    def search(self, query: str, limit: int = 10, *, expansion: str = "") -> tuple[Hit, ...]:
        """The best passages for `query`, best first; lists and tables come as their parts.

        Args:
            query: what is asked, spelling already mended.
            limit: at most so many.
            expansion: the course's words for the query's everyday words; weighs less than the query, and
                draws the cosines towards itself.

        Raises:
            IndexDamaged: the index was damaged while serving.
            EmbedderUnavailable: the model cannot be loaded.
        """
        if not query.strip() or limit < 1:
            return ()
        snapshot = self._current()
        vector = self._direction(query, expansion)
        lexical = snapshot.lexical.scores(query)
        weighted = lexical
        if expansion.strip():
            weighted = lexical + np.float32(EXPANSION_WEIGHT) * snapshot.lexical.scores(expansion)
        asked = _asked(snapshot, _akin(snapshot, self._vector_of(query), NEIGHBOURS))
        candidates = _candidates(snapshot, vector, weighted, asked)
        evidence = _evidence(snapshot, candidates)
        whole = np.array([_best(windows @ vector) for windows, _ in evidence], dtype=np.float32)
        cosines = [sentences @ vector for _, sentences in evidence]
        # The mean of the passage and its best sentence: a sentence alone misleads as often as it helps.
        closest = np.array([_best(each) for each in cosines], dtype=np.float32)
        dense = (whole + closest) / np.float32(2)
        fused = fuse(dense, weighted[candidates], DENSE_WEIGHT)
        if asked:
            floor = min(asked.values())
            # A passage that says nearly what is asked, word for word, needs nobody to have asked it before.
            known = np.array([asked.get(position, floor) for position in candidates], dtype=np.float32)
            known = np.where(closest >= VERBATIM, np.maximum(known, closest), known)
            nearness = min(max((max(asked.values()) - FAR) / (NEAR - FAR), 0.0), 1.0)
            fused = fuse(known, fused, PROBE_WEIGHT * nearness)
        order = sorted(range(len(candidates)), key=lambda place: (-float(fused[place]), candidates[place]))
        return tuple(
            _hit(
                snapshot.passages[candidates[place]], float(fused[place]), float(whole[place]),
                float(lexical[candidates[place]]), cosines[place],
            )
            for place in order[:limit]
        )  # fmt: skip

    def akin(self, query: str, limit: int = 40) -> tuple[Akin, ...]:
        """The probes nearest to `query`, best first.

        Raises:
            IndexDamaged: the index was damaged while serving.
            EmbedderUnavailable: the model cannot be loaded.
        """
        if not query.strip() or limit < 1:
            return ()
        return _akin(self._current(), self._vector_of(query), limit)

    def _direction(self, query: str, expansion: str) -> Vectors:
        """The unit vector to search for, shape (dimension,)."""
        plain = self._vector_of(query)
        if not expansion.strip():
            return plain
        expanded = self._embedder.embed([f"{query} {expansion}"])[0]
        mixed = (1 - EXPANSION_SHARE) * plain + EXPANSION_SHARE * expanded
        return np.asarray(mixed / np.linalg.norm(mixed), dtype=np.float32)

    def _vector_of(self, query: str) -> Vectors:
        return np.asarray(self._embedder.embed([query])[0])

    def _current(self) -> Snapshot:
        """The snapshot to search; one thread at a time looks for a new version, the others go on."""
        if time.monotonic() - self._looked_at >= LOOK_EVERY and self._looking.acquire(blocking=False):
            try:
                self._follow()
            finally:
                self._looked_at = time.monotonic()
                self._looking.release()
        return self._snapshot

    def _follow(self) -> None:
        try:
            pointer = self._place.pointer()
            if pointer is None or pointer.version in (self._snapshot.version.name, self._failed):
                return
            name = pointer.version
            self._failed = name
            self._snapshot = _open(self._place, name, self._embedder)
            self._failed = None
        except TutorError as error:
            # The version in hand still answers; the person who ingested has been told as well.
            _log.warning("The new index version is not used: %s", error)


def _open(place: Place, name: str, embedder: Embedder) -> Snapshot:
    version = IndexVersion(place, name)
    if version.manifest.embedder != embedder.name:
        version.close()
        raise IndexMismatch(
            f"The index was made with the embedder {version.manifest.embedder}, not {embedder.name}; "
            "run: python -m ingest (or set CPOM_TUTOR_EMBEDDER back)"
        )
    version.check()
    library = version.library()
    passages = tuple(passage for passage in library.passages if not passage.kind.is_container)
    return Snapshot(
        version=version,
        library=library,
        passages=passages,
        positions={passage.id: position for position, passage in enumerate(passages)},
        lexical=LexicalIndex(library, passages),
    )


def _akin(snapshot: Snapshot, vector: Vectors, limit: int) -> tuple[Akin, ...]:
    near = snapshot.version.nearest(PROBES, vector, limit)
    return tuple(Akin(snapshot.library.probes[int(number)], similarity) for number, similarity in near)


def _asked(snapshot: Snapshot, akin: Iterable[Akin]) -> dict[int, float]:
    """Positions of the passages that answer a probe, with the highest cosine of such a probe."""
    found: dict[int, float] = {}
    for near in akin:
        for passage, _ in near.probe.answers if not near.probe.gap else ():
            position = snapshot.positions[passage]
            found[position] = max(near.similarity, found.get(position, -1.0))
    return found


def _candidates(snapshot: Snapshot, vector: Vectors, lexical: Scores, asked: Iterable[int]) -> list[int]:
    """Positions of the passages that any kind of evidence speaks for, in reading order."""
    found = set(asked)
    # Several sentences of a passage may be near, so more of them are asked for.
    for kind, count in ((PASSAGES, CANDIDATES), (SENTENCES, 3 * CANDIDATES)):
        near = snapshot.version.nearest(kind, vector, count)
        found.update(snapshot.positions[passage] for passage, _ in near)
    best = np.argsort(-lexical, kind="stable")[:CANDIDATES]
    found.update(int(position) for position in best if lexical[position] > 0)
    return sorted(found)


def _evidence(snapshot: Snapshot, candidates: Iterable[int]) -> list[tuple[Vectors, Vectors]]:
    """Window and sentence vectors of each candidate; read from the index once and then remembered."""
    passages = [snapshot.passages[position] for position in candidates]
    missing = [passage for passage in passages if passage.id not in snapshot.vectors]
    if missing:
        windows = {
            passage.id: [
                f"{passage.id}#{number}" for number in range(snapshot.version.manifest.windows.get(passage.id, 1))
            ]
            for passage in missing
        }
        sentences = {
            passage.id: [f"{passage.id}#{number}" for number in range(len(passage.sentences))] for passage in missing
        }
        stored = [
            snapshot.version.vectors(kind, [key for keys in wanted.values() for key in keys])
            for kind, wanted in ((PASSAGES, windows), (SENTENCES, sentences))
        ]
        try:
            for passage in missing:
                snapshot.vectors[passage.id] = (
                    np.stack([stored[0][key] for key in windows[passage.id]]),
                    np.stack([stored[1][key] for key in sentences[passage.id]]),
                )
        except KeyError as error:
            raise IndexDamaged(f"The index lost the vector {error.args[0]}; run: python -m ingest --rebuild") from error
    return [snapshot.vectors[passage.id] for passage in passages]


def _best(cosines: Scores) -> float:
    return float(cosines.max()) if cosines.size else -1.0


def _hit(passage: Passage, score: float, whole: float, lexical: float, cosines: Scores) -> Hit:
    sentences = sorted(
        (SentenceHit(span, float(cosine)) for span, cosine in zip(passage.sentences, cosines, strict=True)),
        key=lambda found: -found.similarity,
    )
    similarity = max([whole, *(found.similarity for found in sentences)])
    return Hit(passage, score, similarity, lexical, tuple(sentences))
