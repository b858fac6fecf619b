"""Writing one index version: what is embedded, what is stored, and whether it can be read back."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from cpom_tutor.errors import IndexDamaged
from cpom_tutor.library import Library
from cpom_tutor.protocols import Embedder, Vectors
from cpom_tutor.retrieval.chroma import CONTENTS, PASSAGES, PROBES, SENTENCES, create_collection
from cpom_tutor.retrieval.contents import FORMAT, MANIFEST, Manifest, digest_of, library_documents
from cpom_tutor.retrieval.places import Place
from cpom_tutor.retrieval.version import IndexVersion
from ingest.windows import passage_windows, sentence_text

Progress = Callable[[str], None]

_BATCH = 500
_EMBED_BATCH = 256


@dataclass(frozen=True, slots=True)
class Plan:
    """The texts to embed, by passage id (probes: by number), in the order of their vectors."""

    windows: Mapping[str, tuple[str, ...]]
    sentences: Mapping[str, tuple[str, ...]]
    probes: Mapping[str, tuple[str, ...]]

    def texts(self) -> list[str]:
        """Every text once."""
        every = [*self.windows.values(), *self.sentences.values(), *self.probes.values()]
        return list(dict.fromkeys(text for texts in every for text in texts))


def plan_texts(library: Library, embedder: Embedder) -> Plan:
    leaves = [passage for passage in library.passages if not passage.kind.is_container]
    return Plan(
        windows={passage.id: passage_windows(library, passage, embedder) for passage in leaves},
        sentences={
            passage.id: tuple(sentence_text(passage, number) for number in range(len(passage.sentences)))
            for passage in leaves
        },
        probes={str(number): (probe.question,) for number, probe in enumerate(library.probes)},
    )


def embed_texts(texts: list[str], embedder: Embedder, progress: Progress) -> dict[str, Vectors]:
    found: dict[str, Vectors] = {}
    for start in range(0, len(texts), _EMBED_BATCH):
        batch = texts[start : start + _EMBED_BATCH]
        found.update(zip(map(text_hash, batch), embedder.embed(batch), strict=True))
        progress(f"Embedded {start + len(batch)} of {len(texts)} texts")
    return found


def write_version(
    place: Place,
    name: str,
    library: Library,
    corpus_digest: str,
    plan: Plan,
    vectors: Mapping[str, Vectors],
    embedder: Embedder,
) -> None:
    documents = library_documents(library)
    manifest = Manifest(
        format=FORMAT,
        embedder=embedder.name,
        dimension=len(next(iter(vectors.values()))),
        corpus=corpus_digest,
        fingerprint=library.fingerprint,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        passage_vectors=sum(map(len, plan.windows.values())),
        sentence_vectors=sum(map(len, plan.sentences.values())),
        probe_vectors=len(plan.probes),
        code=library.code,
        title=library.title,
        sections=tuple(section.number for section in library.sections),
        windows={passage: len(texts) for passage, texts in plan.windows.items() if len(texts) > 1},
        digests={key: digest_of(document) for key, document in documents.items()},
    )
    client = place.create(name)
    try:
        for kind, texts in ((PASSAGES, plan.windows), (SENTENCES, plan.sentences), (PROBES, plan.probes)):
            collection = create_collection(client, name, kind)
            rows = [
                (f"{passage}#{number}", passage, text)
                for passage, several in texts.items()
                for number, text in enumerate(several)
            ]
            for start in range(0, len(rows), _BATCH):
                batch = rows[start : start + _BATCH]
                hashes = [text_hash(text) for *_, text in batch]
                collection.add(
                    ids=[key for key, *_ in batch],
                    embeddings=np.stack([vectors[each] for each in hashes]),
                    documents=[text for *_, text in batch],
                    metadatas=[
                        {"hash": key_hash, "passage": passage}
                        for key_hash, (_, passage, _) in zip(hashes, batch, strict=True)
                    ],
                )
        contents = create_collection(client, name, CONTENTS)
        for key, document in {**documents, MANIFEST: manifest.to_json()}.items():
            contents.add(ids=[key], embeddings=np.ones((1, 1), dtype=np.float32), documents=[document])
    finally:
        place.close(client)


def verify_version(place: Place, name: str, fingerprint: str) -> None:
    """Opens the new version as a reader would, before any reader does."""
    version = IndexVersion(place, name)
    try:
        version.check()
        if version.library().fingerprint != fingerprint:
            raise IndexDamaged("The new index version is not what was written; run: python -m ingest --rebuild")
    finally:
        version.close()


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
