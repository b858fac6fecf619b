"""What a failing database means for the person at the screen.

Drivers report in codes and in the database's own words, which may quote what a learner wrote; people get
one sentence that says where the records are and what to do next.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import Timeout
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from cpom_tutor.errors import RecordsUnavailable

_BUSY = "The records at {place} are in use by another program; close it or wait a moment, and try again."
_CANNOT_OPEN = (
    "The records at {place} cannot be opened; check that the folder exists, that a file and not a folder "
    "stands there, and that you may write to it."
)
_DAMAGED = (
    "The file {place} is damaged or is not a records database; "
    "put a backup in its place, or move it elsewhere to start with empty records."
)
_OTHER = "The records at {place} cannot be used ({reason}); check the database, and start cpom-tutor again."

# By the first word after SQLITE_ in the names at https://sqlite.org/rescode.html.
_SQLITE = {
    "BUSY": _BUSY,
    "LOCKED": _BUSY,
    "CANTOPEN": _CANNOT_OPEN,
    "PERM": _CANNOT_OPEN,
    "AUTH": _CANNOT_OPEN,
    "NOTADB": _DAMAGED,
    "CORRUPT": _DAMAGED,
    "READONLY": (
        "The records at {place} are read-only; allow yourself to write to the file and its folder, "
        "and start cpom-tutor again."
    ),
    "FULL": "The records at {place} cannot grow because the disk is full; free some space and try again.",
    "IOERR": (
        "The disk under {place} would not read or write; check that it has free space and is healthy, "
        "and try again."
    ),
    "ERROR": (
        "The records at {place} are not in the form that this version expects; "
        "start cpom-tutor again to bring them up to date."
    ),
}  # fmt: skip

# By the class of SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html.
_SQLSTATE = {
    "08": "The database {place} cannot be reached; check that it is running and that its URL is right.",
    "25": "The database {place} refuses to write; allow its user to, and start cpom-tutor again.",
    "28": "The database {place} refuses the user or password; correct them in its URL.",
    "3D": "There is no database {place}; create it, or correct its URL.",
    "42": _SQLITE["ERROR"],
    "53": "The database {place} is out of space or connections; free some and try again.",
    "55": _BUSY,
    "57": "The database {place} is shutting down or starting up; wait a moment and try again.",
}


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turns whatever the database raises inside the block into a RecordsUnavailable about `place`."""
    try:
        yield
    except (PoolTimeout, Timeout) as error:
        raise RecordsUnavailable(_BUSY.format(place=place)) from error
    except DBAPIError as error:
        raise RecordsUnavailable(_sentence(error.orig, place)) from error
    except (SQLAlchemyError, OSError) as error:
        template = _CANNOT_OPEN if isinstance(error, OSError) else _OTHER
        raise RecordsUnavailable(template.format(place=place, reason=type(error).__name__)) from error


def _sentence(error: BaseException | None, place: str) -> str:
    reason = type(error).__name__
    sqlite_name = getattr(error, "sqlite_errorname", None)
    if sqlite_name:
        template = _SQLITE.get(sqlite_name.split("_")[1], _OTHER)
        return template.format(place=place, reason=sqlite_name)
    # psycopg names it sqlstate, psycopg2 pgcode; neither has one when no server answered.
    state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    if state is None and reason == "OperationalError":
        state = "08"
    return _SQLSTATE.get((state or "")[:2], _OTHER).format(place=place, reason=reason)
