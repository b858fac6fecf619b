"""Accounts as rows: how one is made, stored and read back."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, exists, insert, select
from sqlalchemy.exc import IntegrityError

from cpom_tutor.accounts import Account, Role, shown_name, sign_in_name
from cpom_tutor.errors import BadInput
from cpom_tutor.records.models import AccountRow, LearnerRow
from cpom_tutor.records.transactions import new_id


def accounts_of(*more: Any) -> Select[Any]:
    """Selects all accounts, with more columns."""
    row = AccountRow
    columns: list[Any] = [
        row.name, row.role, row.learner_id, row.shown_as, row.class_group, row.shares_name, row.temporary, row.disabled,
        row.created_at, row.last_seen,
    ]  # fmt: skip
    return select(*columns, *more)


def any_account(connection: Connection) -> bool:
    """Whether anybody has an account, even one that is disabled."""
    return connection.scalar(select(AccountRow.name).limit(1)) is not None


def account_of(row: Any) -> Account:
    """The value of a row of `accounts_of`."""
    return Account(
        row.name, Role(row.role), row.learner_id, row.shown_as, row.class_group, row.shares_name, row.temporary,
        row.disabled, row.created_at, row.last_seen,
    )  # fmt: skip


def new_account(name: str, role: Role, shown_as: str, group: str, *, temporary: bool) -> Account:
    """An account that is to be stored, with a learner of its own.

    Raises:
        BadInput: the name cannot be one.
    """
    kept, now = sign_in_name(name), datetime.now(UTC)
    shown = shown_name(shown_as) or kept
    return Account(kept, role, new_id(), shown, shown_name(group), False, temporary, False, now)


def add_account_row(connection: Connection, account: Account, password: str) -> None:
    """Stores an account with its password's hash, and its learner.

    Raises:
        BadInput: the name is taken.
    """
    if connection.scalar(select(exists().where(AccountRow.name == account.name))):
        raise _taken(account.name)
    connection.execute(insert(LearnerRow).values(id=account.learner, created_at=account.created_at))
    try:
        connection.execute(insert(AccountRow).values(**_columns(account), password=password))
    except IntegrityError:  # somebody else's process was faster
        raise _taken(account.name) from None


def _columns(account: Account) -> dict[str, object]:
    return {
        "name": account.name,
        "learner_id": account.learner,
        "role": account.role.value,
        "shown_as": account.shown_as,
        "class_group": account.group,
        "shares_name": account.shares_name,
        "temporary": account.temporary,
        "disabled": account.disabled,
        "created_at": account.created_at,
        "last_seen": account.last_seen,
    }


def _taken(name: str) -> BadInput:
    return BadInput(f"There is an account “{name}” already; give another name, or see them with: cpom-tutor users list")
