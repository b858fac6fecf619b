"""The instructor's inbox in SQL: how turns are entered in it, found, and read with all that was said of them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, insert, literal, or_, select

from cpom_tutor.answers import Answer, Reason, Turn
from cpom_tutor.interchange import reply_from_record, turn_from_record
from cpom_tutor.records.bylines import OF_A_LEARNER, byline, salt_of
from cpom_tutor.records.models import (
    AccountRow,
    CanonicalRow,
    ConversationRow,
    FeedbackRow,
    InboxRow,
    ReviewRow,
    TurnRow,
)
from cpom_tutor.records.risk import MOST_COUNTED, question_key, risk_of
from cpom_tutor.reviews import CanonicalAnswer, Case, Complaint, Feedback, InboxLine, Judgement, Review, Risk

RISKIEST = (InboxRow.risk.desc(), InboxRow.asked_at.desc(), InboxRow.turn_id.desc())
_NOT_IN_COURSE = Reason.NOT_IN_COURSE.value


def enter(connection: Connection, turn_id: str, turn: Turn, reply_kind: str) -> None:
    """Enters a turn that was just stored."""
    key = question_key(turn)
    asked_before = 0
    if key:
        same = select(literal(1)).where(InboxRow.question_key == key).limit(MOST_COUNTED).subquery()
        asked_before = connection.scalar(select(func.count()).select_from(same)) or 0
    risk = risk_of(turn, None, asked_before)
    entry = {
        "turn_id": turn_id,
        "question_key": key,
        "asked_before": asked_before,
        "reply_kind": reply_kind,
        "asked_at": turn.asked_at,
        "reviewed": False,
        "risk": risk.score,
        "risk_why": list(risk.why),
        "searched": f"{turn.question}\n{turn.resolved_question}".casefold(),
    }
    connection.execute(insert(InboxRow).values(**entry))


def holds(words: str) -> tuple[ColumnElement[bool], ...]:
    """Conditions for a turn whose question holds all of these words, whatever their case."""
    return tuple(InboxRow.searched.contains(word, autoescape=True) for word in words.casefold().split())


def with_something_said(*, unanswered: bool) -> ColumnElement[bool]:
    """The condition for a turn that somebody said something of, or that abstained as not in the course."""
    said = [
        exists().where(said.turn_id == InboxRow.turn_id) for said in (FeedbackRow, ReviewRow, CanonicalRow)
    ]  # fmt: skip
    if unanswered:
        reason = TurnRow.record["reply"]["reason"].as_string()
        of_the_turn = TurnRow.id == InboxRow.turn_id
        said.append(exists().where(of_the_turn, TurnRow.reply_kind == "abstention", reason == _NOT_IN_COURSE))
    return or_(*said)


def lines(connection: Connection, page: Select[Any]) -> tuple[InboxLine, ...]:
    """The lines of some turns of the inbox.

    Args:
        connection: to read from.
        page: a selection of inbox rows, cut to the size of a page.
    """
    # The page is cut first, in the narrow table alone.
    cut = page.subquery()
    wanted = (
        select(*_LINE)
        .join(cut, cut.c.turn_id == InboxRow.turn_id)
        .join(TurnRow, TurnRow.id == InboxRow.turn_id)
        .join(ConversationRow, ConversationRow.id == TurnRow.conversation_id)
        .outerjoin(AccountRow, AccountRow.learner_id == ConversationRow.learner_id)
        .order_by(*RISKIEST)
    )
    found = connection.execute(wanted).all()
    said = _reviews(connection, [row.turn_id for row in found])
    salt = salt_of(connection)
    return tuple(_line(row, said[row.turn_id], salt) for row in found)


def whole(connection: Connection, turn_ids: Sequence[str], *, before: bool) -> tuple[Case, ...]:
    """The cases of these turns, in this order; those that are gone are left out.

    Args:
        connection: to read from.
        turn_ids: a few.
        before: with the earlier turns of their conversations.
    """
    wanted = (
        select(*_LINE, TurnRow.record, TurnRow.conversation_id, TurnRow.position)
        .join(TurnRow, TurnRow.id == InboxRow.turn_id)
        .join(ConversationRow, ConversationRow.id == TurnRow.conversation_id)
        .outerjoin(AccountRow, AccountRow.learner_id == ConversationRow.learner_id)
        .where(InboxRow.turn_id.in_(turn_ids))
    )
    found = {row.turn_id: row for row in connection.execute(wanted)}
    present = [found[turn_id] for turn_id in turn_ids if turn_id in found]
    salt, reviews = salt_of(connection), _reviews(connection, list(found))
    thumbs, approved = _feedback(connection, list(found)), _canonical(connection, list(found))
    return tuple(
        Case(
            line=_line(row, reviews[row.turn_id], salt),
            turn=turn_from_record(row.record),
            before=_before(connection, row.conversation_id, row.position) if before else (),
            feedback=thumbs.get(row.turn_id),
            reviews=tuple(reviews[row.turn_id]),
            canonical=tuple(approved[row.turn_id]),
        )
        for row in present
    )


def feedback_of(row: Any) -> Feedback:
    """The value of a row with the columns of `FeedbackRow`."""
    return Feedback(row.helpful, tuple(map(Complaint, row.complaints)), row.words, row.given_at)


def canonical_of(row: Any) -> CanonicalAnswer:
    """The value of a row with the columns of `CanonicalRow`."""
    reply = reply_from_record(row.record)
    if not isinstance(reply, Answer):
        raise TypeError("an approved answer is an answer")
    return CanonicalAnswer(row.id, row.question, reply, row.author, row.approved_at, row.turn_id or "", row.retired)


_LINE = (
    InboxRow.turn_id, ConversationRow.learner_id, TurnRow.question, TurnRow.resolved_question, InboxRow.reply_kind,
    InboxRow.asked_at, InboxRow.risk, InboxRow.risk_why, *OF_A_LEARNER,
)  # fmt: skip


def _line(row: Any, reviews: Sequence[Review], salt: str) -> InboxLine:
    return InboxLine(
        turn_id=row.turn_id,
        learner=byline(row.learner_id, row, salt).name,
        question=row.question,
        resolved_question=row.resolved_question,
        reply_kind=row.reply_kind,
        asked_at=row.asked_at,
        risk=Risk(row.risk, tuple(row.risk_why)),
        judgements=tuple(review.judgement for review in reviews),
    )


def _before(connection: Connection, conversation: str, position: int) -> tuple[Turn, ...]:
    row = TurnRow
    wanted = (
        select(row.record)
        .where(row.conversation_id == conversation, row.position < position)
        .order_by(row.position)
    )  # fmt: skip
    return tuple(turn_from_record(record) for record in connection.scalars(wanted))


def _reviews(connection: Connection, turn_ids: Sequence[str]) -> defaultdict[str, list[Review]]:
    row, found = ReviewRow, defaultdict[str, list[Review]](list)
    wanted = (
        select(row.turn_id, row.judgement, row.comment, row.author, row.made_at)
        .where(row.turn_id.in_(turn_ids))
        .order_by(row.made_at, row.id)
    )
    for turn_id, judgement, comment, author, made_at in connection.execute(wanted):
        found[turn_id].append(Review(Judgement(judgement), comment, author, made_at))
    return found


def _feedback(connection: Connection, turn_ids: Sequence[str]) -> dict[str, Feedback]:
    row = FeedbackRow
    wanted = select(row.turn_id, row.helpful, row.complaints, row.words, row.given_at).where(row.turn_id.in_(turn_ids))
    return {found.turn_id: feedback_of(found) for found in connection.execute(wanted)}


def _canonical(connection: Connection, turn_ids: Sequence[str]) -> defaultdict[str, list[CanonicalAnswer]]:
    found = defaultdict[str, list[CanonicalAnswer]](list)
    wanted = (
        select(*CanonicalRow.__table__.columns)
        .where(CanonicalRow.turn_id.in_(turn_ids))
        .order_by(CanonicalRow.approved_at, CanonicalRow.id)
    )
    for row in connection.execute(wanted):
        found[row.turn_id].append(canonical_of(row))
    return found
