"""Where index versions live, and which one is current: a folder of ours, or a Chroma server.

Both hold the same three collections a version. A version is never changed once it is current, so that any
number of readers can use it while the next one is being written beside it.
"""

import json
import os
import shutil
import socket
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.api.client import Client
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings as ChromaSettings

from cpom_tutor.config import Settings
from cpom_tutor.errors import IndexDamaged, IndexMissing
from cpom_tutor.retrieval.chroma import KINDS, PREFIX, REBUILD, collection_name, guarded, hang_up, sessions

_POINTER = "cpom-tutor-current"
_NOWHERE = np.ones((1, 1), dtype=np.float32)
_CONNECT_SECONDS = 3.0
_ANSWER_SECONDS = 60.0
# Chroma shares one system between clients of a folder, and counts them without a lock.
_opening = threading.Lock()


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which version is in service, and which was before it (kept while readers may still use it)."""

    version: str
    previous: str = ""

    def to_json(self) -> str:
        """What is stored."""
        return json.dumps({"version": self.version, "previous": self.previous})

    @classmethod
    def from_json(cls, text: str) -> "Pointer":
        """Reads what was stored; raises ValueError where it is something else."""
        found = json.loads(text)
        if not isinstance(found, dict) or not all(isinstance(found.get(key), str) for key in cls.__slots__):
            raise ValueError("not a pointer")
        return cls(found["version"], found["previous"])


class Place(Protocol):
    """Where versions live."""

    def pointer(self) -> Pointer | None:
        """The version in service, or None where there is none yet. Cheap: asked about once a second.

        Raises:
            IndexDamaged: the pointer is unreadable.
        """

    def open(self, version: str) -> Client:
        """A client for an existing version, to be given back with `close`.

        Raises:
            IndexDamaged: it is not there or cannot be read.
        """

    def create(self, version: str) -> Client:
        """A client for a version that is to be written, to be given back with `close`."""

    def close(self, client: Client) -> None:
        """Takes back a client; what it held open is released."""

    def publish(self, pointer: Pointer) -> None:
        """Puts a complete version into service, atomically."""

    def versions(self) -> tuple[str, ...]:
        """All versions, oldest first, complete or not."""

    def drop(self, version: str) -> None:
        """Removes a version."""


def place_of(settings: Settings) -> Place:
    """The place that the settings name."""
    return ServerPlace(settings.chroma_url) if settings.chroma_url else FolderPlace(settings.index_folder)


class FolderPlace:
    """Each version is a folder with a Chroma database of its own; `current.json` names the current one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._pointer = self._folder / "current.json"

    def __str__(self) -> str:
        return str(self._folder)

    def pointer(self) -> Pointer | None:
        try:
            return Pointer.from_json(self._pointer.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError):
            raise IndexDamaged(f"The file {self._pointer} is unreadable; {REBUILD}") from None

    def open(self, version: str) -> Client:
        database = self._folder / version / "chroma.sqlite3"
        # Chroma would make a new, empty database without a word.
        if not database.is_file():
            raise IndexDamaged(f"The index version {version} is missing from {self._folder}; {REBUILD}")
        _check_database(database)
        return self._client(version)

    def create(self, version: str) -> Client:
        (self._folder / version).mkdir(parents=True)
        return self._client(version)

    def close(self, client: Client) -> None:
        client.close()

    def publish(self, pointer: Pointer) -> None:
        complete = self._folder / pointer.version
        for path in (complete, *complete.rglob("*")):
            _flush(path)
        draft = self._pointer.with_suffix(".new")
        draft.write_text(pointer.to_json() + "\n", encoding="utf-8")
        _flush(draft)
        draft.replace(self._pointer)
        _flush(self._folder)

    def versions(self) -> tuple[str, ...]:
        if not self._folder.is_dir():
            return ()
        return tuple(sorted(path.name for path in self._folder.glob("v-*") if path.is_dir()))

    def drop(self, version: str) -> None:
        shutil.rmtree(self._folder / version, ignore_errors=True)

    def _client(self, version: str) -> Client:
        with _opening, guarded():
            settings = ChromaSettings(anonymized_telemetry=False)
            return cast(Client, chromadb.PersistentClient(self._folder / version, settings))


class ServerPlace:
    """Versions are collections of a Chroma server; a record in a small collection names the current one."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._shared: Client | None = None
        self._collection: Collection | None = None

    def __str__(self) -> str:
        return self._url

    def pointer(self) -> Pointer | None:
        with self._translated():
            found = self._record().get(ids=["current"])["documents"]
        try:
            return Pointer.from_json(found[0]) if found else None
        except ValueError:
            raise IndexDamaged(f"The pointer record of {self._url} is unreadable; {REBUILD}") from None

    def open(self, version: str) -> Client:
        if version not in self.versions():
            raise IndexDamaged(f"The index version {version} is missing from {self._url}; {REBUILD}")
        return self._client()

    def create(self, version: str) -> Client:  # noqa: ARG002 - a server has no folder to make
        return self._client()

    def close(self, client: Client) -> None:
        """Nothing yet: all versions share one connection, which goes with the place."""

    def publish(self, pointer: Pointer) -> None:
        with self._translated():
            self._record().upsert(ids=["current"], embeddings=_NOWHERE, documents=[pointer.to_json()])

    def versions(self) -> tuple[str, ...]:
        with self._translated():
            names = [collection.name for collection in self._client().list_collections()]
        kinds = {f"-{kind}" for kind in KINDS}
        found = {
            name.removeprefix(PREFIX).rsplit("-", 1)[0]
            for name in names
            if name.startswith(f"{PREFIX}v-") and f"-{name.rsplit('-', 1)[1]}" in kinds
        }
        return tuple(sorted(found))

    def drop(self, version: str) -> None:
        with self._translated():
            client = self._client()
            existing = {collection.name for collection in client.list_collections()}
            for kind in KINDS:
                if collection_name(version, kind) in existing:
                    client.delete_collection(collection_name(version, kind))

    def _record(self) -> Collection:
        if self._collection is None:
            self._collection = self._client().get_or_create_collection(_POINTER, embedding_function=None)
        return self._collection

    def _client(self) -> Client:
        with _opening:
            if self._shared is None:
                self._shared = self._connect()
                weakref.finalize(self, hang_up, self._shared)
            return self._shared

    def _connect(self) -> Client:
        address = urlsplit(self._url)
        secure = address.scheme == "https"
        port = address.port or (443 if secure else 8000)
        with self._translated():
            # Its own client waits for minutes where nothing answers.
            socket.create_connection((address.hostname or "", port), timeout=_CONNECT_SECONDS).close()
            settings = ChromaSettings(anonymized_telemetry=False)
            try:
                client = cast(Client, chromadb.HttpClient(address.hostname or "", port, ssl=secure, settings=settings))
            except Exception as error:  # something answers, but does not speak Chroma's protocol
                raise OSError(f"no Chroma server: {error}") from error
        for session in sessions(client):
            session.timeout = httpx.Timeout(_ANSWER_SECONDS)
        return client

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (OSError, httpx.HTTPError) as error:
            raise IndexMissing(
                f"The Chroma server at {self._url} does not answer; start it (chroma run), "
                "or unset CPOM_TUTOR_CHROMA_URL to use the index of this machine."
            ) from error


def _check_database(database: Path) -> None:
    """Has SQLite look at its own file, because Chroma panics on a damaged one."""
    try:
        connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
        try:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise IndexDamaged(f"The index database {database} cannot be read ({error}); {REBUILD}") from error
    if verdict != ("ok",):
        raise IndexDamaged(f"The index database {database} is damaged; {REBUILD}")


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
