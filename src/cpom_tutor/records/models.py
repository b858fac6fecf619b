"""The tables: learners, their accounts, conversations and turns, what they practised, and what is said of turns.

A turn is stored twice over: as the whole record, which is what is shown again, and as columns for what an
instructor or a maintainer searches by. The columns are never read back into a turn. So are cards and sessions;
an attempt, a learner's feedback and a review are all columns.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


def _storable(value: str | None) -> str | None:
    """What people paste may hold half a surrogate pair or a NUL, which databases refuse as text."""
    if value is None:
        return None
    return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "\N{REPLACEMENT CHARACTER}")


class SafeText(TypeDecorator[str]):
    """Text that any database accepts; the exact words are in the turn's record, where JSON escapes them."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """On the way in."""
        return _storable(value)


class Identifier(TypeDecorator[str]):
    """An id. It may come from a browser, so that anything at all can stand in it."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """On the way in."""
        return _storable(value)


class AccountName(Identifier):
    """What somebody signs in by, or a hash as text."""

    impl = String(64)
    cache_ok = True


class UtcTime(TypeDecorator[datetime]):
    """A moment, aware and in UTC on both ways, also where the database keeps no time zone (SQLite)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """On the way in."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """On the way out."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Row(DeclarativeBase):
    """What all tables share."""

    # Named constraints can be changed by a later revision on every database.
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )


