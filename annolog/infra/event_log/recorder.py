"""Our recorder behind the eventsourcing library's interface, so that the library's event store works on this log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    ListenNotifySubscription,
    Notification,
    OperationalError,
    StoredEvent,
    Subscription,
)
from sqlalchemy import Connection, Select, func, select
from sqlalchemy import exc as database
from uuid_utils import uuid7

from annolog.infra.databases import Database
from annolog.infra.event_log.doorbell import Doorbell
from annolog.infra.event_log.notices import notify
from annolog.infra.event_log.schema import event
from annolog.projections.engine.moments import microseconds
from annolog.projections.engine.statements import execute, insert_rows, is_postgresql

CHANNEL = "annolog_log"
NOBODY = 0
POLL_SECONDS = 0.5


class SqlRecorder(ApplicationRecorder):
    """Appends under one writer lock, so that positions appear in commit order and have no gap.

    The lock is SQLite's own (`BEGIN IMMEDIATE`), or an advisory one of PostgreSQL, which leaves readers and maintenance
    alone; the writer's transactions take it when they begin. A reader that has passed a position never finds a new
    event at or below it.
    """

    def __init__(self, database: Database, doorbell: Doorbell) -> None:
        self._writer = database.writer
        self._reader = database.reader
        self._doorbell = doorbell

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Append in one transaction of its own; raises the library's `IntegrityError` when a version is taken."""
        try:
            with self._writer.begin() as connection:
                positions = self.append(connection, stored_events)
                if is_postgresql(connection):
                    notify(connection, CHANNEL)
        except database.IntegrityError as taken:
            raise IntegrityError(str(taken)) from taken
        except database.OperationalError as trouble:
            raise OperationalError(str(trouble)) from trouble
        self._doorbell.ring()
        return positions

    def append(self, connection: Connection, stored_events: Sequence[StoredEvent]) -> Sequence[int]:
        """Append in the caller's transaction, which must hold the writer lock."""
        first = self.head(connection) + 1
        now = microseconds(datetime.now(UTC))
        rows = [self._row(first + index, stored, now) for index, stored in enumerate(stored_events)]
        self.insert(connection, rows)
        return list(range(first, first + len(rows)))

    @staticmethod
    def _row(position: int, stored: StoredEvent, now: int) -> tuple[Any, ...]:
        own = uuid7().bytes
        version = stored.originator_version
        stream = str(stored.originator_id)
        return (position, stream, version, stored.topic, 1, own, None, now, NOBODY, None, own, own, None, stored.state)

    @staticmethod
    def insert(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows of the `event` table whose positions the caller has numbered from the head on."""
        insert_rows(connection, event, rows)

    @staticmethod
    def head(connection: Connection) -> int:
        """The position of the latest event, 0 in an empty log."""
        return int(execute(connection, "SELECT max(position) FROM event").fetchone()[0] or 0)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of one stream, in order of version."""
        query = select(event.c.version, event.c.type, event.c.body).where(event.c.stream == str(originator_id))
        if gt is not None:
            query = query.where(event.c.version > gt)
        if lte is not None:
            query = query.where(event.c.version <= lte)
        query = query.order_by(event.c.version.desc() if desc else event.c.version).limit(limit)
        return [StoredEvent(originator_id, version, topic, body) for version, topic, body in self._rows(query)]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The log from a position on, in order."""
        columns = (event.c.position, event.c.stream, event.c.version, event.c.type, event.c.body)
        query = select(*columns).order_by(event.c.position).limit(limit)
        if start is not None:
            query = query.where(event.c.position >= start if inclusive_of_start else event.c.position > start)
        if stop is not None:
            query = query.where(event.c.position <= stop)
        if topics:
            query = query.where(event.c.type.in_(topics))
        return [
            Notification(originator_id=stream, originator_version=version, topic=topic, state=body, id=position)
            for position, stream, version, topic, body in self._rows(query)
        ]

    def max_notification_id(self) -> int | None:
        """The position of the latest event, None in an empty log."""
        return next(iter(self._rows(select(func.max(event.c.position)))))[0]

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """Follow the log; every append wakes the follower at once."""
        return _DoorbellSubscription(self, self._doorbell, gt, topics)

    def _rows(self, query: Select[Any]) -> Iterable[Sequence[Any]]:
        with self._reader.connect() as connection:
            return connection.execute(query).fetchall()


class _DoorbellSubscription(ListenNotifySubscription[ApplicationRecorder]):
    """The library's pulling subscription, woken by our doorbell."""

    def __init__(
        self, recorder: SqlRecorder, doorbell: Doorbell, gt: int | None = None, topics: Sequence[str] = ()
    ) -> None:
        self._doorbell = doorbell
        super().__init__(recorder, gt=gt, topics=topics)
        doorbell.listen(self._has_been_notified.set)
        # Something may have been appended after the first look and before the bell was heard.
        self._has_been_notified.set()

    def stop(self) -> None:
        self._doorbell.leave(self._has_been_notified.set)
        super().stop()

    def _loop_on_pull(self) -> None:
        """Look at intervals besides: other processes append to the log and do not ring our bell."""
        try:
            while not self._has_been_stopped:
                self._pull()
                self._has_been_notified.wait(POLL_SECONDS)
        except BaseException as trouble:  # noqa: BLE001 - whoever follows is told, whatever it is
            self._thread_error = trouble
            self.stop()
