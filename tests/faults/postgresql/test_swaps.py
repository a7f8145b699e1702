"""Row 7, its last step: a swap and a query of several statements never get the better of each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from time import sleep

import pytest
from sqlalchemy import Connection, text

from annolog.commands.ports import EventLog
from annolog.domain.recorded import Recorded
from annolog.infra.composition import NOTHING, Installation
from annolog.projections.assignment_queue.projector import assignment_queue
from annolog.projections.engine.rebuild import rebuild
from annolog.projections.engine.snapshots import in_snapshot
from annolog.projections.progress.projector import progress
from tests.faults.postgresql.ground import prove, quiet, set_up, settings_at
from tests.world import World

pytestmark = [pytest.mark.services, pytest.mark.fault]


@pytest.fixture
def world(postgresql_url: str) -> Iterator[World]:
    with quiet(postgresql_url) as found:
        set_up(found)
        found.installation.projections.catch_up()
        yield found


class Interrupted:
    """The real log. Something happens when its end is found for the first time, and when it is read for the swap.

    Before that it is read to its end twice: before and after indexes are made.
    """

    def __init__(self, log: EventLog, at_end: Callable[[], None], at_swap: Callable[[], None]) -> None:
        self._log = log
        self._at_end = at_end
        self._at_swap = at_swap
        self._ends = 0

    def after(self, position: int, limit: int) -> Sequence[Recorded]:
        if self._ends == 2:
            self._ends += 1
            self._at_swap()
        batch = self._log.after(position, limit)
        if not batch and self._ends < 2:
            self._ends += 1
            if self._ends == 1:
                self._at_end()
        return batch


def test_what_is_written_right_before_a_swap_is_there_after_it_and_whoever_feeds_waits(
    world: World, postgresql_url: str
) -> None:
    installation = world.installation
    with Installation(settings_at(postgresql_url), parts=NOTHING) as other, ThreadPoolExecutor(1) as threads:
        feeding: list[Future[int]] = []

        def write() -> None:
            world.bring_in(5)
            other.projections.catch_up()

        def feed() -> None:
            world.bring_in(5)
            feeding.append(threads.submit(other.projections.catch_up))
            sleep(0.3)
            assert not feeding[0].done()

        rebuild(Interrupted(installation.log, write, feed), installation.read_writer, [progress])
        with installation.read_engine.connect() as query:
            assert query.execute(text("SELECT count(*) FROM progress_task")).scalar_one() >= 25
        feeding[0].result(10)
    prove(installation)


def test_a_task_that_comes_right_before_the_queue_is_swapped_is_in_it(world: World) -> None:
    reached = [0]

    def report(position: int) -> None:
        if position == reached[-1]:
            world.bring_in(5)
        reached.append(position)

    assert world.installation.log.rebuild([assignment_queue], report) > reached[-1]
    prove(world.installation, assignment_queue)


def test_a_query_that_reads_tables_the_other_way_round_is_answered_and_the_swap_takes_place(world: World) -> None:
    installation = world.installation
    with ThreadPoolExecutor(1) as threads:
        with installation.read_engine.connect() as query:
            assert query.execute(text("SELECT count(*) FROM progress_task")).scalar_one() == 20
            swap = threads.submit(installation.renewed, [progress])
            sleep(0.5)
            assert query.execute(text("SELECT sum(tasks) FROM progress_project")).scalar_one() == 20
        assert swap.result(20) == installation.log.head()
    prove(installation, progress)


def test_a_query_that_begins_before_a_swap_and_comes_to_the_table_after_it_is_asked_again(world: World) -> None:
    """PostgreSQL finds a table by its name as of now and the rows as of the snapshot: the first try finds none."""
    installation = world.installation
    counts: list[int] = []

    def query(connection: Connection) -> int:
        connection.execute(text("SELECT position FROM bookmark")).fetchall()
        if not counts:
            installation.renewed([progress])
        counts.append(connection.execute(text("SELECT count(*) FROM progress_task")).scalar_one())
        return counts[-1]

    assert in_snapshot(installation.read_engine, query) == 20
    assert counts == [0, 20]
