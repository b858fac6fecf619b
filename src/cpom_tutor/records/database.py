"""From a URL to an engine that keeps what it acknowledges."""

from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from cpom_tutor.errors import BadInput, RecordsUnavailable

PATIENCE_SECONDS = 5.0
"""How long to wait for somebody else's write, or for a server to answer, before saying so."""

_EXAMPLES = "sqlite:////folder/records.sqlite or postgresql://user:password@host/database"
_PACKAGES = {"psycopg": "psycopg[binary]", "psycopg2": "psycopg2-binary"}


def read_url(text: str) -> URL:
    """The URL of a database that records can be kept in.

    Raises:
        BadInput: it is no URL, or it names another kind of database, or a SQLite database without a file.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # The text is not repeated: an unreadable URL may hold a readable password.
        raise BadInput(f"The database URL cannot be read; give one like {_EXAMPLES}.") from None
    kind = url.get_backend_name()
    if kind not in ("sqlite", "postgresql"):
        raise BadInput(f"Records cannot be kept in a “{kind}” database; give a URL like {_EXAMPLES}.")
    if kind == "sqlite":
        named = url.database and url.database != ":memory:" and not url.database.startswith("file:")
        if not named or url.host or url.drivername not in ("sqlite", "sqlite+pysqlite"):
            raise BadInput("The SQLite URL names no file; give one like sqlite:////folder/records.sqlite.")
        if url.query:
            raise BadInput("The SQLite URL must be a plain path, without “?”; choose such a path.")
    return url


def sqlite_file(url: URL) -> Path | None:
    """The database's file, or None where a server keeps it."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    return Path(url.database).absolute()


def place_of(url: URL) -> str:
    """What messages call the database: its file, or its URL without the password."""
    # The options after “?” go too: drivers take passwords there as well.
    return str(sqlite_file(url) or url.set(query={}).render_as_string(hide_password=True))


def create_database_engine(url: URL) -> Engine:
    """An engine for an existing database; connects only when used.

    A transaction of `engine.execution_options(writes=True)` takes SQLite's write lock when it begins, so
    that it waits for its turn then and cannot fail for it half-way.

    Raises:
        BadInput: the driver that the URL names is unknown or asynchronous.
        RecordsUnavailable: the driver is not installed.
    """
    file = sqlite_file(url)
    try:
        engine = _sqlite_engine(url, file) if file else _server_engine(url)
    except ArgumentError:
        raise BadInput(f"The driver “{url.drivername}” is unknown; give a URL like {_EXAMPLES}.") from None
    except ImportError as error:
        driver = url.get_driver_name()
        package = _PACKAGES.get(driver, driver)
        raise RecordsUnavailable(
            f'The driver “{driver}” of the database URL is not installed; install it with: pip install "{package}"'
        ) from error
    if engine.dialect.is_async:
        raise BadInput(f"“{url.drivername}” is an asynchronous driver; give a URL like {_EXAMPLES}.")
    return engine


def _server_engine(url: URL) -> Engine:
    psycopg = url.get_driver_name() in ("psycopg", "psycopg2") and "connect_timeout" not in url.query
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"connect_timeout": int(PATIENCE_SECONDS)} if psycopg else {},
    )
    event.listen(engine, "connect", _make_impatient)
    return engine


def _make_impatient(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """A server would let us wait for somebody else's lock for ever, without a word."""
    cursor = connection.cursor()
    try:
        cursor.execute(f"SET lock_timeout = '{PATIENCE_SECONDS}s'")
    finally:
        cursor.close()
    connection.commit()  # or it would end with the first transaction that is rolled back


def _sqlite_engine(url: URL, file: Path) -> Engine:
    # mode=rw: a file that is gone must be reported, not replaced by an empty one.
    existing = url.set(database=file.as_uri(), query={"mode": "rw", "uri": "true"})
    engine = create_engine(
        existing,
        hide_parameters=True,  # no learner's words in a log
        # We begin transactions ourselves: the driver would leave the statements of a migration outside.
        connect_args={"isolation_level": None, "timeout": PATIENCE_SECONDS},
    )
    event.listen(engine, "connect", _make_durable)
    event.listen(engine, "begin", _begin)
    _watch(engine, file)
    return engine


def _make_durable(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    try:
        # FULL syncs the write-ahead log at each commit; NORMAL could lose acknowledged turns at a power cut.
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            cursor.execute(f"PRAGMA {pragma}")
    finally:
        cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _watch(engine: Engine, file: Path) -> None:
    """Refuses when the file has been moved or replaced: an open handle would go on writing into nothing."""
    known: list[tuple[int, int]] = []

    def identity() -> tuple[int, int] | None:
        try:
            found = file.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    @event.listens_for(engine, "checkout")
    def compare(_connection: DBAPIConnection, _entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        found = identity()
        if found and not known:
            known.append(found)
        if not found or found != known[0]:
            raise RecordsUnavailable(
                f"The records file {file} was moved or replaced while in use; put it back, or start cpom-tutor again."
            )
