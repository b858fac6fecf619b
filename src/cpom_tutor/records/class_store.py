"""A class in an SQL database: everything is counted there, and only counts are read."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, case, false, func, literal, select, true

from cpom_tutor.accounts import Role
from cpom_tutor.classes import (
    AskedCount,
    ClassGroup,
    ClassLook,
    ClassRecord,
    Example,
    KnownCount,
    Member,
    Outcome,
    weeks_until,
)
from cpom_tutor.records.account_rows import any_account
from cpom_tutor.records.bylines import OF_A_LEARNER, byline, pseudonym, salt_of
from cpom_tutor.records.models import AccountRow, AskedRow, AttemptRow, LearnerRow, TurnRow
from cpom_tutor.records.transactions import SqlTransactions

# A fact's latest answer counts most, each one before it half as much, as `practice.progress.mastery` has it; what
# is left out beyond the eighth would move a share by less than half a per cent.
_WEIGHTS = {place: 0.5 ** (place - 1) for place in range(1, 9)}


class SqlClassRecords(SqlTransactions):
    """Implements `class_protocols.ClassRecords`; threads may share one."""

    def class_record(self, look: ClassLook, now: datetime) -> ClassRecord:
        """Everything that is counted of a class, as it is now."""
        with self._reading() as connection:
            accounts = any_account(connection)
            learners, weeks = _learners(look, accounts=accounts), weeks_until(now, look.weeks)
            members = _members(connection, learners, weeks[0], accounts=accounts)
            return ClassRecord(
                accounts,
                _groups(connection),
                members,
                connection.scalar(_count_disabled(look)) or 0,
                _asked(connection, learners, weeks[0]),
            )

    def examples(self, look: ClassLook, topic: str, now: datetime, limit: int = 8) -> tuple[Example, ...]:
        """The latest questions about a part of the course, in the weeks looked at."""
        row = AskedRow
        with self._reading() as connection:
            accounts = any_account(connection)
            learners = _learners(look, accounts=accounts).subquery()
            wanted = (
                select(row.turn_id, TurnRow.question, row.asked_at, row.outcome == Outcome.DECLINED.value)
                .join(learners, learners.c.id == row.learner_id)
                .join(TurnRow, TurnRow.id == row.turn_id)
                .where(row.topic == topic, *_in_question(weeks_until(now, look.weeks)[0]))
                .order_by(row.asked_at.desc(), row.turn_id)
                .limit(limit)
            )
            return tuple(Example(*found) for found in connection.execute(wanted))


def _of_class(look: ClassLook) -> list[ColumnElement[bool]]:
    in_group = [AccountRow.class_group == look.group] if look.group is not None else []
    return [AccountRow.role == Role.LEARNER.value, *in_group]


def _learners(look: ClassLook, *, accounts: bool) -> Select[Any]:
    """Who is looked at. Without accounts, all of this machine's learners are one class."""
    if not accounts:
        row, nobody = LearnerRow, literal("").label("class_group")
        everybody: list[Any] = [row.id, row.created_at, nobody, row.created_at.label("last_seen")]
        return select(*everybody)
    columns: list[Any] = [AccountRow.learner_id.label("id"), AccountRow.created_at, AccountRow.class_group]
    wanted = select(*columns, AccountRow.last_seen, *OF_A_LEARNER)
    return wanted.where(*_of_class(look), AccountRow.disabled == false())


def _groups(connection: Connection) -> tuple[ClassGroup, ...]:
    row = AccountRow
    wanted = (
        select(row.class_group, func.count())
        .where(*_of_class(ClassLook()), row.disabled == false())
        .group_by(row.class_group)
        .order_by(row.class_group)
    )
    return tuple(ClassGroup(*found) for found in connection.execute(wanted))


def _count_disabled(look: ClassLook) -> Select[Any]:
    return select(func.count()).select_from(AccountRow).where(*_of_class(look), AccountRow.disabled == true())


def _in_question(since: date) -> tuple[ColumnElement[bool], ...]:
    return AskedRow.week >= since, AskedRow.outcome.in_([Outcome.ANSWERED.value, Outcome.DECLINED.value])


