"""Records through their public face, on real databases."""

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError

from cpom_tutor.accounts import Role as AccountRole
from cpom_tutor.answers import (
    Abstention,
    Answer,
    CheckedClaim,
    Conversation,
    Form,
    Intent,
    Label,
    Reason,
    Reply,
    Retrieved,
    Role,
    Turn,
    Verdict,
    to_markdown,
)
from cpom_tutor.config import Settings
from cpom_tutor.course import Address, Citation, Kind, Passage
from cpom_tutor.errors import BadInput, NotFound, RecordsUnavailable
from cpom_tutor.interchange import turn_to_record
from cpom_tutor.protocols import Records
from cpom_tutor.records import SqlRecords, database, open_records, transactions
from cpom_tutor.records.faults import explained
from cpom_tutor.records.migrate import migration_config
from cpom_tutor.records.models import Row


def passage(number: int, words: str, kind: Kind = Kind.PARAGRAPH) -> Passage:
    return Passage(
        id=f"1.1-{number:08x}",
        address=Address("CPOM", "1.1.2", number),
        kind=kind,
        heading_path=("Foundations", "Why a credential?"),
        text=words,
        start=0,
        end=len(words),
        order=number,
    )


FORCES = passage(7, "Four forces met: drug shortages, regulation, technology | data, and consolidation.")
ROW = passage(12, "| Supply chain | “Carousels” — and ¶ |", Kind.ROW)


def claim(words: str, source: Passage | None, form: Form = Form.RUN_ON, column: str = "") -> CheckedClaim:
    cited = source and Citation(source.id, str(source.address), source.text[:12], 0, 12)
    return CheckedClaim(
        text=words,
        role=Role.FACT if cited else Role.LEAD,
        form=form,
        column=column,
        citations=(cited,) if cited else (),
        verdict=Verdict(Label.SUPPORTED, 0.1 + 0.2, "The words stand in the passage."),
    )


TABLE = Answer(
    claims=(
        claim("Two domains:", None),
        claim("**drug shortages** come first.", FORCES, Form.ITEM),
        claim("Supply | chain", ROW, Form.CELL, "Domain"),
        claim("carousels", ROW, Form.CELL, "Task"),
        claim("That is all.", FORCES, Form.PARAGRAPH),
    ),
    premise_refuted=True,
    dropped=2,
)
REPLIES: dict[str, Reply] = {
    "answer": TABLE,
    "abstention": Abstention(Reason.NOT_IN_COURSE, "The course does not cover this."),
    "conversation": Conversation("Any time — good luck!"),
}


def turn(question: str = "what pressures led to it?", reply: Reply = TABLE) -> Turn:
    return Turn(
        question=question,
        resolved_question=question.strip().capitalize(),
        intent=Intent.LIST,
        reply=reply,
        retrieved=(Retrieved(FORCES, 0.731), Retrieved(ROW, 1 / 3)),
        generator="extractive",
        index="f1ngerpr1nt",
        asked_at=datetime(2026, 3, 1, 8, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-5))),
        elapsed_ms=41.7,
        suggestions=("What is a CSC?",),
    )


def opened(home: Path) -> SqlRecords:
    return open_records(Settings(home=home))


def questions(records: Records, learner: str, conversation: str) -> list[str]:
    return [found.question for found in records.turns(learner, conversation)]


def rows(home: Path, query: str, values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "records.sqlite")) as connection:
        found = connection.execute(query, values).fetchall()
        connection.commit()
        return found


def sentence_of(caught: pytest.ExceptionInfo[Exception]) -> str:
    """The message, held to what a person is promised: one line that says what to do next."""
    message = str(caught.value)
    assert "\n" not in message
    assert "Traceback" not in message
    assert ";" in message
    return message


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "a home"


@pytest.fixture
def records(home: Path, database_url: str | None) -> Iterator[SqlRecords]:
    opened_records = open_records(Settings(home=home, database_url=database_url))
    yield opened_records
    opened_records.close()


