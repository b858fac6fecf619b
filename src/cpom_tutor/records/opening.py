"""The database, opened when it is asked for, and left alone where there is none."""

import threading
import time

from cpom_tutor.config import Settings
from cpom_tutor.errors import TutorError
from cpom_tutor.records.database import read_url, sqlite_file
from cpom_tutor.records.store import SqlRecords, open_records

PAUSE_SECONDS = 60.0
"""How long a database that could not be opened is not tried again for what can do without it."""


class RecordsAtHand:
    """The records of one process; threads may share it.

    Args:
        settings: name the database.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._records: SqlRecords | None = None
        self._opening = threading.Lock()
        self._tried: float | None = None
        self._fault = ""

    @property
    def fault(self) -> str:
        """Why the database could not be opened for what can do without it; empty if nothing was wrong."""
        return self._fault

    def opened(self) -> SqlRecords:
        """The records, made and brought up to date first where needed.

        Raises:
            BadInput: the database URL cannot be used.
            RecordsUnavailable: the database cannot be used.
        """
        with self._opening:
            if self._records is None:
                self._records = open_records(self._settings)
            return self._records

    def if_there(self) -> SqlRecords | None:
        """The records of a database that exists already and can be opened; none is made, and no fault is raised.

        A command that needs no records works without them, also where the database is broken.
        """
        if self._records is not None:
            return self._records
        if self._tried is not None and time.monotonic() - self._tried < PAUSE_SECONDS:
            return None
        try:
            if not self._exists():
                return None
            return self.opened()
        except TutorError as error:
            self._tried, self._fault = time.monotonic(), str(error)
            return None

    def _exists(self) -> bool:
        """Whether there is a database file; a server is taken to have one."""
        if self._settings.database_url is None:
            return (self._settings.home / "records.sqlite").is_file()
        file = sqlite_file(read_url(self._settings.database_url))
        return file is None or file.is_file()
