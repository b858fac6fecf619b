"""Attempts, cards and practice sessions.

Types are spelled out rather than taken from the models: a revision says what the tables were that day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _of_a_learner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["learner_id"], ["learners.id"], name=f"fk_{table}_learner_id", ondelete="CASCADE"
    )  # fmt: skip


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.String(32), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("self_rated", sa.Boolean(), nullable=False),
        _of_a_learner("attempts"),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
    )
    op.create_index("ix_attempts_learner_id_answered_at_id", "attempts", ["learner_id", "answered_at", "id"])
    op.create_table(
        "cards",
        sa.Column("learner_id", sa.String(32), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("retired", sa.Text(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        _of_a_learner("cards"),
        sa.PrimaryKeyConstraint("learner_id", "item_id", name="pk_cards"),
    )
    op.create_index("ix_cards_learner_id_due_item_id", "cards", ["learner_id", "due", "item_id"])
    op.create_table(
        "practice_sessions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("learner_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        _of_a_learner("practice_sessions"),
        sa.PrimaryKeyConstraint("id", name="pk_practice_sessions"),
    )
    op.create_index(
        "ix_practice_sessions_learner_id_started_at_id", "practice_sessions", ["learner_id", "started_at", "id"]
    )


def downgrade() -> None:
    """Back from it."""
    op.drop_table("practice_sessions")
    op.drop_table("cards")
    op.drop_table("attempts")
