"""A thread that follows something: it moves on as long as there is more, and listens for the bell when there is not."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

# The bell wakes us; looking besides costs little and forgives a ring that was missed.
POLL_SECONDS = 0.5
# Under load events are gathered this long, so that many share one transaction; the first one after a rest is not kept.
GATHER_SECONDS = 0.01


class Follower:
    """Calls `advance`, which says how many events it dealt with, again and again on a thread of its own.

    It rests at least `rest_seconds` between two looks that the bell asks for. `troubled` is told when something fails,
    and says after how many seconds to try again.
    """

    def __init__(
        self,
        name: str,
        advance: Callable[[], int],
        most: int,
        troubled: Callable[[Exception], float],
        rest_seconds: float = 0.0,
    ) -> None:
        self._advance = advance
        self._most = most
        self._troubled = troubled
        self._bell = Event()
        self._stopping = Event()
        self._rest_seconds = rest_seconds
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch at hand, then stop."""
        self._stopping.set()
        self._bell.set()
        if self._thread.ident is not None:
            self._thread.join()

    def ring(self) -> None:
        """There may be something new."""
        self._bell.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._bell.clear()
            patience = POLL_SECONDS
            try:
                while not self._stopping.is_set() and (count := self._advance()):
                    if count < self._most:
                        self._stopping.wait(GATHER_SECONDS)
            except Exception as trouble:  # noqa: BLE001 - whose trouble it is, is for the owner to say
                patience = self._troubled(trouble)
            if self._rest_seconds:
                self._stopping.wait(self._rest_seconds)
            self._bell.wait(patience)
