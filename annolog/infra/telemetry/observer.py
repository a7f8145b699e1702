"""What inner rooms tell of themselves, passed on to metrics and traces."""

from __future__ import annotations

from collections.abc import Sequence

from annolog.domain.recorded import Recorded
from annolog.infra.telemetry.metrics import Metrics
from annolog.infra.telemetry.tracing import Tracing


class Observer:
    """Told by the bus, the relay and the members of consumer groups how they do."""

    def __init__(self, metrics: Metrics, tracing: Tracing) -> None:
        self.metrics = metrics
        self.tracing = tracing

    def answered(self, command: str, outcome: str, seconds: float) -> None:
        """A command got its answer."""
        self.metrics.answered(command, outcome, seconds)

    def committed(self, commands: int, events: Sequence[Recorded], seconds: float) -> None:
        """A batch of commands became durable."""
        self.metrics.committed(commands, len(events), seconds)
        self.tracing.appended(events)

    def conflicted(self) -> None:
        """A batch is decided again."""
        self.metrics.conflicted()

    def relayed(self, events: int) -> None:
        """Events are in Kafka."""
        self.metrics.relayed(events)

    def rebalanced(self, group: str) -> None:
        """A member has other partitions now."""
        self.metrics.rebalanced(group)

    def gap_healed(self, group: str) -> None:
        """A member read from the log what Kafka did not have."""
        self.metrics.gap_healed(group)

    def foreign(self, group: str) -> None:
        """A member has left out a record that no relay has sent."""
        self.metrics.foreign(group)

    def delivered(self, outcome: str) -> None:
        """A webhook's receiver has taken an event, or not."""
        self.metrics.delivered(outcome)

    def folded(self, projector: str, events: int) -> None:
        """Events were folded into a read model."""
        self.metrics.folded(projector, events)
