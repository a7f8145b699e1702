"""How far readers of the log are behind it, looked up when somebody asks and not before."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ConsumerLag:
    """How far one reader of the log is behind, in events and in time, and how many events it has put aside."""

    name: str
    events: int
    seconds: float
    parked: int = 0


@dataclass(frozen=True, slots=True)
class Lags:
    """Where the log ends, and how far behind that each reader is."""

    position: int
    consumers: Sequence[ConsumerLag]


class LagCollector(Collector):
    """Tells of lags as they are at the moment of a scrape. Where they cannot be read, it says that and nothing else."""

    def __init__(self, read: Callable[[], Lags]) -> None:
        self._read = read

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The lags now."""
        readable, *gauges = self.describe()
        try:
            lags = self._read()
        except Exception as trouble:  # noqa: BLE001 - a scrape while the database is down must tell of all the rest
            logger.warning("lags cannot be read", extra={"cause": repr(trouble)})
            readable.add_metric((), 0)
            yield readable
            return
        readable.add_metric((), 1)
        events, seconds, parked, position = gauges
        for consumer in lags.consumers:
            events.add_metric((consumer.name,), consumer.events)
            seconds.add_metric((consumer.name,), consumer.seconds)
            parked.add_metric((consumer.name,), consumer.parked)
        position.add_metric((), lags.position)
        yield from (readable, events, seconds, parked, position)

    def describe(self) -> list[GaugeMetricFamily]:
        """The same metrics without values: registering them asks no database."""
        consumer = ("consumer",)
        return [
            GaugeMetricFamily("annolog_lag_readable", "1 when the lags could be read for this scrape.", labels=()),
            GaugeMetricFamily("annolog_lag_events", "Events a consumer has not dealt with.", labels=consumer),
            GaugeMetricFamily("annolog_lag_seconds", "Age of the oldest of them.", labels=consumer),
            GaugeMetricFamily("annolog_parked_events", "Events a consumer has put aside.", labels=consumer),
            GaugeMetricFamily("annolog_log_position", "Position of the latest event in the log.", labels=()),
        ]
