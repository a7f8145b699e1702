"""Commands and hooks that bring the bus into trouble."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any
from uuid import uuid4

from sqlalchemy import event as sql_event

from annolog.commands.bus import CommandBus
from annolog.commands.command import HANDLERS, Command, Decision, Request
from annolog.commands.projects import CreateProject, ReviseInstructions
from annolog.commands.scope import SYSTEM, Scope
from tests.world import LABEL_CONFIG, World


class Odd(Command):
    """Do whatever the test at hand wants done."""


class Hold(Command):
    """Keep the writer busy."""


@contextmanager
def handled_by(handler: Callable[[Any, Scope], Decision], kind: type[Command] = Odd) -> Iterator[Request]:
    HANDLERS[kind] = handler
    yield Request(kind(), uuid4(), SYSTEM.id)
    del HANDLERS[kind]


@contextmanager
def commits_meet(world: World, trouble: Callable[[object], None]) -> Iterator[None]:
    engine = world.installation.log_writer
    sql_event.listen(engine, "commit", trouble)
    yield
    sql_event.remove(engine, "commit", trouble)


def create(title: str) -> Request:
    return Request(CreateProject(title=title, label_config=LABEL_CONFIG), uuid4(), SYSTEM.id)


def instruct(world: World, instructions: str) -> Request:
    return Request(ReviseInstructions(project=world.project, instructions=instructions), uuid4(), SYSTEM.id)


def hold(bus: CommandBus) -> Event:
    """Keep the writer busy, so that what is sent now forms one batch once the event is set."""
    busy, go_on = Event(), Event()

    def wait(command: Hold, scope: Scope) -> Decision:
        busy.set()
        go_on.wait(10)
        return Decision()

    with handled_by(wait, Hold) as request:
        bus.send(request)
        assert busy.wait(10)
    return go_on
