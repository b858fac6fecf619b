"""What turns are counted under, which earlier turns are entered in, and when an account was last seen.

Types are spelled out rather than taken from the models: a revision says what the tables were that day.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import op

from cpom_tutor.classes import Outcome, week_of
from cpom_tutor.errors import BadInput
from cpom_tutor.interchange import turn_from_record
from cpom_tutor.records.asked import outcome_of, topic_of

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_AT_ONCE = 200

_CONVERSATIONS = sa.table("conversations", sa.column("id", sa.String), sa.column("learner_id", sa.String))
_TURNS = sa.table(
    "turns",
    sa.column("id", sa.String),
    sa.column("conversation_id", sa.String),
    sa.column("asked_at", sa.DateTime(timezone=True)),
    sa.column("record", sa.JSON),
)
_ASKED = sa.table(
    "asked",
    sa.column("turn_id", sa.String),
    sa.column("learner_id", sa.String),
    sa.column("asked_at", sa.DateTime(timezone=True)),
    sa.column("week", sa.Date),
    sa.column("outcome", sa.Text),
    sa.column("topic", sa.Text),
)


def upgrade() -> None:
    """To this revision."""
    op.add_column("accounts", sa.Column("last_seen", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE accounts SET last_seen = (SELECT max(used_at) FROM sign_ins WHERE account = accounts.name)")
    op.create_table(
        "asked",
        sa.Column("turn_id", sa.String(32), nullable=False),
        sa.Column("learner_id", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_asked_turn_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name="fk_asked_learner_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("turn_id", name="pk_asked"),
    )
    counted = ["learner_id", "week", "outcome", "topic", "asked_at"]
    op.create_index("ix_asked_learner_id_week_outcome_topic_asked_at", "asked", counted)
    _count_earlier_turns(op.get_bind())


def downgrade() -> None:
    """Back from it."""
    op.drop_table("asked")
    with op.batch_alter_table("accounts") as accounts:
        accounts.drop_column("last_seen")


def _count_earlier_turns(connection: sa.Connection) -> None:
    ids = list(connection.scalars(sa.select(_TURNS.c.id)))
    for start in range(0, len(ids), _AT_ONCE):
        connection.execute(sa.insert(_ASKED), list(_entries(connection, ids[start : start + _AT_ONCE])))


def _entries(connection: sa.Connection, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    # As text: one record that is no JSON must not keep the others from being counted.
    record = sa.cast(_TURNS.c.record, sa.Text).label("record")
    wanted = (
        sa.select(_TURNS.c.id, _CONVERSATIONS.c.learner_id, _TURNS.c.asked_at, record)
        .join(_CONVERSATIONS, _CONVERSATIONS.c.id == _TURNS.c.conversation_id)
        .where(_TURNS.c.id.in_(ids))
    )
    for row in connection.execute(wanted):
        # SQLite keeps no time zone, and all times in it are UTC.
        asked_at = row.asked_at if row.asked_at.tzinfo else row.asked_at.replace(tzinfo=UTC)
        outcome, topic = _read(row.record)
        yield {
            "turn_id": row.id, "learner_id": row.learner_id, "asked_at": row.asked_at,
            "week": week_of(asked_at), "outcome": outcome, "topic": topic,
        }  # fmt: skip


def _read(record: str) -> tuple[str, str]:
    """What came of a turn and what it was about; nothing where the record cannot be read."""
    try:
        turn = turn_from_record(json.loads(record))
        return outcome_of(turn).value, topic_of(turn)
    except (AttributeError, BadInput, KeyError, TypeError, ValueError):
        return Outcome.NOTHING_ASKED.value, ""
