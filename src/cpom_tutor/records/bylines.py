"""Under which name instructors read what a learner asked: a pseudonym, or the name of an account that shares it."""

from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, select

from cpom_tutor.accounts import Byline, Role, full_name
from cpom_tutor.records.models import AccountRow, LearnerRow, SettingRow

# Without vowels, so that they make no words, and without what is mistaken for each other when it is read out.
_LETTERS = "bcdfghjkmnpqrstvwxz23456789"
_HALF = 4

OF_A_LEARNER = (
    AccountRow.name.label("account"),
    AccountRow.shown_as,
    AccountRow.shares_name,
    AccountRow.role.label("account_role"),
)
"""What `byline` reads of a row, all of it empty where the learner has no account."""


def byline(learner: str, row: Any, salt: str) -> Byline:
    """The name for a learner.

    Args:
        learner: id.
        row: has the columns `OF_A_LEARNER`.
        salt: of this database.
    """
    own = bool(row.shares_name)
    name = full_name(row.shown_as, row.account) if own else pseudonym(learner, salt)
    return Byline(name, own, row.account_role == Role.LEARNER)


def byline_of(connection: Connection, learner: str) -> Byline | None:
    """The name for a learner; None for one that is unknown."""
    joined = select(*OF_A_LEARNER).select_from(LearnerRow)
    wanted = joined.outerjoin(AccountRow, AccountRow.learner_id == LearnerRow.id).where(LearnerRow.id == learner)
    row = connection.execute(wanted).one_or_none()
    return byline(learner, row, salt_of(connection)) if row else None


def salt_of(connection: Connection) -> str:
    """What is mixed into the pseudonyms of this database."""
    return connection.scalars(select(SettingRow.value).where(SettingRow.name == "pseudonyms")).one()


def pseudonym(learner: str, salt: str) -> str:
    """Stable for one learner in one database; two of 1,000 learners share one in half a million databases."""
    number = int.from_bytes(blake2b(learner.encode("utf-8", "replace"), key=salt.encode(), digest_size=16).digest())
    letters = ""
    for _ in range(2 * _HALF):
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return f"Learner {letters[:_HALF]}-{letters[_HALF:]}"
