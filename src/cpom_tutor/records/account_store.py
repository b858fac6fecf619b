"""Accounts and sign-ins in an SQL database."""

import secrets
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from cpom_tutor.accounts import (
    IDLE,
    LONGEST_SIGN_IN,
    Account,
    Byline,
    Enrolment,
    Role,
    checked_password,
    folded,
    shown_name,
)
from cpom_tutor.errors import BadInput, NotAllowed, NotFound, RecordsUnavailable
from cpom_tutor.records.account_rows import account_of, accounts_of, add_account_row, any_account, new_account
from cpom_tutor.records.bylines import byline_of
from cpom_tutor.records.models import AccountRow, LearnerRow, SignInRow
from cpom_tutor.records.passwords import hashed, hashed_made_up, matches, outdated
from cpom_tutor.records.transactions import NO_LEARNER, SqlTransactions

_WRONG = "The name or the password is not right; type both again, or ask whoever runs the tutor for a new password."
_WRONG_OLD = "The old password is not right, so nothing was changed; type it again."
# A sign-in's last use is written down this often at most: reading a page is not to cost a write.
_NOTED_EVERY = timedelta(minutes=10)
_NOTED_AGAIN = timedelta(minutes=1)


class SqlAccounts(SqlTransactions):
    """Implements `account_protocols.Accounts` but for `has_learner`; threads may share one.

    Of a password its hash is kept, and of a sign-in's token too: whoever reads the database can use neither.
    """

    _noted_again = datetime.min.replace(tzinfo=UTC)

    def add_account(
        self, name: str, password: str, *, role: Role, shown_as: str = "", group: str = "", temporary: bool = False
    ) -> Account:
        """A new account with a learner of its own.

        Raises:
            BadInput: the name is taken or cannot be one, or the password cannot be one.
        """
        account = new_account(name, role, shown_as, group, temporary=temporary)
        kept = hashed(checked_password(password, account.name))
        with self._writing() as connection:
            add_account_row(connection, account, kept)
        return account

    def enrol(self, new: Sequence[Enrolment], moved: Mapping[str, str]) -> None:
        """New accounts, and another class for those who are there already, by name: all of it or nothing.

        Raises:
            BadInput: a name is taken or cannot be one.
            NotFound: somebody to be moved is not there.
        """
        accounts = [new_account(one.name, one.role, one.shown_as, one.group, temporary=True) for one in new]
        with ThreadPoolExecutor() as pool:
            kept = list(pool.map(hashed_made_up, (one.password for one in new)))
        with self._writing() as connection:
            for account, password in zip(accounts, kept, strict=True):
                add_account_row(connection, account, password)
            for name, group in moved.items():
                _change(connection, name, class_group=shown_name(group))

    def has_accounts(self) -> bool:
        """Whether anybody has an account, even one that is disabled."""
        with self._reading() as connection:
            return any_account(connection)

    def account(self, name: str) -> Account:
        """The account of that name.

        Raises:
            NotFound: there is none.
        """
        with self._reading() as connection, self._legible("account"):
            row = connection.execute(accounts_of().where(AccountRow.name == folded(name))).one_or_none()
            if row is not None:
                return account_of(row)
        raise _unknown(name)

    def account_of_learner(self, learner: str) -> Account | None:
        """Whose history it is; None for an anonymous learner."""
        with self._reading() as connection, self._legible("account"):
            row = connection.execute(accounts_of().where(AccountRow.learner_id == learner)).one_or_none()
            return account_of(row) if row else None

    def byline(self, learner: str) -> Byline:
        """Under which name instructors read what the learner asks.

        Raises:
            NotFound: the learner is not known.
        """
        with self._reading() as connection:
            found = byline_of(connection, learner)
        if found is None:
            raise NotFound(NO_LEARNER)
        return found

    def accounts(self) -> tuple[Account, ...]:
        """All of them, by group and name."""
        wanted = accounts_of().order_by(AccountRow.class_group, AccountRow.name)
        with self._reading() as connection, self._legible("account"):
            return tuple(map(account_of, connection.execute(wanted)))

    def password_stamp(self, name: str) -> str:
        """Changes whenever the password does, and tells nothing of it; empty where there is no such account."""
        with self._reading() as connection:
            kept = connection.scalar(select(AccountRow.password).where(AccountRow.name == folded(name)))
        return _digest(kept)[:16] if kept else ""

    def sign_in(self, name: str, password: str, now: datetime) -> str:
        """A new sign-in's token (unguessable).

        Raises:
            NotAllowed: the name or the password is wrong, or the account disabled; the words do not say which.
        """
        row, wanted = AccountRow, folded(name)
        with self._reading() as connection:
            found = connection.execute(select(row.password, row.disabled).where(row.name == wanted)).one_or_none()
        # Hashing takes a while, so no transaction is open meanwhile.
        if not matches(password, found.password if found else None) or found is None or found.disabled:
            raise NotAllowed(_WRONG)
        renewed = hashed(password) if outdated(found.password) else found.password
        token = secrets.token_urlsafe(32)
        with self._writing() as connection:
            # The password may have been changed while this one was compared.
            same = update(row).where(row.name == wanted, row.password == found.password, row.disabled.is_(False))
            if not connection.execute(same.values(password=renewed, last_seen=now)).rowcount:
                raise NotAllowed(_WRONG)
            connection.execute(delete(SignInRow).where(or_(*_over(now))))
            values = {"token_hash": _digest(token), "account": wanted, "since": now, "used_at": now}
            connection.execute(insert(SignInRow).values(**values))
        return token

    def signed_in(self, token: str, now: datetime) -> Account | None:
        """Whose sign-in this is; None for one that is unknown or over, or whose account is disabled."""
        if not token:
            return None
        row, digest = SignInRow, _digest(token)
        wanted = accounts_of(row.used_at).join(row, row.account == AccountRow.name)
        running = [row.token_hash == digest, row.since > now - LONGEST_SIGN_IN, row.used_at > now - IDLE]
        with self._reading() as connection, self._legible("account"):
            found = connection.execute(wanted.where(*running, AccountRow.disabled.is_(False))).one_or_none()
            account = account_of(found) if found else None
        if account and found and now - found.used_at > _NOTED_EVERY:
            self._note_use(digest, account.name, now)
        return account

    def _note_use(self, digest: str, name: str, now: datetime) -> None:
        if now < self._noted_again:
            return
        try:
            with self._writing() as connection:
                connection.execute(update(SignInRow).where(SignInRow.token_hash == digest).values(used_at=now))
                connection.execute(update(AccountRow).where(AccountRow.name == name).values(last_seen=now))
        except RecordsUnavailable:
            # Where nothing can be written, nobody is to be kept out from what can be read, nor made to wait each time.
            self._noted_again = now + _NOTED_AGAIN

    def sign_out(self, token: str) -> None:
        """Ends a sign-in; one that is unknown has ended already."""
        with self._writing() as connection:
            connection.execute(delete(SignInRow).where(SignInRow.token_hash == _digest(token)))

    def change_password(self, name: str, old: str, new: str, *, keep: str = "") -> None:
        """Another password, by its owner; ends every other sign-in than the one whose token is kept.

        Raises:
            NotAllowed: the old password is wrong.
            BadInput: the new one cannot be one.
        """
        row, wanted = AccountRow, folded(name)
        with self._reading() as connection:
            kept = connection.scalar(select(row.password).where(row.name == wanted))
        if not matches(old, kept):
            raise NotAllowed(_WRONG_OLD)
        if old == new:
            raise BadInput("That is the old password again; choose another one.")
        made = hashed(checked_password(new, wanted))
        with self._writing() as connection:
            changed = connection.execute(
                update(row).where(row.name == wanted, row.password == kept).values(password=made, temporary=False)
            )
            if not changed.rowcount:
                raise NotAllowed(_WRONG_OLD)
            _end(connection, wanted, keep)

    def set_password(self, name: str, password: str, *, temporary: bool) -> None:
        """Another password, by somebody in charge; ends every sign-in.

        Raises:
            NotFound: there is no such account.
            BadInput: the password cannot be one.
        """
        wanted = self.account(name).name
        made = hashed(checked_password(password, wanted))
        with self._writing() as connection:
            _change(connection, wanted, password=made, temporary=temporary)
            _end(connection, wanted)

    def set_disabled(self, name: str, disabled: bool) -> None:
        """Keeps somebody out, ending every sign-in, or lets them in again.

        Raises:
            NotFound: there is no such account.
        """
        with self._writing() as connection:
            _end(connection, _change(connection, name, disabled=disabled))

    def set_group(self, name: str, group: str) -> None:
        """Moves somebody to another class.

        Raises:
            NotFound: there is no such account.
        """
        with self._writing() as connection:
            _change(connection, name, class_group=shown_name(group))

    def share_name(self, name: str, shares: bool) -> None:
        """Whether instructors read the name beside what this learner asked.

        Raises:
            NotFound: there is no such account.
        """
        with self._writing() as connection:
            _change(connection, name, shares_name=shares)

    def delete_account(self, name: str) -> None:
        """Deletes the account, and all that is kept of its learner.

        Raises:
            NotFound: there is no such account.
        """
        learner = self.account(name).learner
        with self._writing() as connection:
            if not connection.execute(delete(LearnerRow).where(LearnerRow.id == learner)).rowcount:
                raise _unknown(name)


def _change(connection: Connection, name: str, **values: object) -> str:
    wanted = folded(name)
    if not connection.execute(update(AccountRow).where(AccountRow.name == wanted).values(**values)).rowcount:
        raise _unknown(name)
    return wanted


def _end(connection: Connection, name: str, keep: str = "") -> None:
    row = SignInRow
    connection.execute(delete(row).where(row.account == name, row.token_hash != _digest(keep)))


def _over(now: datetime) -> tuple[Any, Any]:
    return SignInRow.since <= now - LONGEST_SIGN_IN, SignInRow.used_at <= now - IDLE


def _digest(token: str) -> str:
    # No salt and no slow hash: the token is random already.
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def _unknown(name: str) -> NotFound:
    shown = " ".join(name.split())[:64]
    return NotFound(f"There is no account “{shown}”; see which there are with: cpom-tutor users list")