def _asked(connection: Connection, learners: Select[Any], since: date) -> tuple[AskedCount, ...]:
    row, members = AskedRow, learners.subquery()
    declined = func.sum(case((row.outcome == Outcome.DECLINED.value, 1), else_=0))
    wanted = (
        select(row.topic, row.week, func.count(), declined)
        .join(members, members.c.id == row.learner_id)
        .where(*_in_question(since))
        .group_by(row.topic, row.week)
        .order_by(row.week, row.topic)
    )
    return tuple(AskedCount(*found) for found in connection.execute(wanted))


def _members(connection: Connection, learners: Select[Any], since: date, *, accounts: bool) -> tuple[Member, ...]:
    who, asked, practised = learners.subquery(), _asking(learners, since), _practising(learners, since)
    counts: list[Any] = [
        asked.c.last.label("last_asked"), asked.c.questions, asked.c.declined,
        practised.c.last.label("last_practised"), practised.c.attempts, practised.c.right,
    ]  # fmt: skip
    wanted = (
        select(*who.c, *counts)
        .join(asked, asked.c.learner_id == who.c.id, isouter=True)
        .join(practised, practised.c.learner_id == who.c.id, isouter=True)
    )
    known, salt = _known(connection, learners), salt_of(connection)
    found = [row for row in connection.execute(wanted) if accounts or row.last_asked or row.last_practised]
    return tuple(
        _member(row, byline(row.id, row, salt).name if accounts else pseudonym(row.id, salt), known) for row in found
    )


def _member(row: Any, name: str, known: Mapping[str, list[KnownCount]]) -> Member:
    active = [moment for moment in (row.last_asked, row.last_practised) if moment]
    return Member(
        name=name,
        group=row.class_group,
        since=row.created_at,
        signed_in=row.last_seen is not None or bool(active),
        last_active=max(active, default=None),
        asked=row.questions or 0,
        declined=row.declined or 0,
        attempts=row.attempts or 0,
        right=row.right or 0,
        known=tuple(known.get(row.id, ())),
    )


def _asking(learners: Select[Any], since: date) -> Subquery:
    """When each learner last sent a question or anything else, and how much they asked."""
    row, members, asked = AskedRow, learners.subquery(), and_(*_in_question(since))
    declined = and_(asked, row.outcome == Outcome.DECLINED.value)
    return (
        select(
            row.learner_id,
            func.max(row.asked_at).label("last"),
            func.sum(case((asked, 1), else_=0)).label("questions"),
            func.sum(case((declined, 1), else_=0)).label("declined"),
        )
        .join(members, members.c.id == row.learner_id)
        .group_by(row.learner_id)
        .subquery()
    )


def _practising(learners: Select[Any], since: date) -> Subquery:
    row, members = AttemptRow, learners.subquery()
    lately = row.answered_at >= datetime.combine(since, time(), UTC)
    return (
        select(
            row.learner_id,
            func.max(row.answered_at).label("last"),
            func.sum(case((lately, 1), else_=0)).label("attempts"),
            func.sum(case((and_(lately, row.correct == true()), 1), else_=0)).label("right"),
        )
        .join(members, members.c.id == row.learner_id)
        .group_by(row.learner_id)
        .subquery()
    )


def _known(connection: Connection, learners: Select[Any]) -> Mapping[str, list[KnownCount]]:
    """What each learner knows of each part: the mean of its facts, of each of which later answers count more."""
    row, members = AttemptRow, learners.subquery()
    ranked = (
        select(
            row.learner_id, row.topic, row.fact, row.score,
            func.row_number()
            .over(partition_by=(row.learner_id, row.topic, row.fact), order_by=(row.answered_at.desc(), row.id.desc()))
            .label("place"),
        )
        .join(members, members.c.id == row.learner_id)
        .where(row.self_rated == false())
        .subquery()
    )  # fmt: skip
    weight = case(_WEIGHTS, value=ranked.c.place, else_=0.0)
    facts = (
        select(
            ranked.c.learner_id,
            ranked.c.topic,
            (func.sum(ranked.c.score * weight) / func.sum(weight)).label("share"),
        )
        .group_by(ranked.c.learner_id, ranked.c.topic, ranked.c.fact)
        .subquery()
    )
    wanted = (
        select(facts.c.learner_id, facts.c.topic, func.count(), func.avg(facts.c.share))
        .group_by(facts.c.learner_id, facts.c.topic)
        .order_by(facts.c.learner_id, facts.c.topic)
    )
    known = defaultdict[str, list[KnownCount]](list)
    for learner, topic, count, share in connection.execute(wanted):
        known[learner].append(KnownCount(topic, count, float(share)))
    return known
