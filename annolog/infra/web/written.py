"""What people have written and not seen yet, so that a page never shows less than its viewer has just done."""

from __future__ import annotations

from collections import OrderedDict

# Whoever is forgotten sees what they wrote a moment later.
MOST_KEPT = 2_000


class Written:
    """By session, the position of the newest command whose effect no answer has shown so far."""

    def __init__(self) -> None:
        self._positions: OrderedDict[str, int] = OrderedDict()

    def note(self, session: str, position: int) -> None:
        """A command of this session was recorded, and stands at this position of the log; 0 if nothing was recorded."""
        if position <= self._positions.get(session, 0):
            return
        self._positions[session] = position
        self._positions.move_to_end(session)
        while len(self._positions) > MOST_KEPT:
            self._positions.popitem(last=False)

    def unseen_by(self, session: str) -> int:
        """The position that an answer must have reached to show all that the session wrote; 0 if any does."""
        return self._positions.get(session, 0)

    def seen(self, session: str, position: int) -> None:
        """An answer to this session was as of this position."""
        if position >= self._positions.get(session, 0):
            self.forget(session)

    def forget(self, session: str) -> None:
        """Wait for nothing any more."""
        self._positions.pop(session, None)
