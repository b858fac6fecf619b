"""What learners practised, through its public face, on real databases."""

import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, event, make_url
from sqlalchemy.engine import Engine

from cpom_tutor.attempts import Attempt, Card, Marking, Response, Session, SessionKind
from cpom_tutor.config import Settings
from cpom_tutor.errors import NotFound, RecordsUnavailable, SessionMoved
from cpom_tutor.items import ItemKind, Level
from cpom_tutor.practice_protocols import PracticeRecords
from cpom_tutor.records import SqlRecords, open_records
from cpom_tutor.records.migrate import migration_config
from cpom_tutor.testing import make_item, make_scenario
from cpom_tutor.wiring import examine

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=-5)))


def attempt(number: int = 0, minutes: int = 0, session: str = "") -> Attempt:
    item = make_item(number)
    return Attempt(item.id, item.fact, item.kind, item.level, item.topic, 1 / 3, number % 2 == 0,
                   NOON + timedelta(minutes=minutes), session, 4.25 if number else None, number > 1)  # fmt: skip


def card(number: int = 0, days: float = 0, retired: str = "") -> Card:
    return Card(make_item(number), NOON + timedelta(days=days), '{"stability": 2.5}', retired)


def session(name: str = "s1", kind: SessionKind = SessionKind.QUESTIONS, minutes: int = 0) -> Session:
    items = tuple(make_item(number, kind) for number, kind in enumerate(ItemKind))
    return Session(name, kind, 7, NOON + timedelta(minutes=minutes), items, asked=9)


def opened(home: Path) -> SqlRecords:
    return open_records(Settings(home=home))


def rows(home: Path, query: str, values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "records.sqlite")) as connection:
        found = connection.execute(query, values).fetchall()
        connection.commit()
        return found


