"""Servers, settings and processes to measure on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import sleep
from uuid import uuid4

from pydantic import SecretStr

from annolog.infra.composition import NOTHING, Installation
from annolog.infra.settings import InstallationSettings
from tools.services.kafka import Kafka
from tools.services.postgresql import PostgreSQL


class Ground:
    """PostgreSQL with two databases, and Kafka with a topic, for one measurement."""

    def __init__(self, postgresql: PostgreSQL, kafka: Kafka) -> None:
        self.postgresql, self.kafka = postgresql, kafka
        name = uuid4().hex[:8]
        self.environment = {
            "ANNOLOG_LOG_URL": postgresql.create(f"log_{name}"),
            "ANNOLOG_READ_URL": postgresql.create(f"read_{name}"),
            "ANNOLOG_KAFKA_BOOTSTRAP": kafka.bootstrap,
            "ANNOLOG_KAFKA_TOPIC": f"measured-{name}",
            "ANNOLOG_BOOTSTRAP_TOKEN": "annolog_measured",
            "ANNOLOG_REQUESTS_PER_MINUTE_PER_TOKEN": "0",
            "ANNOLOG_REQUESTS_PER_MINUTE_PER_ADDRESS": "0",
        }

    @property
    def settings(self) -> InstallationSettings:
        found = {name.removeprefix("ANNOLOG_").lower(): value for name, value in self.environment.items()}
        secret = {name: SecretStr(found[name]) for name in ("log_url", "read_url", "bootstrap_token")}
        return InstallationSettings(**{**found, **secret})

    @contextmanager
    def opened(self) -> Iterator[Installation]:
        """The installation, with nothing in it that runs by itself."""
        with Installation(self.settings, parts=NOTHING) as found:
            yield found

    def process(self, *arguments: str) -> subprocess.Popen[str]:
        """A process of the installation, or a worker of a measurement."""
        command = [sys.executable, "-m", *arguments]
        environment = {**os.environ, **self.environment}
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)

    @contextmanager
    def running(self, *names: str) -> Iterator[Sequence[subprocess.Popen[str]]]:
        """Processes of the installation, each on a port of its own."""
        processes = [self.process("annolog", name, "--port", "0") for name in names]
        try:
            for process in processes:
                assert process.stdout is not None
                process.stdout.readline()
            yield processes
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(30)


@contextmanager
def servers() -> Iterator[tuple[PostgreSQL, Kafka]]:
    """Both servers, thrown away afterwards."""
    postgresql, kafka = PostgreSQL(), Kafka()
    try:
        postgresql.start()
        kafka.start()
        yield postgresql, kafka
    finally:
        kafka.remove()
        postgresql.remove()


def until(done: object, seconds: float = 600.0) -> None:
    """Wait for a condition, looking often."""
    assert callable(done)
    for _ in range(int(seconds / 0.005)):
        if done():
            return
        sleep(0.005)
    raise TimeoutError
