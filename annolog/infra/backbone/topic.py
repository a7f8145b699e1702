"""The topic that carries the log, and clients of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import sleep
from typing import Any, Self

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import KafkaTimeoutError, TopicAlreadyExistsError

from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.settings import InstallationSettings

MEGABYTE = 1024 * 1024
MOST_MESSAGE_BYTES = 16 * MEGABYTE
# A member that is gone is noticed after so long, and its partitions go to others.
SESSION_MILLISECONDS = 8_000
HEARTBEAT_MILLISECONDS = 2_000
# Whoever finds no broker says so and tries again.
BOOTSTRAP_MILLISECONDS = 5_000
MOST_POLLED = 2_000
DESCRIPTIONS, DESCRIPTION_SECONDS = 50, 0.1
# Whoever writes says when all is there, by flushing. Sent as it comes, it goes in so many small requests that these
# cost more than the records.
LINGER_MILLISECONDS = 100
# Whoever leaves does not wait longer for a broker that is silent.
CLOSE_MILLISECONDS = 5_000


@dataclass(frozen=True, slots=True)
class Topic:
    """Where it is, and into how many partitions projects are spread. `options` go to every client, for TLS and SASL."""

    bootstrap: str
    name: str
    partitions: int
    options: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: InstallationSettings) -> Self:
        """The topic that an installation is told to use."""
        assert settings.kafka_bootstrap is not None
        return cls(settings.kafka_bootstrap, settings.kafka_topic, settings.kafka_partitions, settings.kafka_options)

    def ensure(self) -> None:
        """Make the topic if there is none. One with another number of partitions is refused.

        Projects would move between partitions, and their events would be met in another order than they happened.
        """
        admin = KafkaAdminClient(**self._client())
        try:
            wanted = {
                "num_partitions": self.partitions,
                "replication_factor": -1,
                "configs": {"max.message.bytes": str(MOST_MESSAGE_BYTES)},
            }
            try:
                admin.create_topics({self.name: wanted}, wait_for_metadata=True)
            except TopicAlreadyExistsError:
                self._check(self._partitions(admin))
        finally:
            admin.close()

    def _partitions(self, admin: KafkaAdminClient) -> int:
        """How many the topic has. While somebody else is making it the broker may say that it has none yet."""
        found = 0
        for _ in range(DESCRIPTIONS):
            found = len(admin.describe_topics([self.name])[0]["partitions"])
            if found:
                break
            sleep(DESCRIPTION_SECONDS)
        return found

    def _check(self, found: int) -> None:
        if found != self.partitions:
            message = (
                f"topic {self.name} has {found} partitions and not {self.partitions}; they cannot be changed."
                " Say so, or name another topic, which will be filled from the log"
            )
            raise InvalidInput(message, faults=[Fault("ANNOLOG_KAFKA_PARTITIONS", message)])

    def _client(self) -> dict[str, Any]:
        found = {
            "bootstrap_servers": self.bootstrap.split(","),
            "reconnect_backoff_max_ms": 1_000,
            "bootstrap_timeout_ms": BOOTSTRAP_MILLISECONDS,
        }
        return {**found, **self.options}

    def producer(self) -> KafkaProducer:
        """A client that writes. It keeps the order within a partition; what failed is told by futures alone."""
        return KafkaProducer(
            **self._client(),
            acks="all",
            enable_idempotence=True,
            linger_ms=LINGER_MILLISECONDS,
            batch_size=MEGABYTE,
            max_request_size=MOST_MESSAGE_BYTES,
            delivery_timeout_ms=60_000,
            metrics_enabled=False,
        )

    def reader(self) -> KafkaConsumer:
        """A client that belongs to no group."""
        return KafkaConsumer(**self._client(), enable_auto_commit=False, metrics_enabled=False)

    def member(self, group: str) -> KafkaConsumer:
        """A member of a group that shares the partitions, giving up only those that move when others come or go."""
        return KafkaConsumer(
            self.name,
            **self._client(),
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            partition_assignment_strategy=(CooperativeStickyAssignor,),
            session_timeout_ms=SESSION_MILLISECONDS,
            heartbeat_interval_ms=HEARTBEAT_MILLISECONDS,
            max_poll_records=MOST_POLLED,
            max_partition_fetch_bytes=4 * MEGABYTE,
            metadata_max_age_ms=10_000,
            metrics_enabled=False,
        )


def let_go(producer: KafkaProducer) -> None:
    """Close a producer, whatever it has under way: a broker that is silent keeps nobody."""
    try:
        producer.close(timeout=1)
    except KafkaTimeoutError:
        # Flushing took too long, and the client would go on trying: it has no public way to give up.
        producer._sender.force_close()
        producer.close(timeout=1)
