"""One index version, opened and checked."""

import weakref
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from chromadb.api.models.Collection import Collection

from cpom_tutor.errors import IndexDamaged
from cpom_tutor.library import Library
from cpom_tutor.protocols import Vectors
from cpom_tutor.retrieval.chroma import CONTENTS, PASSAGES, PROBES, REBUILD, SENTENCES, VECTORS, get_collection, guarded
from cpom_tutor.retrieval.contents import MANIFEST, Manifest, read_library
from cpom_tutor.retrieval.places import Place

_PAGE = 1000
_PROBES = 4
_SAME = 1e-3
"""Cosine distance under which two vectors are the same text."""


class IndexVersion:
    """A version that can be searched. Never changes, so it is safe to share between threads.

    The database is released when nobody holds the object any more.

    Args:
        place: where versions live.
        name: of the version.

    Raises:
        IndexDamaged: it fails its self-check; says how to rebuild it.
        IndexMismatch: it was written in another format.
    """

    def __init__(self, place: Place, name: str) -> None:
        self.name = name
        client = place.open(name)
        self._release = weakref.finalize(self, place.close, client)
        try:
            with guarded():
                self._contents = get_collection(client, name, CONTENTS)
                found = self._contents.get(ids=[MANIFEST])["documents"]
            if not found:
                raise IndexDamaged(f"The index version {name} has no manifest; {REBUILD}")
            self.manifest = Manifest.from_json(found[0])
            with guarded():  # an older format has other collections, so these come after the manifest
                self._vectors = {kind: get_collection(client, name, kind) for kind in VECTORS}
        except BaseException:
            self.close()
            raise

    @property
    def counts(self) -> Mapping[str, int]:
        """How many vectors each collection should hold."""
        manifest = self.manifest
        return {
            PASSAGES: manifest.passage_vectors, SENTENCES: manifest.sentence_vectors, PROBES: manifest.probe_vectors
        }  # fmt: skip

    def close(self) -> None:
        """Releases the database; otherwise it goes with the object."""
        self._release()

    def library(self) -> Library:
        """The version's text and structure.

        Raises:
            IndexDamaged: a part is missing or not what was written.
        """
        with guarded():
            found = self._contents.get()
            documents = dict(zip(found["ids"], found["documents"] or [], strict=True))
            return read_library(self.manifest, documents)

    def check(self) -> None:
        """Counts, and a few stored vectors that must find themselves.

        A lost vector file shows only in a query: the count stays right and the hits are few.

        Raises:
            IndexDamaged: something is not as it was written.
        """
        with guarded():
            for kind, expected in self.counts.items():
                _check_vectors(self._vectors[kind], kind, expected, self.manifest.dimension)

    def nearest(self, kind: str, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """Passage ids (of probes: their number) of the vectors nearest to `vector` (shape (dimension,)), best first,
        with cosines.

        A passage comes once for each of its vectors that is near.
        """
        count = min(count, self.counts[kind])
        if not count:
            return []
        with guarded():
            found = self._vectors[kind].query(
                query_embeddings=vector[np.newaxis], n_results=count, include=["distances"]
            )
        distances = (found["distances"] or [[]])[0]
        return [
            (key.rsplit("#", 1)[0], 1.0 - distance) for key, distance in zip(found["ids"][0], distances, strict=True)
        ]

    def vectors(self, kind: str, keys: Sequence[str]) -> dict[str, Vectors]:
        """Stored vectors by key (passage id, `#`, number from 0); keys that are not stored are left out."""
        found: dict[str, Vectors] = {}
        for start in range(0, len(keys), _PAGE):
            with guarded():
                page = self._vectors[kind].get(ids=list(keys[start : start + _PAGE]), include=["embeddings"])
            found.update(zip(page["ids"], _matrix(page["embeddings"]), strict=True))
        return found

    def vectors_by_text(self) -> dict[str, Vectors]:
        """Every stored vector by the hash of the text it was made from, for the next version to copy."""
        found: dict[str, Vectors] = {}
        for kind, expected in self.counts.items():
            for start in range(0, expected, _PAGE):
                with guarded():
                    page = self._vectors[kind].get(limit=_PAGE, offset=start, include=["embeddings", "metadatas"])
                hashes = [str(metadata["hash"]) for metadata in page["metadatas"] or []]
                found.update(zip(hashes, _matrix(page["embeddings"]), strict=True))
        return found


def _matrix(embeddings: object) -> Vectors:
    return np.asarray(embeddings, dtype=np.float32)


def _check_vectors(collection: Collection, kind: str, expected: int, dimension: int) -> None:
    if collection.count() != expected:
        raise IndexDamaged(f"The index holds {collection.count()} {kind} vectors instead of {expected}; {REBUILD}")
    if not expected:
        return
    wanted = min(expected, 10)
    for offset in _spread(expected):
        probe = collection.get(limit=1, offset=offset, include=["embeddings"])
        vector = _matrix(probe["embeddings"])
        if vector.shape != (1, dimension):
            raise IndexDamaged(f"The index holds {kind} vectors of another length; {REBUILD}")
        found = collection.query(query_embeddings=vector, n_results=wanted, include=["distances"])
        distances = (found["distances"] or [[]])[0]
        if len(distances) != wanted or distances[0] > _SAME:
            raise IndexDamaged(f"The index no longer finds its own {kind}; {REBUILD}")


def _spread(count: int) -> Iterable[int]:
    return sorted({position * (count - 1) // max(_PROBES - 1, 1) for position in range(_PROBES)})
