"""The corpus folder -> a new index version in service."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from chromadb.errors import ChromaError
from filelock import FileLock, Timeout

from cpom_tutor.config import Settings
from cpom_tutor.errors import BadInput, IndexBusy, IndexDamaged, IndexMismatch, TutorError
from cpom_tutor.library import Library
from cpom_tutor.protocols import Embedder
from cpom_tutor.retrieval.contents import fingerprint_of
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.retrieval.places import Place, Pointer, place_of
from cpom_tutor.retrieval.version import IndexVersion
from ingest.build import Progress, embed_texts, plan_texts, text_hash, verify_version, write_version
from ingest.ledger import retire
from ingest.load import Corpus, load_corpus
from ingest.report import IngestReport


def ingest(
    corpus: Path,
    settings: Settings,
    *,
    rebuild: bool = False,
    check_only: bool = False,
    progress: Progress = lambda _line: None,
    embedder: Embedder | None = None,
) -> IngestReport:
    """Brings the index in line with the corpus folder.

    What cannot be used is left out and named in the report. The version in service stays in service until
    the new one is complete and has passed its self-check; killing the process at any moment loses nothing.

    Args:
        corpus: the corpus folder.
        settings: where the index is, and the embedder.
        rebuild: compute every vector again, whatever is there.
        check_only: read and compare, write nothing.
        progress: told one line at a time.
        embedder: to share one that is loaded already; by default the one that the settings name.

    Raises:
        BadInput: there is no corpus, or the home folder cannot be written.
        IndexBusy: another process is writing the index.
        EmbedderUnavailable: the model cannot be loaded.
        IndexMissing: the Chroma server does not answer.
    """
    began = time.monotonic()
    found = load_corpus(corpus)
    place = place_of(settings)
    embedder = embedder or SentenceTransformerEmbedder(settings.embedder)
    if check_only:
        report = _compare(found, _Served.read(place, progress))
    else:
        with _sole_writer(settings):
            report = _bring_in_line(found, place, embedder, rebuild, progress)
    return replace(report, seconds=time.monotonic() - began)


@contextmanager
def _sole_writer(settings: Settings) -> Iterator[None]:
    lock = FileLock(settings.home / "ingest.lock")
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout:
        raise IndexBusy(
            f"Another process is writing the index in {settings.home}; wait for it to end, then try again."
        ) from None
    except OSError as error:
        raise BadInput(
            f"The folder {settings.home} cannot be written ({error.strerror}); set CPOM_TUTOR_HOME to one that can"
        ) from error
    try:
        yield
    finally:
        lock.release()


@dataclass(frozen=True)
class _Served:
    """What is in service: perhaps nothing, perhaps damaged.

    `version` is set only where its vectors can be trusted; `library` where ids can be compared.
    """

    pointer: Pointer | None = None
    version: IndexVersion | None = None
    library: Library | None = None

    @classmethod
    def read(cls, place: Place, progress: Progress) -> "_Served":
        try:
            pointer = place.pointer()
        except IndexDamaged as error:
            progress(f"{error} (building a new one)")
            return cls()
        if pointer is None:
            return cls()
        try:
            version = IndexVersion(place, pointer.version)
            version.check()
            return cls(pointer, version, version.library())
        except (IndexDamaged, IndexMismatch) as error:
            progress(f"{error} (building a new one)")
        # The ledger of the version before is better than none.
        try:
            return cls(pointer, None, IndexVersion(place, pointer.previous).library())
        except TutorError:
            return cls(pointer)


def _compare(corpus: Corpus, served: _Served) -> IngestReport:
    before = {passage.id for passage in served.library.passages} if served.library else set()
    after = {passage.id for loaded in corpus.sections for passage in loaded.passages}
    return IngestReport(
        sections=len(corpus.sections),
        added=len(after - before),
        unchanged=len(after & before),
        removed=len(before - after),
        embedded=0,
        refused=corpus.refused,
        fingerprint=served.version.manifest.fingerprint if served.version else "",
        built=False,
        seconds=0.0,
    )


def _bring_in_line(corpus: Corpus, place: Place, embedder: Embedder, rebuild: bool, progress: Progress) -> IngestReport:
    served = _Served.read(place, progress)
    report = _compare(corpus, served)
    if not corpus.sections:
        return report  # everything was refused: what is in service is better than an empty index
    fingerprint = fingerprint_of(corpus.digest, embedder.name)
    if served.version and not rebuild and served.version.manifest.fingerprint == fingerprint:
        return report
    _drop_leftovers(place, served.pointer)
    library = replace(corpus.library(fingerprint), retired=retire(served.library, corpus.library()))
    progress(f"Reading {len(library.passages)} passages of {len(library.sections)} section(s)")
    plan = plan_texts(library, embedder)
    old = served.version
    same_embedder = old is not None and old.manifest.embedder == embedder.name
    known = old.vectors_by_text() if old and same_embedder and not rebuild else {}
    missing = [text for text in plan.texts() if text_hash(text) not in known]
    known.update(embed_texts(missing, embedder, progress))
    name = _next_name(place, fingerprint)
    try:
        with _writable(place):
            write_version(place, name, library, corpus.digest, plan, known, embedder)
        progress("Checking the new index version")
        verify_version(place, name, fingerprint)
        previous = served.pointer.version if served.pointer else ""
        place.publish(Pointer(name, previous))
    except BaseException:
        pointer = place.pointer()
        if pointer is None or pointer.version != name:  # an interrupt may come just after the switch
            place.drop(name)
        raise
    _drop_leftovers(place, Pointer(name, previous))
    return replace(report, embedded=len(missing), fingerprint=fingerprint, built=True)


@contextmanager
def _writable(place: Place) -> Iterator[None]:
    try:
        yield
    except (OSError, ChromaError) as error:
        raise BadInput(
            f"The new index version cannot be written to {place} ({error}); "
            "check that there is space and that you may write there"
        ) from error


def _drop_leftovers(place: Place, pointer: Pointer | None) -> None:
    """Removes what killed builds left, and versions that no reader should use any more."""
    kept = {pointer.version, pointer.previous} if pointer else set()
    for name in place.versions():
        if name not in kept:
            place.drop(name)


def _next_name(place: Place, fingerprint: str) -> str:
    last = max((int(name.split("-")[1]) for name in place.versions()), default=0)
    return f"v-{last + 1:06d}-{fingerprint}"
