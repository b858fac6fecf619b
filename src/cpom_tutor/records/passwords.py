"""Passwords, kept as Argon2id hashes (RFC 9106, the parameters for little memory)."""

from functools import cache
from threading import Semaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cpom_tutor.accounts import LONGEST_PASSWORD

# Each takes 64 MiB while it is made: a whole class that signs in at once takes turns.
_AT_ONCE = Semaphore(2)
_HASHER = PasswordHasher()
# For what is random already: 59 bits cannot be guessed one by one at any speed, so that a class is enrolled in
# seconds. The first sign-in hashes it anew.
_MADE_UP = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(_bytes(password))


def hashed_made_up(password: str) -> str:
    """What is kept of a password of `accounts.new_password` until it is changed, made in a tenth of the time."""
    with _AT_ONCE:
        return _MADE_UP.hash(_bytes(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether this is the password; takes as long where there is none (`kept` is None)."""
    if len(password) > LONGEST_PASSWORD:  # nobody's
        return False
    try:
        with _AT_ONCE:
            # However it was kept: nobody is to learn from the clock who has a password that was made up.
            if kept and outdated(kept):
                _HASHER.hash(_bytes(password))
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
