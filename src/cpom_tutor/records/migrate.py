"""Brings a database to the tables of this version, one process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from sqlalchemy import URL, Connection, false, text, update

from cpom_tutor.errors import RecordsUnavailable
from cpom_tutor.records.database import PATIENCE_SECONDS, create_database_engine, place_of, sqlite_file
from cpom_tutor.records.faults import explained
from cpom_tutor.records.models import LearnerRow

_ALEMBIC = Lock()  # alembic keeps the running migration in module globals
_SERVER_LOCK = 0x43504F4D  # any number that nobody else locks by: "CPOM"


def migrate(url: URL) -> None:
    """Creates the tables, or brings older ones up to date; all of it or nothing.

    Raises:
        RecordsUnavailable: the database cannot be opened or written, or is from a newer version.
    """
    engine, place = create_database_engine(url), place_of(url)
    try:
        writers = engine.execution_options(writes=True)
        with explained(place), _ALEMBIC, _one_process(url), writers.begin() as connection:
            _upgrade(connection, place)
    finally:
        engine.dispose()


def migration_config(connection: Connection) -> Config:
    """Alembic's configuration, without a file; also for writing a revision (see `migrations/env.py`)."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "cpom_tutor.records:migrations")
    return config


def _upgrade(connection: Connection, place: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SERVER_LOCK})
    config = migration_config(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if not known.issuperset(MigrationContext.configure(connection).get_current_heads()):
        raise RecordsUnavailable(
            f"The records at {place} were written by a newer version of cpom-tutor; "
            "update it with: pip install --upgrade cpom-tutor"
        )
    command.upgrade(config, "head")
    # Changes nothing, but a read-only database is found out now and not at the first answer.
    connection.execute(update(LearnerRow).where(false()).values(created_at=LearnerRow.created_at))


@contextmanager
def _one_process(url: URL) -> Iterator[None]:
    """Two processes may meet a database that does not exist yet; the second waits."""
    file = sqlite_file(url)
    if file is None:
        yield
        return
    file.parent.stat()  # or an error: the lock would create a folder that was only misspelt
    with FileLock(f"{file}.lock", timeout=PATIENCE_SECONDS):
        if not file.exists():
            file.touch(mode=0o600)  # what learners ask is nobody else's business
        yield