class LearnerRow(Row):
    """Somebody who studies; nothing but an unguessable id is known of them."""

    __tablename__ = "learners"

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class AccountRow(Row):
    """Somebody who signs in; their learner's end is the account's. See `accounts.Account`.

    Attributes:
        password: its Argon2 hash.
        last_seen: when somebody was last signed in by it, give or take some minutes.
    """

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("learner_id"),)

    name: Mapped[str] = mapped_column(AccountName, primary_key=True)
    learner_id: Mapped[str] = mapped_column(Identifier, ForeignKey("learners.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(SafeText)
    shown_as: Mapped[str] = mapped_column(SafeText)
    class_group: Mapped[str] = mapped_column(SafeText)
    password: Mapped[str] = mapped_column(SafeText)
    shares_name: Mapped[bool]
    temporary: Mapped[bool]
    disabled: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    last_seen: Mapped[datetime | None] = mapped_column(UtcTime)


class SignInRow(Row):
    """An account that is signed in on one browser.

    Attributes:
        token_hash: SHA-256 of what the browser's cookie says.
        used_at: when it was used last, give or take some minutes.
    """

    __tablename__ = "sign_ins"
    __table_args__ = (Index(None, "account"),)

    token_hash: Mapped[str] = mapped_column(AccountName, primary_key=True)
    account: Mapped[str] = mapped_column(AccountName, ForeignKey("accounts.name", ondelete="CASCADE"))
    since: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime] = mapped_column(UtcTime)


class ConversationRow(Row):
    """A conversation; the first question is its title."""

    __tablename__ = "conversations"
    # Serves the history list from one index scan: the learner's conversations, newest last.
    __table_args__ = (Index(None, "learner_id", "updated_at", "id"),)

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    learner_id: Mapped[str] = mapped_column(Identifier, ForeignKey("learners.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(SafeText)
    turn_count: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)


class TurnRow(Row):
    """A question and what was said to it.

    Attributes:
        position: place in its conversation, from 1, in the order in which turns were stored.
        reply_kind: answer, abstention or conversation.
        record: the whole turn, as `interchange.turn_to_record` writes it.
    """

    __tablename__ = "turns"
    __table_args__ = (UniqueConstraint("conversation_id", "position"),)

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(Identifier, ForeignKey("conversations.id", ondelete="CASCADE"))
    position: Mapped[int]
    question: Mapped[str] = mapped_column(SafeText)
    resolved_question: Mapped[str] = mapped_column(SafeText)
    intent: Mapped[str] = mapped_column(SafeText)
    reply_kind: Mapped[str] = mapped_column(SafeText)
    generator: Mapped[str] = mapped_column(SafeText)
    index_fingerprint: Mapped[str] = mapped_column(SafeText)
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    record: Mapped[dict[str, Any]] = mapped_column(JSON)


class AttemptRow(Row):
    """A learner's try at an item.

    Attributes:
        id: counts up, so that tries of one moment keep their order.
        session_id: of the practice session; empty where there was none. A session's end does not touch its attempts.
    """

    __tablename__ = "attempts"
    __table_args__ = (Index(None, "learner_id", "answered_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[str] = mapped_column(Identifier, ForeignKey("learners.id", ondelete="CASCADE"))
    item_id: Mapped[str] = mapped_column(SafeText)
    fact: Mapped[str] = mapped_column(SafeText)
    kind: Mapped[str] = mapped_column(SafeText)
    level: Mapped[str] = mapped_column(SafeText)
    topic: Mapped[str] = mapped_column(SafeText)
    score: Mapped[float]
    correct: Mapped[bool]
    answered_at: Mapped[datetime] = mapped_column(UtcTime)
    session_id: Mapped[str] = mapped_column(SafeText)
    seconds: Mapped[float | None]
    self_rated: Mapped[bool]


class CardRow(Row):
    """A learner's memory of one item.

    Attributes:
        due, retired: of the card; `due` is also what the list of cards is ordered by.
        state: the scheduler's own record.
        record: the item, as `interchange_practice.item_to_record` writes it.
    """

    __tablename__ = "cards"
    __table_args__ = (Index(None, "learner_id", "due", "item_id"),)

    learner_id: Mapped[str] = mapped_column(Identifier, ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[str] = mapped_column(SafeText, primary_key=True)
    due: Mapped[datetime] = mapped_column(UtcTime)
    state: Mapped[str] = mapped_column(SafeText)
    retired: Mapped[str] = mapped_column(SafeText)
    record: Mapped[dict[str, Any]] = mapped_column(JSON)


class SessionRow(Row):
    """One run of practice.

    Attributes:
        revision: goes up with each save; a save that does not know the last one is refused.
        record, state: what was drawn, which stays, and how far the learner is, as `interchange_sessions` writes them.
    """

    __tablename__ = "practice_sessions"
    __table_args__ = (Index(None, "learner_id", "started_at", "id"),)

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    learner_id: Mapped[str] = mapped_column(Identifier, ForeignKey("learners.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(SafeText)
    started_at: Mapped[datetime] = mapped_column(UtcTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcTime)
    revision: Mapped[int]
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[dict[str, Any]] = mapped_column(JSON)


class SettingRow(Row):
    """What a database knows of itself.

    `pseudonyms` is mixed into learners' pseudonyms: whoever knows a learner's id cannot tell it from the pseudonym.
    """

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(Identifier, primary_key=True)
    value: Mapped[str] = mapped_column(SafeText)


class InboxRow(Row):
    """What a turn is ranked and found by in the instructor's inbox; a narrow table beside a broad one.

    Attributes:
        question_key: the same for questions of the same content words; empty where there are none.
        asked_before: how often such a question was asked before.
        searched: its question, as typed and as understood, in lower case.
        risk, risk_why: of the turn as it is now.
        reviewed: whether it has a review.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        Index(None, "reviewed", "risk", "asked_at", "turn_id"),
        Index(None, "risk", "asked_at", "turn_id"),
        Index(None, "question_key"),
    )

    turn_id: Mapped[str] = mapped_column(Identifier, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    question_key: Mapped[str] = mapped_column(Identifier)
    asked_before: Mapped[int]
    reply_kind: Mapped[str] = mapped_column(SafeText)
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    reviewed: Mapped[bool]
    risk: Mapped[float]
    risk_why: Mapped[list[str]] = mapped_column(JSON)
    searched: Mapped[str] = mapped_column(SafeText)


class AskedRow(Row):
    """What a turn is counted under in the overview of a class; a narrow table, and all of it in one index.

    Attributes:
        week: the Monday of its ISO week, in UTC.
        outcome: a `classes.Outcome`.
        topic: the subsection's address, or empty.
    """

    __tablename__ = "asked"
    __table_args__ = (Index(None, "learner_id", "week", "outcome", "topic", "asked_at"),)

    turn_id: Mapped[str] = mapped_column(Identifier, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    learner_id: Mapped[str] = mapped_column(Identifier, ForeignKey("learners.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    week: Mapped[date]
    outcome: Mapped[str] = mapped_column(SafeText)
    topic: Mapped[str] = mapped_column(SafeText)


class FeedbackRow(Row):
    """A learner's latest word on a turn."""

    __tablename__ = "feedback"

    turn_id: Mapped[str] = mapped_column(Identifier, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    helpful: Mapped[bool]
    complaints: Mapped[list[str]] = mapped_column(JSON)
    words: Mapped[str] = mapped_column(SafeText)
    given_at: Mapped[datetime] = mapped_column(UtcTime)


class ReviewRow(Row):
    """An instructor's judgement of a turn; `id` counts up, so that those of one moment keep their order."""

    __tablename__ = "reviews"
    __table_args__ = (Index(None, "turn_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    turn_id: Mapped[str] = mapped_column(Identifier, ForeignKey("turns.id", ondelete="CASCADE"))
    judgement: Mapped[str] = mapped_column(SafeText)
    comment: Mapped[str] = mapped_column(SafeText)
    author: Mapped[str] = mapped_column(SafeText)
    made_at: Mapped[datetime] = mapped_column(UtcTime)


class CanonicalRow(Row):
    """An answer that an instructor approved. It outlives the learner's turn that it was written from.

    Attributes:
        same: the question without case, spacing and the marks at its end: two that agree in it are the same.
        record: the reply, as `interchange.reply_to_record` writes it.
    """

    __tablename__ = "canonical_answers"
    __table_args__ = (Index(None, "turn_id"), Index(None, "same"))

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    turn_id: Mapped[str | None] = mapped_column(Identifier, ForeignKey("turns.id", ondelete="SET NULL"))
    question: Mapped[str] = mapped_column(SafeText)
    same: Mapped[str] = mapped_column(Identifier)
    author: Mapped[str] = mapped_column(SafeText)
    approved_at: Mapped[datetime] = mapped_column(UtcTime)
    retired: Mapped[str] = mapped_column(SafeText)
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
