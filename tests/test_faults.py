"""Killed processes, full disks, locked and read-only databases, newer versions: nothing is lost, and it is said."""

import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from cpom_tutor.accounts import IDLE, Role
from cpom_tutor.answers import Conversation, Intent, Turn
from cpom_tutor.cli import main
from cpom_tutor.config import Settings
from cpom_tutor.errors import RecordsUnavailable
from cpom_tutor.records import SqlRecords, database, open_records
from cpom_tutor.records.database import read_url
from evals.served import App, Browser, NotServed, environment_of, running
from tests.acknowledged import KINDS, assert_kept, assert_whole, writing
from tests.postgresql_server import PostgreSQL

PASSWORD = "correct horse"
Fault = Callable[[], AbstractContextManager[str]]


def turn(question: str) -> Turn:
    return Turn(question, question, Intent.ASK, Conversation("so"), (), "extractive", "i", datetime.now(UTC), 1.0)


def is_sentence(said: str) -> bool:
    """One line that says what to do next, and nothing of the inside."""
    return said.count("\n") <= 1 and ";" in said and "Traceback" not in said and "sqlalche" not in said


class TestKilled:
    @pytest.mark.parametrize("enough", [1, 30])
    def test_nothing_that_was_acknowledged_is_lost_and_nothing_is_half_there(
        self, tmp_path: Path, database_url: str | None, enough: int
    ) -> None:
        settings = Settings(tmp_path, database_url=database_url)
        records = open_records(settings)
        learner = records.add_learner()
        with writing(settings, learner) as writer:
            writer.wait_for(enough)
            time.sleep(random.random() / 20)
        told = writer.told()
        assert {kind for kind, _ in told} == KINDS
        assert_kept(records, learner, told)
        records.close()
        assert_whole(settings)


@pytest.fixture
def kept(tmp_path: Path) -> Settings:
    """A database with an account and a turn in it."""
    settings = Settings(tmp_path / "home")
    with closing(open_records(settings)) as records:
        learner = records.add_account("ada", PASSWORD, role=Role.LEARNER).learner
        records.add_turn(learner, records.start_conversation(learner), turn("what is a CSC?"))
    return settings


def _assert_nothing_lost(settings: Settings) -> None:
    with closing(open_records(settings)) as records:
        (account,) = records.accounts()
        assert account.name == "ada"
        assert [line.question for line in records.inbox()] == ["what is a CSC?"]
    assert_whole(settings)


RUN = """
import os, resource, sys
import cpom_tutor.wiring
from cpom_tutor.cli import main
fault, *arguments = sys.argv[1:]
if fault == "full":  # beyond this size no file can be written, as on a full disk
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
elif os.geteuid() == 0:  # root may write anything; nobody may not
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.exit(main(arguments))
"""
COMMANDS = {"users": ["users", "add", "bob", "--generate"], "review": ["review", "list"]}


def typed(settings: Settings, fault: str, *arguments: str) -> tuple[int, str, str]:
    """A command in a process that the fault strikes."""
    command = [sys.executable, "-W", "error", "-c", RUN, fault, *arguments]
    done = subprocess.run(command, env=environment_of(settings), capture_output=True, text=True, cwd="/")
    return done.returncode, done.stdout, done.stderr