def sentence_of(caught: pytest.ExceptionInfo[Exception]) -> str:
    """The message, held to what a person is promised: one line that says what to do next."""
    message = str(caught.value)
    assert "\n" not in message
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
    def test_attempts_come_back_oldest_first_and_whole(self, records: SqlRecords) -> None:
        learner = records.add_learner()
        late, early, twin = attempt(0, 5), attempt(1, 1, "a session"), attempt(2, 1)
        for each in (late, early, twin):
            records.save_session(learner, session(_new()), [each])
        assert records.attempts(learner) == (early, twin, late)
        assert all(found.answered_at.utcoffset() == timedelta(0) for found in records.attempts(learner))

    def test_cards_come_back_first_due_first_and_are_replaced_by_their_items_id(self, records: SqlRecords) -> None:
        learner = records.add_learner()
        three = [card(0, 3), card(1, 1), card(2, 2, "It has left the course.")]
        kept = records.save_session(learner, session(_new()), [], three)
        assert records.cards(learner) == (card(1, 1), card(2, 2, "It has left the course."), card(0, 3))

        moved = replace(card(1, 9, "Gone."), item=replace(make_item(1), stem="Put otherwise?"), state="{}")
        records.save_session(learner, kept, [attempt(1)], [moved], known=three)
        assert records.cards(learner)[-1] == moved
        assert len(records.cards(learner)) == 3
        assert len(records.attempts(learner)) == 1

    def test_a_card_is_asked_no_more_and_again_without_anything_else_of_it_changing(self, records: SqlRecords) -> None:
        learner, other = records.add_learner(), records.add_learner()
        records.save_session(learner, session(_new()), [], [card(0, 1), card(1, 2), card(2, 3, "Gone.")])
        records.set_retired(learner, {card(0).item.id: "Changed.", card(2).item.id: ""})
        assert records.cards(learner) == (card(0, 1, "Changed."), card(1, 2), card(2, 3))
        for who in (other, "nobody"):
            with pytest.raises(NotFound) as caught:
                records.set_retired(who, {card(1).item.id: "Mine now."})
            sentence_of(caught)
        with pytest.raises(NotFound):
            records.set_retired(learner, {card(1).item.id: "Changed.", "missing": "Changed."})
        assert records.cards(learner)[1] == card(1, 2)

    def test_a_session_comes_back_as_it_was_last_saved(self, records: SqlRecords) -> None:
        learner = records.add_learner()
        fresh = records.save_session(learner, replace(session(_new()), scenario=make_scenario()))
        assert fresh.revision == 1
        assert records.session(learner, fresh.id) == fresh

        later = replace(
            fresh, responses=((0, Response(text="half \ud83d, NUL \0")),), markings=((0, Marking(1.0, True)),),
            flagged=frozenset({3}), position=2, drafts=((4, "and then"),), finished_at=NOON,
        )  # fmt: skip
        saved = records.save_session(learner, later, [attempt(3, session=fresh.id)], [card(3)])

        assert records.session(learner, fresh.id) == saved == replace(later, revision=2)
        assert [found.session for found in records.attempts(learner)] == [fresh.id]
        assert records.cards(learner) == (card(3),)

    def test_sessions_are_listed_latest_first(self, records: SqlRecords) -> None:
        learner = records.add_learner()
        names = [_new() for _ in range(3)]
        first = records.save_session(learner, session(names[0], minutes=0))
        exam = records.save_session(learner, session(names[1], SessionKind.EXAM, 2))
        ended = records.save_session(learner, replace(session(names[2], minutes=1), finished_at=NOON))

        assert records.sessions(learner) == (exam, ended, first)
        assert records.sessions(learner, limit=1) == (exam,)
        assert records.sessions(learner, limit=-1) == ()
        for _ in range(50):
            records.save_session(learner, session(_new(), minutes=-1))
        assert [len(records.sessions(learner)), len(records.sessions(learner, limit=None))] == [50, 53]
        assert records.sessions(learner, unfinished=True, limit=2) == (exam, first)
        assert records.sessions(learner, kind=SessionKind.EXAM) == (exam,)
        assert records.sessions(learner, kind=SessionKind.SCENARIO) == ()

    def test_everything_is_there_after_a_restart(self, home: Path) -> None:
        first = opened(home)
        learner = first.add_learner()
        first.save_session(learner, session(), [attempt(1), attempt(2)], [card(1), card(2)])
        before = first.sessions(learner), first.attempts(learner), first.cards(learner)
        first.close()

        again: PracticeRecords = opened(home)
        assert (again.sessions(learner), again.attempts(learner), again.cards(learner)) == before
        assert [len(part) for part in before] == [1, 2, 2]

    def test_an_answer_in_a_long_exam_stores_little(self, home: Path) -> None:
        records = opened(home)
        learner = records.add_learner()
        long = replace(session(), items=tuple(make_item(number) for number in range(120)))
        saved = records.save_session(learner, long)
        drawn = rows(home, "SELECT record FROM practice_sessions")
        asked: list[object] = []

        def note(_c: object, _k: object, statement: str, values: object, *_: object) -> None:
            asked.append((statement, values))

        event.listen(Engine, "before_cursor_execute", note)
        records.save_session(learner, replace(saved, responses=((0, Response(index=1)),)))
        event.remove(Engine, "before_cursor_execute", note)
        records.close()
        assert len(str(asked)) < 2000
        assert rows(home, "SELECT record FROM practice_sessions") == drawn

    @pytest.mark.parametrize(
        ("ask", "index"),
        [
            (lambda records, learner: records.attempts(learner), "ix_attempts_learner_id_answered_at_id"),
            (lambda records, learner: records.cards(learner), "ix_cards_learner_id_due_item_id"),
            (
                lambda records, learner: records.sessions(learner),
                "ix_practice_sessions_learner_id_started_at_id",
            ),
        ],
        ids=["attempts", "cards", "sessions"],
    )
    def test_a_list_is_one_query_in_the_order_of_an_index(
        self, home: Path, ask: Callable[[SqlRecords, str], object], index: str
    ) -> None:
        asked: list[tuple[str, tuple[object, ...]]] = []

        def note(_c: object, _k: object, statement: str, values: tuple[object, ...], *_: object) -> None:
            asked.append((statement, values))

        records = opened(home)
        learner = records.add_learner()
        event.listen(Engine, "before_cursor_execute", note)
        ask(records, learner)
        event.remove(Engine, "before_cursor_execute", note)
        records.close()
        ((query, values),) = [found for found in asked if found[0] != "BEGIN"]
        (plan,) = rows(home, f"EXPLAIN QUERY PLAN {query}", values)
        assert f"USING INDEX {index} (learner_id=?)" in str(plan[-1])


