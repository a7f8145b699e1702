"""How far readers are that run somewhere else: their bookmarks, looked at whenever the database says they moved."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from threading import Condition

from sqlalchemy import Engine

from annolog.projections.engine import bookmarks
from annolog.projections.engine.follower import Follower
from annolog.projections.engine.reached import Reached

logger = logging.getLogger(__name__)

RETRY_SECONDS = 0.5
# Who waits for a position waits this much longer; many batches are looked at together.
REST_SECONDS = 0.01
NOWHERE = bookmarks.Bookmark(bookmarks.NO_VERSION, 0)


class Progress(Reached):
    """The position that each of some readers has reached in every partition."""

    def __init__(self, engine: Engine, readers: Sequence[str]) -> None:
        super().__init__()
        self._engine = engine
        self._readers = tuple(readers)
        self._follower = Follower("progress", self._advance, 1, self._troubled, REST_SECONDS)
        self._by_partition: Mapping[int, int] = {}
        self._looked = Condition()
        self.trouble: str | None = None

    def start(self) -> None:
        """Look on a thread of its own."""
        self._follower.start()

    def stop(self) -> None:
        """Look no more."""
        self._follower.stop()

    def ring(self) -> None:
        """Something has moved."""
        self._follower.ring()

    def catch_up(self) -> int:
        """Look once; others do the work."""
        self.look()
        return 0

    def position_in(self, partition: int) -> int:
        """The position they have reached in one partition."""
        return self._by_partition.get(partition, 0)

    def wait_for_partition(self, partition: int, position: int, seconds: float) -> bool:
        """Wait until they have reached a position in one partition; whether they did in time."""
        with self._looked:
            return self._looked.wait_for(lambda: self.position_in(partition) >= position, seconds)

    def look(self) -> int:
        """Read the bookmarks; the position they all have reached."""
        with self._engine.connect() as connection:
            known = bookmarks.read(connection, self._readers)
        position = min((bookmarks.least(known.get(reader, {})) for reader in self._readers), default=0)
        partitions = {partition for marks in known.values() for partition in marks}
        with self._looked:
            self._by_partition = {
                partition: min(known.get(reader, {}).get(partition, NOWHERE).position for reader in self._readers)
                for partition in partitions
            }
            self._looked.notify_all()
        self.move(position)
        return position

    def _advance(self) -> int:
        self.look()
        self.trouble = None
        return 0

    def _troubled(self, trouble: Exception) -> float:
        self.trouble = repr(trouble)
        logger.warning("bookmarks cannot be read", extra={"cause": self.trouble})
        return RETRY_SECONDS
