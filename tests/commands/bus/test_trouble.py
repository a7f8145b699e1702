"""The bus in trouble: defects, full and failing disks, others at the log. Nobody pays for what is not theirs."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy.exc import OperationalError

from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.bus import TRIES, CommandBus
from annolog.commands.command import HANDLERS, Append, Command, Decision, Request
from annolog.commands.commenting import AddComment
from annolog.commands.ports import StreamMoved, Transaction
from annolog.commands.projects import CreateProject, ReviseInstructions
from annolog.commands.scope import SYSTEM, Scope
from annolog.commands.states import fold_stream
from annolog.domain.project.events import InstructionsRevised
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import NotFound, Overloaded, SlotTaken, StaleVersion
from annolog.domain.task.events import AnnotationDeleted
from annolog.infra.composition import Installation, utc_now
from annolog.infra.event_log.log import SqlEventLog
from annolog.infra.settings import InstallationSettings
from tests.commands.bus.commenter import comment
from tests.world import LABEL_CONFIG, World, result

ROOT = Path(__file__).parents[3]


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


def test_a_commit_that_fails_leaves_no_trace_in_memory_or_on_disk(world: World) -> None:
    """As when fsync reports an error: everything was written, and then it was not."""
    world.set_up(tasks=1)
    head, before = world.installation.log.head(), world.installation.states.project(1)

    def fail(_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    request = instruct(world, "lost")
    with commits_meet(world, fail), pytest.raises(sqlite3.OperationalError, match="disk I/O error"):
        world.installation.bus.run(request)
    assert world.installation.states.project(1) == before
    assert world.installation.log.head() == head
    assert world.installation.log.after(head, 10) == []
    answer = world.installation.bus.run(request)
    assert (answer.position, answer.repeated) == (head + 1, False)
    assert world.installation.states.project(1).instructions == "lost"


def test_a_log_that_may_not_be_written_says_so_and_is_written_again_afterwards(world: World) -> None:
    world.set_up(tasks=1)

    def only_reading(yes: bool) -> None:
        with world.installation.log_writer.connect() as connection:
            connection.connection.cursor().execute(f"PRAGMA query_only = {int(yes)}")

    only_reading(True)
    with pytest.raises(OperationalError, match="readonly"):
        world.installation.bus.run(instruct(world, "refused"))
    only_reading(False)
    world.installation.bus.run(instruct(world, "taken"))
    assert world.installation.states.project(1).instructions == "taken"


def test_while_others_hold_the_log_for_too_long_a_whole_batch_is_refused_after_one_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annolog.infra.databases.BUSY_MILLISECONDS", 200)
    settings = InstallationSettings(data_dir=tmp_path)
    with Installation(settings, serve=False) as installation, Installation(settings, serve=False) as other:
        waits = []
        sql_event.listen(installation.log_writer, "begin", lambda _: waits.append(1), insert=True)
        with other.log.transaction():
            blocked = [installation.bus.send(create(f"project {number}")) for number in range(50)]
            assert all(isinstance(future.exception(10), Overloaded) for future in blocked)
        # The first may have been a batch of its own.
        assert len(waits) <= 2
        assert installation.bus.run(create("now")).value["project"] == 1


def test_more_than_can_wait_is_refused_and_what_waits_is_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annolog.commands.bus.MOST_WAITING", 10)
    bus = world.installation.bus
    go_on = hold(bus)
    waiting = [bus.send(create(f"project {number}")) for number in range(10)]
    with pytest.raises(Overloaded):
        bus.send(create("one too many"))
    go_on.set()
    assert [future.result(10).value["project"] for future in waiting] == list(range(1, 11))


def test_whoever_gets_in_before_the_bus_closes_is_answered(tmp_path: Path) -> None:
    """The others are refused; nobody waits for ever."""
    installation = Installation(InstallationSettings(data_dir=tmp_path), serve=False)
    answered, refused = [], []

    def send_without_end(name: int) -> None:
        while True:
            try:
                answered.append(installation.bus.send(create(f"{name}")).result(20))
            except Overloaded:
                refused.append(name)
                return

    threads = [Thread(target=send_without_end, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    while len(answered) < 50:
        pass
    installation.close()
    for thread in threads:
        thread.join(30)
    assert sorted(refused) == list(range(8))
    assert len({answer.value["project"] for answer in answered}) == len(answered)


class MovingLog:
    """The real log, on which others are ahead of us so many times."""

    def __init__(self, log: SqlEventLog, times: int) -> None:
        self._log = log
        self.times = times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self._log.transaction() as transaction:
            append = transaction.append

            def append_unless_moved(events: Sequence[Recorded]) -> None:
                append(events)
                if self.times:
                    self.times -= 1
                    raise StreamMoved("somebody was faster")

            transaction.append = append_unless_moved  # type: ignore[method-assign]
            yield transaction


def test_a_lost_race_is_run_again_a_few_times(world: World) -> None:
    log = MovingLog(world.installation.log, TRIES)
    bus = CommandBus(log, utc_now)
    assert bus.run(create("at last")).value["project"] > 0
    log.times = TRIES + 1
    with pytest.raises(StaleVersion):
        bus.run(create("never"))
    assert bus.run(create("again")).position == world.installation.log.head()
    bus.close()
    titles = [getattr(recorded.event, "title", "") for recorded in world.installation.log.after(0, 100)]
    assert [title for title in titles if title] == ["at last", "again"]


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


def test_a_submission_repeated_after_a_lost_commit_counts_once(world: World) -> None:
    """The acknowledgement is lost, not the commit: what comes again gets the answer that was kept."""
    world.set_up(tasks=1)

    def fail() -> None:
        raise ConnectionError("nobody is listening")

    request = Request(SubmitAnnotation(task=1, result=result("A")), uuid4(), world.people["ann"])
    world.installation.log.doorbell.listen(fail)
    first = world.installation.bus.run(request)
    world.installation.log.doorbell.leave(fail)
    again = world.installation.bus.run(request)
    assert first.value == again.value
    assert world.types("task-1").count("AnnotationSubmitted") == 1
