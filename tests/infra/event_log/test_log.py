"""The log: one order without gaps, whoever writes; no id twice; old bytes in today's shape."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from statistics import median
from threading import Event as Flag
from threading import Thread
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import text

from annolog.commands.ports import StreamMoved
from annolog.commands.states import fold_stream
from annolog.domain.catalogue import EVENT_TYPES
from annolog.domain.event import Event, Unreadable, UnreadableEvent
from annolog.domain.ids import IdKind, task_stream
from annolog.domain.refusals import Overloaded
from annolog.domain.task.events import TaskDeleted
from annolog.infra.event_log.log import SqlEventLog
from annolog.infra.event_log.recorder import POLL_SECONDS
from annolog.infra.event_log.upcasting import UPCASTERS, upcasts
from tests.infra.event_log.logs import log_in, things
from tests.infra.event_log.writer import begin_tasks, recorded, write

ROOT = Path(__file__).parents[3]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqlEventLog]:
    with log_in(tmp_path) as opened:
        yield opened


class Follower(Thread):
    """Reads the log to its end over and over while others write, in both ways there are, and remembers what it saw."""

    def __init__(self, log: SqlEventLog) -> None:
        super().__init__()
        self._log = log
        self._enough = Flag()
        self.events: list[int] = []
        self.notifications: list[int] = []
        self.tasks: list[int] = []

    def run(self) -> None:
        while True:
            last_look = self._enough.is_set()
            for found in self._log.after(self.events[-1] if self.events else 0, 37):
                self.events.append(found.position)
                assert isinstance(found.event, TaskDeleted)
                self.tasks.append(found.event.task)
            seen = self.notifications[-1] if self.notifications else 0
            notifications = self._log.recorder.select_notifications(seen + 1, 37)
            self.notifications += [notification.id for notification in notifications]
            if last_look and len(self.events) == len(self.notifications) == self._log.head():
                return

    def finish(self) -> None:
        self._enough.set()
        self.join(60)


def process(folder: Path, transactions: int, seed: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(ROOT / "tests/infra/event_log/writer.py"), str(folder), str(transactions), str(seed)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)})


def written_by(*writers: subprocess.Popen[str]) -> int:
    return sum(int(writer.communicate()[0]) for writer in writers)


def die_half_way(log: SqlEventLog) -> list[int]:
    """Take an id, append, and fail before the commit; the id."""
    with suppress(ZeroDivisionError), log.transaction() as transaction:
        task = log.ids.take(IdKind.TASK)
        transaction.append([recorded(transaction.head + 1, task_stream(task), 1, TaskDeleted(project=1, task=task))])
        raise ZeroDivisionError
    return [task]


def test_a_follower_misses_nothing_while_threads_write(log: SqlEventLog) -> None:
    follower = Follower(log)
    follower.start()
    with ThreadPoolExecutor(4) as threads:
        written = sum(threads.map(lambda seed: write(log, 60, seed), range(4)))
    follower.finish()
    assert follower.events == follower.notifications == list(range(1, written + 1))
    assert sorted(follower.tasks) == list(range(1, written + 1))


def test_a_follower_misses_nothing_while_processes_write_to_one_file(log: SqlEventLog, tmp_path: Path) -> None:
    follower = Follower(log)
    follower.start()
    others = [process(tmp_path, 60, seed) for seed in (1, 2)]
    own = write(log, 60, seed=3)
    written = own + written_by(*others)
    follower.finish()
    assert follower.events == follower.notifications == list(range(1, written + 1))
    assert len(set(follower.tasks)) == written


def test_no_id_is_handed_out_twice_over_processes_restarts_and_failures(log: SqlEventLog, tmp_path: Path) -> None:
    handed_out = [*begin_tasks(log, 5)]
    assert written_by(process(tmp_path, 3, seed=1)) > 0
    handed_out += begin_tasks(log, 5)
    handed_out += die_half_way(log)
    handed_out += begin_tasks(log, 5)
    with log_in(tmp_path) as opened_again:
        handed_out += begin_tasks(opened_again, 5)
    assert all(earlier < later for earlier, later in pairwise(handed_out))
    streams = [found.stream for found in log.after(0, 1_000)]
    assert len(set(streams)) == len(streams)


def test_a_transaction_that_fails_leaves_nothing(log: SqlEventLog) -> None:
    begin_tasks(log, 2)
    [lost] = die_half_way(log)
    assert log.head() == 2
    assert log.streams([task_stream(lost)]) == {task_stream(lost): []}
    begin_tasks(log, 1)
    assert [found.position for found in log.after(0, 10)] == [1, 2, 3]


def test_a_version_that_is_taken_moves_the_stream(log: SqlEventLog) -> None:
    [task] = begin_tasks(log, 1)
    with pytest.raises(StreamMoved), log.transaction() as transaction:
        transaction.append([recorded(transaction.head + 1, task_stream(task), 1, TaskDeleted(project=1, task=task))])
    assert log.head() == 1


def test_a_position_that_is_taken_moves_the_stream(log: SqlEventLog) -> None:
    begin_tasks(log, 1)
    with pytest.raises(StreamMoved), log.transaction() as transaction:
        transaction.append([recorded(transaction.head, "task-9", 1, TaskDeleted(project=1, task=9))])


def test_who_cannot_get_the_log_in_time_is_told_so(
    log: SqlEventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annolog.infra.databases.BUSY_MILLISECONDS", 50)
    with (
        log_in(tmp_path) as impatient,
        log.transaction(),
        pytest.raises(Overloaded, match="holds the log"),
        impatient.transaction(),
    ):
        pass


def test_every_commit_is_flushed_to_the_disk(log: SqlEventLog) -> None:
    """What else keeps an answer over the loss of power: a write-ahead log that is synchronised in FULL (2)."""
    with log._writer.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_memory_and_disk_tell_followers_the_same(log: SqlEventLog, tmp_path: Path) -> None:
    write(log, 40, seed=1)
    with log_in(tmp_path) as opened_again:
        for position in range(log.head() + 1):
            assert log.after(position, 5) == opened_again.after(position, 5)
        begin_tasks(opened_again, 3)
    begin_tasks(log, 2)
    head = log.head()
    for position in range(head - 8, head):
        assert log.after(position, 1)[0].position == position + 1


def test_a_follower_is_woken_at_once(log: SqlEventLog) -> None:
    waited = []
    with log.recorder.subscribe(gt=0) as subscription:
        for version in range(1, 12):
            started = monotonic()
            log.recorder.insert_events(things("thing-1", version))
            assert next(subscription).id == version
            waited.append(monotonic() - started)
    # On a shared machine one of them may be late; polling would make all of them late.
    assert median(waited) < 0.1 < POLL_SECONDS


def test_what_other_processes_append_reaches_a_follower_too(log: SqlEventLog, tmp_path: Path) -> None:
    with log.recorder.subscribe(gt=0) as subscription, log_in(tmp_path) as somebody_else:
        begin_tasks(somebody_else, 2)
        assert [next(subscription).id, next(subscription).id] == [1, 2]


# ── Upcasting ────────────────────────────────────────────────────────────────────────────────────────────────────────


def shapes(version: int, **fields: Any) -> type[Event]:
    """The event type `ThingNamed` as it was in some version."""
    kinds = {name: kind.__name__ for name, kind in fields.items()}
    return type("ThingNamed", (Event,), {"__annotations__": kinds, "schema_version": version, "__module__": __name__})


@pytest.fixture
def evolved(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Event]]:
    """Stored first with one name, then with two; today the order of the names matters too."""

    @upcasts("ThingNamed", 1)
    def split(members: dict[str, Any]) -> dict[str, Any]:
        first, _, last = members["name"].partition(" ")
        return {"first": first, "last": last}

    @upcasts("ThingNamed", 2)
    def order(members: dict[str, Any]) -> dict[str, Any]:
        return {**members, "family_first": False}

    today = shapes(3, first=str, last=str, family_first=bool)
    monkeypatch.setitem(EVENT_TYPES, "ThingNamed", today)
    yield today
    del UPCASTERS["ThingNamed", 1], UPCASTERS["ThingNamed", 2]


def test_old_bytes_are_read_in_todays_shape(log: SqlEventLog, evolved: type[Event], tmp_path: Path) -> None:
    old, newer = shapes(1, name=str), shapes(2, first=str, last=str)
    stored = [
        old(name="Ada Lovelace"),
        newer(first="Ada", last="Lovelace"),
        evolved(first="Lovelace", last="Ada", family_first=True),
    ]
    with log.transaction() as transaction:
        transaction.append([recorded(position, "task-1", position, event) for position, event in enumerate(stored, 1)])
    with log_in(tmp_path) as opened_again:
        first, second, third = (found.event for found in opened_again.after(0, 10))
        assert [found.event for found in opened_again.streams(["task-1"])["task-1"]] == [first, second, third]
    assert first == second == evolved(first="Ada", last="Lovelace", family_first=False)
    assert third == stored[2]
    with log._reader.connect() as connection:
        bodies = [body for (body,) in connection.execute(text("SELECT body FROM event ORDER BY position"))]
    assert bodies[0] == b'{"name":"Ada Lovelace"}'


def test_a_type_that_nobody_knows_is_not_passed_over(log: SqlEventLog, tmp_path: Path) -> None:
    """It is shown for what it is, and whatever rests on it fails."""
    with log.transaction() as transaction:
        transaction.append([recorded(1, "task-1", 1, shapes(1, name=str)(name="Ada"))])
    with log_in(tmp_path) as opened_again:
        [found] = opened_again.after(0, 10)
    assert (found.type, type(found.event)) == ("ThingNamed", Unreadable)
    with pytest.raises(UnreadableEvent, match="ThingNamed cannot be read: there is no such event here"):
        fold_stream("task-1", [found])
