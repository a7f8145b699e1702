"""The bus in trouble with its log: full and failing disks, others who hold it, too much to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event as sql_event

from annolog.commands import bus
from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.bus import TRIES, CommandBus
from annolog.commands.command import Request
from annolog.commands.ports import StreamMoved, Transaction
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Overloaded, StaleVersion, Unavailable
from annolog.infra.composition import NOTHING, Installation, utc_now
from annolog.infra.event_log.log import SqlEventLog
from annolog.infra.settings import InstallationSettings
from tests.commands.bus.trouble import commits_meet, create, hold, instruct
from tests.world import World, result

pytestmark = pytest.mark.fault


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


def test_a_log_that_may_not_be_written_says_so_and_is_written_again_afterwards(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.set_up(tasks=1)

    def only_reading(yes: bool) -> None:
        with world.installation.log_writer.connect() as connection:
            connection.connection.cursor().execute(f"PRAGMA query_only = {int(yes)}")

    monkeypatch.setattr(bus, "PATIENCE_SECONDS", 0.5)
    only_reading(True)
    with pytest.raises(Unavailable):
        world.installation.bus.run(instruct(world, "refused"))
    only_reading(False)
    world.installation.bus.run(instruct(world, "taken"))
    assert world.installation.states.project(1).instructions == "taken"


def test_while_others_hold_the_log_for_too_long_a_whole_batch_is_refused_after_one_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annolog.infra.databases.BUSY_MILLISECONDS", 200)
    settings = InstallationSettings(data_dir=tmp_path)
    with Installation(settings, parts=NOTHING) as installation, Installation(settings, parts=NOTHING) as other:
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
    installation = Installation(InstallationSettings(data_dir=tmp_path), parts=NOTHING)
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


def test_a_submission_whose_commit_held_is_not_run_twice(world: World) -> None:
    """What follows the commit fails, not the commit: the answer that was kept is given, now and when asked again."""
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
