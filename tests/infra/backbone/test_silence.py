"""A broker that says nothing holds nobody up who is told to stop."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from time import monotonic, sleep

import pytest

from annolog.infra.composition import Part
from annolog.infra.settings import InstallationSettings
from tests.infra.backbone.conftest import Open
from tests.infra.backbone.records import label
from tools.services.kafka import Kafka

pytestmark = [pytest.mark.services, pytest.mark.fault, pytest.mark.slow]

# What a container is given before it is killed.
GRACE_SECONDS = 30.0


@pytest.fixture
def kafka() -> Iterator[Kafka]:
    """A broker of one's own."""
    found = Kafka()
    found.start()
    yield found
    found.remove()


def test_while_kafka_is_silent_every_process_stops_within_its_time(
    opened: Open, settings: InstallationSettings, kafka: Kafka
) -> None:
    quiet = opened(Part.API, kafka_bootstrap=kafka.bootstrap)
    parts = [opened(part, kafka_bootstrap=kafka.bootstrap) for part in (Part.RELAY, Part.PROJECTOR, Part.REACTOR)]
    label(quiet, 3)
    quiet.settle(30)
    assert kafka.process is not None
    os.kill(kafka.process.pid, signal.SIGSTOP)
    try:
        label(quiet, 3)
        sleep(1)
        for process in parts:
            stopping = monotonic()
            process.close()
            assert monotonic() - stopping < GRACE_SECONDS / 2
    finally:
        os.kill(kafka.process.pid, signal.SIGCONT)
