"""What is counted and timed in this process, in Prometheus' terms. docs/telemetry.md says what each metric is good for.

Inner rooms see these methods through protocols of their own: all arguments are plain numbers and words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from annolog.infra.telemetry.lag import LagCollector, Lags

COMMAND_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
COMMIT_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
BATCH_COMMANDS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
BATCH_EVENTS = (0, 1, 4, 16, 64, 256, 1_024, 4_096, 16_384)


class Metrics:
    """The metrics of one process, in a registry of their own. Every method may be called from any thread."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._command_seconds = self._histogram(
            "annolog_command_seconds", "Time from a command's arrival to its answer.", COMMAND_SECONDS, "command"
        )
        self._commands = self._counter("annolog_commands", "Commands answered.", "command", "outcome")
        self._conflicts = self._counter("annolog_conflicts", "Batches decided again because somebody else wrote first.")
        self._batch_commands = self._histogram("annolog_batch_commands", "Commands in one commit.", BATCH_COMMANDS)
        self._batch_events = self._histogram("annolog_batch_events", "Events in one commit.", BATCH_EVENTS)
        self._commit_seconds = self._histogram(
            "annolog_commit_seconds", "Time of one transaction, decisions and commit together.", COMMIT_SECONDS
        )
        self._rebalances = self._counter("annolog_rebalances", "Times partitions were dealt out anew.", "group")
        self._gaps = self._counter("annolog_gaps_healed", "Gaps filled from the log.", "group")
        self._foreign = self._counter("annolog_foreign_records", "Records of others in the topic, left out.", "group")
        self._relayed = self._counter("annolog_relayed_events", "Events handed on from the log.")
        self._folded = self._counter("annolog_folded_events", "Events folded into a read model.", "projector")
        self._webhooks = self._counter("annolog_webhook_attempts", "Events sent to webhooks.", "outcome")
        self._sse_clients = Gauge(
            "annolog_sse_clients", "Clients that listen for server-sent events.", registry=self.registry
        )
        # Finding a labelled child takes longer than counting with it: those in use are kept at hand. Two threads that
        # miss at the same time find the same child.
        self._answers: dict[tuple[str, str], tuple[Callable[[], None], Callable[[float], None]]] = {}
        self._folds: dict[str, Callable[[float], None]] = {}

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, registry=self.registry)

    def _histogram(self, name: str, meaning: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(name, meaning, labels, registry=self.registry, buckets=buckets)

    def answered(self, command: str, outcome: str, seconds: float) -> None:
        """A command was answered: `done`, `repeated`, `refused:<code>` or `failed`."""
        found = self._answers.get((command, outcome))
        if found is None:
            found = (self._commands.labels(command, outcome).inc, self._command_seconds.labels(command).observe)
            self._answers[command, outcome] = found
        count, observe = found
        count()
        observe(seconds)

    def committed(self, commands: int, events: int, seconds: float) -> None:
        """A batch of commands was decided and is durable."""
        self._batch_commands.observe(commands)
        self._batch_events.observe(events)
        self._commit_seconds.observe(seconds)

    def conflicted(self) -> None:
        """Another process wrote first, so a batch is decided again."""
        self._conflicts.inc()

    def rebalanced(self, group: str) -> None:
        """The partitions of a consumer group were dealt out anew."""
        self._rebalances.labels(group).inc()

    def gap_healed(self, group: str, gaps: int = 1) -> None:
        """A consumer missed positions and read them from the log."""
        self._gaps.labels(group).inc(gaps)

    def foreign(self, group: str) -> None:
        """A record was left out that no relay has sent."""
        self._foreign.labels(group).inc()

    def relayed(self, events: int) -> None:
        """Events were handed on, and that was acknowledged."""
        self._relayed.inc(events)

    def folded(self, projector: str, events: int) -> None:
        """Events were folded into a read model, and that is committed."""
        count = self._folds.get(projector)
        if count is None:
            count = self._folds[projector] = self._folded.labels(projector).inc
        count(events)

    def delivered(self, outcome: str) -> None:
        """An event was sent to a webhook: `accepted`, or `failed`."""
        self._webhooks.labels(outcome).inc()

    def listening(self) -> AbstractContextManager[object]:
        """A client listens for server-sent events as long as this lasts."""
        return self._sse_clients.track_inprogress()

    def watch(self, read: Callable[[], Lags]) -> None:
        """Have every scrape tell how far consumers are behind. `read` runs on the thread of the scrape."""
        self.registry.register(LagCollector(read))

    def rendered(self) -> tuple[bytes, str]:
        """All metrics as Prometheus reads them, and the content type that says so."""
        return generate_latest(_Told(self.registry)), CONTENT_TYPE_PLAIN_0_0_4


class _Told(Collector):
    """A registry as it is told to others: without the moment at which each series began, which nobody looks at."""

    def __init__(self, registry: Collector) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        """The metrics, less the moments."""
        for metric in self._registry.collect():
            metric.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
            yield metric