class TestWhoMayRead:
    def test_another_learners_session_looks_like_a_missing_one(self, records: SqlRecords) -> None:
        owner, other = records.add_learner(), records.add_learner()
        kept = records.save_session(owner, session(_new()))

        said = set()
        for learner, wanted in ((other, kept.id), (other, "missing"), ("nobody", kept.id), ("\ud800\0", kept.id),
                                (owner, "\ud800\0"), ("", "")):  # fmt: skip
            with pytest.raises(NotFound) as reading:
                records.session(learner, wanted)
            with pytest.raises(NotFound) as writing:
                records.save_session(learner, replace(kept, id=wanted, position=4), [attempt()], [card()])
            said |= {sentence_of(reading), sentence_of(writing)}

        assert len(said) == 1
        assert records.sessions(other) == ()
        assert records.attempts(other) == ()
        assert records.cards(other) == ()
        assert records.session(owner, kept.id) == kept

    def test_a_taken_id_does_not_become_somebody_elses_session(self, records: SqlRecords) -> None:
        owner, other = records.add_learner(), records.add_learner()
        kept = records.save_session(owner, session(_new()))
        with pytest.raises(NotFound):
            records.save_session(other, replace(session(kept.id), position=3), [attempt()])
        assert records.attempts(other) == ()
        assert records.session(owner, kept.id) == kept

    def test_two_learners_have_each_their_own_card_of_one_item(self, records: SqlRecords) -> None:
        one, two = records.add_learner(), records.add_learner()
        records.save_session(one, session(_new()), [], [card(0, 1)])
        records.save_session(two, session(_new()), [], [card(0, 2)])
        assert (records.cards(one), records.cards(two)) == ((card(0, 1),), (card(0, 2),))

    def test_an_unknown_learner_has_nothing_and_keeps_nothing(self, records: SqlRecords) -> None:
        for learner in ("nobody", "\ud800\0"):
            assert records.attempts(learner) == ()
            assert records.cards(learner) == ()
            assert records.sessions(learner) == ()
            with pytest.raises(NotFound, match="start afresh") as caught:
                records.save_session(learner, session(_new()), [attempt()], [card()])
            sentence_of(caught)

    def test_a_deleted_learner_leaves_nothing(self, home: Path) -> None:
        records = opened(home)
        gone, kept = records.add_learner(), records.add_learner()
        records.save_session(gone, session("gone"), [attempt()], [card()])
        records.save_session(kept, session("kept"), [attempt()], [card()])
        records.close()
        with closing(sqlite3.connect(home / "records.sqlite")) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("DELETE FROM learners WHERE id = ?", (gone,))
            connection.commit()
        for table in ("attempts", "cards", "practice_sessions"):
            assert rows(home, f"SELECT learner_id FROM {table}") == [(kept,)]


