"""The newest end of the log, kept as it was committed, so that followers need not read and decode it again."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from annolog.domain.recorded import Recorded

MOST_EVENTS = 4_096


class Tail:
    """Consecutive committed events. It may hold less than there is, never anything that is not so."""

    def __init__(self, most: int = MOST_EVENTS) -> None:
        self._most = most
        self._events: list[Recorded] = []
        self._lock = Lock()

    def extend(self, events: Sequence[Recorded]) -> None:
        """Add what was just committed. After a gap, left by another process, the tail begins anew."""
        if not events:
            return
        with self._lock:
            if self._events and events[0].position != self._events[-1].position + 1:
                self._events = []
            self._events.extend(events)
            if len(self._events) > 2 * self._most:
                self._events = self._events[-self._most :]

    def after(self, position: int, limit: int) -> Sequence[Recorded]:
        """The events beyond a position, if the tail has the first of them; nothing if it has not."""
        with self._lock:
            if not self._events or position + 1 < self._events[0].position:
                return ()
            start = position + 1 - self._events[0].position
            return self._events[start : start + limit]
