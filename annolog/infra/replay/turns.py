"""In which order recorded labels go in: as recorded for each task and for each worker, side by side otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from annolog.infra.replay.dataset import RecordedLabel


class Turns:
    """Labels that wait for their turn: for those before them of the same task and of the same worker to be in.

    With a speed, a worker also takes as long over a label as was recorded, divided by the speed.
    """

    def __init__(self, labels: Sequence[RecordedLabel], speed: float, now: float) -> None:
        self._labels = labels
        self._speed = speed
        self._followers: list[list[int]] = [[] for _ in labels]
        self._blockers = [0] * len(labels)
        self._left = len(labels)
        latest: dict[tuple[str, str], int] = {}
        for place, label in enumerate(labels):
            for thread in (("task", label.task), ("worker", label.worker)):
                if thread in latest:
                    self._followers[latest[thread]].append(place)
                    self._blockers[place] += 1
                latest[thread] = place
        self._due = [(self._ready(place, now), place) for place, count in enumerate(self._blockers) if count == 0]
        heapify(self._due)

    def __bool__(self) -> bool:
        """Whether anybody still waits."""
        return self._left > 0

    def take(self, now: float) -> int | None:
        """The place of a label whose turn has come, if there is one."""
        return heappop(self._due)[1] if self._due and self._due[0][0] <= now else None

    def pause(self, now: float) -> float | None:
        """How long until the next turn comes by itself; None if it takes somebody to finish."""
        return max(0.0, self._due[0][0] - now) if self._due else None

    def done(self, place: int, now: float) -> None:
        """Whoever waited for this label may go on."""
        self._left -= 1
        for follower in self._followers[place]:
            self._blockers[follower] -= 1
            if self._blockers[follower] == 0:
                heappush(self._due, (self._ready(follower, now), follower))

    def _ready(self, place: int, now: float) -> float:
        return now + (self._labels[place].duration or 0.0) / self._speed if self._speed else 0.0
