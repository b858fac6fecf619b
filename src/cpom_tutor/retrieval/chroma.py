"""Chroma as we use it: the collections of an index version, and what is done about its rough edges."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateCollectionConfiguration, CreateHNSWConfiguration
from chromadb.api.models.Collection import Collection

from cpom_tutor.errors import IndexDamaged, IndexMissing, TutorError

REBUILD = "run: python -m ingest --rebuild"
PASSAGES, SENTENCES, PROBES, CONTENTS = "passages", "sentences", "probes", "contents"
VECTORS = (PASSAGES, SENTENCES, PROBES)
KINDS = (*VECTORS, CONTENTS)

PREFIX = "cpom-tutor-"

# The defaults lose recall on hard data; at this size the price is a millisecond.
_CONFIGURATION = CreateCollectionConfiguration(
    hnsw=CreateHNSWConfiguration(space="cosine", ef_construction=200, ef_search=200, max_neighbors=32)
)


@contextmanager
def guarded() -> Iterator[None]:
    """Turns whatever Chroma does on a damaged index into IndexDamaged.

    Its Rust part panics with an exception that is no Exception, so BaseException has to be caught here.
    """
    try:
        yield
    except TutorError:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        if isinstance(error, httpx.TransportError):
            raise IndexMissing(f"The Chroma server no longer answers ({error}); start it and ask again.") from error
        detail = (str(error).strip() or type(error).__name__).splitlines()[0][:120]
        raise IndexDamaged(f"The index cannot be read ({detail}); {REBUILD}") from error


def collection_name(version: str, kind: str) -> str:
    """Name of one of a version's collections."""
    return f"{PREFIX}{version}-{kind}"


def get_collection(client: Client, version: str, kind: str) -> Collection:
    """One of a version's collections. Vectors are always passed, so it has no embedding function."""
    return client.get_collection(collection_name(version, kind), embedding_function=None)


def create_collection(client: Client, version: str, kind: str) -> Collection:
    """Makes one of a version's collections."""
    return client.create_collection(
        collection_name(version, kind), embedding_function=None, configuration=_CONFIGURATION
    )


def sessions(client: Client) -> list[httpx.Client]:
    """A client's connections. Chroma sets no time limit on them, and leaves them open when it closes."""
    parts = (client, getattr(client, "_admin_client", None))
    found = [getattr(getattr(part, "_server", None), "_session", None) for part in parts]
    return [session for session in found if isinstance(session, httpx.Client)]


def hang_up(client: Client) -> None:
    open_sessions = sessions(client)
    client.close()
    for session in open_sessions:
        session.close()
