"""Other processes. They are forked from a clean one that has everything imported, so each begins in milliseconds."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import wait
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.exc import DBAPIError

from annolog.commands.command import Command, Request
from annolog.commands.importing import ImportTasks
from annolog.commands.people import NewPerson, RegisterPeople
from annolog.commands.projects import CreateProject, ReviseInstructions
from annolog.domain.refusals import Refused, Unavailable
from annolog.domain.task.events import TaskDeleted
from annolog.domain.task.importing import ImportedTask
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.read_models import ALL_PROJECTORS
from annolog.infra.retrying import retry_parked
from annolog.projections.engine.parking import is_outage
from tests.faults.postgresql.ground import parked_in, settings_at
from tests.faults.postgresql.strikes import killed, stopped, struck_at
from tests.infra.event_log.writer import recorded

PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])
PATIENCE = 30.0


def start(target: Callable[..., None], *arguments: Any) -> BaseProcess:
    process = PROCESSES.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def ended(process: BaseProcess) -> int | None:
    """How it ended."""
    process.join(PATIENCE)
    return process.exitcode


def hangs(process: BaseProcess) -> None:
    """Wait until it does."""
    deadline = time.monotonic() + PATIENCE
    while Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "T":
        assert time.monotonic() < deadline
        time.sleep(0.02)


def any_command(chance: Random) -> Command:
    """Something that any process may want of project 1: on one stream, on new ones, on many at once."""
    name = f"{chance.getrandbits(64):x}"
    match chance.randint(0, 3):
        case 0:
            return CreateProject(title=name)
        case 1:
            return RegisterPeople(people=[NewPerson(handle=name)])
        case 2:
            return ReviseInstructions(project=1, instructions=name)
        case _:
            tasks = [ImportedTask(data={"text": name}) for _ in range(chance.randint(1, 20))]
            return ImportTasks(project=1, tasks=tasks)


def write(url: str, seed: int, commands: int, go: Event) -> None:
    """Send commands, some of them together."""
    chance = Random(seed)
    with Installation(settings_at(url), parts=NOTHING) as installation:
        go.wait(PATIENCE)
        while commands > 0:
            some = chance.randint(1, min(8, commands))
            commands -= some
            sent = [installation.bus.send(Request(any_command(chance), uuid4(), 0)) for _ in range(some)]
            for answer in wait(sent).done:
                answer.result()


def write_until(url: str, seed: int, begun: Event, enough: Event) -> None:
    """Send commands one by one."""
    chance = Random(seed)
    with Installation(settings_at(url), parts=NOTHING) as installation:
        while not enough.is_set():
            installation.as_system(any_command(chance))
            begun.set()
            time.sleep(0.03)


def append_and_hang(url: str, inserted: Event) -> None:
    """Insert an event and never commit it."""
    with Installation(settings_at(url), parts=NOTHING) as installation, installation.log.transaction() as open_append:
        event = TaskDeleted(project=1, task=900)
        open_append.append([recorded(open_append.head + 1, "task-900", 1, event)])
        inserted.set()
        time.sleep(PATIENCE)


def send_and_die(url: str, request: Request, step: int) -> None:
    """Send a command, and be killed before the given statement of its transaction, or around its commit."""
    with Installation(settings_at(url), parts=NOTHING) as installation, struck_at(step, killed):
        installation.bus.run(request)


def send_and_hang(url: str, request: Request, step: int) -> None:
    """Send a command until it is answered, and hang before the given statement of its transaction."""
    with Installation(settings_at(url), parts=NOTHING) as installation, struck_at(step, stopped):
        with suppress(Unavailable):
            installation.bus.run(request)
        installation.bus.run(request)


def fold_and_hang(url: str, step: int) -> None:
    """Bring the read models up to date, whatever happens to the connection, and hang before the given statement."""
    with Installation(settings_at(url), parts=NOTHING) as installation, struck_at(step, stopped):
        while True:
            try:
                installation.projections.catch_up()
            except DBAPIError as trouble:
                if not is_outage(trouble):
                    raise
            else:
                return


def commit_and_die(url: str, request: Request) -> None:
    """Send a command and be killed once it is committed, before anybody is told."""
    with Installation(settings_at(url), parts=NOTHING) as installation:
        installation.bus.enqueue(request, lambda _: os.kill(os.getpid(), signal.SIGKILL))
        time.sleep(PATIENCE)


def fold_and_die(url: str, step: int) -> None:
    """Bring the read models up to date, and be killed before the given statement, or around a commit."""
    with Installation(settings_at(url), parts=NOTHING) as installation, struck_at(step, killed):
        installation.projections.catch_up()


def rebuild_and_die(url: str, names: list[str], step: int) -> None:
    """Build read models anew, and be killed before the given statement, or around a commit."""
    wanted = [projector for projector in ALL_PROJECTORS if projector.name in names]
    with Installation(settings_at(url), parts=NOTHING) as installation, struck_at(step, killed):
        installation.renewed(wanted)


def send(url: str, command: Command, id: UUID, actor: int) -> None:
    """Send one command, whatever comes of it."""
    with Installation(settings_at(url), parts=NOTHING) as installation, suppress(Refused):
        installation.bus.run(Request(command, id, actor))


def retry_and_die(url: str, step: int) -> None:
    """Try everything again that is parked, and be killed before the given statement, or around a commit."""
    with Installation(settings_at(url), parts=NOTHING) as installation:
        found = parked_in(installation)
        with struck_at(step, killed):
            for one in found:
                retry_parked(installation, one)
