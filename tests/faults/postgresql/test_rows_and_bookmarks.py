"""Row 4: rows and bookmarks move together or not at all, wherever the process dies, and however many there are."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import replace
from itertools import count
from threading import Event

import pytest
from sqlalchemy import delete, text

from annolog.domain.recorded import Recorded
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.read_models import PROJECTORS
from annolog.projections.engine.feeding import Stretch, feed
from annolog.projections.engine.partitions import belongs, partition_of
from annolog.projections.engine.renewal import begin
from annolog.projections.engine.rows import Rows
from annolog.projections.engine.runner import ProjectionRunner
from annolog.projections.performance.projector import performance
from tests.faults.postgresql.ground import live, prove, quiet, read_models_in, settings_at, whole_log
from tests.faults.postgresql.processes import ended, fold_and_die, start
from tests.world import World

pytestmark = [pytest.mark.services, pytest.mark.fault]

KILLED = -signal.SIGKILL


@pytest.fixture
def world(postgresql_url: str) -> Iterator[World]:
    """Half of its history is in the read models."""
    with quiet(postgresql_url) as found:
        live(found, 20)
        found.installation.projections.catch_up()
        live(found, 20)
        yield found


# A process for each of dozens of statements, one after the other.
@pytest.mark.timeout(300)
def test_whichever_statement_a_projector_dies_at_nothing_or_all_of_the_batch_is_in_the_read_models(
    world: World, postgresql_url: str
) -> None:
    before = read_models_in(world.installation)
    states = []
    for step in count(1):
        died = ended(start(fold_and_die, postgresql_url, step)) == KILLED
        states.append(read_models_in(world.installation))
        if not died:
            break
    after = states[-1]
    whole = [state == after for state in states]
    assert all(state in (before, after) for state in states)
    assert before != after
    assert whole == sorted(whole)
    assert whole.count(False) > 25
    assert whole.count(True) > 1
    # Webhooks have a bookmark there as well; nobody sends any here.
    positions = {row[0]: row[3] for row in after["bookmark"] if row[0] != "webhooks"}
    assert positions == {projector.name: world.installation.log.head() for projector in PROJECTORS}
    prove(world.installation)


def test_of_two_that_feed_the_same_read_models_one_waits_and_finds_it_done(world: World, postgresql_url: str) -> None:
    begun, go_on = Event(), Event()

    def slowly(rows: Rows, recorded: Recorded) -> None:
        begun.set()
        go_on.wait(10)
        performance.apply(rows, recorded)

    slow = [replace(projector, apply=slowly) if projector is performance else projector for projector in PROJECTORS]
    with Installation(settings_at(postgresql_url), parts=NOTHING) as other, ThreadPoolExecutor(2) as threads:
        first = ProjectionRunner(world.installation.log, world.installation.read_writer, slow)
        ahead = threads.submit(first.advance)
        assert begun.wait(10)
        behind = threads.submit(other.projections.advance)
        assert wait([ahead, behind], 0.5, FIRST_COMPLETED).done == set()
        go_on.set()
        assert ahead.result(10) > 0
        behind.result(10)
        assert other.projections.position == world.installation.log.head()
    prove(world.installation)


def test_many_that_feed_the_same_read_models_fold_every_event_once(world: World, postgresql_url: str) -> None:
    processes = [start(fold_and_die, postgresql_url, 0) for _ in range(4)]
    assert [ended(process) for process in processes] == [0] * 4
    prove(world.installation)


def test_two_that_feed_different_partitions_work_at_the_same_time(world: World) -> None:
    """One is held up in the middle of its transaction; the other one is done before it goes on."""
    begun, go_on = Event(), Event()

    def slowly(rows: Rows, recorded: Recorded) -> None:
        begun.set()
        go_on.wait(10)
        performance.apply(rows, recorded)

    slow = [replace(projector, apply=slowly) if projector is performance else projector for projector in PROJECTORS]
    installation, partitions = world.installation, 3
    head, log = installation.log.head(), whole_log(installation)
    with installation.read_writer.begin() as connection:
        connection.execute(text("DELETE FROM bookmark"))
        for table in (table for projector in PROJECTORS for table in projector.tables):
            connection.execute(delete(table))
    begin(installation.read_writer, PROJECTORS, range(partitions))
    stretches = {
        number: Stretch([event for event in log if belongs(event, number, partitions)], 0, head)
        for number in range(partitions)
    }
    of_one, of_other = (partition_of(project, partitions) for project in (1, 2))
    assert of_one != of_other
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(feed, installation.read_writer, slow, {of_one: stretches.pop(of_one)})
        assert begun.wait(10)
        second = threads.submit(feed, installation.read_writer, PROJECTORS, stretches)
        try:
            assert second.result(5)["performance"] > 0
            assert not first.done()
        finally:
            go_on.set()
        assert first.result(10)["performance"] > 0
    prove(installation)
