"""Learners and their conversations in an SQL database."""

import secrets
from datetime import UTC, datetime

from sqlalchemy import URL, case, delete, exists, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from cpom_tutor.answers import Turn
from cpom_tutor.config import Settings
from cpom_tutor.errors import NotFound
from cpom_tutor.interchange import turn_from_record, turn_to_record
from cpom_tutor.protocols import ConversationSummary
from cpom_tutor.records.database import place_of, read_url
from cpom_tutor.records.faults import explained
from cpom_tutor.records.migrate import migrate
from cpom_tutor.records.models import ConversationRow, LearnerRow, SafeText, TurnRow
from cpom_tutor.records.practice_store import SqlPracticeRecords
from cpom_tutor.records.transactions import NO_LEARNER

TITLE_LENGTH = 80

_NO_CONVERSATION = "You have no such conversation; open one from your history, or start a new one."


def open_records(settings: Settings) -> "SqlRecords":
    """The records that the settings name, created or brought up to date first.

    Raises:
        BadInput: the database URL cannot be used.
        RecordsUnavailable: the database cannot be opened or written, or is from a newer version.
    """
    if settings.database_url is None:
        # As it stands: a “%” or “?” in the name of the home folder would mean something else in a URL.
        url = URL.create("sqlite", database=settings.records_url.removeprefix("sqlite:///"))
        with explained(place_of(url)):
            settings.home.mkdir(parents=True, exist_ok=True)
    else:
        url = read_url(settings.database_url)
    migrate(url)
    return SqlRecords(url)


class SqlRecords(SqlPracticeRecords):
    """Implements `protocols.Records` and `practice_protocols.PracticeRecords`; threads may share one.

    The database must have its tables already (`open_records` sees to that); nothing is connected before
    the first call.
    """

    def add_learner(self) -> str:
        """A new anonymous learner's id (unguessable)."""
        learner = _new_id()
        with self._writing() as connection:
            connection.execute(insert(LearnerRow).values(id=learner, created_at=_now()))
        return learner

    def has_learner(self, learner: str) -> bool:
        """Whether the id is known."""
        with self._reading() as connection:
            return bool(connection.scalar(select(exists().where(LearnerRow.id == learner))))

    def start_conversation(self, learner: str) -> str:
        """A new, empty conversation's id.

        Raises:
            NotFound: the learner is not known.
        """
        conversation, now = _new_id(), _now()
        row = {"id": conversation, "learner_id": learner, "title": "", "turn_count": 0}
        with self._writing() as connection:
            try:
                connection.execute(insert(ConversationRow).values(**row, created_at=now, updated_at=now))
            except IntegrityError:
                raise NotFound(NO_LEARNER) from None
        return conversation

    def conversations(self, learner: str, limit: int = 50) -> tuple[ConversationSummary, ...]:
        """The learner's conversations with at least one turn, newest first."""
        row = ConversationRow
        wanted = (
            select(row.id, row.title, row.turn_count, row.updated_at)
            .where(row.learner_id == learner, row.turn_count > 0)
            .order_by(row.updated_at.desc(), row.id.desc())
            .limit(max(limit, 0))
        )
        with self._reading() as connection:
            return tuple(ConversationSummary(*found) for found in connection.execute(wanted))

    def add_turn(self, learner: str, conversation: str, turn: Turn) -> str:
        """Stores a turn at the end of the conversation; returns its id. Durable when it returns.

        Raises:
            NotFound: the learner has no such conversation.
        """
        turn_id, row = _new_id(), ConversationRow
        # Counting up comes first: it proves the ownership, and makes turns told at once stand in line.
        count_up = (
            update(row)
            .where(row.id == conversation, row.learner_id == learner)
            .values(
                turn_count=row.turn_count + 1,
                title=case((row.turn_count == 0, literal(_title(turn.question), SafeText)), else_=row.title),
                updated_at=_now(),
            )
            .returning(row.turn_count)
        )
        with self._writing() as connection:
            position = connection.scalar(count_up)
            if position is None:
                raise NotFound(_NO_CONVERSATION)
            columns = _turn_columns(turn)
            connection.execute(
                insert(TurnRow).values(id=turn_id, conversation_id=conversation, position=position, **columns)
            )
        return turn_id

    def turns(self, learner: str, conversation: str) -> tuple[Turn, ...]:
        """All turns of the conversation, oldest first, with their citations as they were shown.

        Raises:
            NotFound: the learner has no such conversation.
        """
        owned = (ConversationRow.id == conversation, ConversationRow.learner_id == learner)
        wanted = (
            select(TurnRow.record)
            .join(ConversationRow, ConversationRow.id == TurnRow.conversation_id)
            .where(*owned)
            .order_by(TurnRow.position)
        )
        with self._reading() as connection:
            with self._legible("turn"):
                found = tuple(turn_from_record(record) for record in connection.scalars(wanted))
            if not found and not connection.scalar(select(exists().where(*owned))):
                raise NotFound(_NO_CONVERSATION)
        return found

    def delete_conversation(self, learner: str, conversation: str) -> None:
        """Deletes the conversation and its turns.

        Raises:
            NotFound: the learner has no such conversation.
        """
        row = ConversationRow
        with self._writing() as connection:
            gone = connection.execute(delete(row).where(row.id == conversation, row.learner_id == learner))
            if not gone.rowcount:
                raise NotFound(_NO_CONVERSATION)


def _new_id() -> str:
    return secrets.token_urlsafe(16)


def _now() -> datetime:
    return datetime.now(UTC)


def _title(question: str) -> str:
    """The question on one line, cut at a word where there is one."""
    line = " ".join(question.split())
    if len(line) <= TITLE_LENGTH:
        return line
    head = line[: TITLE_LENGTH - 1]
    at_word = head[: head.rfind(" ")] if " " in head[TITLE_LENGTH // 2 :] else head
    return at_word.rstrip(" ,;:.-–—") + "…"


def _turn_columns(turn: Turn) -> dict[str, object]:
    record = turn_to_record(turn)
    return {
        "question": turn.question,
        "resolved_question": turn.resolved_question,
        "intent": turn.intent.value,
        "reply_kind": record["reply"]["kind"],
        "generator": turn.generator,
        "index_fingerprint": turn.index,
        "asked_at": turn.asked_at,
        "record": record,
    }
