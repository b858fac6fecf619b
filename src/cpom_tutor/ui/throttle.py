"""How often somebody may try to sign in. Counted in memory: the app is one process, and a restart forgives."""

import math
import time

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from cpom_tutor.errors import NotAllowed

# Tight for one name from one place; wide for a name from everywhere, so that nobody can lock somebody else out from
# one place; wide for a place, where a whole class may sit behind one address.
_PAIR: RateLimitItem = RateLimitItemPerMinute(5, 15)
_NAME: RateLimitItem = RateLimitItemPerHour(50)
_PLACE: RateLimitItem = RateLimitItemPerMinute(300, 15)


class TooOften(NotAllowed):
    """Too many tries; says how long to wait.

    Attributes:
        seconds: until the next try counts.
    """

    def __init__(self, seconds: int) -> None:
        minutes = max(1, math.ceil(seconds / 60))
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(f"That was tried too often; wait {wait}, then try again.")
        self.seconds = seconds


class Throttle:
    """Counts tries at a name from a place; threads may share one."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, name: str, place: str) -> None:
        """Counts a try.

        Raises:
            TooOften: it is one too many, and is not to be looked at.
        """
        # The place comes first, and the first that is over ends it: whoever tries ever new names is not counted under
        # each, which would fill the memory.
        for limit, key in self._limits(name, place):
            if not self._limiter.hit(limit, *key):
                raise TooOften(math.ceil(self._limiter.get_window_stats(limit, *key).reset_time - time.time()))

    def succeeded(self, name: str, place: str) -> None:
        """The tries before the right one are forgotten."""
        limit, key = self._limits(name, place)[1]
        self._limiter.clear(limit, *key)

    @staticmethod
    def _limits(name: str, place: str) -> tuple[tuple[RateLimitItem, tuple[str, ...]], ...]:
        return (_PLACE, ("place", place)), (_PAIR, ("pair", name, place)), (_NAME, ("name", name))
