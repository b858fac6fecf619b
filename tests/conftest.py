"""What many tests share: the real course, ingested once with the real embedder, and a real PostgreSQL."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from cpom_tutor.config import Settings
from cpom_tutor.library import Library
from cpom_tutor.protocols import Vectors
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.retrieval.retriever import CourseRetriever, open_index
from cpom_tutor.testing import make_tiny_embedder
from ingest.pipeline import ingest
from tests.postgresql_server import PostgreSQL, postgresql_server


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The real corpus folder. Not to be written to."""
    return Path(__file__).parents[1] / "corpus"


class RememberingEmbedder(SentenceTransformerEmbedder):
    """The real embedder; a text that one test has embedded costs the next one nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[str, Vectors] = {}

    def _encode(self, texts: Sequence[str]) -> Vectors:
        missing = [text for text in dict.fromkeys(texts) if text not in self._seen]
        if missing:
            self._seen.update(zip(missing, super()._encode(missing), strict=True))
        return np.stack([self._seen[text] for text in texts])


@pytest.fixture(scope="session")
def embedder() -> SentenceTransformerEmbedder:
    """The real embedder, loaded once."""
    return RememberingEmbedder()


@pytest.fixture(scope="session")
def index_home(tmp_path_factory: pytest.TempPathFactory, corpus: Path, embedder: SentenceTransformerEmbedder) -> Path:
    """A home folder with the real course in its index. Not to be written to: copy it."""
    home = tmp_path_factory.mktemp("home")
    report = ingest(corpus, Settings(home), embedder=embedder)
    assert report.built
    assert not report.refused
    return home


@pytest.fixture(scope="session")
def lean_corpus(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Path:
    """The real course with a few of its learners' questions: enough for tests of the index. Copy it to edit it."""
    folder = shutil.copytree(
        corpus, tmp_path_factory.mktemp("lean") / "corpus", ignore=shutil.ignore_patterns("probes")
    )
    (folder / "probes").mkdir()
    for name in ("1.1-a.yaml", "1.1-gaps.yaml"):
        entries = (corpus / "probes" / name).read_text(encoding="utf-8").split("\n\n")
        (folder / "probes" / name).write_text("\n\n".join(entries[:3]), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def lean_home(
    tmp_path_factory: pytest.TempPathFactory, lean_corpus: Path, embedder: SentenceTransformerEmbedder
) -> Path:
    """A home folder with the lean corpus in its index. Not to be written to: copy it."""
    home = tmp_path_factory.mktemp("lean-home")
    report = ingest(lean_corpus, Settings(home), embedder=embedder)
    assert report.built
    assert not report.refused
    return home


@pytest.fixture(scope="session")
def retriever(index_home: Path, embedder: SentenceTransformerEmbedder) -> CourseRetriever:
    """The real course's index, open."""
    return open_index(Settings(index_home), embedder)


@pytest.fixture(scope="session")
def library(retriever: CourseRetriever) -> Library:
    """The real course's text, as the index gives it."""
    return retriever.library


@pytest.fixture(scope="session")
def tiny_embedder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name of a random one-layer model, for tests in which vectors need no meaning."""
    return str(make_tiny_embedder(tmp_path_factory.mktemp("models") / "tiny"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL server of the tests' own."""
    with postgresql_server() as server:
        yield server


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """Where records are kept, for a test that holds both kinds of database to the same contract.

    None for SQLite in the home folder; on PostgreSQL, a database of the test module's own.
    """
    if request.param == "sqlite":
        return None
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.new_database()
