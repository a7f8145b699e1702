"""A member of a consumer group: brings what it is given in stretches, and fills from the log what Kafka has lost."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import Event, Thread
from time import monotonic
from typing import Any, Protocol, TypeVar

from kafka import KafkaConsumer
from kafka.structs import OffsetAndMetadata, TopicPartition

from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Overloaded, Unavailable
from annolog.infra.backbone.envelope import Carried, Foreign, Mark, read
from annolog.infra.backbone.topic import CLOSE_MILLISECONDS, Topic
from annolog.projections.engine.feeding import Missed, Stretch
from annolog.projections.engine.parking import TooManyParked, is_outage
from annolog.projections.engine.partitions import belongs

Found = TypeVar("Found")

logger = logging.getLogger(__name__)

POLL_MILLISECONDS = 200
RETRY_SECONDS = 0.5
# Somebody has to do something before it can go on.
STANDSTILL_SECONDS = 5.0
# Under light load events are gathered this long, so that many share one transaction.
GATHER_SECONDS = 0.01
ENOUGH = 500
FILL_TOGETHER = 2_000
# Offsets are kept with the rows; what Kafka is told is for those who look at it.
HINT_SECONDS = 2.0


class Log(Protocol):
    """The log, for what Kafka does not have any more."""

    def after(self, position: int, limit: int) -> Sequence[Recorded]:
        """The log beyond a position."""
        ...


class Reader(Protocol):
    """Who is brought the events. It keeps its bookmarks itself."""

    def offsets(self, partitions: Sequence[int]) -> Mapping[int, int]:
        """Where to go on in each partition."""
        ...

    def take(self, stretches: Mapping[int, Stretch]) -> None:
        """Deal with events, each once in effect; raises `Missed` if something is missing before them."""
        ...


class MemberObserver(Protocol):
    """Is told how a member does."""

    def rebalanced(self, group: str) -> None:
        """The member's partitions are others now."""
        ...

    def gap_healed(self, group: str) -> None:
        """Something came from the log, since Kafka did not have it."""
        ...

    def foreign(self, group: str) -> None:
        """A record was left out that no relay has sent."""
        ...


