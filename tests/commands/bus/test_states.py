"""What the bus holds to be so: what is durable, all of it, and nothing else, whatever goes wrong beside it."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from annolog.commands.command import Append, Decision
from annolog.commands.commenting import AddComment
from annolog.commands.projects import CreateProject, ReviseInstructions
from annolog.commands.scope import Scope
from annolog.commands.states import fold_stream
from annolog.domain.project.events import InstructionsRevised
from annolog.domain.refusals import NotFound, SlotTaken
from annolog.domain.task.events import AnnotationDeleted
from tests.commands.bus.commenter import comment
from tests.commands.bus.trouble import Odd, commits_meet, create, handled_by, hold, instruct
from tests.world import World, result

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.fault


def test_a_decision_whose_fold_fails_leaves_nothing_of_itself_behind(world: World) -> None:
    """It changes two streams, and only the second one's state cannot take it."""
    world.set_up(tasks=1)
    bus, head = world.installation.bus, world.installation.log.head()
    revised = InstructionsRevised(project=1, instructions="half")
    impossible = AnnotationDeleted(project=1, task=1, annotation=99, annotator=1)
    decision = Decision([Append("project-1", [revised]), Append("task-1", [impossible])])
    with handled_by(lambda command, scope: decision) as request:
        go_on = hold(bus)
        neighbours = [bus.send(instruct(world, "before")), bus.send(request), bus.send(create("after"))]
        go_on.set()
        assert neighbours[0].result(10).position == head + 1
        with pytest.raises(KeyError):
            neighbours[1].result(10)
        assert neighbours[2].result(10).value["project"] == 2
    assert world.installation.states.project(1).instructions == "before"
    assert "half" not in [getattr(r.event, "instructions", None) for r in world.installation.log.after(0, 1_000)]


def test_what_was_asked_for_before_it_existed_is_found_afterwards(world: World) -> None:
    world.set_up(tasks=1)
    for early in (2, 3):
        with pytest.raises(NotFound):
            world.submit("ann", early)
    with pytest.raises(NotFound):
        world.run(ReviseInstructions(project=2, instructions="early"))
    world.bring_in(2)
    world.submit("ann", 2)
    world.submit("ann", 3)
    world.run(CreateProject(title="late"))
    world.run(ReviseInstructions(project=2, instructions="in time"))


def test_a_defect_neither_keeps_nor_drops_drafts(world: World) -> None:
    world.set_up(tasks=1)
    world.submit("ann", 1)
    with pytest.raises(SlotTaken):
        world.submit("bob", 1, "B")
    bob = world.people["bob"]

    def drop_and_fail(command: Odd, scope: Scope) -> Decision:
        scope.finished_drafts.append((1, bob))
        raise ZeroDivisionError

    with handled_by(drop_and_fail) as request, pytest.raises(ZeroDivisionError):
        world.installation.bus.run(request)
    kept = world.installation.log.draft(1, bob)
    assert kept is not None
    assert kept.result == result("B")


def test_nobody_sees_a_state_before_it_is_durable(world: World) -> None:
    world.set_up(tasks=1)
    committing, go_on = Event(), Event()

    def linger(_: object) -> None:
        committing.set()
        go_on.wait(10)

    with commits_meet(world, linger):
        sent = world.installation.bus.send(instruct(world, "not yet"))
        assert committing.wait(10)
        assert world.installation.states.project(1).instructions != "not yet"
        assert world.installation.log.after(world.installation.log.head() - 1, 10)[-1].type != "InstructionsRevised"
        assert not sent.done()
        go_on.set()
        sent.result(10)
    assert world.installation.states.project(1).instructions == "not yet"


def test_two_processes_and_many_threads_write_to_one_task_and_nothing_is_lost(world: World, tmp_path: Path) -> None:
    world.set_up(tasks=1)
    script = [sys.executable, str(ROOT / "tests/commands/bus/commenter.py"), str(tmp_path), "40"]
    other = subprocess.Popen(script, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)})

    def comment_meanwhile(name: int) -> list[int]:
        made = []
        while other.poll() is None:
            made += comment(world.installation, f"{name}", 1)
        return made

    with ThreadPoolExecutor(4) as threads:
        own = [id for ids in threads.map(comment_meanwhile, range(4)) for id in ids]
    theirs = [int(id) for id in other.communicate()[0].split()]
    assert len(theirs) == 40
    world.run(AddComment(task=1, text="the last word"))
    stream = world.installation.log.streams(["task-1"])["task-1"]
    assert [recorded.version for recorded in stream] == list(range(1, len(stream) + 1))
    comments = [recorded.event.comment for recorded in stream if recorded.type == "CommentAdded"]
    assert sorted(comments[:-1]) == sorted(own + theirs) == list(range(1, len(own) + 41))
    assert len(world.task(1).comments) == len(comments)


def test_warm_states_are_those_that_history_gives(world: World) -> None:
    world.set_up(tasks=5, annotators="ann bob cyd", assignment={"overlap": 2})
    for who in ("ann", "bob", "cyd"):
        world.work(who)
    world.skip("ann", world.next("ann"), "unclear")
    world.review("rev", 1, 1, "rejected", action="return")
    for stream in ["organization-1", "project-1", *(f"task-{task}" for task in range(1, 6))]:
        warm = world.installation.bus.state(stream)
        with world.installation.log_reader.connect() as connection:
            rows = connection.exec_driver_sql("SELECT max(version) FROM event WHERE stream = ?", (stream,)).scalar()
        assert warm.version == rows
        assert warm == fold_stream(stream, world.installation.log.streams([stream])[stream])
