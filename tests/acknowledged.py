"""A process that writes every kind of record, and whether all that it was told is kept really is."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from cpom_tutor.config import Settings
from cpom_tutor.records import SqlRecords
from cpom_tutor.records.database import create_database_engine, read_url

KINDS = {"turn", "feedback", "review", "approved", "attempt", "account", "sign-in"}
_SLOW = {"account", "sign-in"}  # a password takes a while to hash
_SECONDS = 120.0


@dataclass
class Writer:
    """A running `busy_writer.py`.

    Attributes:
        process: it.
        said: the file that it prints to.
    """

    process: "subprocess.Popen[bytes]"
    said: Path

    def told(self) -> list[tuple[str, str]]:
        """Kind and name of what was acknowledged so far."""
        # A kill can cut the last printed line; such a name was not wholly acknowledged.
        whole = [line for line in self.said.read_text(encoding="ascii").splitlines(keepends=True) if line[-1] == "\n"]
        return [(kind, name) for kind, name in map(str.split, whole)]

    def wait_for(self, enough: int) -> None:
        """Returns when so many of each kind are acknowledged, and one of those that take long."""
        until = time.monotonic() + _SECONDS
        while True:
            kinds = [kind for kind, _ in self.told()]
            if all(kinds.count(kind) >= (1 if kind in _SLOW else enough) for kind in KINDS):
                return
            assert self.process.poll() is None, "the writer ended"
            assert time.monotonic() < until, "the writer is stuck"
            time.sleep(0.02)


@contextmanager
def writing(settings: Settings, learner: str) -> Iterator[Writer]:
    """Somebody writes all the while, and is killed at the end."""
    script = Path(__file__).with_name("busy_writer.py")
    command = [sys.executable, str(script), str(settings.home), settings.database_url or "", learner]
    said = settings.home / "said"
    with said.open("wb") as printed, subprocess.Popen(command, stdout=printed) as process:
        try:
            yield Writer(process, said)
        finally:
            process.send_signal(signal.SIGKILL)


def assert_kept(records: SqlRecords, learner: str, told: list[tuple[str, str]]) -> None:
    """All of these are in the records."""
    names = {kind: [name for each, name in told if each == kind] for kind in KINDS}
    cases = {line.turn_id: records.case(line.turn_id) for line in records.inbox(reviewed=None, limit=10_000)}
    assert set(names["turn"]) <= set(cases)
    assert {name for name, case in cases.items() if case.feedback} >= set(names["feedback"])
    assert {name for name, case in cases.items() if case.reviews} >= set(names["review"])
    assert {each.id for each in records.canonical_answers()} >= set(names["approved"])
    assert [each.item_id for each in records.attempts(learner)][: len(names["attempt"])] == names["attempt"]
    assert {each.name for each in records.accounts()} >= set(names["account"])
    assert all(records.signed_in(token, datetime.now(UTC)) for token in names["sign-in"])


def assert_whole(settings: Settings) -> None:
    """No half of anything: each turn has its place in the inbox, each account its learner, each answer its card."""
    engine = create_database_engine(read_url(settings.records_url))
    with engine.connect() as connection:

        def number(query: str) -> object:
            return connection.scalar(text(f"SELECT count(*) FROM {query}"))

        assert number("turns") == number("inbox")
        assert number("turns LEFT JOIN inbox ON inbox.turn_id = turns.id WHERE inbox.turn_id IS NULL") == 0
        assert number("accounts LEFT JOIN learners ON learners.id = learner_id WHERE learners.id IS NULL") == 0
        assert number("attempts") == number("cards")
        if engine.dialect.name == "sqlite":
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    engine.dispose()
