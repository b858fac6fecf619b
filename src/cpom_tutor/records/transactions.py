"""What all of the records share: one engine, reading, and writing in turn."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection
from sqlalchemy.exc import TimeoutError as PoolTimeout

from cpom_tutor.errors import BadInput, RecordsUnavailable
from cpom_tutor.records.database import create_database_engine, place_of, read_url
from cpom_tutor.records.faults import explained

NO_LEARNER = "Your study history is not known here; start afresh to begin a new one."
_QUEUE_SECONDS = 30.0


class SqlTransactions:
    """An SQL database to read from and write to; threads may share one.

    The database must have its tables already (`open_records` sees to that); nothing is connected before
    the first call.
    """

    def __init__(self, url: str | URL) -> None:
        """Takes an SQLAlchemy URL for SQLite or PostgreSQL.

        Raises:
            BadInput: the URL cannot be used.
            RecordsUnavailable: its driver is not installed.
        """
        parsed = read_url(url) if isinstance(url, str) else url
        self._place = place_of(parsed)
        self._readers = create_database_engine(parsed)
        self._writers = self._readers.execution_options(writes=True)
        # SQLite lets one write at a time and makes the others poll; a queue in front of it is faster and
        # fair. A server does this better itself.
        self._queue = threading.Lock() if parsed.get_backend_name() == "sqlite" else None

    def close(self) -> None:
        """Releases the database."""
        self._readers.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with explained(self._place), self._readers.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with explained(self._place), self._in_turn(), self._writers.begin() as connection:
            yield connection

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._queue is None:
            yield
            return
        if not self._queue.acquire(timeout=_QUEUE_SECONDS):
            raise PoolTimeout
        try:
            yield
        finally:
            self._queue.release()

    @contextmanager
    def _legible(self, what: str) -> Iterator[None]:
        """Around turning a stored record into a value: a newer version may have written it, or a disk bent it."""
        try:
            yield
        except (AttributeError, BadInput, KeyError, TypeError, ValueError) as error:
            raise RecordsUnavailable(
                f"A stored {what} in {self._place} cannot be read by this version; "
                "update it with: pip install --upgrade cpom-tutor"
            ) from error


def new_id() -> str:
    """An unguessable id."""
    # One that starts with a dash would be taken for an option where it is typed.
    return next(made for made in iter(lambda: secrets.token_urlsafe(16), "") if made[0] != "-")
