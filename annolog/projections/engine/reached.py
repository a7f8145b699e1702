"""A position that moves, and those who wait for it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition
from time import monotonic


class Reached:
    """How far something is. Safe to use from any thread."""

    def __init__(self, position: int = 0) -> None:
        self._position = position
        self._moved = Condition()
        self._followers: tuple[Callable[[], None], ...] = ()

    @property
    def position(self) -> int:
        """The position reached."""
        return self._position

    def on_move(self, follower: Callable[[], None]) -> None:
        """Have somebody called, who must return at once, whenever it has moved."""
        self._followers = (*self._followers, follower)

    def move(self, position: int) -> None:
        """It is there now."""
        if position == self._position:
            return
        with self._moved:
            self._position = position
            self._moved.notify_all()
        for follower in self._followers:
            follower()

    def wait_for(self, position: int, seconds: float) -> bool:
        """Wait until a position is reached; whether that was in time."""
        deadline = monotonic() + seconds
        with self._moved:
            while self._position < position:
                left = deadline - monotonic()
                if left <= 0 or not self._moved.wait(left):
                    return self._position >= position
        return True
