"""Who may sign in, and what for."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cpom_tutor.errors import BadInput

SHORTEST_PASSWORD = 8
"""Characters; no rule of what they must be (NIST SP 800-63B, section 3.1.1.2)."""

LONGEST_PASSWORD = 200
LONGEST_SHOWN = 80
LONGEST_NAME = 64

IDLE = timedelta(days=7)
"""A sign-in that is not used for so long has ended."""

LONGEST_SIGN_IN = timedelta(days=30)
"""However much it is used."""

_NAME = re.compile(rf"[\w.@+-]{{1,{LONGEST_NAME}}}")
# Without letters that are mistaken for each other when they are read from paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class Role(StrEnum):
    """What somebody comes to do."""

    LEARNER = "learner"
    INSTRUCTOR = "instructor"
    MAINTAINER = "maintainer"

    @property
    def reviews(self) -> bool:
        """Whether they see what learners asked, and judge it."""
        return self is not Role.LEARNER


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in. What they study is kept for their learner, as it is for anybody.

    Attributes:
        name: what they type to sign in; lower case, unique.
        role: what they may do.
        learner: id of the learner whose history is theirs.
        shown_as: the name that others read; never empty.
        group: the class they belong to; may be empty.
        shares_name: instructors read `shown_as` beside their questions; otherwise a pseudonym.
        temporary: the password was made by somebody else, and is to be changed first of all.
        disabled: cannot sign in; nothing is deleted.
        created_at: timezone-aware time.
        last_seen: when they last used the tutor, give or take some minutes; None for somebody who never signed in.
    """

    name: str
    role: Role
    learner: str
    shown_as: str
    group: str
    shares_name: bool
    temporary: bool
    disabled: bool
    created_at: datetime
    last_seen: datetime | None = None

    @property
    def full_name(self) -> str:
        """The name that others read, with what tells its owner from a namesake."""
        return full_name(self.shown_as, self.name)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Somebody who is to have an account, with a password that `new_password` made up."""

    name: str
    password: str
    role: Role
    shown_as: str
    group: str


@dataclass(frozen=True, slots=True)
class Byline:
    """Under which name instructors read what a learner asked.

    Attributes:
        name: a pseudonym ("Learner k7m4-qd2x"), or the learner's own name; never an id, and never another learner's.
        own: it is their own name, which they share.
        theirs_to_change: they are signed in, and may share it or take it back.
    """

    name: str
    own: bool = False
    theirs_to_change: bool = False


def full_name(shown_as: str, name: str) -> str:
    """What others read of an account: no two accounts have the same."""
    return name if shown_as == name else f"{shown_as} ({name})"


def folded(typed: str) -> str:
    """A sign-in name as it is looked up: letters of one case, each in the one form that Unicode has for it.

    Without the latter “é” of one keyboard is not “é” of another, and “ａｄａ” could be somebody else than “ada”.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", typed.strip()).casefold())


def sign_in_name(typed: str) -> str:
    """The name as it is kept.

    Raises:
        BadInput: it cannot be a name.
    """
    name = folded(typed)
    if not _NAME.fullmatch(name):
        raise BadInput(
            f"“{' '.join(typed.split())[:64]}” cannot be a sign-in name; "
            "give up to 64 letters, digits and . _ - + @, such as ada.lovelace or an e-mail address."
        )
    return name


def shown_name(typed: str) -> str:
    """A name to be read, on one line."""
    return " ".join(typed.split())[:LONGEST_SHOWN]


def checked_password(typed: str, name: str) -> str:
    """The password, if it can be one.

    Raises:
        BadInput: it is too short or too long, or is the name.
    """
    if not SHORTEST_PASSWORD <= len(typed) <= LONGEST_PASSWORD:
        raise BadInput(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; choose one, such as four odd words."
        )
    if folded(typed) == name:
        raise BadInput("The password must not be the sign-in name; choose another one.")
    return typed


def new_password() -> str:
    """A password to hand out: three groups of letters and digits, some 59 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
