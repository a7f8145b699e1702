"""Many alike in a short time are few events: the first pass, and one more stands for all the others."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from annolog.domain.activity.events import AccessDenied, SignInFailed

MOST_KEPT = 10_000

Counted = TypeVar("Counted", AccessDenied, SignInFailed)


@dataclass(slots=True)
class _Stretch(Generic[Counted]):
    """What came of one key since a moment: how many passed, and those held back."""

    begun: datetime
    passed: int
    held: int = 0
    first_held: datetime | None = None
    last: Counted | None = None

    def hold(self, event: Counted, now: datetime) -> None:
        """Count an event instead of recording it."""
        self.held += event.count
        self.first_held = self.first_held or now
        self.last = event

    def summary(self) -> list[Counted]:
        """One event for all that were held back, if any were."""
        if self.last is None:
            return []
        return [self.last.model_copy(update={"count": self.held, "since": self.first_held})]


class Coalescing(Generic[Counted]):
    """Lets `passes` events of a key pass in a stretch of time, and one more that counts the others once it is over.

    Nothing is lost but what a crash takes: where there are too many keys at once the oldest are summed up early. Not
    safe for several threads at once.
    """

    def __init__(self, seconds: float, passes: int = 1, most: int = MOST_KEPT) -> None:
        self._length = timedelta(seconds=seconds)
        self._passes = passes
        self._most = most
        # By when they began, the oldest first.
        self._stretches: OrderedDict[Hashable, _Stretch[Counted]] = OrderedDict()

    def take(self, key: Hashable, event: Counted, now: datetime) -> list[Counted]:
        """What is to be recorded now: what is overdue, and the event itself unless it is one of many."""
        due: list[Counted] = self.due(now)
        found = self._stretches.get(key)
        if found is None:
            self._stretches[key] = _Stretch(now, passed=1)
            if len(self._stretches) > self._most:
                due += self._stretches.popitem(last=False)[1].summary()
            due.append(event)
            return due
        if found.passed < self._passes:
            found.passed += 1
            due.append(event)
            return due
        found.hold(event, now)
        return due

    def due(self, now: datetime) -> list[Counted]:
        """One event for each key whose stretch is over and of which some were held back."""
        found: list[Counted] = []
        while self._stretches:
            key, oldest = next(iter(self._stretches.items()))
            if oldest.begun > now - self._length:
                break
            del self._stretches[key]
            summary = oldest.summary()
            if summary:
                # It is recorded now, so the next one of this key has to wait as long again.
                self._stretches[key] = _Stretch(now, self._passes)
            found += summary
        return found

    def rest(self) -> list[Counted]:
        """One event for each key of which some were held back; nothing is kept."""
        found = [event for stretch in self._stretches.values() for event in stretch.summary()]
        self._stretches.clear()
        return found
