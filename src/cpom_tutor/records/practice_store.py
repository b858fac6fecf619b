"""What learners practised, in an SQL database: attempts, cards and sessions."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from cpom_tutor.attempts import Attempt, Card, Session, SessionKind
from cpom_tutor.errors import NotFound, SessionMoved
from cpom_tutor.interchange_practice import item_from_record, item_to_record
from cpom_tutor.interchange_sessions import session_from_record, session_state_to_record, session_to_record
from cpom_tutor.items import ItemKind, Level
from cpom_tutor.records.models import AttemptRow, CardRow, SessionRow
from cpom_tutor.records.transactions import NO_LEARNER, SqlTransactions

_NO_SESSION = "You have no such practice session; open one from your progress, or start a new one."
_NO_CARD = "You have no card for that question; load the page again to see which ones you have."
_MOVED = "This practice went on in another tab or window; load the page again to see where it stands."


class SqlPracticeRecords(SqlTransactions):
    """Implements `practice_protocols.PracticeRecords`; threads may share one."""

    def attempts(self, learner: str) -> tuple[Attempt, ...]:
        """All attempts, oldest first."""
        row = AttemptRow
        wanted = (
            select(
                row.item_id, row.fact, row.kind, row.level, row.topic, row.score, row.correct,
                row.answered_at, row.session_id, row.seconds, row.self_rated,
            )
            .where(row.learner_id == learner)
            .order_by(row.answered_at, row.id)
        )  # fmt: skip
        with self._reading() as connection, self._legible("attempt"):
            return tuple(
                Attempt(item_id, fact, ItemKind(kind), Level(level), *rest)
                for item_id, fact, kind, level, *rest in connection.execute(wanted)
            )

    def cards(self, learner: str) -> tuple[Card, ...]:
        """All cards, the retired ones too, first due first."""
        row = CardRow
        wanted = (
            select(row.record, row.due, row.state, row.retired)
            .where(row.learner_id == learner)
            .order_by(row.due, row.item_id)
        )
        with self._reading() as connection, self._legible("card"):
            return tuple(Card(item_from_record(record), *rest) for record, *rest in connection.execute(wanted))

    def set_retired(self, learner: str, reasons: Mapping[str, str]) -> None:
        """Sets why cards are asked no more (an empty reason brings one back), by item id, and nothing else of them.

        Raises:
            NotFound: the learner has no such card.
        """
        with self._writing() as connection:
            for item_id, reason in sorted(reasons.items()):
                changing = update(CardRow).where(*_of_item(learner, item_id)).values(retired=reason)
                if not connection.execute(changing).rowcount:
                    raise NotFound(_NO_CARD)

    def save_session(
        self,
        learner: str,
        session: Session,
        attempts: Sequence[Attempt] = (),
        cards: Sequence[Card] = (),
        *,
        known: Sequence[Card] = (),
    ) -> Session:
        """Stores a session as it is now, with what came of its last step; all of it or nothing.

        What the session was drawn with (items, scenario, blueprint, time allowed) is stored the first time only.

        Args:
            learner: whose.
            session: as it is now.
            attempts, cards: what came of the step, each card under its item's id.
            known: the cards that the step was taken with; one that `cards` replaces must be among them.

        Returns:
            The session with its next revision. Durable when it returns.

        Raises:
            NotFound: the learner is not known, or has no such session.
            SessionMoved: it, or a card, was saved by somebody else since it was read.
        """
        states = {card.item.id: card.state for card in known}
        saved = replace(session, revision=session.revision + 1)
        with self._writing() as connection, _known_learner():
            stored = _update_session if session.revision else _insert_session
            if not stored(connection, learner, saved):
                if connection.scalar(select(exists().where(*_owned(learner, session.id)))):
                    raise SessionMoved(_MOVED)
                raise NotFound(_NO_SESSION)
            _add_attempts(connection, learner, attempts)
            # In one order for all, so that two who save the same cards wait for each other and do not block.
            for card in sorted(cards, key=lambda card: card.item.id):
                if not _put_card(connection, learner, card, states.get(card.item.id)):
                    raise SessionMoved(_MOVED)
        return saved

    def session(self, learner: str, session_id: str) -> Session:
        """A session as it was last saved.

        Raises:
            NotFound: the learner has no such session.
        """
        wanted = select(SessionRow.record, SessionRow.state).where(*_owned(learner, session_id))
        with self._reading() as connection, self._legible("practice session"):
            found = connection.execute(wanted).first()
            if found is None:
                raise NotFound(_NO_SESSION)
            return session_from_record(*found)

    def sessions(
        self, learner: str, *, unfinished: bool = False, kind: SessionKind | None = None, limit: int | None = 50
    ) -> tuple[Session, ...]:
        """The learner's sessions, latest first; only those of one kind, or under way, where that is asked for.

        All of them where the limit is None.
        """
        row = SessionRow
        wanted = (
            select(row.record, row.state)
            .where(row.learner_id == learner)
            .order_by(row.started_at.desc(), row.id.desc())
            .limit(None if limit is None else max(limit, 0))
        )
        if unfinished:
            wanted = wanted.where(row.finished_at.is_(None))
        if kind is not None:
            wanted = wanted.where(row.kind == kind.value)
        with self._reading() as connection, self._legible("practice session"):
            return tuple(session_from_record(*found) for found in connection.execute(wanted))


@contextmanager
def _known_learner() -> Iterator[None]:
    """The learner is the only thing that these tables refer to."""
    try:
        yield
    except IntegrityError:
        raise NotFound(NO_LEARNER) from None


def _owned(learner: str, session_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return SessionRow.id == session_id, SessionRow.learner_id == learner


def _of_item(learner: str, item_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return CardRow.learner_id == learner, CardRow.item_id == item_id


def _upsert(connection: Connection, table: type[CardRow | SessionRow]) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def _insert_session(connection: Connection, learner: str, session: Session) -> bool:
    """Stores a new session; False if its id is taken."""
    adding = (
        _upsert(connection, SessionRow)
        .values(
            id=session.id,
            learner_id=learner,
            kind=session.kind.value,
            started_at=session.started_at,
            finished_at=session.finished_at,
            revision=session.revision,
            record=session_to_record(session),
            state=session_state_to_record(session),
        )
        .on_conflict_do_nothing(index_elements=[SessionRow.id])
        .returning(SessionRow.id)
    )
    return connection.scalar(adding) is not None


def _update_session(connection: Connection, learner: str, session: Session) -> bool:
    """Stores how far a session has come; False if this is not the one revision after the stored one."""
    changing = (
        update(SessionRow)
        .where(*_owned(learner, session.id), SessionRow.revision == session.revision - 1)
        .values(
            revision=session.revision, finished_at=session.finished_at, state=session_state_to_record(session)
        )
    )  # fmt: skip
    return bool(connection.execute(changing).rowcount)


def _add_attempts(connection: Connection, learner: str, attempts: Sequence[Attempt]) -> None:
    rows = [
        {
            "learner_id": learner,
            "item_id": attempt.item_id,
            "fact": attempt.fact,
            "kind": attempt.kind.value,
            "level": attempt.level.value,
            "topic": attempt.topic,
            "score": attempt.score,
            "correct": attempt.correct,
            "answered_at": attempt.answered_at,
            "session_id": attempt.session,
            "seconds": attempt.seconds,
            "self_rated": attempt.self_rated,
        }
        for attempt in attempts
    ]
    if rows:
        connection.execute(insert(AttemptRow), rows)


def _put_card(connection: Connection, learner: str, card: Card, known: str | None) -> bool:
    """Stores a card; False if it is not new, or not in its known state any more."""
    values = {"due": card.due, "state": card.state, "retired": card.retired, "record": item_to_record(card.item)}
    if known is not None:
        changing = update(CardRow).where(*_of_item(learner, card.item.id), CardRow.state == known).values(**values)
        return bool(connection.execute(changing).rowcount)
    adding = (
        _upsert(connection, CardRow)
        .values(learner_id=learner, item_id=card.item.id, **values)
        .on_conflict_do_nothing(index_elements=[CardRow.learner_id, CardRow.item_id])
        .returning(CardRow.item_id)
    )
    return connection.scalar(adding) is not None
