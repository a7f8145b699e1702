"""How often somebody may be wrong about a password."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from math import ceil
from time import monotonic

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter

from annolog.domain.refusals import TooManyRequests
from annolog.infra.http.moving_windows import MovingWindows
from annolog.infra.http.rates import network_of

MINUTES = 5


class Throttle:
    """Lets nobody try on: so many failures for one name, and so many from one address, within five minutes.

    Counted before the password is looked at, so that tries side by side count as well; what was right is not counted.
    In the memory of this process, for one thread.
    """

    def __init__(self, per_name: int, per_address: int, clock: Callable[[], float] = monotonic) -> None:
        self._storage = MovingWindows(clock)
        self._windows = MovingWindowRateLimiter(self._storage)
        self._clock = clock
        self._per_name = RateLimitItemPerMinute(per_name, MINUTES, "name") if per_name else None
        self._per_address = RateLimitItemPerMinute(per_address, MINUTES, "address") if per_address else None

    def try_once(self, name: str, address: str) -> None:
        """Count a try; refused once there were too many."""
        # What people type as their name may be their password.
        digest = sha256(name.strip().casefold().encode()).hexdigest()
        for item, key in ((self._per_address, network_of(address)), (self._per_name, digest)):
            if item is not None and not self._windows.hit(item, key):
                raise TooManyRequests(
                    "Too many passwords were wrong; wait a while.", facts={"retry_after": self._seconds(item, key)}
                )

    def was_right(self, name: str, address: str) -> None:
        """Take this try back, and no other: several people may have a name, and with a password of their own nobody
        gets to try others' without end.
        """
        digest = sha256(name.strip().casefold().encode()).hexdigest()
        for item, key in ((self._per_name, digest), (self._per_address, network_of(address))):
            if item is not None:
                self._storage.take_back(item.key_for(key))

    def _seconds(self, item: RateLimitItem, key: str) -> int:
        return max(1, ceil(self._windows.get_window_stats(item, key).reset_time - self._clock()))
