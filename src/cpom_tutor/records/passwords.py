"""Passwords, kept as Argon2id hashes (RFC 9106, the parameters for little memory)."""

from functools import cache
from threading import Semaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cpom_tutor.accounts import LONGEST_PASSWORD

# Each takes 64 MiB while it is made: a whole class that signs in at once takes turns.
_AT_ONCE = Semaphore(2)
_HASHER = PasswordHasher()


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(_bytes(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether this is the password; takes as long where there is none (`kept` is None)."""
    if len(password) > LONGEST_PASSWORD:  # nobody's
        return False
    try:
        with _AT_ONCE:
            right = _HASHER.verify(kept or _nobodys(), _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None


def outdated(kept: str) -> bool:
    """Whether it was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


def _bytes(password: str) -> bytes:
    # What people paste may hold half a surrogate pair, which UTF-8 has no form for.
    return password.encode("utf-8", "surrogatepass")


@cache
def _nobodys() -> str:
    return _HASHER.hash(b"")