class TestWhatIsKept:
    @pytest.mark.parametrize("kind", REPLIES)
    def test_a_turn_comes_back_as_it_was_shown(self, records: SqlRecords, kind: str) -> None:
        learner = records.add_learner()
        conversation = records.start_conversation(learner)
        told = turn(reply=REPLIES[kind])

        records.add_turn(learner, conversation, told)
        (found,) = records.turns(learner, conversation)

        assert to_markdown(found.reply) == to_markdown(told.reply)
        assert found.reply == told.reply
        assert found.asked_at == told.asked_at
        assert found.asked_at.tzinfo is not None
        assert [(hit.passage.text, str(hit.passage.address), hit.score) for hit in found.retrieved] == [
            (hit.passage.text, str(hit.passage.address), hit.score) for hit in told.retrieved
        ]
        assert (found.question, found.suggestions, found.generator, found.index, found.elapsed_ms) == (
            told.question, told.suggestions, told.generator, told.index, told.elapsed_ms
        )  # fmt: skip

    def test_citations_still_quote_the_same_words_of_the_same_passage(self, records: SqlRecords) -> None:
        learner = records.add_learner()
        conversation = records.start_conversation(learner)
        records.add_turn(learner, conversation, turn())
        reply = records.turns(learner, conversation)[0].reply
        assert isinstance(reply, Answer)
        cited = [citation for found in reply.claims for citation in found.citations]
        assert len(cited) == 4
        texts = {FORCES.id: FORCES.text, ROW.id: ROW.text}
        assert all(texts[it.passage_id][it.start : it.end] == it.quote for it in cited)

    @pytest.mark.parametrize(
        "question",
        [
            "",
            "naïve “CPOM” — ¶ 💊",
            "half a surrogate \ud83d here",
            "a NUL \0 here",
            "'; DROP TABLE turns; --",
        ],
        ids=["empty", "unicode", "surrogate", "nul", "sql"],
    )
    def test_any_text_survives(self, records: SqlRecords, question: str) -> None:
        learner = records.add_learner()
        conversation = records.start_conversation(learner)
        records.add_turn(learner, conversation, turn(question))
        assert questions(records, learner, conversation) == [question]
        assert len(records.conversations(learner)) == 1

    def test_everything_is_there_after_a_restart(self, home: Path) -> None:
        first = opened(home)
        learner = first.add_learner()
        conversation = first.start_conversation(learner)
        for number in range(3):
            first.add_turn(learner, conversation, turn(f"question {number}"))
        before = first.conversations(learner), first.turns(learner, conversation)
        first.close()

        again = opened(home)
        assert again.has_learner(learner)
        assert (again.conversations(learner), again.turns(learner, conversation)) == before
        again.close()

    def test_columns_say_what_the_record_says(self, home: Path) -> None:
        records = opened(home)
        learner = records.add_learner()
        conversation = records.start_conversation(learner)
        turn_id = records.add_turn(learner, conversation, turn())
        records.close()
        told = turn()
        columns = "id, question, resolved_question, intent, reply_kind, generator, index_fingerprint"
        assert rows(home, f"SELECT {columns} FROM turns") == [
            (turn_id, told.question, told.resolved_question, "list", "answer", "extractive", told.index)
        ]
        asked_at = told.asked_at.astimezone(UTC).replace(tzinfo=None)
        assert rows(home, "SELECT asked_at, json_extract(record, '$.reply.kind') FROM turns") == [
            (str(asked_at), "answer")
        ]

    def test_the_file_is_nobody_elses_business(self, home: Path) -> None:
        opened(home).close()
        assert (home / "records.sqlite").stat().st_mode & 0o077 == 0

    def test_a_home_with_a_difficult_name_works(self, tmp_path: Path) -> None:
        home = tmp_path / "50%41 #1? ü"
        opened(home).close()
        assert (home / "records.sqlite").is_file()


