"""The contract of accounts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from cpom_tutor.accounts import Account, Byline, Enrolment, Role


class SignIns(Protocol):
    """Who sent a request: what every screen asks first, and by what name others know them."""

    def has_learner(self, learner: str) -> bool:
        """Whether the id is known."""

    def has_accounts(self) -> bool:
        """Whether anybody has an account, even one that is disabled: then nobody is anonymous."""

    def signed_in(self, token: str, now: datetime) -> Account | None:
        """Whose sign-in this is; None for one that is unknown or over, or whose account is disabled."""

    def byline(self, learner: str) -> Byline:
        """Under which name instructors read what the learner asks. Raises NotFound for an unknown learner."""


class Accounts(SignIns, Protocol):
    """Accounts, and who is signed in. All raise RecordsUnavailable where the database cannot be used.

    Who may call what is decided before it is called.
    """

    def add_account(
        self, name: str, password: str, *, role: Role, shown_as: str = "", group: str = "", temporary: bool = False
    ) -> Account:
        """A new account with a learner of its own. Raises BadInput for a name that is taken or cannot be one."""

    def enrol(self, new: Sequence[Enrolment], moved: Mapping[str, str]) -> None:
        """New accounts, and another class for those who are there already, by name: all of it or nothing.

        Raises BadInput for a name that is taken or cannot be one, NotFound for one that is not there.
        """

    def account(self, name: str) -> Account:
        """Raises NotFound."""

    def accounts(self) -> tuple[Account, ...]:
        """All of them, by group and name."""

    def password_stamp(self, name: str) -> str:
        """Changes whenever the password does, and tells nothing of it; empty where there is no such account."""

    def sign_in(self, name: str, password: str, now: datetime) -> str:
        """A new sign-in's token (unguessable). Raises NotAllowed, in the same words whatever was wrong."""

    def sign_out(self, token: str) -> None:
        """Ends a sign-in; one that is unknown has ended already."""

    def change_password(self, name: str, old: str, new: str, *, keep: str = "") -> None:
        """Another password, by its owner; ends every other sign-in than the one kept. Raises NotAllowed, BadInput."""

    def set_password(self, name: str, password: str, *, temporary: bool) -> None:
        """Another password, by somebody in charge; ends every sign-in. Raises NotFound, BadInput."""

    def set_disabled(self, name: str, disabled: bool) -> None:
        """Keeps somebody out, ending every sign-in, or lets them in again. Raises NotFound."""

    def set_group(self, name: str, group: str) -> None:
        """Moves somebody to another class. Raises NotFound."""

    def share_name(self, name: str, shares: bool) -> None:
        """Whether instructors read the name beside what this learner asked. Raises NotFound."""

    def delete_account(self, name: str) -> None:
        """Deletes the account, and all that is kept of its learner. Raises NotFound."""
