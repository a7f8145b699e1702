"""Metrics: counted where they belong, told without a database, documented to the last one."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from annolog.infra.telemetry.lag import ConsumerLag, Lags
from annolog.infra.telemetry.metrics import COMMAND_SECONDS, COMMIT_SECONDS, Metrics

TABLE = Path(__file__).resolve().parents[3] / "docs" / "telemetry.md"


def lags() -> Lags:
    return Lags(9, [ConsumerLag("projections", 3, 1.5), ConsumerLag("reactions", 9, 60.0, parked=2)])


def told(metrics: Metrics) -> dict[str, float]:
    """Every sample of a scrape, by its name and labels as they are written."""
    body, kind = metrics.rendered()
    assert kind.startswith("text/plain; version=0.0.4")
    samples = [line.rsplit(" ", 1) for line in body.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in samples}


def test_an_answer_is_counted_by_outcome_and_timed_by_command() -> None:
    metrics = Metrics()
    metrics.answered("submit-annotation", "done", 0.004)
    metrics.answered("submit-annotation", "done", 20.0)
    metrics.answered("submit-annotation", "refused:slot-taken", 0.001)
    metrics.answered("add-tasks", "failed", 0.5)
    found = told(metrics)
    assert found['annolog_commands_total{command="submit-annotation",outcome="done"}'] == 2
    assert found['annolog_commands_total{command="submit-annotation",outcome="refused:slot-taken"}'] == 1
    assert found['annolog_commands_total{command="add-tasks",outcome="failed"}'] == 1
    assert found['annolog_command_seconds_count{command="submit-annotation"}'] == 3
    assert found['annolog_command_seconds_bucket{command="submit-annotation",le="0.001"}'] == 1
    assert found['annolog_command_seconds_bucket{command="submit-annotation",le="0.005"}'] == 2
    assert found['annolog_command_seconds_bucket{command="submit-annotation",le="10.0"}'] == 2


def test_everything_else_is_counted_too() -> None:
    metrics = Metrics()
    metrics.committed(3, 7, 0.01)
    metrics.conflicted()
    metrics.rebalanced("board")
    metrics.gap_healed("board", 2)
    metrics.relayed(5)
    metrics.folded("board", 4)
    metrics.folded("board", 4)
    with metrics.listening(), metrics.listening():
        listening = told(metrics)["annolog_sse_clients"]
    found = told(metrics)
    assert found["annolog_batch_commands_sum"] == 3
    assert found["annolog_batch_events_sum"] == 7
    assert found["annolog_commit_seconds_sum"] == 0.01
    assert found["annolog_conflicts_total"] == 1
    assert found['annolog_rebalances_total{group="board"}'] == 1
    assert found['annolog_gaps_healed_total{group="board"}'] == 2
    assert found["annolog_relayed_events_total"] == 5
    assert found['annolog_folded_events_total{projector="board"}'] == 8
    assert (listening, found["annolog_sse_clients"]) == (2, 0)


def test_lags_are_those_of_the_scrape() -> None:
    metrics = Metrics()
    asked: list[None] = []

    def read() -> Lags:
        asked.append(None)
        return lags()

    metrics.watch(read)
    assert asked == []
    found = told(metrics)
    assert len(asked) == 1
    assert {
        name: value for name, value in found.items() if "lag" in name or "parked" in name or "position" in name
    } == {
        "annolog_lag_readable": 1,
        'annolog_lag_events{consumer="projections"}': 3,
        'annolog_lag_events{consumer="reactions"}': 9,
        'annolog_lag_seconds{consumer="projections"}': 1.5,
        'annolog_lag_seconds{consumer="reactions"}': 60,
        'annolog_parked_events{consumer="projections"}': 0,
        'annolog_parked_events{consumer="reactions"}': 2,
        "annolog_log_position": 9,
    }


def test_a_scrape_without_the_database_says_so_and_tells_all_the_rest() -> None:
    def down() -> Lags:
        raise ConnectionError("the database is down")

    metrics = Metrics()
    metrics.watch(down)
    metrics.conflicted()
    found = told(metrics)
    assert found["annolog_lag_readable"] == 0
    assert found["annolog_conflicts_total"] == 1
    assert not {name for name in found if name.startswith(("annolog_lag_events", "annolog_log_position"))}


def test_nothing_is_in_the_registry_that_everybody_shares() -> None:
    before = {metric.name for metric in REGISTRY.collect()}
    Metrics().answered("x", "done", 0.1)
    Metrics().answered("x", "done", 0.1)
    assert {metric.name for metric in REGISTRY.collect()} == before


@pytest.mark.parametrize("buckets", [COMMAND_SECONDS, COMMIT_SECONDS])
def test_buckets_rise_by_less_than_threefold(buckets: tuple[float, ...]) -> None:
    assert all(1 < after / before < 3 for before, after in pairwise(buckets))


def test_no_count_is_lost_between_threads() -> None:
    metrics = Metrics()
    with ThreadPoolExecutor(8) as pool:
        for _ in range(8):
            pool.submit(lambda: [metrics.answered("x", "done", 0.1) for _ in range(500)])
    assert told(metrics)['annolog_commands_total{command="x",outcome="done"}'] == 4_000


def test_the_table_names_exactly_what_is_registered() -> None:
    metrics = Metrics()
    metrics.watch(lags)
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|(.*)", TABLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    registered = {
        (f"{metric.name}_total" if metric.type == "counter" else metric.name, metric.type)
        for metric in metrics.registry.collect()
    }
    assert {(name, kind) for name, kind, _ in rows} == registered
    assert len(rows) == len(registered)


def test_the_table_names_every_label() -> None:
    metrics = Metrics()
    metrics.watch(lags)
    metrics.answered("x", "done", 0.1)
    metrics.rebalanced("x")
    metrics.gap_healed("x")
    metrics.foreign("x")
    metrics.folded("x", 1)
    metrics.delivered("accepted")
    rows = dict(re.findall(r"^\| `(\w+?)(?:_total)?` \|.*?\|.*?\|.*?\|(.*?)\|", TABLE.read_text("utf-8"), re.MULTILINE))
    for metric in text_string_to_metric_families(metrics.rendered()[0].decode()):
        labels = {label for sample in metric.samples for label in sample.labels} - {"le"}
        assert labels == set(re.findall(r"`(\w+)`", rows[metric.name].split(":")[0])), metric.name


def test_counting_an_answer_is_cheap() -> None:
    metrics = Metrics()
    metrics.answered("x", "done", 0.02)
    best = min(_seconds_each(metrics) for _ in range(5))
    # 1 microsecond on an idle machine; the limit leaves room for a busy one.
    assert best < 15e-6


def _seconds_each(metrics: Metrics, times: int = 5_000) -> float:
    began = perf_counter()
    for _ in range(times):
        metrics.answered("x", "done", 0.02)
    return (perf_counter() - began) / times
