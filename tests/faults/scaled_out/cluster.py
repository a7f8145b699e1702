"""A whole scaled-out installation in processes of its own, each of which can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx

from tests.faults.scaled_out.proxy import StallingProxy
from tools.services.ground import free_port
from tools.services.kafka import Kafka
from tools.services.postgresql import PostgreSQL

TOKEN = "annolog_token_of_the_owner"
START_SECONDS = 60.0
STOP_SECONDS = 20.0


class Cluster:
    """PostgreSQL, Kafka, API processes, two relays, two projectors and a reactor, every connection by a proxy."""

    def __init__(self, folder: Path, apis: int = 2) -> None:
        self.folder = folder
        self.postgresql = PostgreSQL()
        self.postgresql.start()
        self.log_database, self.read_database = (self.postgresql.create(name) for name in ("log", "read"))
        kafka_port = free_port()
        self.to_kafka = StallingProxy(kafka_port)
        self.kafka = Kafka(port=kafka_port, advertised=self.to_kafka.port)
        self.kafka.start()
        self.to_postgresql = StallingProxy(self.postgresql.port)
        self.ports = {f"api-{number}": free_port() for number in range(1, apis + 1)}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        for name in (*self.ports, "relay-1", "relay-2", "projector-1", "projector-2", "reactor-1"):
            self.start(name)
        for name in self.ports:
            self.await_api(name)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "ANNOLOG_LOG_URL": self.postgresql.url("log", self.to_postgresql.port),
            "ANNOLOG_READ_URL": self.postgresql.url("read", self.to_postgresql.port),
            "ANNOLOG_KAFKA_BOOTSTRAP": self.kafka.bootstrap,
            "ANNOLOG_KAFKA_PARTITIONS": "6",
            "ANNOLOG_BOOTSTRAP_TOKEN": TOKEN,
            "ANNOLOG_REQUESTS_PER_MINUTE_PER_TOKEN": "0",
            "ANNOLOG_REQUESTS_PER_MINUTE_PER_ADDRESS": "0",
            "ANNOLOG_LOG_FORMAT": "json",
            "ANNOLOG_LOG_LEVEL": "info",
            "ANNOLOG_DATA_DIR": str(self.folder),
        }

    def start(self, name: str) -> None:
        kind = name.partition("-")[0]
        command = [sys.executable, "-m", "annolog", kind, "--port", str(self.ports.get(name, 0))]
        with (self.folder / f"{name}.log").open("ab") as output:
            self.processes[name] = subprocess.Popen(
                command, env={**os.environ, **self.environment}, stdout=output, stderr=output
            )

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        process.kill()
        process.wait(STOP_SECONDS)

    def freeze(self, name: str) -> None:
        """Let a process hang, with all that it holds."""
        self.processes[name].send_signal(signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        self.processes[name].send_signal(signal.SIGCONT)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def await_api(self, name: str) -> None:
        deadline = monotonic() + START_SECONDS
        while monotonic() < deadline:
            with suppress(httpx.HTTPError):
                httpx.get(f"{self.url(name)}/livez", timeout=5)
                return
            sleep(0.1)
        raise AssertionError(f"{name} does not answer:\n{(self.folder / f'{name}.log').read_text()[-3_000:]}")

    def ready(self) -> dict[str, Any]:
        """What the first API process that answers says about everything."""
        for name in self.ports:
            with suppress(httpx.HTTPError):
                found: dict[str, Any] = httpx.get(f"{self.url(name)}/readyz", timeout=10).json()
                return found
        return {"status": "nobody answers"}

    def seconds_until_level(self, most: float) -> float:
        """How long it takes until all there is now is dealt with, whatever comes besides; fails if that is too long."""
        begun = monotonic()
        wanted: int | None = None
        while True:
            found = self.ready()
            wanted = found.get("position") if wanted is None else wanted
            if wanted is not None and min(found.get(name, -1) for name in ("read_models", "reactions")) >= wanted:
                return monotonic() - begun
            assert monotonic() - begun < most, f"after {most} seconds: {found}, not {wanted}\n{self.said()}"
            sleep(0.1)

    def seconds_until_settled(self, most: float) -> float:
        """How long it takes until nobody is behind; fails if that is too long."""
        begun = monotonic()
        while True:
            found = self.ready()
            position = found.get("position", -1)
            if position == found.get("read_models") == found.get("reactions") == self.ready().get("position"):
                return monotonic() - begun
            assert monotonic() - begun < most, f"after {most} seconds: {found}\n{self.said()}"
            sleep(0.2)

    def said(self) -> str:
        """The end of what each process has said."""
        return "\n".join(f"{log.stem}: {log.read_text()[-800:]}" for log in sorted(self.folder.glob("*.log")))

    def close(self) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(STOP_SECONDS)
        for proxy in (self.to_kafka, self.to_postgresql):
            proxy.close()
        self.kafka.remove()
        self.postgresql.remove()