class TestTheCommandLine:
    def test_a_full_disk(self, kept: Settings) -> None:
        code, out, err = typed(kept, "full", *COMMANDS["users"])
        assert (code, out) == (2, "")
        assert "free" in err
        assert is_sentence(err)
        _assert_nothing_lost(kept)

    @pytest.mark.parametrize("command", COMMANDS)
    @pytest.mark.parametrize("mode", [0o777, 0o555], ids=["file", "folder"])
    def test_what_may_not_be_written(self, kept: Settings, command: str, mode: int) -> None:
        # Outside pytest's folders, which nobody else may enter.
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            home = Path(shutil.copytree(kept.home, Path(folder) / "home"))
            for file in home.iterdir():
                file.chmod(0o444)
            home.chmod(mode)
            code, out, err = typed(replace(kept, home=home), "read-only", *COMMANDS[command])
            home.chmod(0o755)
            assert (code, out) == (2, "")
            assert "read-only; allow yourself to write" in err or "check that" in err
            assert is_sentence(err)
            (home / "records.sqlite").chmod(0o644)
            (home / "records.sqlite.lock").chmod(0o644)
            _assert_nothing_lost(replace(kept, home=home))

    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_database_that_somebody_holds(
        self, kept: Settings, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("CPOM_TUTOR_HOME", str(kept.home))
        monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.2)
        with _held(kept):
            assert main(COMMANDS[command]) == 2
            out, err = capsys.readouterr()
            assert out == ""
            assert "in use by another program; close it or wait" in err
            assert is_sentence(err)
        _assert_nothing_lost(kept)

    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_database_of_a_newer_version(
        self, kept: Settings, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("CPOM_TUTOR_HOME", str(kept.home))
        known = _marked_as(kept, "f00d")
        assert main(COMMANDS[command]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert "newer version of cpom-tutor; update it with" in err
        assert is_sentence(err)
        _marked_as(kept, known)
        _assert_nothing_lost(kept)

    def test_a_question_is_answered_without_the_records_and_says_so(
        self, kept: Settings, lean_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("CPOM_TUTOR_HOME", str(lean_home))
        monkeypatch.setenv("CPOM_TUTOR_DATABASE_URL", kept.records_url)
        _marked_as(kept, "f00d")
        assert main(["ask", "What is a CSC?"]) == 0
        out, err = capsys.readouterr()
        assert "CSC" in out
        assert "Answers that instructors approved were left out. The records at" in err
        assert "newer version of cpom-tutor; update it with" in err


@contextmanager
def _held(settings: Settings) -> Iterator[None]:
    """Somebody else writes all the while."""
    with closing(sqlite3.connect(settings.home / "records.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def _marked_as(settings: Settings, version: str) -> str:
    """Another version's mark on the database; returns the one that it had."""
    with closing(sqlite3.connect(settings.home / "records.sqlite")) as connection:
        (known,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
        connection.commit()
    return str(known)


class TestAServer:
    @pytest.fixture
    def url(self, postgresql: PostgreSQL) -> str:
        return postgresql.new_database()

    @pytest.fixture
    def records(self, tmp_path: Path, url: str) -> Iterator[SqlRecords]:
        with closing(open_records(Settings(tmp_path, database_url=url))) as store:
            yield store

    def test_somebody_elses_lock_is_not_waited_for_for_ever(
        self, url: str, records: SqlRecords, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.2)
        engine = create_engine(url)
        with engine.begin() as other, closing(SqlRecords(url)) as impatient:
            other.execute(text("LOCK TABLE learners IN ACCESS EXCLUSIVE MODE"))
            for _ in range(2):  # also on a connection that was used before
                with pytest.raises(RecordsUnavailable, match="in use by another program; close it or wait"):
                    impatient.add_learner()
        engine.dispose()
        assert records.has_learner(records.add_learner())

    def test_connections_that_break_off_are_made_again(
        self, postgresql: PostgreSQL, url: str, records: SqlRecords
    ) -> None:
        learner = records.add_learner()
        name = read_url(url).database
        postgresql.told(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        assert records.has_learner(learner)

    def test_one_that_may_not_be_written_is_found_out_at_the_start(
        self, tmp_path: Path, postgresql: PostgreSQL, url: str, records: SqlRecords
    ) -> None:
        learner = records.add_learner()
        postgresql.told(f"ALTER DATABASE {read_url(url).database} SET default_transaction_read_only = on")
        with pytest.raises(RecordsUnavailable, match="refuses to write; allow its user to"):
            open_records(Settings(tmp_path, database_url=url))
        assert records.has_learner(learner)

    def test_one_of_a_newer_version_is_left_alone(self, tmp_path: Path, url: str, records: SqlRecords) -> None:
        assert not records.has_accounts()
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = 'f00d'"))
        with pytest.raises(RecordsUnavailable, match="newer version of cpom-tutor; update it with"):
            open_records(Settings(tmp_path, database_url=url))
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "f00d"
        engine.dispose()


@pytest.fixture(scope="module")
def served(lean_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("faulty") / "home"
    shutil.copytree(lean_home, home)
    settings = Settings(home)
    with closing(open_records(settings)) as records:
        records.add_account("ada", PASSWORD, role=Role.LEARNER)
    return settings


@pytest.fixture(scope="module")
def app(served: Settings) -> Iterator[App]:
    with running(served) as app:
        yield app


@pytest.fixture(params=["a full disk", "a locked database"])
def fault(request: pytest.FixtureRequest, served: Settings, app: App) -> Fault:
    """Strikes the running app; says what is told of it."""

    @contextmanager
    def strike() -> Iterator[str]:
        if request.param == "a locked database":
            with _held(served):
                yield "in use by another program; close it or wait"
            return
        before = resource.prlimit(app.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(app.pid, resource.RLIMIT_FSIZE, (0, before[1]))
        yield "free"
        resource.prlimit(app.pid, resource.RLIMIT_FSIZE, before)

    return strike


def test_an_answer_that_cannot_be_kept_is_shown_and_said_to_be_lost(served: Settings, app: App, fault: Fault) -> None:
    browser = Browser(app.url, "ada", PASSWORD)
    browser.ask("What is a CSC?")
    with fault() as said:
        shown = browser.shown("Why was the CPOM created?")
        assert "<article" in shown
        assert "This answer is not saved." in shown
        assert said in shown
        with pytest.raises(NotServed, match="503"):
            Browser(app.url, "ada", PASSWORD)
    browser.ask("What are the five domains?")
    with closing(open_records(served)) as records:
        learner = records.account("ada").learner
        latest = records.conversations(learner)[0].id
        asked = [kept.question for kept in records.turns(learner, latest)]
    assert asked == ["What is a CSC?", "What are the five domains?"]
    assert_whole(served)


def test_a_sign_in_goes_on_where_its_use_cannot_be_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.2)
    settings, noon = Settings(tmp_path), datetime(2026, 11, 23, 12, tzinfo=UTC)
    with closing(open_records(settings)) as records:
        records.add_account("ada", PASSWORD, role=Role.LEARNER)
        token = records.sign_in("ada", PASSWORD, noon)
        with _held(settings):
            assert records.signed_in(token, noon + timedelta(hours=1))
            began = time.perf_counter()
            assert all(records.signed_in(token, noon + timedelta(hours=1, seconds=n)) for n in range(20))
            assert time.perf_counter() - began < 20 * database.PATIENCE_SECONDS, "each waits for the lock again"
        later = noon + IDLE - timedelta(minutes=1)
        assert records.signed_in(token, later)
        assert records.signed_in(token, later + IDLE - timedelta(minutes=1)), "its use was not noted any more"
