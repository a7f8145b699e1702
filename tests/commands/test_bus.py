"""The bus: once, together, durable, and every command for itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event as sql_event

from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.bus import CommandBus
from annolog.commands.command import HANDLERS, Command, Decision, Request
from annolog.commands.projects import CreateProject, ReviseInstructions
from annolog.commands.scope import SYSTEM, Scope
from annolog.commands.working import RequestWork
from annolog.domain.refusals import KeyReused, Overloaded, Refused, SlotTaken, StaleVersion
from annolog.infra.composition import NOTHING, Installation, utc_now
from annolog.infra.settings import InstallationSettings
from tests.world import World, result, world_in


class Break(Command):
    """Raise what no handler should."""


def break_down(command: Break, scope: Scope) -> Decision:
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def broken_handler() -> Iterator[None]:
    HANDLERS[Break] = break_down
    yield
    del HANDLERS[Break]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path) as found:
        yield found


def create(title: str, id: UUID | None = None) -> Request:
    return Request(CreateProject(title=title), id or uuid4(), SYSTEM.id)


def test_a_command_that_comes_again_gets_its_first_answer_also_after_a_restart(tmp_path: Path) -> None:
    settings = InstallationSettings(data_dir=tmp_path)
    request = create("once")
    with Installation(settings) as installation:
        first = installation.bus.run(request)
        again = installation.bus.run(request)
        head = installation.log.head()
    with Installation(settings) as installation:
        later = installation.bus.run(request)
        assert installation.log.head() == head
    assert first.value == again.value == later.value
    assert [first.repeated, again.repeated, later.repeated] == [False, True, True]
    assert first.position == again.position == later.position


def test_the_same_id_with_another_payload_is_refused(world: World) -> None:
    request = create("one thing")
    world.installation.bus.run(request)
    with pytest.raises(KeyReused):
        world.installation.bus.run(create("another thing", request.id))


def test_a_command_that_comes_twice_at_once_happens_once(world: World) -> None:
    request = create("raced")
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda _: world.installation.bus.run(request), range(12)))
    assert {answer.value["project"] for answer in answers} == {1}
    assert sum(not answer.repeated for answer in answers) == 1
    assert world.installation.log.head() == 1


def test_commands_that_arrive_together_share_one_commit_and_fail_for_themselves(world: World) -> None:
    """A handler is held while others queue up behind it, so that they form one batch."""
    bus = world.installation.bus
    # Its commit, once a second, would be counted as one of theirs.
    world.installation.sweeper.stop()
    held, go_on = threading.Event(), threading.Event()

    def hold(command: Break, scope: Scope) -> Decision:
        held.set()
        go_on.wait(10)
        return Decision()

    HANDLERS[Break] = hold
    blocker = bus.send(Request(Break(), uuid4(), SYSTEM.id))
    held.wait(10)
    HANDLERS[Break] = break_down
    commits = 0

    def count(_: object) -> None:
        nonlocal commits
        commits += 1

    sent = [bus.send(create(f"project {number}")) for number in range(20)]
    refused = bus.send(create(" "))
    broken = bus.send(Request(Break(), uuid4(), SYSTEM.id))
    sent += [bus.send(create(f"project {number}")) for number in range(20, 40)]
    sql_event.listen(world.installation.log_writer, "commit", count)
    go_on.set()
    blocker.result(10)
    assert len({future.result(10).value["project"] for future in sent}) == 40
    with pytest.raises(Refused):
        refused.result(10)
    with pytest.raises(ZeroDivisionError):
        broken.result(10)
    # The held command's commit may be seen too.
    assert commits <= 2


def test_commands_of_a_batch_see_each_other(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob cyd dan")
    bus = world.installation.bus
    futures = [
        bus.send(Request(SubmitAnnotation(task=1, result=result("A")), uuid4(), world.people[who]))
        for who in ("ann", "bob", "cyd", "dan")
    ]
    outcomes = [future.exception(10) for future in futures]
    assert sum(outcome is None for outcome in outcomes) == 1
    assert all(outcome is None or isinstance(outcome, SlotTaken) for outcome in outcomes)


def test_nobody_is_given_what_somebody_else_got_in_the_same_batch(world: World) -> None:
    world.set_up(tasks=30, annotators=" ".join(f"p{number}" for number in range(30)))
    bus = world.installation.bus
    command = RequestWork(project=world.project)
    futures = [bus.send(Request(command, uuid4(), world.people[f"p{number}"])) for number in range(30)]
    assert sorted(future.result(10).value["task"] for future in futures) == list(range(1, 31))


def test_two_processes_on_one_log_never_decide_on_what_has_moved(tmp_path: Path) -> None:
    """Two installations on one folder stand for two processes: nothing is shared but the files."""
    settings = InstallationSettings(data_dir=tmp_path)
    with Installation(settings, parts=NOTHING) as one, Installation(settings, parts=NOTHING) as other:
        project = one.as_system(CreateProject(title="shared")).value["project"]
        for number in range(20):
            for who in (one, other):
                text = f"{number} by {'one' if who is one else 'other'}"
                who.as_system(ReviseInstructions(project=project, instructions=text))
        assert other.as_system(CreateProject(title="next")).value["project"] == project + 1
        stream = one.log.streams([f"project-{project}"])[f"project-{project}"]
        assert [recorded.version for recorded in stream] == list(range(1, 42))
        log = one.log.after(0, 1_000)
        assert [recorded.position for recorded in log] == list(range(1, 43))


def test_a_command_decided_on_another_version_is_refused(world: World) -> None:
    world.set_up(tasks=1)
    with pytest.raises(StaleVersion) as stale:
        world.run(SubmitAnnotation(task=1, result=result("A")), "ann", expected_version=7)
    assert stale.value.facts == {"version": 1}


def test_what_cannot_be_written_fails_and_the_bus_goes_on(world: World) -> None:
    """The disk is full: the database may not grow by a page."""
    bus = world.installation.bus
    bus.run(create("before"))
    with world.installation.log_writer.connect() as connection:
        pages = connection.connection.cursor().execute("PRAGMA page_count").fetchone()[0]
        connection.connection.cursor().execute(f"PRAGMA max_page_count = {pages}")
    outcomes = [
        bus.send(Request(CreateProject(title="x" * 400, description="y" * 90_000), uuid4(), 0)) for _ in range(3)
    ]
    assert all(isinstance(future.exception(10), Exception) for future in outcomes)
    head = world.installation.log.head()
    with world.installation.log_writer.connect() as connection:
        connection.connection.cursor().execute("PRAGMA max_page_count = 1073741823")
    assert bus.run(create("after")).position == head + 1


def test_more_than_can_be_done_in_time_is_refused(world: World) -> None:
    bus = CommandBus(world.installation.log, utc_now)
    bus.close()
    with pytest.raises(Overloaded) as overloaded:
        bus.send(create("late"))
    assert overloaded.value.facts["retry_after"] == 1
