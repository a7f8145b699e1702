"""Ends reservations and pauses that have run out, so that what waited for that goes on without anybody asking."""

from __future__ import annotations

import logging
from threading import Event, Thread
from uuid import uuid4

from annolog.commands.command import Request
from annolog.commands.scope import SYSTEM
from annolog.commands.working import ReleaseLapsed
from annolog.domain.refusals import Overloaded
from annolog.services.reactor import Bus

logger = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
MOST_TOGETHER = 500


class Sweeper:
    """Looks every second. What it misses costs time only: a task ignores a lease that has run out anyway."""

    def __init__(self, bus: Bus, every_seconds: float = EVERY_SECONDS) -> None:
        self._bus = bus
        self._every = every_seconds
        self._stopping = Event()
        self._thread: Thread | None = None
        self.trouble: str | None = None

    def start(self) -> None:
        """Sweep on a thread of its own."""
        self._thread = Thread(target=self._run, name="sweeper", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Sweep no more."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def sweep(self) -> int:
        """End what has run out; how many reservations that were."""
        command = ReleaseLapsed(limit=MOST_TOGETHER)
        answer = self._bus.send(Request(command, uuid4(), SYSTEM.id)).result()
        released: int = answer.value["released"]
        return released

    def _run(self) -> None:
        while not self._stopping.wait(self._every):
            try:
                while self.sweep() >= MOST_TOGETHER:
                    pass
                self.trouble = None
            except Overloaded:
                # Others keep the bus busy. That is told where it is; a moment later there is room.
                logger.info("sweep waits")
            except Exception as trouble:
                self.trouble = f"reservations and pauses are not ended: {trouble!r}"
                logger.exception("sweep failed")
