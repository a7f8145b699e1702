"""Row 1: whoever has passed a position never finds a new event at or below it, whoever writes and however it ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from random import Random
from threading import Event
from uuid import uuid4

import pytest

from annolog.commands.command import Request
from annolog.commands.projects import CreateProject
from annolog.domain.recorded import Recorded
from annolog.domain.task.events import TaskDeleted
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.event_log.log import SqlEventLog
from tests.faults.postgresql.ground import settings_at, whole_log
from tests.faults.postgresql.processes import PROCESSES, any_command, append_and_hang, ended, start, write
from tests.infra.event_log.writer import recorded

pytestmark = [pytest.mark.services, pytest.mark.fault]

WRITERS = 6
COMMANDS = 40


@pytest.fixture
def installations(postgresql_url: str) -> Iterator[tuple[Installation, Installation]]:
    settings = settings_at(postgresql_url)
    with Installation(settings, parts=NOTHING) as one, Installation(settings, parts=NOTHING) as other:
        other.as_system(CreateProject(title="shared"))
        yield one, other


def follow(log: SqlEventLog, over: Event, limit: int) -> Sequence[Recorded]:
    """What a reader sees that goes on from the last position it saw."""
    seen: list[Recorded] = []
    while True:
        last = over.is_set()
        batch = log.after(seen[-1].position if seen else 0, limit)
        seen += batch
        if last and not batch:
            return seen


def test_readers_that_follow_six_writing_processes_see_every_position_once_and_in_order(
    installations: tuple[Installation, Installation], postgresql_url: str
) -> None:
    own, onlooker = installations
    go, over = PROCESSES.Event(), Event()
    chance = Random(7)
    writers = [start(write, postgresql_url, seed, COMMANDS, go) for seed in range(WRITERS)]
    with ThreadPoolExecutor(3) as threads:
        readers = [
            threads.submit(follow, log, over, limit) for log, limit in ((own.log, 50), (onlooker.log, 50), (own.log, 3))
        ]
        go.set()
        try:
            while any(writer.is_alive() for writer in writers):
                own.as_system(any_command(chance))
        finally:
            over.set()
        seen = [reader.result() for reader in readers]
    assert [ended(writer) for writer in writers] == [0] * WRITERS
    log = whole_log(onlooker)
    assert len({event.command_id for event in log}) > WRITERS * COMMANDS
    assert [event.position for event in log] == list(range(1, onlooker.log.head() + 1))
    for events in seen:
        assert [(event.position, event.id) for event in events] == [(event.position, event.id) for event in log]


def test_from_wherever_one_reads_what_others_wrote_in_between_is_there(
    installations: tuple[Installation, Installation],
) -> None:
    for installation in installations * 3:
        installation.as_system(CreateProject(title="by turns"))
    log = [event.id for event in whole_log(installations[1])]
    for installation in installations:
        for position in range(len(log)):
            after = [event.id for event in installation.log.after(position, 5)]
            assert after
            assert after == log[position : position + len(after)]


def test_an_append_that_is_held_open_keeps_the_others_back_and_comes_first(
    installations: tuple[Installation, Installation], postgresql_url: str
) -> None:
    one, other = installations
    before = one.log.head()
    go = PROCESSES.Event()
    elsewhere = start(write, postgresql_url, 3, 5, go)
    with one.log.transaction() as held:
        held.append([recorded(before + 1, "task-900", 1, TaskDeleted(project=1, task=900))])
        go.set()
        sent = [other.bus.send(Request(CreateProject(title=f"{number}"), uuid4(), 0)) for number in range(5)]
        assert wait(sent, 0.5, FIRST_COMPLETED).done == set()
        assert elsewhere.is_alive()
        assert other.log.head() == before
        assert other.log.after(before, 100) == []
    assert min(answer.result(10).position for answer in sent) > before + 1
    assert ended(elsewhere) == 0
    log = whole_log(other)
    assert [event.position for event in log] == list(range(1, len(log) + 1))
    assert log[before].stream == "task-900"


def test_an_append_whose_process_dies_leaves_no_gap(
    installations: tuple[Installation, Installation], postgresql_url: str
) -> None:
    one, other = installations
    before = one.log.head()
    inserted = PROCESSES.Event()
    hanging = start(append_and_hang, postgresql_url, inserted)
    assert inserted.wait(10)
    sent = other.bus.send(Request(CreateProject(title="next"), uuid4(), 0))
    assert wait([sent], 0.3).done == set()
    assert one.log.head() == before
    hanging.kill()
    assert sent.result(10).position > before
    log = whole_log(one)
    assert [event.position for event in log] == list(range(1, len(log) + 1))
    assert "task-900" not in {event.stream for event in log}
