"""What happens by itself says so when it cannot, and every line about an event names what it belongs to."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from annolog.commands.command import HANDLERS, Answer, Request
from annolog.commands.projects import ReviseInstructions
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Overloaded, Unavailable
from annolog.domain.task.events import AnnotationSubmitted
from annolog.infra.condition import condition_of
from annolog.services import runner
from annolog.services.fitting import Fitter
from annolog.services.reaction import Ask, Reaction
from annolog.services.reactor import Reactor
from annolog.services.runner import ReactionRunner
from annolog.services.sweeper import Sweeper
from tests.world import World, world_in


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path) as found:
        found.set_up(tasks=2)
        yield found


def until(done: Callable[[], bool]) -> None:
    deadline = monotonic() + 10
    while not done():
        assert monotonic() < deadline
        sleep(0.01)


class Bus:
    """Answers every command as it is told to."""

    def __init__(self, trouble: Exception) -> None:
        self.trouble: Exception | None = trouble
        self.asked = 0

    def send(self, request: Request) -> Future[Answer]:
        self.asked += 1
        future: Future[Answer] = Future()
        if self.trouble is None:
            future.set_result(Answer(1, {"released": 0}))
        else:
            future.set_exception(self.trouble)
        return future


def test_a_sweeper_that_cannot_is_in_trouble_until_it_can(world: World) -> None:
    bus = Bus(Unavailable("The log cannot be reached."))
    sweeper = Sweeper(bus, 0.01)
    world.installation._senders.append(sweeper)
    sweeper.start()
    until(lambda: "cannot be reached" in str(world.installation.trouble))
    bus.trouble = None
    until(lambda: world.installation.trouble is None)
    # A full bus is told elsewhere, and is no reason to turn people away.
    bus.trouble, bus.asked = Overloaded("More than can be run in time."), 0
    until(lambda: bus.asked > 3)
    assert sweeper.trouble is None


def test_a_fitter_that_cannot_look_is_in_trouble_until_it_can(world: World) -> None:
    class Answers:
        broken = True

        def standings(self) -> Sequence[Any]:
            if self.broken:
                raise OperationalError("", None, Exception("no such host"))
            return []

    answers = Answers()
    fitter = Fitter(world.installation.bus, answers, world.installation.states, 0.01)  # type: ignore[arg-type]
    world.installation._senders.append(fitter)
    fitter.start()
    until(lambda: "no such host" in str(world.installation.trouble))
    answers.broken = False
    until(lambda: world.installation.trouble is None)


def test_a_parked_event_is_logged_with_what_it_belongs_to(world: World, caplog: pytest.LogCaptureFixture) -> None:
    class Aside:
        def park(self, reaction: str, recorded: Recorded, trouble: Exception) -> None:
            pass

    def fail(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        raise ZeroDivisionError

    world.work("ann")
    log = world.installation.log.after(0, 1_000)
    [submitted] = [recorded for recorded in log if isinstance(recorded.event, AnnotationSubmitted)]
    reactor = Reactor(world.installation.bus, Aside(), [Reaction("odd", frozenset({AnnotationSubmitted}), fail)])
    reactor.handle(log, {})
    [line] = [line for line in caplog.records if line.message == "event parked"]
    assert line.correlation_id == submitted.correlation_id  # type: ignore[attr-defined]


def test_a_command_that_fails_is_logged_with_what_it_belongs_to(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(HANDLERS, ReviseInstructions, fail)
    command = ReviseInstructions(project=world.project, instructions="")
    with pytest.raises(ZeroDivisionError):
        world.run(command, "ann", correlation_id=UUID(int=7))
    [line] = [line for line in caplog.records if line.message == "handler failed"]
    assert line.correlation_id == UUID(int=7)  # type: ignore[attr-defined]


def stand_alone(world: World, put: Callable[[Sequence[str], int], None]) -> ReactionRunner:
    class Bookmarks:
        def get(self, name: str) -> int:
            return 0

    marks: Any = Bookmarks()
    marks.put = put
    reactor = Reactor(world.installation.bus, None, [Reaction("none", frozenset(), lambda _: [])])  # type: ignore[arg-type]
    return ReactionRunner(world.installation.log, world.installation.projections, marks, reactor)


def test_who_stops_while_the_database_is_locked_tries_again_and_then_lets_it_be(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[int] = []

    def locked(_: Sequence[str], position: int) -> None:
        tried.append(position)
        raise OperationalError("", None, Exception("database is locked"))

    stopping = stand_alone(world, locked)
    stopping.move(5)
    with caplog.at_level(logging.WARNING):
        stopping.stop()
    assert tried == [5] * runner.STOP_TRIES


def test_where_reactions_stand_is_noted_when_nothing_more_comes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise health would find them standing still before events that they have dealt with."""
    monkeypatch.setattr(runner, "NOTE_SECONDS", 0.1)
    for _ in range(3):
        world.bring_in(1)
        world.settle()

    def behind() -> list[str]:
        readers = condition_of(world.installation).readers
        return [reader.name for reader in readers if reader.name.startswith("reaction.") and reader.lag_events]

    until(lambda: behind() == [])
