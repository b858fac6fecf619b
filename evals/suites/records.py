"""How long does it take to record a turn, and to open an inbox, or a class, of a hundred thousand?"""

import random
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import String, cast, delete, func, insert, literal, select

from cpom_tutor.accounts import Enrolment, Role, new_password
from cpom_tutor.answers import Turn
from cpom_tutor.classes import MOST_WEEKS, ClassLook, Outcome, week_of
from cpom_tutor.records import SqlRecords, open_records
from cpom_tutor.records.database import create_database_engine, read_url
from cpom_tutor.records.models import AskedRow, AttemptRow, InboxRow, TurnRow
from cpom_tutor.reviews import InboxLine
from evals import statistics
from evals.bank import single_questions
from evals.report import Figure, Result, Target
from evals.runs import Run
from evals.served import data_folder

TURNS = 100_000
DIFFERENT = 100
LEARNERS, ATTEMPTS, WEEKS = 300, 100_000, 26
OPENINGS, RECORDED = 20, 300
OPEN_MS, RECORD_MS = 1000.0, 5.0


def measure(run: Run) -> Result:
    """Real replies, copied; SQLite with its log synced at each commit, as it is shipped."""
    asked = single_questions(run.application().retriever.library, DIFFERENT)
    turns = [run.ask(question) for question in asked]
    with data_folder(run.settings) as settings:
        records = open_records(settings)
        recorded = _record(records, turns, RECORDED)
        _copy(settings.records_url, TURNS)
        full = _record(records, turns, RECORDED)
        opened = _open(records)
        fill_class(records, settings.records_url)
        looked = _look(records)
        records.close()
    return Result(
        "records",
        f"Recording {RECORDED} turns into an empty and a full database, opening the inbox of {TURNS:,} turns, and "
        f"looking at a class of {LEARNERS} learners with {ATTEMPTS:,} attempts.",
        (
            *_figures("recording a turn, empty", recorded, RECORD_MS),
            *_figures("recording a turn, full", full, RECORD_MS),
            *(figure for name, taken in opened.items() for figure in _figures(f"inbox, {name}", taken, OPEN_MS)),
            *(figure for name, taken in looked.items() for figure in _figures(f"class, {name}", taken, OPEN_MS)),
        ),
        notes=("Recording is what it adds to an answer: the turn, its rank in the inbox, and the sync of the disk.",),
    )


def _figures(measure: str, taken: list[float], target: float) -> tuple[Figure, Figure]:
    return (
        Figure.of(f"{measure}, p50", statistics.quantile(taken, 0.5), unit="ms", target=Target(target, at_most=True)),
        Figure.of(f"{measure}, p95", statistics.quantile(taken, 0.95), unit="ms"),
    )


def _record(records: SqlRecords, turns: list[Turn], count: int) -> list[float]:
    learner = records.add_learner()
    conversation = records.start_conversation(learner)
    told = [turns[place % len(turns)] for place in range(count)]
    return [_timed(partial(records.add_turn, learner, conversation, turn)) for turn in told]


def _open(records: SqlRecords) -> dict[str, list[float]]:
    """Each way of opening the inbox, the first time too, when nothing of it is in memory."""
    ways: dict[str, Callable[[], tuple[InboxLine, ...]]] = {
        "first page": records.inbox,
        "last page": lambda: records.inbox(offset=TURNS - 50),
        "abstentions": lambda: records.inbox(reply_kind="abstention"),
        "reviewed or not": lambda: records.inbox(reviewed=None),
        "search that finds": lambda: records.inbox(search="difference"),
        "search that finds nothing": lambda: records.inbox(search="nowhere to be found"),
    }
    return {name: [_timed(way) for _ in range(OPENINGS)] for name, way in ways.items()}


def _look(records: SqlRecords) -> dict[str, list[float]]:
    """Each way of looking at a class."""
    now = datetime.now(UTC)
    ways: dict[str, Callable[[], object]] = {
        "everybody, 8 weeks": lambda: records.class_record(ClassLook(), now),
        "everybody, a year": lambda: records.class_record(ClassLook(weeks=MOST_WEEKS), now),
        "one of ten groups": lambda: records.class_record(ClassLook("group 3"), now),
        "examples": lambda: records.examples(ClassLook(), "CPOM §1.1.2", now),
    }
    return {name: [_timed(way) for _ in range(OPENINGS)] for name, way in ways.items()}


def fill_class(records: SqlRecords, url: str) -> None:
    """Has the turns that there are asked by a class in ten groups, and gives the class attempts."""
    people = [
        Enrolment(f"learner{number}", new_password(), Role.LEARNER, "", f"group {number % 10}")
        for number in range(LEARNERS)
    ]
    records.enrol(people, {})
    learners, now = [account.learner for account in records.accounts()], datetime.now(UTC)
    engine, dice = create_database_engine(read_url(url)), random.Random(0)
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(delete(AskedRow))
        turns = connection.scalars(select(TurnRow.id)).all()
        connection.execute(insert(AskedRow), [_asked(turn, learners, now, dice) for turn in turns])
        connection.execute(insert(AttemptRow), [_attempt(learners, now, dice) for _ in range(ATTEMPTS)])
    engine.dispose()


def _asked(turn: str, learners: list[str], now: datetime, dice: random.Random) -> dict[str, object]:
    at = now - timedelta(weeks=WEEKS * dice.random())
    return {
        "turn_id": turn, "learner_id": dice.choice(learners), "asked_at": at, "week": week_of(at),
        "outcome": dice.choice([*Outcome]).value, "topic": _topic(dice),
    }  # fmt: skip


def _attempt(learners: list[str], now: datetime, dice: random.Random) -> dict[str, object]:
    fact = dice.randrange(200)
    return {
        "learner_id": dice.choice(learners), "item_id": f"item {fact}", "fact": f"fact {fact}", "kind": "mcq",
        "level": "recall", "topic": f"CPOM §1.1.{fact % 12}", "score": float(dice.random() < 0.7),
        "correct": True, "answered_at": now - timedelta(weeks=WEEKS * dice.random()), "session_id": "",
        "seconds": None, "self_rated": False,
    }  # fmt: skip


def _topic(dice: random.Random) -> str:
    return f"CPOM §1.1.{dice.randrange(12)}"


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _copy(url: str, count: int) -> None:
    """Copies what is recorded until there are so many turns, each copy with a risk of its own."""
    run, engine = f"-{secrets.token_hex(3)}-", create_database_engine(read_url(url))
    with engine.execution_options(writes=True).begin() as connection:
        stored = connection.scalar(select(func.count()).select_from(TurnRow)) or 1
        copies = select(literal(1).label("n")).cte("copies", recursive=True)
        copies = copies.union_all(select(copies.c.n + 1).where(copies.c.n < -(-count // stored)))
        changed = {
            TurnRow: {"id": TurnRow.id + run + cast(copies.c.n, String),
                      "position": TurnRow.position + stored * copies.c.n},
            InboxRow: {"turn_id": InboxRow.turn_id + run + cast(copies.c.n, String),
                       "risk": func.abs(func.random() % 1000) / 1000.0},
        }  # fmt: skip
        for table, values in changed.items():
            columns = table.__table__.columns
            read: list[Any] = [values.get(column.name, column) for column in columns]
            connection.execute(insert(table).from_select(columns.keys(), select(*read).join(copies, literal(True))))
    engine.dispose()
