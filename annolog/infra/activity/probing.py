"""Somebody who tries what there might be: looking for things that are hidden from them, one id after another."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

ENOUGH = 20
WITHIN = timedelta(minutes=1)
MOST_WATCHED = 10_000


class Probing:
    """Counts, for each person, what they did not find within a minute. Not safe for several threads at once."""

    def __init__(self) -> None:
        # By when the count began, the oldest first.
        self._counts: OrderedDict[int, tuple[datetime, int]] = OrderedDict()

    def missed(self, person: int, now: datetime) -> int:
        """How many misses are to be told of now: none up to `ENOUGH`, then those so far together, then each one."""
        begun, misses = self._counts.get(person, (now, 0))
        if now - begun >= WITHIN:
            begun, misses = now, 0
            del self._counts[person]
        misses += 1
        self._counts[person] = begun, misses
        if len(self._counts) > MOST_WATCHED:
            self._counts.popitem(last=False)
        return ENOUGH if misses == ENOUGH else int(misses > ENOUGH)