class Member:
    """Polls on a thread of its own. Bookmarks, not Kafka, say what is done: whatever comes twice changes nothing."""

    def __init__(self, topic: Topic, group: str, log: Log, reader: Reader, observer: MemberObserver) -> None:
        self._topic = topic
        self._group = f"{topic.name}.{group}"
        self._log = log
        self._reader = reader
        self._observer = observer
        self._stopping = Event()
        self._assigned: set[TopicPartition] = set()
        self._hinted = 0.0
        self._thread = Thread(target=self._run, name=group, daemon=True)
        self.trouble: str | None = None

    def start(self) -> None:
        """Join the group."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch at hand, then leave, so that others take over at once."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._belong()
            except Exception as trouble:  # noqa: BLE001 - whatever it was, joining anew goes on from the bookmarks
                self._note(trouble)

    def _belong(self) -> None:
        """Be a member until it is time to stop, or something goes wrong."""
        self._topic.ensure()
        consumer = self._topic.member(self._group)
        self._assigned = set()
        try:
            # A member that joins before it knows the partitions is given none, and finds out much later.
            while len(consumer.partitions_for_topic(self._topic.name) or ()) < self._topic.partitions:
                if self._stopping.wait(RETRY_SECONDS / 10):
                    return
            while not self._stopping.is_set():
                self._advance(consumer)
        finally:
            consumer.close(autocommit=False, timeout_ms=CLOSE_MILLISECONDS)

    def _note(self, trouble: Exception, seconds: float = RETRY_SECONDS) -> None:
        if self._stopping.is_set():
            return
        self.trouble = repr(trouble)
        report = logger.warning if is_outage(trouble) else logger.exception
        report("member waits", extra={"group": self._group, "cause": self.trouble})
        self._stopping.wait(seconds)

    def _advance(self, consumer: KafkaConsumer) -> None:
        polled = consumer.poll(timeout_ms=POLL_MILLISECONDS)
        fresh = self._reassigned(consumer)
        stretches = {
            partition.partition: self._stretch(partition.partition, records)
            for partition, records in polled.items()
            if partition not in fresh and partition in self._assigned
        }
        if stretches:
            self._bring(stretches)
            self._hint(consumer, stretches)
            if sum(len(stretch.events) for stretch in stretches.values()) < ENOUGH:
                self._stopping.wait(GATHER_SECONDS)
        self.trouble = None

    def _reassigned(self, consumer: KafkaConsumer) -> set[TopicPartition]:
        """The partitions that are new here, which go on where their bookmarks say.

        Found by looking, not by a listener: that one would run on the client's own thread, which must not wait.
        """
        assigned = set(consumer.assignment())
        fresh = assigned - self._assigned
        if assigned != self._assigned:
            self._observer.rebalanced(self._group)
        if fresh:
            offsets = self._insist(lambda: self._reader.offsets([partition.partition for partition in fresh]))
            for partition in fresh:
                consumer.seek(partition, offsets[partition.partition])
        self._assigned = assigned
        return fresh

    def _stretch(self, partition: int, records: Sequence[Any]) -> Stretch:
        """The events of some records, with what is missing between them."""
        carried = [one for record in records if (one := self._read(record)) is not None]
        after = reached = carried[0].previous if carried else 0
        events: list[Recorded] = []
        for one in carried:
            if one.previous > reached:
                self._observer.gap_healed(self._group)
                events += [event for batch in self._filled(partition, reached, one.previous) for event in batch]
                reached = one.previous
            if isinstance(one, Carried) and one.position > reached:
                events.append(one.recorded)
            reached = max(reached, one.position)
        return Stretch(events, after, reached, records[-1].offset + 1)

    def _read(self, record: Any) -> Carried | Mark | None:
        """None if the record is none of ours. Were it an event after all, its gap would be found and filled."""
        try:
            return read(record.headers, record.value)
        except Foreign as trouble:
            where = {"partition": record.partition, "offset": record.offset}
            logger.warning("foreign record", extra={"group": self._group, **where, "cause": str(trouble)})
            self._observer.foreign(self._group)
            return None

    def _filled(self, partition: int, position: int, end: int) -> Iterator[list[Recorded]]:
        """The partition's events in a part of the log, piece by piece."""
        while position < end:
            batch = [event for event in self._log.after(position, FILL_TOGETHER) if event.position <= end]
            if not batch:
                return
            position = batch[-1].position
            mine = [event for event in batch if belongs(event, partition, self._topic.partitions)]
            yield mine

    def _bring(self, stretches: Mapping[int, Stretch]) -> None:
        while not self._stopping.is_set():
            try:
                self._insist(lambda: self._reader.take(stretches))
            except Missed as missed:
                self._heal(missed.partition, missed.position, stretches[missed.partition].after)
            else:
                return

    def _heal(self, partition: int, position: int, end: int) -> None:
        """Bring from the log what Kafka no longer has, or never had."""
        self._observer.gap_healed(self._group)
        logger.warning("filled from the log", extra={"group": self._group, "partition": partition, "after": position})
        for mine in self._filled(partition, position, end):
            reached = mine[-1].position if mine else position
            self._take(partition, Stretch(mine, position, reached))
            position = reached
        self._take(partition, Stretch((), position, end))

    def _take(self, partition: int, stretch: Stretch) -> None:
        self._insist(lambda: self._reader.take({partition: stretch}))

    def _insist(self, what: Callable[[], Found]) -> Found:
        """Try until the database is there again, or somebody has seen to what is parked.

        What was polled is in memory only: letting go of it would skip it.
        """
        while True:
            try:
                return what()
            except Exception as trouble:
                still = isinstance(trouble, TooManyParked)
                if not still and not is_outage(trouble) and not isinstance(trouble, Unavailable | Overloaded):
                    raise
                if self._stopping.is_set():
                    raise
                self._note(trouble, STANDSTILL_SECONDS if still else RETRY_SECONDS)

    def _hint(self, consumer: KafkaConsumer, stretches: Mapping[int, Stretch]) -> None:
        if monotonic() - self._hinted < HINT_SECONDS:
            return
        self._hinted = monotonic()
        offsets = {
            TopicPartition(self._topic.name, partition): OffsetAndMetadata(stretch.next_offset, "", -1)
            for partition, stretch in stretches.items()
        }
        consumer.commit_async(offsets)
