"""What a topic holds, and putting records into it that no relay would send."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kafka.structs import TopicPartition

from annolog.commands.commenting import AddComment
from annolog.infra.backbone.envelope import message_of
from annolog.infra.backbone.topic import Topic
from annolog.infra.composition import Installation
from annolog.infra.event_log.log import COLUMNS
from annolog.projections.engine.partitions import partition_of
from tests.world import MovableClock, World


def label(installation: Installation, tasks: int = 12) -> None:
    """A project that two people label, disagreeing on every third task; nobody waits for anything."""
    world = World(installation, MovableClock())
    world.set_up(tasks=tasks, annotators="ann bob", assignment={"overlap": 2}, reassignment={"enabled": True})
    for number in range(tasks):
        world.work("ann", "A")
        task = world.work("bob", "A" if number % 3 else "B")
        world.run(AddComment(task=task, text="done"), "bob")


def records_of(topic: Topic) -> dict[int, list[Any]]:
    """Every record, by partition."""
    consumer = topic.reader()
    try:
        partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        end = consumer.end_offsets(partitions)
        found: dict[int, list[Any]] = {number: [] for number in range(topic.partitions)}
        while any(consumer.position(partition) < end[partition] for partition in partitions):
            for partition, records in consumer.poll(timeout_ms=200).items():
                found[partition.partition] += records
        return found
    finally:
        consumer.close(autocommit=False)


def rows_of(installation: Installation) -> Sequence[Any]:
    """The log as it is stored."""
    with installation.log_reader.connect() as connection:
        return connection.exec_driver_sql(f"SELECT {COLUMNS} FROM event ORDER BY position").fetchall()


def send(topic: Topic, rows: Iterable[Any], leave_out: Iterable[int] = ()) -> None:
    """Send events as a relay does, but for those that get lost on the way."""
    lost = set(leave_out)
    previous = dict.fromkeys(range(topic.partitions), 0)
    producer = topic.producer()
    futures = []
    for row in rows:
        position, partition = row[0], partition_of(row[6], topic.partitions)
        message = message_of(row, previous[partition], f"/{topic.name}")
        previous[partition] = position
        if position not in lost:
            futures.append(
                producer.send(
                    topic.name,
                    value=message.value,
                    key=message.key.encode(),
                    headers=list(message.headers.items()),
                    partition=partition,
                )
            )
    for future in futures:
        future.get(timeout=30)
    producer.close()
