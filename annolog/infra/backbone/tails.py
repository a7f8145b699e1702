"""What Kafka really has: the ends of all partitions, read back before anything is added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kafka import KafkaConsumer
from kafka.structs import TopicPartition

from annolog.infra.backbone.envelope import positions_of
from annolog.infra.backbone.topic import Topic

POLL_MILLISECONDS = 200


@dataclass(slots=True)
class Tail:
    """How a partition ends: nothing of it is missing up to `position`; its latest event is at `event`."""

    position: int = 0
    event: int = 0

    def add(self, is_event: bool, position: int, previous: int) -> bool:
        """Go on to the next record; False if something is missing before it."""
        if previous > self.position:
            return False
        if position > self.position:
            self.position = position
            self.event = position if is_event else max(self.event, previous)
        return True


def read_tails(topic: Topic, depth: int, noted: int) -> list[Tail]:
    """The tail of each partition, its last `depth` records looked at.

    Records are sent in order, but where a batch of them is lost later ones may have arrived: the tail ends before what
    is missing. A partition whose records have all expired ends at `noted`, the position known to have been sent.
    """
    consumer = topic.reader()
    try:
        partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        consumer.assign(partitions)
        first, end = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
        for partition in partitions:
            consumer.seek(partition, max(first[partition], end[partition] - depth))
        found = _records(consumer, {partition: end[partition] for partition in partitions})
        expired = [partition for partition in partitions if 0 < end[partition] == first[partition]]
        return [Tail(noted, noted) if partition in expired else tail_of(found[partition]) for partition in partitions]
    finally:
        consumer.close(autocommit=False)


def _records(
    consumer: KafkaConsumer, end: dict[TopicPartition, int]
) -> dict[TopicPartition, list[tuple[bool, int, int]]]:
    found: dict[TopicPartition, list[tuple[bool, int, int]]] = {partition: [] for partition in end}
    while any(consumer.position(partition) < end[partition] for partition in end):
        for partition, records in consumer.poll(timeout_ms=POLL_MILLISECONDS).items():
            found[partition] += [positions_of(record.headers) for record in records]
    return found


def tail_of(records: Iterable[tuple[bool, int, int]]) -> Tail:
    """Where an unbroken sequence of records ends."""
    tail: Tail | None = None
    for is_event, position, previous in records:
        if tail is None:
            tail = Tail(position, position if is_event else previous)
        elif not tail.add(is_event, position, previous):
            break
    return tail or Tail()


def least(tails: Sequence[Tail]) -> int:
    """The position that every partition has."""
    return min(tail.position for tail in tails)
