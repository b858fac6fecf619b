"""How long does it take to record a turn, and to open an inbox of a hundred thousand?"""

import secrets
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import String, cast, func, insert, literal, select

from cpom_tutor.answers import Turn
from cpom_tutor.records import SqlRecords, open_records
from cpom_tutor.records.database import create_database_engine, read_url
from cpom_tutor.records.models import InboxRow, TurnRow
from cpom_tutor.reviews import InboxLine
from evals import statistics
from evals.bank import single_questions
from evals.report import Figure, Result, Target
from evals.runs import Run
from evals.served import data_folder

TURNS = 100_000
DIFFERENT = 100
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
        records.close()
    return Result(
        "records",
        f"Recording {RECORDED} turns into an empty and a full database, and opening the inbox of {TURNS:,} turns.",
        (
            *_figures("recording a turn, empty", recorded, RECORD_MS),
            *_figures("recording a turn, full", full, RECORD_MS),
            *(figure for name, taken in opened.items() for figure in _figures(f"inbox, {name}", taken, OPEN_MS)),
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
