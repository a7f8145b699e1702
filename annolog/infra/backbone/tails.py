"""What Kafka really has: the ends of all partitions, read back before anything is added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Event

from kafka import KafkaConsumer
from kafka.structs import TopicPartition

from annolog.infra.backbone.envelope import Foreign, positions_of
from annolog.infra.backbone.topic import CLOSE_MILLISECONDS, Topic

POLL_MILLISECONDS = 200


@dataclass(slots=True)
class Tail:
    """How a partition ends: nothing of it is missing up to `position`; its latest event is at `event`."""

    position: int = 0
    event: int = 0

    def add(self, is_event: bool, position: int, previous: int) -> None:
        """Go on to the next record, unless something is missing before it."""
        if previous <= self.position < position:
            self.position = position
            self.event = position if is_event else max(self.event, previous)


def read_tails(topic: Topic, depth: int, noted: int, stopping: Event) -> list[Tail] | None:
    """The tail of each partition, its last `depth` records looked at.

    Records are sent in order, but where a batch of them is lost later ones may have arrived: the tail ends before what
    is missing. A partition whose records have all expired ends at `noted`, the position known to have been sent. None
    if it is time to stop before all of it is read.
    """
    consumer = topic.reader()
    try:
        partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        consumer.assign(partitions)
        first, end = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
        for partition in partitions:
            consumer.seek(partition, max(first[partition], end[partition] - depth))
        found = _records(consumer, {partition: end[partition] for partition in partitions}, stopping)
        if stopping.is_set():
            return None
        expired = [partition for partition in partitions if 0 < end[partition] == first[partition]]
        return [Tail(noted, noted) if partition in expired else tail_of(found[partition]) for partition in partitions]
    finally:
        consumer.close(autocommit=False, timeout_ms=CLOSE_MILLISECONDS)


def _records(
    consumer: KafkaConsumer, end: dict[TopicPartition, int], stopping: Event
) -> dict[TopicPartition, list[tuple[bool, int, int]]]:
    found: dict[TopicPartition, list[tuple[bool, int, int]]] = {partition: [] for partition in end}
    while not stopping.is_set() and any(consumer.position(partition) < end[partition] for partition in end):
        for partition, records in consumer.poll(timeout_ms=POLL_MILLISECONDS).items():
            for record in records:
                with suppress(Foreign):
                    found[partition].append(positions_of(record.headers))
    return found


def tail_of(records: Iterable[tuple[bool, int, int]]) -> Tail:
    """Where an unbroken sequence of records ends. What comes too early counts once it comes again in its turn."""
    tail: Tail | None = None
    for is_event, position, previous in records:
        if tail is None:
            tail = Tail(position, position if is_event else previous)
        else:
            tail.add(is_event, position, previous)
    return tail or Tail()


def least(tails: Sequence[Tail]) -> int:
    """The position that every partition has."""
    return min(tail.position for tail in tails)
