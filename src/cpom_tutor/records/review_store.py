"""What learners and instructors say of turns, in an SQL database."""

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Select, case, delete, exists, insert, literal, select, update

from cpom_tutor.errors import NotFound
from cpom_tutor.interchange import reply_to_record, turn_from_record
from cpom_tutor.records.inbox import (
    RISKIEST,
    canonical_of,
    feedback_of,
    holds,
    lines,
    whole,
    with_something_said,
)
from cpom_tutor.records.models import CanonicalRow, ConversationRow, FeedbackRow, InboxRow, ReviewRow, SafeText, TurnRow
from cpom_tutor.records.risk import risk_of
from cpom_tutor.records.transactions import SqlTransactions
from cpom_tutor.reviews import CanonicalAnswer, Case, Feedback, InboxLine, Review

REPLACED = "A newer answer to the same question was approved."

_NO_TURN = "There is no such answer in your history; open the conversation again to see which ones there are."
_NO_CASE = "There is no such turn any more; its learner may have deleted it; go back to the inbox."
_NO_CANONICAL = "There is no such approved answer; load the page again to see which ones there are."
_AT_ONCE = 100
_MOST_PLACES = 2**31 - 1  # what a place is kept in


class SqlReviewRecords(SqlTransactions):
    """Implements `review_protocols.ReviewRecords`; threads may share one."""

    def give_feedback(self, learner: str, conversation: str, place: int, feedback: Feedback) -> None:
        """Keeps the learner's word on the turn at a place of the conversation (from 0), instead of an earlier one.

        Raises:
            NotFound: the learner has no such turn.
        """
        wanted = _owned(learner, conversation).where(TurnRow.position == place + 1)
        if not 0 <= place < _MOST_PLACES:
            raise NotFound(_NO_TURN)
        with self._writing() as connection:
            turn_id = connection.scalar(wanted.with_for_update(read=True, of=TurnRow))
            if turn_id is None:
                raise NotFound(_NO_TURN)
            with self._legible("turn"):
                _renew_risk(connection, turn_id, feedback)
            connection.execute(delete(FeedbackRow).where(FeedbackRow.turn_id == turn_id))
            values = {
                "helpful": feedback.helpful,
                "complaints": [complaint.value for complaint in feedback.complaints],
                "words": feedback.words,
                "given_at": feedback.given_at,
            }
            connection.execute(insert(FeedbackRow).values(turn_id=turn_id, **values))

    def feedback(self, learner: str, conversation: str) -> Mapping[int, Feedback]:
        """The learner's words on the conversation's turns, by place.

        Raises:
            NotFound: the learner has no such conversation.
        """
        row = FeedbackRow
        wanted = (
            _owned(learner, conversation)
            .join(row, row.turn_id == TurnRow.id)
            .with_only_columns(TurnRow.position, row.helpful, row.complaints, row.words, row.given_at)
            .order_by(TurnRow.position)
        )
        owned = exists().where(ConversationRow.id == conversation, ConversationRow.learner_id == learner)
        with self._reading() as connection:
            with self._legible("feedback"):
                given = {found.position - 1: feedback_of(found) for found in connection.execute(wanted)}
            if not given and not connection.scalar(select(owned)):
                raise NotFound(_NO_TURN)
        return given

    def inbox(
        self, *, reviewed: bool | None = False, reply_kind: str = "", search: str = "", limit: int = 50, offset: int = 0
    ) -> tuple[InboxLine, ...]:
        """Turns by risk, the riskiest first, then the newest; see `review_protocols.ReviewRecords`."""
        page = select(InboxRow.turn_id).where(*holds(search))
        if reviewed is not None:
            page = page.where(InboxRow.reviewed == literal(reviewed))
        if reply_kind:
            page = page.where(InboxRow.reply_kind == reply_kind)
        page = page.order_by(*RISKIEST).limit(max(limit, 0)).offset(max(offset, 0))
        with self._reading() as connection, self._legible("review"):
            return lines(connection, page)

    def case(self, turn_id: str) -> Case:
        """The turn with all that belongs to it.

        Raises:
            NotFound: there is none, or there is none any more.
        """
        with self._reading() as connection, self._legible("turn"):
            for found in whole(connection, [turn_id], before=True):
                return found
        raise NotFound(_NO_CASE)

    def cases(self, *, unanswered: bool = False) -> Iterator[Case]:
        """Every turn that something was said of, oldest first, without the turns before it.

        Args:
            unanswered: also those that the tutor abstained from as not in the course.
        """
        order = select(InboxRow.turn_id).where(with_something_said(unanswered=unanswered))
        with self._reading() as connection:
            ids = list(connection.scalars(order.order_by(InboxRow.asked_at, InboxRow.turn_id)))
        # Some at a time: whoever stops half-way leaves nothing open.
        for start in range(0, len(ids), _AT_ONCE):
            with self._reading() as connection, self._legible("turn"):
                some = whole(connection, ids[start : start + _AT_ONCE], before=False)
            yield from some

    def add_review(self, turn_id: str, review: Review) -> None:
        """Adds a judgement.

        Raises:
            NotFound: there is no such turn any more.
        """
        values = {
            "judgement": review.judgement.value,
            "comment": review.comment,
            "author": review.author,
            "made_at": review.made_at,
        }
        with self._writing() as connection:
            _hold(connection, turn_id)
            connection.execute(update(InboxRow).where(InboxRow.turn_id == turn_id).values(reviewed=True))
            connection.execute(insert(ReviewRow).values(turn_id=turn_id, **values))

    def approve(self, canonical: CanonicalAnswer) -> None:
        """Keeps an approved answer; an earlier one for the same question is retired. It is no review by itself.

        Raises:
            NotFound: there is no such turn any more.
        """
        same, row = _same(canonical.question), CanonicalRow
        values = {
            "id": canonical.id,
            "turn_id": canonical.turn_id,
            "question": canonical.question,
            "same": same,
            "author": canonical.author,
            "approved_at": canonical.approved_at,
            "retired": canonical.retired,
            "record": reply_to_record(canonical.reply),
        }
        with self._writing() as connection:
            _hold(connection, canonical.turn_id)
            connection.execute(update(row).where(row.same == same, row.retired == "").values(retired=REPLACED))
            connection.execute(insert(row).values(**values))

    def canonical_answers(self) -> tuple[CanonicalAnswer, ...]:
        """Those that answer now, newest first."""
        row = CanonicalRow
        wanted = select(*row.__table__.columns).where(row.retired == "").order_by(row.approved_at.desc(), row.id.desc())
        with self._reading() as connection, self._legible("approved answer"):
            return tuple(canonical_of(found) for found in connection.execute(wanted))

    def retire(self, canonical_id: str, reason: str) -> None:
        """The approved answer answers no more; one that is retired already keeps its reason.

        Raises:
            NotFound: there is no such answer.
        """
        row = CanonicalRow
        with self._writing() as connection:
            first = case((row.retired == "", literal(reason, SafeText)), else_=row.retired)
            changed = connection.execute(update(row).where(row.id == canonical_id).values(retired=first))
            if not changed.rowcount:
                raise NotFound(_NO_CANONICAL)


