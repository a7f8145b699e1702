"""All read models are built anew with one command while Kafka feeds the live ones and nobody stops working."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from annolog.infra.composition import Installation, Part
from annolog.infra.settings import InstallationSettings
from annolog.projections.engine.snapshots import in_snapshot
from annolog.projections.progress import queries as progress
from tests.faults.postgresql.ground import prove
from tests.infra.backbone.conftest import Open
from tests.infra.backbone.records import label
from tests.infra.cli.terminal import finished

pytestmark = [pytest.mark.services, pytest.mark.fault, pytest.mark.slow]

TASKS = 4


def test_a_rebuild_of_everything_while_people_work_and_members_come_and_go_verifies(
    opened: Open, settings: InstallationSettings
) -> None:
    quiet = opened(Part.API)
    for part in (Part.RELAY, Part.PROJECTOR, Part.REACTOR):
        opened(part)
    label(quiet, TASKS)
    quiet.settle(30)
    enough, done = Event(), dict.fromkeys(("worked", "came and went", "asked"), 0)

    def again_and_again(name: str, what: Callable[[], None]) -> None:
        while not enough.is_set():
            what()
            done[name] += 1

    def come_and_go() -> None:
        with Installation(settings, parts={Part.PROJECTOR}):
            enough.wait(1.5)

    def ask() -> None:
        found = in_snapshot(quiet.read_engine, lambda connection: progress.project_progress(connection, 1))
        assert found is not None
        assert found["tasks"] == TASKS
        enough.wait(0.01)

    with ThreadPoolExecutor(3) as threads:
        going_on = [
            threads.submit(again_and_again, "worked", lambda: label(quiet, TASKS)),
            threads.submit(again_and_again, "came and went", come_and_go),
            threads.submit(again_and_again, "asked", ask),
        ]
        try:
            for _ in range(2):
                before, head = dict(done), quiet.log.head()
                rebuilt = json.loads(run(settings, "rebuild"))["rebuilt"]
                assert min(rebuilt.values()) > head
                assert all(done[name] > before[name] for name in done)
        finally:
            enough.set()
        for one in going_on:
            one.result(30)
    quiet.settle(30)
    prove(quiet)
    assert json.loads(run(settings, "verify"))["equal"]


def run(settings: InstallationSettings, what: str) -> str:
    """The command, for all read models, in a process of its own; what it says."""
    assert settings.log_url is not None
    environment = {
        "ANNOLOG_LOG_URL": settings.log_url.get_secret_value(),
        "ANNOLOG_KAFKA_BOOTSTRAP": settings.kafka_bootstrap or "",
        "ANNOLOG_KAFKA_TOPIC": settings.kafka_topic,
        "ANNOLOG_KAFKA_PARTITIONS": str(settings.kafka_partitions),
    }
    code, output, errors = finished("projections", what, "--all", "--json", **environment)
    assert code == 0, output + errors
    return output