class TestManyAtOnce:
    def test_a_save_that_does_not_know_the_last_one_is_refused_whole(self, records: SqlRecords) -> None:
        learner = records.add_learner()
        known = records.save_session(learner, session(_new()))
        moved = records.save_session(learner, replace(known, position=1))
        for stale in (known, replace(known, revision=0), replace(moved, revision=7)):
            with pytest.raises(SessionMoved) as caught:
                records.save_session(learner, replace(stale, position=2), [attempt()], [card()])
            sentence_of(caught)
        assert records.session(learner, known.id) == moved
        assert records.attempts(learner) == ()
        assert records.cards(learner) == ()

    def test_a_card_that_somebody_else_moved_is_not_overwritten_and_nothing_is_kept(self, records: SqlRecords) -> None:
        learner = records.add_learner()
        here, elsewhere = (records.save_session(learner, session(_new())) for _ in range(2))
        old, new = card(0, 1), replace(card(0, 4), state='{"stability": 9}')
        elsewhere = records.save_session(learner, elsewhere, [attempt()], [old])
        records.save_session(learner, elsewhere, [attempt()], [new], known=[old])
        for known in ([], [old]):
            with pytest.raises(SessionMoved) as caught:
                records.save_session(learner, replace(here, position=3), [attempt()], [card(1), old], known=known)
            sentence_of(caught)
        assert records.session(learner, here.id) == here
        assert len(records.attempts(learner)) == 2
        assert records.cards(learner) == (new,)

    def test_of_threads_that_save_the_same_revision_one_wins(self, records: SqlRecords) -> None:
        learner = records.add_learner()
        known = records.save_session(learner, session(_new()))
        outcomes: list[str] = []

        def save(number: int) -> None:
            try:
                records.save_session(learner, replace(known, position=number), [attempt(number)], [card(number)])
                outcomes.append("saved")
            except SessionMoved:
                outcomes.append("moved")

        threads = [threading.Thread(target=save, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["moved"] * 7 + ["saved"]
        (kept,) = records.attempts(learner)
        assert kept.item_id == make_item(records.session(learner, known.id).position).id
        assert len(records.cards(learner)) == 1

    def test_eight_threads_lose_no_attempt(self, records: SqlRecords) -> None:
        learner = records.add_learner()
        failures: list[BaseException] = []

        def practise(worker: int) -> None:
            try:
                kept, known = records.save_session(learner, session(_new())), list[Card]()
                for number in range(20):
                    now = card(worker, number)
                    kept = records.save_session(learner, kept, [attempt(worker, number)], [now], known=known)
                    known = [now]
            except BaseException as error:  # noqa: BLE001 - shown by the assertion below
                failures.append(error)

        threads = [threading.Thread(target=practise, args=(worker,)) for worker in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len(records.attempts(learner)) == 160
        assert [found.due for found in records.cards(learner)] == [NOON + timedelta(days=19)] * 8


WRITER = """
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from cpom_tutor.config import Settings
from cpom_tutor.attempts import Attempt, Card, Response, Session, SessionKind
from cpom_tutor.items import ItemKind, Level
from cpom_tutor.records import open_records
from cpom_tutor.testing import make_item

records, learner = open_records(Settings(home=Path(sys.argv[1]))), sys.argv[2]
items = tuple(make_item(number) for number in range(400))
session = records.save_session(learner, Session("long", SessionKind.QUESTIONS, 1, datetime.now(UTC), items))
for number, item in enumerate(items):
    now = datetime.now(UTC)
    tried = Attempt(item.id, item.fact, item.kind, item.level, item.topic, 1.0, True, now, "long")
    answered = replace(session, responses=(*session.responses, (number, Response(index=0))))
    session = records.save_session(learner, answered, [tried], [Card(item, now, "{}")])
    print(number, flush=True)
"""


@pytest.mark.parametrize("answers", [3, 25])
def test_a_kill_loses_no_acknowledged_answer_and_keeps_no_half_of_one(home: Path, answers: int) -> None:
    records = opened(home)
    learner = records.add_learner()
    records.close()
    command_line = [sys.executable, "-W", "error", "-c", WRITER, str(home), learner]
    with subprocess.Popen(command_line, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        acknowledged = [writer.stdout.readline() for _ in range(answers)]
        time.sleep(random.random() / 20)
        writer.send_signal(signal.SIGKILL)
        acknowledged += writer.stdout.readlines()
    told = len([line for line in acknowledged if line.endswith("\n")])

    records = opened(home)
    kept = records.session(learner, "long")
    assert len(kept.responses) >= told >= answers
    assert kept.revision == len(kept.responses) + 1
    assert len(records.attempts(learner)) == len(records.cards(learner)) == len(kept.responses)
    records.close()


class TestUpgrades:
    def test_a_database_of_the_first_version_keeps_its_data(self, home: Path) -> None:
        learner, conversation = _first_version(home)
        before = rows(home, "SELECT * FROM turns"), rows(home, "SELECT * FROM conversations")

        records = opened(home)

        assert (rows(home, "SELECT * FROM turns"), rows(home, "SELECT * FROM conversations")) == before
        assert len(before[0]) == 1
        assert records.turns(learner, conversation)[0].question == "what is a CSC?"
        assert records.attempts(learner) == ()
        records.save_session(learner, session(), [attempt()], [card()])
        assert records.session(learner, "s1").revision == 1
        records.close()
        assert rows(home, "SELECT version_num FROM alembic_version") == [("0005",)]

    def test_doctor_brings_an_old_database_up_to_date(self, home: Path) -> None:
        _first_version(home)
        (finding,) = [found for found in examine(Settings(home=home)) if found.name == "database"]
        assert finding.ok, finding.finding
        assert rows(home, "SELECT count(*) FROM attempts") == [(0,)]

    def test_the_way_back_leaves_the_first_version(self, home: Path) -> None:
        records = opened(home)
        learner = records.add_learner()
        records.save_session(learner, session(), [attempt()], [card()])
        records.close()
        _alembic(home, "downgrade", "0001")
        tables = {name for (name,) in rows(home, "SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert tables == {"alembic_version", "learners", "conversations", "turns"}
        assert rows(home, "SELECT id FROM learners") == [(learner,)]


class TestFaults:
    @pytest.mark.parametrize("damage", ["json_set(record, '$.{field}', 'dream')", "'[]'", "'{{'"])
    def test_a_record_that_cannot_be_read_says_so(self, home: Path, damage: str) -> None:
        records = opened(home)
        learner = records.add_learner()
        records.save_session(learner, session(), [attempt()], [card()])
        rows(home, "UPDATE practice_sessions SET record = " + damage.format(field="kind"))
        rows(home, "UPDATE cards SET record = " + damage.format(field="level"))
        rows(home, "UPDATE attempts SET kind = 'dream'")
        asks: tuple[Callable[[], object], ...] = (
            lambda: records.session(learner, "s1"),
            lambda: records.sessions(learner),
            lambda: records.cards(learner),
            lambda: records.attempts(learner),
        )
        for ask in asks:
            with pytest.raises(RecordsUnavailable, match="cannot be read by this version") as caught:
                ask()
            sentence_of(caught)
        records.close()

    def test_a_database_that_somebody_holds_is_busy_and_nothing_is_half_kept(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("cpom_tutor.records.database.PATIENCE_SECONDS", 0.2)
        records = opened(home)
        learner = records.add_learner()
        with closing(sqlite3.connect(home / "records.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(RecordsUnavailable, match="in use by another program") as caught:
                records.save_session(learner, session(), [attempt()], [card()])
            sentence_of(caught)
            other.execute("ROLLBACK")
        assert records.sessions(learner) == ()
        assert records.save_session(learner, session(), [attempt()], [card()]).revision == 1
        assert len(records.attempts(learner)) == 1
        records.close()


def _new() -> str:
    """An id that no earlier run left in a server's database."""
    return f"s{random.getrandbits(64):x}"


def _alembic(home: Path, direction: str, revision: str) -> None:
    engine = create_engine(make_url(f"sqlite:///{home}/records.sqlite"))
    with engine.begin() as connection:
        {"upgrade": command.upgrade, "downgrade": command.downgrade}[direction](migration_config(connection), revision)
    engine.dispose()


def _first_version(home: Path) -> tuple[str, str]:
    """A database as the first version made it, with a conversation in it."""
    home.mkdir()
    _alembic(home, "upgrade", "0001")
    record = (
        '{"question": "what is a CSC?", "resolved_question": "What is a CSC?", "intent": "ask", "reply": {"kind": '
        '"conversation", "text": "A service centre."}, "retrieved": [], "generator": "extractive", "index": "f", '
        '"asked_at": "2026-03-01T08:30:00+00:00", "elapsed_ms": 4.5, "suggestions": []}'
    )
    rows(home, "INSERT INTO learners VALUES ('l1', '2026-03-01 08:00:00')")
    rows(home, "INSERT INTO conversations VALUES ('c1', 'l1', 'what is a CSC?', 1, '2026-03-01', '2026-03-01')"
         .replace("'2026-03-01'", "'2026-03-01 08:00:00'"))  # fmt: skip
    rows(
        home,
        "INSERT INTO turns VALUES ('t1', 'c1', 1, 'what is a CSC?', 'What is a CSC?', 'ask', 'conversation', "
        "'extractive', 'f', '2026-03-01 08:30:00', ?)",
        (record,),
    )
    return "l1", "c1"


def test_levels_and_kinds_are_stored_by_their_names(home: Path) -> None:
    records = opened(home)
    learner = records.add_learner()
    records.save_session(learner, session(), [attempt(1)])
    records.close()
    assert rows(home, "SELECT kind, level, correct, seconds, self_rated FROM attempts") == [
        (ItemKind.MCQ.value, Level.APPLICATION.value, 0, 4.25, 0)
    ]
