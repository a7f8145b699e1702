"""Read models fed by Kafka: any number of processes share the partitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine

from annolog.infra.backbone.member import Log, Member
from annolog.infra.backbone.topic import Topic
from annolog.infra.telemetry.observer import Observer
from annolog.projections.engine import bookmarks
from annolog.projections.engine.feeding import Stretch, feed
from annolog.projections.engine.parking import ParkingRules
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.renewal import begin

GROUP = "projections"


class KafkaProjector(Member):
    """Folds its share of the partitions into all read models.

    Rows, positions and offsets are written in one transaction, the bookmarks read under a lock: of two that believe
    they own a partition the later one finds its events folded already.
    """

    def __init__(
        self,
        topic: Topic,
        log: Log,
        engine: Engine,
        projectors: Sequence[Projector],
        rules: ParkingRules,
        observer: Observer,
    ) -> None:
        super().__init__(topic, GROUP, log, self, observer)
        self._engine = engine
        self._told = observer
        self._projectors = tuple(projectors)
        self._rules = rules

    def start(self) -> None:
        """Join the group."""
        begin(self._engine, self._projectors, range(self._topic.partitions))
        super().start()

    def offsets(self, partitions: Sequence[int]) -> Mapping[int, int]:
        """Where the read model that is least far goes on."""
        with self._engine.connect() as connection:
            known = bookmarks.read(connection, [projector.name for projector in self._projectors])
        return {
            partition: min(marks[partition].next_offset for marks in known.values() if partition in marks)
            for partition in partitions
        }

    def take(self, stretches: Mapping[int, Stretch]) -> None:
        """Fold."""
        events = [event for stretch in stretches.values() for event in stretch.events]
        with self._told.tracing.batch_span("projection", events):
            counts = feed(self._engine, self._projectors, stretches, self._rules)
        for name, count in counts.items():
            self._told.folded(name, count)