class TestHistory:
    def test_newest_conversation_first_titled_by_its_first_question(self, records: SqlRecords) -> None:
        learner = records.add_learner()
        first, second = records.start_conversation(learner), records.start_conversation(learner)
        records.start_conversation(learner)  # empty: not in the list
        records.add_turn(learner, first, turn("what is a\n CSC?"))
        records.add_turn(learner, second, turn("which domain has carousels?"))
        records.add_turn(learner, first, turn("simpler?"))

        found = records.conversations(learner)

        assert [(it.id, it.title, it.turns) for it in found] == [
            (first, "what is a CSC?", 2),
            (second, "which domain has carousels?", 1),
        ]
        assert found[0].updated_at.utcoffset() == timedelta(0)
        assert datetime.now(UTC) - found[0].updated_at < timedelta(minutes=1)
        assert [it.id for it in records.conversations(learner, limit=1)] == [first]
        assert records.conversations(learner, limit=-1) == ()

    @pytest.mark.parametrize("word", ["shortage ", "x"])
    def test_a_long_title_is_shortened(self, records: SqlRecords, word: str) -> None:
        learner = records.add_learner()
        records.add_turn(learner, records.start_conversation(learner), turn(word * 90))
        title = records.conversations(learner)[0].title
        assert 40 < len(title) <= 80
        assert title.endswith(word.strip() + "…")

    def test_the_list_is_one_query_in_the_order_of_an_index(self, home: Path) -> None:
        asked: list[tuple[str, tuple[object, ...]]] = []

        def note(_c: object, _k: object, statement: str, values: tuple[object, ...], *_: object) -> None:
            asked.append((statement, values))

        records = opened(home)
        learner = records.add_learner()
        event.listen(Engine, "before_cursor_execute", note)
        records.conversations(learner)
        event.remove(Engine, "before_cursor_execute", note)
        records.close()

        ((query, values),) = [it for it in asked if it[0] != "BEGIN"]
        plan = rows(home, f"EXPLAIN QUERY PLAN {query}", values)
        assert [step[-1] for step in plan] == [
            "SEARCH conversations USING INDEX ix_conversations_learner_id_updated_at_id (learner_id=?)"
        ]

    def test_deleting_removes_the_conversation_and_its_turns_only(self, home: Path) -> None:
        records = opened(home)
        learner = records.add_learner()
        kept, gone = records.start_conversation(learner), records.start_conversation(learner)
        records.add_turn(learner, kept, turn("kept"))
        records.add_turn(learner, gone, turn("gone"))

        records.delete_conversation(learner, gone)

        assert [it.id for it in records.conversations(learner)] == [kept]
        with pytest.raises(NotFound):
            records.turns(learner, gone)
        with pytest.raises(NotFound):
            records.delete_conversation(learner, gone)
        records.close()
        assert rows(home, "SELECT question FROM turns") == [("kept",)]


class TestWhoMayRead:
    def test_another_learners_conversation_looks_like_a_missing_one(self, records: SqlRecords) -> None:
        owner, other = records.add_learner(), records.add_learner()
        conversation = records.start_conversation(owner)
        records.add_turn(owner, conversation, turn("private"))

        said = set()
        for learner, wanted in ((other, conversation), (other, "missing"), ("nobody", conversation),
                                ("\ud800\0", conversation), (owner, "\ud800\0"), ("", "")):  # fmt: skip
            with pytest.raises(NotFound) as reading:
                records.turns(learner, wanted)
            with pytest.raises(NotFound) as writing:
                records.add_turn(learner, wanted, turn("intruding"))
            with pytest.raises(NotFound) as deleting:
                records.delete_conversation(learner, wanted)
            said |= {sentence_of(reading), sentence_of(writing), sentence_of(deleting)}

        assert len(said) == 1
        assert records.conversations(other) == ()
        assert questions(records, owner, conversation) == ["private"]

    def test_an_unknown_learner_has_nothing_and_starts_nothing(self, records: SqlRecords) -> None:
        assert not records.has_learner("nobody")
        assert not records.has_learner("\ud800\0")
        assert records.conversations("nobody") == ()
        with pytest.raises(NotFound) as caught:
            records.start_conversation("nobody")
        sentence_of(caught)

    def test_an_empty_conversation_is_not_a_missing_one(self, records: SqlRecords) -> None:
        learner = records.add_learner()
        assert records.has_learner(learner)
        assert records.turns(learner, records.start_conversation(learner)) == ()

    def test_ids_are_long_and_never_the_same(self, records: SqlRecords) -> None:
        found = {records.add_learner() for _ in range(50)}
        assert len(found) == 50
        assert min(map(len, found)) >= 21


