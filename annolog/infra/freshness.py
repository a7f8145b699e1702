"""Keeps the warm states of a process in step with what others write to the same log."""

from __future__ import annotations

import logging

from annolog.commands.bus import CommandBus
from annolog.projections.engine.follower import Follower

logger = logging.getLogger(__name__)

RETRY_SECONDS = 0.5
REST_SECONDS = 0.01


class Freshness:
    """Has the bus forget what others have moved on, whenever the log moves. Decisions do not depend on it."""

    def __init__(self, bus: CommandBus) -> None:
        self._bus = bus
        self._follower = Follower("freshness", self._advance, 1, self._troubled, REST_SECONDS)

    def start(self) -> None:
        """Follow on a thread of its own."""
        self._follower.start()

    def stop(self) -> None:
        """Follow no more."""
        self._follower.stop()

    def ring(self) -> None:
        """The log has moved."""
        self._follower.ring()

    def _advance(self) -> int:
        self._bus.refresh()
        return 0

    @staticmethod
    def _troubled(trouble: Exception) -> float:
        logger.warning("warm states cannot be refreshed", extra={"cause": repr(trouble)})
        return RETRY_SECONDS
