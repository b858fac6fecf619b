"""Learners and their conversations in an SQL database."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import URL, Connection, and_, case, delete, exists, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from cpom_tutor.answers import Turn
from cpom_tutor.config import Settings
from cpom_tutor.errors import BadInput, NotFound
from cpom_tutor.interchange import turn_from_record, turn_to_record
from cpom_tutor.protocols import ConversationSummary
from cpom_tutor.records.account_store import SqlAccounts
from cpom_tutor.records.asked import count
from cpom_tutor.records.class_store import SqlClassRecords
from cpom_tutor.records.database import place_of, read_url
from cpom_tutor.records.faults import explained
from cpom_tutor.records.inbox import enter, holds
from cpom_tutor.records.migrate import migrate
from cpom_tutor.records.models import AccountRow, ConversationRow, InboxRow, LearnerRow, SafeText, TurnRow
from cpom_tutor.records.own_data import own_account, own_attempt, own_card, own_conversation, own_sitting
from cpom_tutor.records.practice_store import SqlPracticeRecords
from cpom_tutor.records.review_store import SqlReviewRecords
from cpom_tutor.records.transactions import NO_LEARNER, new_id

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


class SqlRecords(SqlPracticeRecords, SqlReviewRecords, SqlAccounts, SqlClassRecords):
    """Implements `protocols.Records`, `practice_protocols.PracticeRecords`, `review_protocols.ReviewRecords`,
    `account_protocols.Accounts` and `class_protocols.ClassRecords`.

    Threads may share one.

    The database must have its tables already (`open_records` sees to that); nothing is connected before
    the first call.
    """

    def add_learner(self) -> str:
        """A new anonymous learner's id (unguessable)."""
        learner = new_id()
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
        conversation, now = new_id(), _now()
        row = {"id": conversation, "learner_id": learner, "title": "", "turn_count": 0}
        with self._writing() as connection:
            try:
                connection.execute(insert(ConversationRow).values(**row, created_at=now, updated_at=now))
            except IntegrityError:
                raise NotFound(NO_LEARNER) from None
        return conversation

    def conversations(self, learner: str, limit: int | None = 50, search: str = "") -> tuple[ConversationSummary, ...]:
        """The learner's conversations with at least one turn, newest first.

        Args:
            learner: whose.
            limit: at most so many; all of them where it is None.
            search: only those with all of these words in their title or in one question, whatever their case.
        """
        row, words = ConversationRow, search.casefold().split()
        wanted = (
            select(row.id, row.title, row.turn_count, row.updated_at)
            .where(row.learner_id == learner, row.turn_count > 0)
            .order_by(row.updated_at.desc(), row.id.desc())
        )
        most = None if limit is None else max(limit, 0)
        with self._reading() as connection:
            if not words:
                return tuple(ConversationSummary(*found) for found in connection.execute(wanted.limit(most)))
            asked = _conversations_asking(connection, learner, search)
            # Titles are compared here: databases differ in what they know of case beyond English.
            found = [
                ConversationSummary(*found)
                for found in connection.execute(wanted)
                if found.id in asked or all(word in found.title.casefold() for word in words)
            ]
        return tuple(found[:most])

    def rename_conversation(self, learner: str, conversation: str, title: str) -> None:
        """Gives the conversation another title, on one line and cut as titles are.

        Raises:
            BadInput: the title is empty.
            NotFound: the learner has no such conversation.
        """
        row, line = ConversationRow, _title(title)
        if not line:
            raise BadInput("A conversation needs a title; type one, or keep the one it has.")
        with self._writing() as connection:
            renamed = connection.execute(
                update(row).where(row.id == conversation, row.learner_id == learner).values(title=line)
            )
            if not renamed.rowcount:
                raise NotFound(_NO_CONVERSATION)

    def add_turn(self, learner: str, conversation: str, turn: Turn) -> str:
        """Stores a turn at the end of the conversation; returns its id. Durable when it returns.

        Raises:
            NotFound: the learner has no such conversation.
        """
        turn_id, row = new_id(), ConversationRow
        untitled = and_(row.turn_count == 0, row.title == "")
        # Counting up comes first: it proves the ownership, and makes turns told at once stand in line.
        count_up = (
            update(row)
            .where(row.id == conversation, row.learner_id == learner)
            .values(
                turn_count=row.turn_count + 1,
                title=case((untitled, literal(_title(turn.question), SafeText)), else_=row.title),
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
            enter(connection, turn_id, turn, str(columns["reply_kind"]))
            count(connection, learner, turn_id, turn)
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

    def own_data(self, learner: str) -> Mapping[str, object]:
        """Everything that is kept of the learner, as JSON-ready values.

        Raises:
            NotFound: the learner is not known.
        """
        with self._reading() as connection:
            since = connection.scalar(select(LearnerRow.created_at).where(LearnerRow.id == learner))
        if since is None:
            raise NotFound(NO_LEARNER)
        account = self.account_of_learner(learner)
        return {
            "since": since.isoformat(),
            "account": own_account(account) if account else None,
            "read_by_instructors_as": self.byline(learner).name,
            "conversations": [
                own_conversation(found, self.turns(learner, found.id), self.feedback(learner, found.id))
                for found in self.conversations(learner, limit=None)
            ],
            "attempts": [own_attempt(attempt) for attempt in self.attempts(learner)],
            "cards": [own_card(card) for card in self.cards(learner)],
            "sittings": [own_sitting(session) for session in self.sessions(learner, limit=None)],
        }

    def delete_learner(self, learner: str) -> None:
        """Deletes the learner with everything that is kept of them, and the reviews of their turns.

        Answers that an instructor approved stay: they are the course's by then. An account stays too, with a new
        learner: it ends by `delete_account` alone.

        Raises:
            NotFound: the learner is not known.
        """
        with self._writing() as connection:
            _spare_account_of(connection, learner)
            gone = connection.execute(delete(LearnerRow).where(LearnerRow.id == learner))
            if not gone.rowcount:
                raise NotFound(NO_LEARNER)


def _spare_account_of(connection: Connection, learner: str) -> None:
    theirs = AccountRow.learner_id == learner
    if connection.scalar(select(exists().where(theirs))):
        fresh = new_id()
        connection.execute(insert(LearnerRow).values(id=fresh, created_at=_now()))
        connection.execute(update(AccountRow).where(theirs).values(learner_id=fresh))


def _now() -> datetime:
    return datetime.now(UTC)


def _conversations_asking(connection: Connection, learner: str, search: str) -> frozenset[str]:
    """Which of the learner's conversations have all of these words in one question."""
    wanted = (
        select(TurnRow.conversation_id)
        .join(ConversationRow, ConversationRow.id == TurnRow.conversation_id)
        .join(InboxRow, InboxRow.turn_id == TurnRow.id)
        .where(ConversationRow.learner_id == learner, *holds(search))
    )
    return frozenset(connection.scalars(wanted))


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