class TestManyAtOnce:
    def test_eight_threads_lose_nothing_and_keep_their_order(self, records: SqlRecords) -> None:
        learner = records.add_learner()
        shared = records.start_conversation(learner)
        own = [records.start_conversation(learner) for _ in range(8)]
        failures: list[BaseException] = []

        def study(worker: int) -> None:
            try:
                for number in range(25):
                    records.add_turn(learner, own[worker], turn(f"{worker}:{number}"))
                    records.add_turn(learner, shared, turn(f"{worker}:{number}"))
            except BaseException as error:  # noqa: BLE001 - shown by the assertion below
                failures.append(error)

        threads = [threading.Thread(target=study, args=(worker,)) for worker in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert failures == []
        together = questions(records, learner, shared)
        assert len(together) == 200
        for worker in range(8):
            expected = [f"{worker}:{number}" for number in range(25)]
            assert questions(records, learner, own[worker]) == expected
            assert [asked for asked in together if asked.startswith(f"{worker}:")] == expected

    def test_fifty_threads_are_all_served(self, records: SqlRecords) -> None:
        served: list[str] = []

        def study() -> None:
            learner = records.add_learner()
            conversation = records.start_conversation(learner)
            for number in range(4):
                records.add_turn(learner, conversation, turn(str(number)))
            assert questions(records, learner, conversation) == ["0", "1", "2", "3"]
            served.append(records.conversations(learner)[0].id)

        threads = [threading.Thread(target=study) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(served)) == 50

    def test_recording_takes_a_few_milliseconds(self, home: Path) -> None:
        records = opened(home)
        learner = records.add_learner()
        conversation = records.start_conversation(learner)
        ticks = [time.perf_counter()]
        for _ in range(101):
            records.add_turn(learner, conversation, turn())
            ticks.append(time.perf_counter())
        records.close()
        median = sorted(after - before for before, after in pairwise(ticks))[50]
        assert median < 0.05  # aims at 0.005; the rest is for a busy machine


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from cpom_tutor.answers import Conversation, Intent, Turn
from cpom_tutor.config import Settings
from cpom_tutor.errors import TutorError
from cpom_tutor.records import open_records

def turn(question):
    return Turn(question, question, Intent.ASK, Conversation("so " * 400), (), "extractive", "i",
                datetime.now(UTC), 1.0)

def write(records, learner, conversation, count):
    for number in range(count):
        print(records.add_turn(learner, conversation, turn(str(number))), flush=True)
"""


def start(script: str, *arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", WRITER + script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class TestProcesses:
    def test_a_kill_loses_no_acknowledged_turn(self, home: Path) -> None:
        script = "write(open_records(Settings(home=Path(sys.argv[1]))), sys.argv[2], sys.argv[3], 10**6)"
        for number in range(4):
            records = opened(home)
            learner = records.add_learner()
            conversation = records.start_conversation(learner)
            records.close()

            with start(script, home, learner, conversation) as writer:
                assert writer.stdout
                acknowledged = [writer.stdout.readline() for _ in range(5 + 40 * number)]
                time.sleep(random.random() / 20)
                writer.send_signal(signal.SIGKILL)
                acknowledged += writer.stdout.readlines()
            # A kill can cut the last printed line; such an id was not wholly acknowledged.
            ids = [line.strip() for line in acknowledged if line.endswith("\n")]

            records = opened(home)
            asked = questions(records, learner, conversation)
            assert asked == [str(place) for place in range(len(asked))]
            assert records.conversations(learner)[0].turns == len(asked)
            records.close()
            stored = [found for (found,) in rows(home, "SELECT id FROM turns ORDER BY rowid")]
            assert len(ids) >= 5
            assert stored[-len(asked) :][: len(ids)] == ids

    def test_processes_may_meet_a_fresh_database(self, home: Path, tmp_path: Path) -> None:
        go = tmp_path / "go"
        script = """
import time
while not Path(sys.argv[2]).exists():
    time.sleep(0.001)
records = open_records(Settings(home=Path(sys.argv[1])))
learner = records.add_learner()
write(records, learner, records.start_conversation(learner), 20)
"""
        writers = [start(script, home, go) for _ in range(4)]
        time.sleep(1.5)  # time to import, so that they set off together
        go.touch()
        outcomes = [(writer.communicate(), writer.returncode) for writer in writers]
        assert [(said[1], code) for said, code in outcomes] == [("", 0)] * 4
        assert rows(home, "SELECT COUNT(*) FROM turns") == [(80,)]
        assert rows(home, "SELECT COUNT(*) FROM alembic_version") == [(1,)]

    def test_a_file_that_may_not_be_written_is_reported_when_opening(self) -> None:
        script = """
import os
home = Path(sys.argv[1])
home.chmod(0o777)
open_records(Settings(home=home)).close()
(home / "records.sqlite").chmod(0o444)
(home / "records.sqlite.lock").unlink(missing_ok=True)
home.chmod(int(sys.argv[2], 8))
if os.geteuid() == 0:  # root may write anything; nobody may not
    os.setgid(65534)
    os.setuid(65534)
try:
    open_records(Settings(home=home))
except TutorError as error:
    print(type(error).__name__, error)
"""
        said = {}
        for mode in ("777", "555"):
            # Outside pytest's folders, which nobody else may enter.
            with tempfile.TemporaryDirectory() as folder, start(script, folder, mode) as child:
                said[mode], err = child.communicate()
                Path(folder).chmod(0o777)
                assert err == ""
        assert "are read-only; allow yourself to write to the file" in said["777"]
        assert "check that" in said["555"] or "are read-only" in said["555"]

    def test_a_full_disk_is_said_and_costs_nothing_that_was_acknowledged(self, home: Path) -> None:
        script = """
import resource
records = open_records(Settings(home=Path(sys.argv[1])))
# Beyond this size a file cannot be written, as on a full disk.
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    write(records, sys.argv[2], sys.argv[3], 10**6)
except TutorError as error:
    print(type(error).__name__, error)
print(len(records.turns(sys.argv[2], sys.argv[3])))
"""
        records = opened(home)
        learner = records.add_learner()
        conversation = records.start_conversation(learner)
        with start(script, home, learner, conversation) as writer:
            out, err = writer.communicate()
        *ids, said, count = out.splitlines()
        assert (err, writer.returncode) == ("", 0)
        assert said.startswith("RecordsUnavailable ")
        assert "free space" in said
        assert len(ids) == int(count) == len(records.turns(learner, conversation))
        records.add_turn(learner, conversation, turn("there is space again"))
        records.close()


class TestWhenTheDatabaseFails:
    @pytest.mark.parametrize("content", [b"Dear diary, " * 500, b"\0" * 8192], ids=["text", "zeros"])
    def test_a_file_that_is_no_database(self, home: Path, content: bytes) -> None:
        home.mkdir()
        (home / "records.sqlite").write_bytes(content)
        with pytest.raises(RecordsUnavailable, match="not a records database; put a backup") as caught:
            opened(home)
        assert str(home) in sentence_of(caught)
        assert (home / "records.sqlite").read_bytes() == content

    def test_pages_overwritten_by_rubbish(self, home: Path) -> None:
        records = opened(home)
        learner = records.add_learner()
        conversation = records.start_conversation(learner)
        for _ in range(20):
            records.add_turn(learner, conversation, turn())
        records.close()
        file = home / "records.sqlite"
        whole = file.read_bytes()
        file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
        records = SqlRecords(f"sqlite:///{file}")
        with pytest.raises(RecordsUnavailable, match="is damaged") as caught:
            records.turns(learner, conversation)
        sentence_of(caught)
        records.close()

    def test_a_record_that_cannot_be_read(self, home: Path) -> None:
        records = opened(home)
        learner = records.add_learner()
        conversation = records.start_conversation(learner)
        records.add_turn(learner, conversation, turn())
        for damage in ("json_set(record, '$.intent', 'dream')", "'[]'", "'{'"):
            rows(home, f"UPDATE turns SET record = {damage}")
            with pytest.raises(RecordsUnavailable, match="cannot be read by this version") as caught:
                records.turns(learner, conversation)
            sentence_of(caught)
        records.close()

    def test_a_folder_in_place_of_the_file(self, home: Path) -> None:
        (home / "records.sqlite").mkdir(parents=True)
        with pytest.raises(RecordsUnavailable, match="a file and not a folder") as caught:
            opened(home)
        sentence_of(caught)

    def test_a_file_in_place_of_the_home(self, home: Path) -> None:
        home.write_text("in the way")
        with pytest.raises(RecordsUnavailable, match="cannot be opened") as caught:
            opened(home)
        sentence_of(caught)

    def test_a_database_in_a_folder_that_does_not_exist(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path}/nowhere/records.sqlite"
        with pytest.raises(RecordsUnavailable, match="check that the folder exists"):
            open_records(Settings(home=tmp_path, database_url=url))
        with pytest.raises(RecordsUnavailable, match="check that the folder exists"):
            SqlRecords(url).add_learner()
        assert not (tmp_path / "nowhere").exists()

    def test_a_database_without_tables(self, tmp_path: Path) -> None:
        (tmp_path / "empty.sqlite").touch()
        records = SqlRecords(f"sqlite:///{tmp_path}/empty.sqlite")
        with pytest.raises(RecordsUnavailable, match="start cpom-tutor again") as caught:
            records.add_learner()
        sentence_of(caught)
        records.close()

    @pytest.mark.parametrize("replaced", [False, True])
    def test_a_file_that_disappears_while_in_use(self, home: Path, replaced: bool) -> None:
        records = opened(home)
        learner = records.add_learner()
        file, aside = home / "records.sqlite", home / "aside"
        file.rename(aside)
        if replaced:
            shutil.copy(aside, file)
        with pytest.raises(RecordsUnavailable, match="moved or replaced while in use") as caught:
            records.start_conversation(learner)
        sentence_of(caught)
        aside.replace(file)
        assert records.start_conversation(learner)
        records.close()

    def test_somebody_elses_long_write(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.2)
        records = opened(home)
        learner = records.add_learner()
        conversation = records.start_conversation(learner)
        other = sqlite3.connect(home / "records.sqlite", isolation_level=None)
        with closing(other):
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(RecordsUnavailable, match="in use by another program") as caught:
                records.add_turn(learner, conversation, turn("lost?"))
            sentence_of(caught)
            with pytest.raises(RecordsUnavailable, match="in use by another program"):
                opened(home)
            other.execute("ROLLBACK")
        records.add_turn(learner, conversation, turn("not lost"))
        assert questions(records, learner, conversation) == ["not lost"]
        records.close()

    def test_a_queue_that_does_not_move(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.5)
        monkeypatch.setattr(transactions, "_QUEUE_SECONDS", 0.05)
        records = opened(home)
        said: list[str] = []

        def study() -> None:
            try:
                records.add_learner()
            except RecordsUnavailable as error:
                said.append(str(error))

        with closing(sqlite3.connect(home / "records.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            threads = [threading.Thread(target=study) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        records.close()
        assert len(said) == 3
        assert set(said) == {
            f"The records at {home / 'records.sqlite'} are in use by another program; "
            "close it or wait a moment, and try again."
        }

    @pytest.mark.parametrize(
        ("state", "sentence"),
        [
            (None, "cannot be reached; check"),
            ("08006", "cannot be reached; check"),
            ("25006", "refuses to write; allow"),
            ("42P01", "start cpom-tutor again"),
            ("53100", "out of space or connections; free"),
            ("55P03", "in use by another program; close"),
            ("XX000", "cannot be used"),
        ],
    )
    def test_what_a_server_reports_is_explained(self, state: str | None, sentence: str) -> None:
        reported = type("OperationalError", (Exception,), {"sqlstate": state})("a learner's words")
        with pytest.raises(RecordsUnavailable, match=sentence) as caught, explained("postgresql://host/db"):
            raise OperationalError("INSERT", None, reported)
        assert "learner's" not in sentence_of(caught)

    def test_a_database_from_a_newer_version_is_left_alone(self, home: Path) -> None:
        opened(home).close()
        rows(home, "UPDATE alembic_version SET version_num = 'f00d'")
        with pytest.raises(RecordsUnavailable, match="newer version of cpom-tutor; update it with") as caught:
            opened(home)
        sentence_of(caught)
        assert rows(home, "SELECT version_num FROM alembic_version") == [("f00d",)]

    def test_a_server_that_does_not_answer_or_has_no_driver(self, tmp_path: Path) -> None:
        url = "postgresql+psycopg://tutor:secret@127.0.0.1:1/records?sslpassword=secret"
        with pytest.raises(RecordsUnavailable) as caught:
            open_records(Settings(home=tmp_path, database_url=url))
        assert "secret" not in sentence_of(caught)


class TestUrls:
    @pytest.mark.parametrize(
        "url",
        [
            "records.sqlite",
            "sqlite://",
            "sqlite:///:memory:",
            "sqlite://records.sqlite",
            "sqlite://host/records.sqlite",
            "sqlite:///file:records.sqlite?uri=true",
            "sqlite:///records.sqlite?timeout=soon",
            "sqlite+aiosqlite:///records.sqlite",
            "mysql://user:secret@host/records",
            "postgres://user:secret@host/records",
            "postgresql://user:secret@host:port/records",
            "postgresql+unknown://user:secret@host/records",
        ],
    )
    def test_an_unusable_url_is_bad_input(self, tmp_path: Path, url: str) -> None:
        with pytest.raises(BadInput) as opening:
            open_records(Settings(home=tmp_path, database_url=url))
        with pytest.raises(BadInput) as making:
            SqlRecords(url)
        assert sentence_of(opening) == sentence_of(making)
        assert "secret" not in str(opening.value)

    def test_a_database_elsewhere_can_be_named(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path}/mine.sqlite"
        records: Records = open_records(Settings(home=tmp_path / "home", database_url=url))
        assert records.has_learner(records.add_learner())
        records.close()
        assert not (tmp_path / "home").exists()


@pytest.mark.usefixtures("records")
def test_migrations_make_exactly_the_tables_of_the_models(database_url: str | None, home: Path) -> None:
    file = home / "records.sqlite"
    engine = create_engine(database_url or f"sqlite:///{file}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Row.metadata) == []
        if database_url is None:
            assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_the_first_version_kept_is_there_after_an_upgrade(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server = kind == "postgresql"
    url = request.getfixturevalue("postgresql").new_database() if server else f"sqlite:///{tmp_path}/old.sqlite"
    record = json.dumps(turn_to_record(turn("what is a CSC?")))
    engine = create_engine(url)
    with engine.begin() as connection:
        command.upgrade(migration_config(connection), "0001")
        kept = {"now": "2026-03-01 08:00:00", "record": record}
        for table, values in (
            ("learners", "'l1', :now"),
            ("conversations", "'c1', 'l1', 'what is a CSC?', 1, :now, :now"),
            ("turns", "'t1', 'c1', 1, 'what is a CSC?', 'What is a CSC?', 'list', 'answer', 'x', 'f', :now, :record"),
        ):
            connection.execute(text(f"INSERT INTO {table} VALUES ({values})"), kept)
    engine.dispose()

    records = open_records(Settings(home=tmp_path, database_url=url))
    (found,) = records.turns("l1", "c1")
    assert (found.question, found.reply) == ("what is a CSC?", TABLE)
    assert [line.turn_id for line in records.inbox()] == ["t1"]
    assert records.add_account("ada", "correct horse", role=AccountRole.LEARNER).name == "ada"
    records.close()
