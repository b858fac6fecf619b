"""Feedback, reviews, approved answers, and the inbox, which earlier turns are entered in.

Types are spelled out rather than taken from the models: a revision says what the tables were that day.
"""

import json
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from cpom_tutor.errors import BadInput
from cpom_tutor.interchange import turn_from_record
from cpom_tutor.records.risk import MOST_COUNTED, question_key, risk_of
from cpom_tutor.reviews import Risk

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_AT_ONCE = 200

_TURNS = sa.table(
    "turns",
    sa.column("id", sa.String),
    sa.column("question", sa.Text),
    sa.column("resolved_question", sa.Text),
    sa.column("reply_kind", sa.Text),
    sa.column("asked_at", sa.DateTime(timezone=True)),
    sa.column("record", sa.JSON),
)
_INBOX = sa.table(
    "inbox",
    sa.column("turn_id", sa.String),
    sa.column("question_key", sa.String),
    sa.column("asked_before", sa.Integer),
    sa.column("reply_kind", sa.Text),
    sa.column("asked_at", sa.DateTime(timezone=True)),
    sa.column("reviewed", sa.Boolean),
    sa.column("risk", sa.Double),
    sa.column("risk_why", sa.JSON),
    sa.column("searched", sa.Text),
)
_SETTINGS = sa.table("settings", sa.column("name", sa.String), sa.column("value", sa.Text))


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "settings",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )
    op.bulk_insert(_SETTINGS, [{"name": "pseudonyms", "value": secrets.token_hex(16)}])
    _create_inbox()
    _create_said()
    _create_canonical_answers()
    _enter_earlier_turns(op.get_bind())


def downgrade() -> None:
    """Back from it."""
    for table in ("canonical_answers", "reviews", "feedback", "inbox", "settings"):
        op.drop_table(table)


def _of_a_turn(table: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=f"fk_{table}_turn_id", ondelete=ondelete)


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("turn_id", sa.String(32), nullable=False),
        sa.Column("question_key", sa.String(32), nullable=False),
        sa.Column("asked_before", sa.Integer(), nullable=False),
        sa.Column("reply_kind", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("risk", sa.Double(), nullable=False),
        sa.Column("risk_why", sa.JSON(), nullable=False),
        sa.Column("searched", sa.Text(), nullable=False),
        _of_a_turn("inbox"),
        sa.PrimaryKeyConstraint("turn_id", name="pk_inbox"),
    )
    ranked = ["risk", "asked_at", "turn_id"]
    op.create_index("ix_inbox_reviewed_risk_asked_at_turn_id", "inbox", ["reviewed", *ranked])
    op.create_index("ix_inbox_risk_asked_at_turn_id", "inbox", ranked)
    op.create_index("ix_inbox_question_key", "inbox", ["question_key"])


def _create_said() -> None:
    op.create_table(
        "feedback",
        sa.Column("turn_id", sa.String(32), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("complaints", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        _of_a_turn("feedback"),
        sa.PrimaryKeyConstraint("turn_id", name="pk_feedback"),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("turn_id", sa.String(32), nullable=False),
        sa.Column("judgement", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _of_a_turn("reviews"),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
    )
    op.create_index("ix_reviews_turn_id", "reviews", ["turn_id"])


def _create_canonical_answers() -> None:
    op.create_table(
        "canonical_answers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("turn_id", sa.String(32), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("same", sa.String(32), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired", sa.Text(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        _of_a_turn("canonical_answers", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_canonical_answers"),
    )
    op.create_index("ix_canonical_answers_turn_id", "canonical_answers", ["turn_id"])
    op.create_index("ix_canonical_answers_same", "canonical_answers", ["same"])


def _enter_earlier_turns(connection: sa.Connection) -> None:
    order = sa.select(_TURNS.c.id).order_by(_TURNS.c.asked_at, _TURNS.c.id)
    ids, asked = list(connection.scalars(order)), Counter[str]()
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        connection.execute(sa.insert(_INBOX), list(_entries(connection, some, asked)))


def _entries(connection: sa.Connection, ids: Sequence[str], asked: Counter[str]) -> Iterator[dict[str, Any]]:
    place = {turn_id: number for number, turn_id in enumerate(ids)}
    # As text: one record that is no JSON must not keep the others from being entered.
    record = sa.cast(_TURNS.c.record, sa.Text).label("record")
    columns = (_TURNS.c.id, _TURNS.c.question, _TURNS.c.resolved_question, _TURNS.c.reply_kind, _TURNS.c.asked_at)
    found = connection.execute(sa.select(*columns, record).where(_TURNS.c.id.in_(ids))).all()
    for row in sorted(found, key=lambda row: place[row.id]):
        key, risk = _weighed(row.record, asked)
        yield {
            "turn_id": row.id, "question_key": key, "asked_before": min(asked[key], MOST_COUNTED) if key else 0,
            "reply_kind": row.reply_kind, "asked_at": row.asked_at, "reviewed": False,
            "risk": risk.score, "risk_why": list(risk.why),
            "searched": f"{row.question}\n{row.resolved_question}".casefold(),
        }  # fmt: skip
        asked[key] += 1


def _weighed(record: str, asked: Counter[str]) -> tuple[str, Risk]:
    """What a turn's question is counted under, and its risk; none where the record cannot be read."""
    try:
        turn = turn_from_record(json.loads(record))
        key = question_key(turn)
        return key, risk_of(turn, None, min(asked[key], MOST_COUNTED) if key else 0)
    except (AttributeError, BadInput, KeyError, TypeError, ValueError):
        return "", Risk(0.0, ())