def _owned(learner: str, conversation: str) -> Select[Any]:
    """The ids of the conversation's turns, if it is the learner's."""
    return (
        select(TurnRow.id)
        .join(ConversationRow, ConversationRow.id == TurnRow.conversation_id)
        .where(ConversationRow.id == conversation, ConversationRow.learner_id == learner)
    )


def _hold(connection: Connection, turn_id: str) -> None:
    """Keeps the turn from being deleted until the end of the transaction.

    Taken before anything else of the turn: who deletes takes them in this order too, so that nobody blocks.

    Raises:
        NotFound: there is no such turn any more.
    """
    if connection.scalar(select(TurnRow.id).where(TurnRow.id == turn_id).with_for_update(read=True)) is None:
        raise NotFound(_NO_CASE)


def _renew_risk(connection: Connection, turn_id: str, feedback: Feedback) -> None:
    """The turn's risk with the learner's word; also makes two words on one turn wait for each other."""
    row = InboxRow
    asked_before = connection.scalars(select(row.asked_before).where(row.turn_id == turn_id).with_for_update()).one()
    record = connection.scalars(select(TurnRow.record).where(TurnRow.id == turn_id)).one()
    risk = risk_of(turn_from_record(record), feedback, asked_before)
    connection.execute(update(row).where(row.turn_id == turn_id).values(risk=risk.score, risk_why=list(risk.why)))


def _same(question: str) -> str:
    """Alike for questions that differ in case, spacing and the marks at their end only."""
    plain = " ".join(question.casefold().split()).rstrip(" .?!")
    return blake2b(plain.encode("utf-8", "replace"), digest_size=16).hexdigest()
