"""Publishes the log to Kafka, in order. One relay is active, others stand by; anyone may die at any moment."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from threading import Event, Thread
from time import monotonic
from typing import Any, Protocol

import psycopg
from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError, UnknownError

from annolog.infra.backbone.envelope import Row, mark_message, message_of
from annolog.infra.backbone.leadership import leadership
from annolog.infra.backbone.tails import Tail, least, read_tails
from annolog.infra.backbone.topic import Topic, let_go
from annolog.infra.databases import Database
from annolog.infra.event_log import schema
from annolog.infra.event_log.doorbell import Doorbell
from annolog.infra.withholding import Withholding
from annolog.projections.engine.partitions import partition_of

logger = logging.getLogger(__name__)

RELAY_LOCK = 0x616E6E6F_72656C61
# What is under way at a time is bounded by both.
MOST_TOGETHER = 2_000
MOST_BYTES = 8 * 1024 * 1024
LOOK_SECONDS = 0.25
# Under light load events are gathered this long.
GATHER_SECONDS = 0.01
ENOUGH = 500
# Partitions in which nothing happens are told how far the log is, so that whoever waits for a position can tell.
MARK_SECONDS = 0.05
ACKNOWLEDGED_SECONDS = 70.0
# Whoever is told to stop waits for so long for what is under way. The next relay finds out what of it arrived.
LAST_SECONDS = 5.0
WAIT_SECONDS = 0.2
RETRY_SECONDS = 0.5

COLUMNS = ", ".join(column.name for column in schema.event.columns)
NEXT = (
    f"SELECT {COLUMNS} FROM (SELECT {COLUMNS}, sum(octet_length(body)) OVER (ORDER BY position) AS size"
    " FROM event WHERE position > %s ORDER BY position LIMIT %s) e"
    " WHERE size - octet_length(body) < %s ORDER BY position"
)
NOTED = "SELECT position FROM relay_note WHERE topic = %s"
NOTE = (
    "INSERT INTO relay_note (topic, position, moved_at) VALUES (%s, %s, extract(epoch FROM now()) * 1000000)"
    " ON CONFLICT (topic) DO UPDATE SET position = excluded.position, moved_at = excluded.moved_at"
)


class RelayObserver(Protocol):
    """Is told how the relay does."""

    def relayed(self, events: int) -> None:
        """So many events are in Kafka."""
        ...


class Relay:
    """Sends what Kafka does not have yet. Within a partition nothing is ever left out or put in another order.

    A relay that was taken for dead may still send what it had under way: those records repeat what the partition has
    or gets, in the same order, and whoever reads goes by their positions.
    """

    def __init__(
        self, topic: Topic, log: Database, doorbell: Doorbell, withholding: Withholding, observer: RelayObserver
    ) -> None:
        self._topic = topic
        self._withholding = withholding
        self._url = log.writer.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._observer = observer
        self._stopping = Event()
        self._bell = Event()
        self._thread = Thread(target=self._run, name="relay", daemon=True)
        self.trouble: str | None = None
        self.leads = False
        doorbell.listen(self._bell.set)

    def start(self) -> None:
        """Stand by, or lead, on a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is under way, then stop."""
        self._stopping.set()
        self._bell.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with leadership(self._url, RELAY_LOCK, self._stopping, self._stands_by) as session:
                    if session is not None:
                        self._lead(session)
            except (psycopg.Error, KafkaError) as trouble:
                self.trouble = repr(trouble)
                logger.warning("relay begins again", extra={"cause": self.trouble})
            except Exception as trouble:
                self.trouble = repr(trouble)
                logger.exception("relay begins again")
            finally:
                self.leads = False
            self._stopping.wait(RETRY_SECONDS)

    def _stands_by(self) -> None:
        """The session is good and another relay leads: whatever was wrong before, nothing is now."""
        self.trouble = None

    def _lead(self, session: psycopg.Connection) -> None:
        self._topic.ensure()
        row = session.execute(NOTED, (self._topic.name,)).fetchone()
        tails = read_tails(self._topic, 2 * MOST_TOGETHER, row[0] if row else 0, self._stopping)
        if tails is None:
            return
        producer = self._topic.producer()
        self.leads = True
        logger.info("relay leads", extra={"topic": self._topic.name, "position": least(tails)})
        try:
            term = Publishing(self._topic, session, producer, tails, self._withholding, self._observer)
            term.go_on(self._bell, self._stopping, self)
        finally:
            let_go(producer)


class Publishing:
    """One term of leadership."""

    def __init__(
        self,
        topic: Topic,
        session: psycopg.Connection,
        producer: KafkaProducer,
        tails: Sequence[Tail],
        withholding: Withholding,
        observer: RelayObserver,
    ) -> None:
        self._topic = topic
        self._withholding = withholding
        self._source = f"/{topic.name}"
        self._session = session
        self._producer = producer
        self._tails = tails
        self._observer = observer
        self._position = least(tails)
        self._marked = self._position
        self._marked_at = 0.0

    def go_on(self, bell: Event, stopping: Event, relay: Relay) -> None:
        """Publish until it is time to stop; raises what went wrong, after which all is read back and begun again."""
        while not stopping.is_set():
            bell.clear()
            rows = self._session.execute(NEXT, (self._position, MOST_TOGETHER, MOST_BYTES)).fetchall()
            due = monotonic() - self._marked_at >= MARK_SECONDS
            if rows or (due and self._marked < self._position):
                self._publish(rows, stopping, marks=due)
                if len(rows) < ENOUGH:
                    stopping.wait(GATHER_SECONDS)
            else:
                bell.wait(MARK_SECONDS if self._marked < self._position else LOOK_SECONDS)
            relay.trouble = None

    def _publish(self, rows: Sequence[Row], stopping: Event, *, marks: bool) -> None:
        """Send events, and marks if they are due, and wait until all of them are safe."""
        leaving = self._withholding.from_rows(rows)
        under_way = [future for row in leaving if (future := self._send(row)) is not None]
        sent = len(under_way)
        position = rows[-1][0] if rows else self._position
        if marks:
            under_way += self._send_marks(position)
        _await(self._producer, under_way, stopping)
        self._position = position
        if marks:
            self._marked, self._marked_at = position, monotonic()
            self._session.execute(NOTE, (self._topic.name, position))
        self._observer.relayed(sent)

    def _send(self, row: Row) -> Any:
        position, project = row[0], row[6]
        partition = partition_of(project, self._topic.partitions)
        tail = self._tails[partition]
        if position <= tail.position:
            return None
        message = message_of(row, tail.event, self._source)
        tail.position = tail.event = position
        return self._sent(message, partition)

    def _send_marks(self, position: int) -> list[Any]:
        sent = []
        for partition, tail in enumerate(self._tails):
            if tail.position < position:
                tail.position = position
                sent.append(self._sent(mark_message(position, tail.event, partition, self._source), partition))
        return sent

    def _sent(self, message: Any, partition: int) -> Any:
        return self._producer.send(
            self._topic.name,
            value=message.value,
            key=message.key.encode(),
            headers=list(message.headers.items()),
            partition=partition,
        )


def _await(producer: KafkaProducer, under_way: Sequence[Any], stopping: Event) -> None:
    """Wait until all of it is safe. Nothing raises when a batch is lost: only its futures tell."""
    until, last = monotonic() + ACKNOWLEDGED_SECONDS, None
    for future in under_way:
        while not future.is_done:
            if stopping.is_set() and last is None:
                last = monotonic() + LAST_SECONDS
            if monotonic() > min(until, last or until):
                raise KafkaTimeoutError("what was sent is not acknowledged")
            with suppress(KafkaTimeoutError, UnknownError):
                producer.flush(timeout=WAIT_SECONDS)
        future.get(timeout=0)
