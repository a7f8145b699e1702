"""Ids from counters beside the log."""

from __future__ import annotations

from sqlalchemy import Connection

from annolog.domain.ids import IdKind
from annolog.infra.event_log.schema import id_sequence
from annolog.projections.engine.statements import execute, upsert_rows


class SequenceIds:
    """Counts in memory and stores how far it came with the events that use the ids.

    Only the holder of the writer lock takes ids, and `refresh` tells it what other processes have taken meanwhile.
    Ids taken by a transaction that fails are lost.
    """

    def __init__(self, connection: Connection) -> None:
        self._next: dict[str, int] = {}
        self._stored: dict[str, int] = {}
        self.refresh(connection)

    def refresh(self, connection: Connection) -> None:
        """Catch up with what is stored."""
        for kind, next_id in execute(connection, "SELECT kind, next FROM id_sequence"):
            self._next[kind] = max(next_id, self._next.get(kind, 1))
            self._stored[kind] = next_id

    def take(self, kind: IdKind, count: int = 1) -> int:
        """The first of `count` consecutive ids."""
        first = self._next.get(kind, 1)
        self._next[kind] = first + count
        return first

    def store(self, connection: Connection) -> None:
        """Store how far each kind has come."""
        changed = [(str(kind), next_id) for kind, next_id in self._next.items() if self._stored.get(kind) != next_id]
        upsert_rows(connection, id_sequence, changed)
        self._stored.update(changed)
