"""Row 7: a new version of a read model is filled beside the old one, which answers and moves on until they swap."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import count, pairwise
from threading import Event
from time import sleep

import pytest
from sqlalchemy import inspect, text

from annolog.commands.ports import EventLog
from annolog.domain.project.events import ProjectCreated
from annolog.domain.recorded import Recorded
from annolog.infra.composition import Installation, Part
from annolog.projections.assignment_queue.projector import assignment_queue
from annolog.projections.engine.rebuild import BUILDING
from annolog.projections.engine.rows import Rows
from annolog.projections.engine.runner import ProjectionRunner
from annolog.projections.progress.projector import progress
from annolog.projections.progress.tables import progress_project
from tests.faults.postgresql.ground import live, prove, quiet, read_models_in, set_up, settings_at, whole_log
from tests.faults.postgresql.processes import PROCESSES, ended, rebuild_and_die, start, write_until
from tests.world import World

pytestmark = [pytest.mark.services, pytest.mark.fault]

KILLED = -signal.SIGKILL
OLD, NEW = "a story", "A STORY"


def shouting(rows: Rows, recorded: Recorded) -> None:
    """What version 2 does: titles are in capitals."""
    progress.apply(rows, recorded)
    if isinstance(recorded.event, ProjectCreated):
        project = rows.change(progress_project, recorded.project)
        assert project is not None
        project["title"] = project["title"].upper()


NEWER = replace(progress, version=progress.version + 1, apply=shouting)


class Slowly:
    """The real log, a few events at a time, so that much is written while it is read."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def after(self, position: int, limit: int) -> Sequence[Recorded]:
        sleep(0.01)
        return self._log.after(position, min(limit, 20))


@dataclass(frozen=True)
class Look:
    """What one query saw."""

    title: str
    counted: int
    tasks: int


def look(installation: Installation) -> Look:
    with installation.read_engine.connect() as connection, connection.begin():
        title, *_ = connection.execute(text("SELECT title FROM progress_project WHERE project = 1")).one()
        counted = connection.execute(text("SELECT sum(tasks) FROM progress_project")).scalar_one()
        return Look(title, counted, connection.execute(text("SELECT count(*) FROM progress_task")).scalar_one())


def look_until(installation: Installation, over: Event) -> Sequence[Look]:
    looks = [look(installation)]
    while not over.is_set():
        looks.append(look(installation))
    return [*looks, look(installation)]


@contextmanager
def writers(url: str, number: int = 2) -> Iterator[None]:
    """Other processes that write the whole time."""
    enough = PROCESSES.Event()
    begun = [PROCESSES.Event() for _ in range(number)]
    processes = [start(write_until, url, seed, event, enough) for seed, event in enumerate(begun)]
    try:
        assert all(event.wait(20) for event in begun)
        yield
    finally:
        enough.set()
        assert [ended(process) for process in processes] == [0] * number


@pytest.fixture
def world(postgresql_url: str) -> Iterator[World]:
    with quiet(postgresql_url) as found:
        set_up(found)
        live(found, 60)
        found.installation.projections.catch_up()
        yield found


def test_the_old_version_answers_and_moves_on_until_the_new_one_has_caught_up(
    world: World, postgresql_url: str
) -> None:
    over = Event()
    with ExitStack() as stack:
        old = stack.enter_context(Installation(settings_at(postgresql_url), parts={Part.PROJECTOR}))
        threads = stack.enter_context(ThreadPoolExecutor(2))
        newer = ProjectionRunner(Slowly(world.installation.log), world.installation.read_writer, [NEWER])
        with writers(postgresql_url):
            looking = [threads.submit(look_until, installation, over) for installation in (old, world.installation)]
            began = world.installation.log.head()
            newer.catch_up()
            assert newer.position - began > 50
            over.set()
        seen = [looks.result() for looks in looking]
        newer.catch_up()
        old.projections.advance()
    for looks in seen:
        titles = [one.title for one in looks]
        assert titles == sorted(titles, reverse=True)
        assert (titles[0], titles[-1]) == (OLD, NEW)
        assert all(one.counted == one.tasks > 0 for one in looks)
        assert all(one.tasks <= later.tasks for one, later in pairwise(looks))
        before = [one.tasks for one in looks if one.title == OLD]
        assert before[-1] > before[0]
    prove(world.installation, NEWER)


def test_the_queue_is_built_anew_while_processes_write_it(world: World, postgresql_url: str) -> None:
    log = world.installation.log
    with writers(postgresql_url):
        heads = [log.head()]
        for _ in range(5):
            log.rebuild([assignment_queue])
            heads.append(log.head())
    assert all(before < after for before, after in pairwise(heads))
    assert [event.position for event in whole_log(world.installation)] == list(range(1, log.head() + 1))
    prove(world.installation, assignment_queue)


# A process for each of dozens of statements, one after the other.
@pytest.mark.timeout(300)
def test_a_rebuild_that_dies_at_any_statement_leaves_the_live_tables_as_they_were(
    world: World, postgresql_url: str
) -> None:
    installation = world.installation
    with installation.read_writer.begin() as connection:
        connection.execute(text("UPDATE progress_project SET title = 'tampered'"))
    before = read_models_in(installation)
    states = []
    for step in count(1):
        died = ended(start(rebuild_and_die, postgresql_url, ["progress"], step)) == KILLED
        states.append(read_models_in(installation))
        if not died:
            break
    swapped = [state != before for state in states]
    assert all(state in (before, states[-1]) for state in states)
    assert swapped == sorted(swapped)
    assert swapped.count(False) > 25
    prove(installation)
    with installation.read_engine.connect() as connection:
        assert not [name for name in inspect(connection).get_table_names() if BUILDING in name]
