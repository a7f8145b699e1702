"""The servers that tests share: started by whoever needs one first, stopped when the whole run is over."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from shutil import rmtree
from time import sleep
from typing import Any
from uuid import uuid4

from sqlalchemy import NullPool, create_engine

from annolog.infra.migrations.histories import KEYS_HISTORY, LOG_HISTORY, READ_HISTORY, prepare
from tools.services.ground import Server
from tools.services.kafka import Kafka, libraries
from tools.services.keycloak import Keycloak, distribution
from tools.services.postgresql import PostgreSQL

FOLDER = "ANNOLOG_TEST_SERVERS"
STOP_SECONDS = 20.0
PREPARED = "prepared"


def begin(*, needed: bool) -> None:
    """Called once, by the process that runs all the others.

    Where servers are `needed` what they run on is fetched now, so that no test waits for it. Where that cannot be had,
    the tests that need it say so.
    """
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="annolog-servers-")
    if needed:
        for fetch in (libraries, distribution):
            with suppress(RuntimeError):
                fetch()


def end() -> None:
    """Stop what was started."""
    folder = Path(os.environ.pop(FOLDER))
    for note in folder.glob("*.json"):
        started = json.loads(note.read_text())
        _end(started["pid"])
        rmtree(started["folder"], ignore_errors=True)
    rmtree(folder)


def _end(pid: int) -> None:
    for how in (signal.SIGINT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(pid, how)
            for _ in range(int(STOP_SECONDS / 0.05)):
                with suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)
                os.kill(pid, 0)
                sleep(0.05)


def _shared(name: str, make: Callable[..., Server]) -> Any:
    folder = Path(os.environ[FOLDER])
    note = folder / f"{name}.json"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if note.exists():
            started = json.loads(note.read_text())
            return make(Path(started["folder"]), started["port"])
        server = make()
        server.start()
        assert server.process is not None
        # It outlives this process: the one that runs all others ends it.
        server.process.returncode = 0
        note.write_text(json.dumps({"pid": server.process.pid, "folder": str(server.folder), "port": server.port}))
        return server


@cache
def postgresql() -> PostgreSQL:
    """The shared PostgreSQL."""
    found: PostgreSQL = _shared("postgresql", PostgreSQL)
    return found


@cache
def kafka() -> Kafka:
    """The shared Kafka."""
    found: Kafka = _shared("kafka", Kafka)
    return found


@cache
def keycloak() -> Keycloak:
    """The shared Keycloak."""
    found: Keycloak = _shared("keycloak", Keycloak)
    return found


@cache
def prepared() -> str:
    """A database with all the tables of an installation and nothing in them, to be copied: making them takes longer."""
    with (Path(os.environ[FOLDER]) / "prepared.lock").open("a+") as note:
        fcntl.flock(note, fcntl.LOCK_EX)
        note.seek(0)
        if not note.read():
            engine = create_engine(postgresql().create(PREPARED), poolclass=NullPool)
            for history in (LOG_HISTORY, READ_HISTORY, KEYS_HISTORY):
                prepare(engine, history)
            note.write("made")
    return PREPARED


@contextmanager
def database(template: str = "template1") -> Iterator[str]:
    """The URL of a database that is empty, or a copy of another; it is dropped afterwards."""
    name = f"test_{uuid4().hex[:12]}"
    url = postgresql().create(name, template)
    try:
        yield url
    finally:
        postgresql().drop(name)
