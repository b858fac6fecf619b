"""A PostgreSQL server of the tests' own, as Debian packages it: started when a test asks for it, gone at the end."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

START_SECONDS = 30.0
_USER = "tutor"
_NEW = ("--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
# A power cut cannot lose what lives for minutes; and no port, so that two test runs never meet.
_OPTIONS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=", "max_connections=120")


class NoServer(Exception):
    """There are no binaries, or the server does not start; says what to do."""


@dataclass
class PostgreSQL:
    """A running server.

    Attributes:
        folder: where its socket is.
        process: what runs it.
    """

    folder: Path
    process: "subprocess.Popen[bytes]"
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, database: str) -> str:
        """The URL of one of its databases."""
        made = URL.create("postgresql+psycopg", _USER, database=database, query={"host": str(self.folder)})
        return made.render_as_string(hide_password=False)

    def new_database(self) -> str:
        """The URL of a database that is empty and nobody else's."""
        name = f"records_{next(self._numbers)}"
        self.told(f"CREATE DATABASE {name}")
        return self.url(name)

    def told(self, statement: str) -> None:
        """Runs a statement of whoever is in charge of the server."""
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(statement))


@contextmanager
def postgresql_server() -> Iterator[PostgreSQL]:
    """Starts a server with data of its own, and ends it.

    Raises:
        NoServer: there are no binaries, or it does not start.
    """
    initdb, postgres = program("initdb"), program("postgres")
    # Outside pytest's folders, which only who runs the tests may enter; and short, as a socket's path must be.
    folder = Path(tempfile.mkdtemp(prefix="cpom-pg-"))
    server = None
    try:
        who = _somebody_else(folder)
        made = [initdb, "-D", str(folder / "data"), "-U", _USER, *_NEW]
        subprocess.run(made, check=True, capture_output=True, cwd=folder, user=who, group=who and _group(who))
        options = [part for option in _OPTIONS for part in ("-c", option)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [postgres, "-D", folder / "data", "-k", folder, *options],
                stdout=log, stderr=log, cwd=folder, user=who, group=who and _group(who),
            )  # fmt: skip
        running = PostgreSQL(folder, server)
        _wait_for(running)
        yield running
    finally:
        if server is not None:
            server.send_signal(2)  # the “fast” end: it breaks connections off and stops
            server.wait(timeout=START_SECONDS)
        shutil.rmtree(folder)


def program(name: str) -> str:
    """The path of a program of PostgreSQL: on the PATH, or where Debian keeps the newest one.

    Raises:
        NoServer: there is none.
    """
    found = shutil.which(name)
    if found:
        return found
    versions = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = max(versions, key=lambda path: float(path.parts[-3]), default=None)
    if newest is None:
        raise NoServer(f"PostgreSQL's “{name}” is not installed; type: make postgresql")
    return str(newest)


def _somebody_else(folder: Path) -> str | None:
    """PostgreSQL refuses to be run by root; then somebody else does, to whom the folder belongs."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    who = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, who)
    return who


def _group(who: str) -> int:
    return pwd.getpwnam(who).pw_gid


def _wait_for(server: PostgreSQL) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            server.told("SELECT 1")
        except OperationalError as error:
            if server.process.poll() is not None or time.monotonic() > until:
                said = (server.folder / "log").read_text(encoding="utf-8", errors="replace")
                raise NoServer(f"PostgreSQL does not start; read what it says: {said}") from error
            time.sleep(0.05)
        else:
            return
