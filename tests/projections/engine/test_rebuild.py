"""Rebuilding and proving: what the log gives in pieces, what lies beside the log, and what cannot be folded."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest
from sqlalchemy import Engine, text

from annolog.commands.ports import EventLog
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Behind, Refused
from annolog.infra import databases
from annolog.infra.composition import NOTHING, Installation, scratch_engine
from annolog.infra.event_log import log as event_log
from annolog.infra.read_models import ALL_PROJECTORS
from annolog.infra.settings import InstallationSettings
from annolog.projections.assignment_queue.projector import assignment_queue
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rebuild import Source, rebuild
from annolog.projections.engine.runner import ProjectionRunner
from annolog.projections.progress.projector import progress
from annolog.projections.review_queue.projector import review_queue
from tests.projections.engine.history import live_through
from tests.world import World, world_in


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "world") as found:
        live_through(found, 40, seed=11)
        yield found


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Engine]:
    engine = scratch_engine(tmp_path)
    yield engine
    engine.dispose()


class InPieces:
    """The real log, a few events at a time however many are asked for: what it has in memory may end early."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def after(self, position: int, limit: int) -> Sequence[Recorded]:
        return self._log.after(position, min(limit, 7))


def renewed(source: Source, installation: Installation, projector: Projector) -> int:
    """Rebuild one read model from a log that may be slow to give what it has."""
    if projector is assignment_queue:
        return rebuild(source, installation.log_writer, [projector], finish=event_log._renewed)
    return rebuild(source, installation.read_writer, [projector])


@pytest.mark.parametrize("projector", ALL_PROJECTORS, ids=lambda projector: projector.name)
def test_a_rebuild_ends_at_the_end_of_the_log_also_when_it_is_read_in_pieces(
    world: World, projector: Projector, scratch: Engine
) -> None:
    assert renewed(InPieces(world.installation.log), world.installation, projector) == world.installation.log.head()
    assert world.installation.verify(projector, scratch) == []


def test_a_tampered_place_in_the_queue_is_found_and_a_rebuild_heals_it(world: World, scratch: Engine) -> None:
    with world.installation.log_writer.begin() as connection:
        connection.execute(text("UPDATE queue_task SET taken = taken + 1 WHERE task = 5"))
    [difference] = world.installation.verify(assignment_queue, scratch)
    assert difference.table == "queue_task"
    assert difference.live is not None
    assert difference.live[0] == 5
    renewed(world.installation.log, world.installation, assignment_queue)
    assert verified(world.installation, assignment_queue, scratch) == []


def test_a_row_too_many_and_a_row_too_few_are_found(world: World, scratch: Engine) -> None:
    with world.installation.read_writer.begin() as connection:
        connection.execute(text("UPDATE progress_task SET task = 1000 WHERE task = 1"))
    differences = world.installation.verify(progress, scratch)
    assert {difference.table for difference in differences} == {"progress_task"}


def verified(installation: Installation, projector: Projector, scratch: Engine) -> list[Any]:
    """Verify once more: the scratch database is emptied first."""
    with scratch.begin() as connection:
        projector.metadata.drop_all(connection)
    return installation.verify(projector, scratch)


def test_a_rebuilt_queue_goes_on_with_the_work_that_follows(world: World, scratch: Engine) -> None:
    renewed(world.installation.log, world.installation, assignment_queue)
    for who in ("ann", "bob", "cyd") * 3:
        with suppress(Refused):
            world.work(who)
    assert world.installation.verify(assignment_queue, scratch) == []


def test_a_queue_that_another_version_wrote_is_built_anew_before_anybody_asks_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scratch: Engine
) -> None:
    with world_in(tmp_path / "world") as world:
        live_through(world, 40, seed=11)
        with world.installation.log_writer.begin() as connection:
            connection.execute(text("UPDATE queue_task SET taken = 99"))
    newer = replace(assignment_queue, version=assignment_queue.version + 1)
    monkeypatch.setattr(event_log, "HOT", (newer, review_queue))
    monkeypatch.setattr("annolog.infra.composition.HOT", (newer, review_queue))
    with world_in(tmp_path / "world") as world:
        assert world.installation.verify(newer, scratch) == []
        with world.installation.log_reader.connect() as connection:
            assert (
                connection.execute(text("SELECT version FROM hot_version WHERE reader = 'assignment_queue'")).scalar()
                == newer.version
            )


class Once:
    """The real log. Something happens each time its end is found."""

    def __init__(self, log: EventLog, at_end: Callable[[], None]) -> None:
        self._log = log
        self._at_end = at_end

    def after(self, position: int, limit: int) -> Sequence[Recorded]:
        batch = self._log.after(position, limit)
        if not batch:
            self._at_end()
        return batch


@pytest.mark.fault
@pytest.mark.parametrize("when", ["while it is built", "at the swap"])
def test_a_rebuild_waits_for_whoever_keeps_the_database_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    monkeypatch.setattr(databases, "BUSY_MILLISECONDS", 50)
    with world_in(tmp_path / "world") as world:
        live_through(world, 20, seed=11)
        settings = world.installation.settings
    with Installation(settings, parts=NOTHING) as installation, ExitStack() as stack:
        ends: list[int] = []

        def hold() -> None:
            """Half a second is ten times as long as anybody is made to wait."""
            ends.append(1)
            if len(ends) == (1 if when == "while it is built" else 2):
                begun = Event()
                stack.enter_context(holding(tmp_path / "world" / "read.db", begun, 0.5))
                assert begun.wait(5)

        source = Once(installation.log, hold)
        assert rebuild(source, installation.read_writer, [progress]) == installation.log.head()
        assert len(ends) > 1
        scratch = scratch_engine(tmp_path)
        assert installation.verify(progress, scratch) == []
        scratch.dispose()


@contextmanager
def holding(file: Path, begun: Event, seconds: float) -> Iterator[None]:
    """Somebody else writes to the database for a while."""

    def hold() -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            begun.set()
            sleep(seconds)

    thread = Thread(target=hold)
    thread.start()
    yield
    thread.join()


@pytest.mark.parametrize("projector", ALL_PROJECTORS, ids=lambda projector: projector.name)
def test_an_empty_log_verifies_and_rebuilds(tmp_path: Path, projector: Projector, scratch: Engine) -> None:
    with Installation(InstallationSettings(data_dir=tmp_path / "empty"), parts=NOTHING) as installation:
        assert installation.verify(projector, scratch) == []
        assert renewed(installation.log, installation, projector) == 0
        assert verified(installation, projector, scratch) == []


def test_read_models_that_somebody_else_moved_are_noticed(world: World, scratch: Engine) -> None:
    log = world.installation.log
    one, other = (ProjectionRunner(log, scratch, [progress]) for _ in range(2))
    one.catch_up()
    assert other.position == 0
    assert other.advance() == 0
    assert other.position == log.head()
    assert other.wait_for(log.head(), 0)


def test_two_runners_on_one_database_fold_every_event_once(world: World, scratch: Engine) -> None:
    pieces = InPieces(world.installation.log)
    runners = [ProjectionRunner(pieces, scratch, [progress]) for _ in range(2)]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(ProjectionRunner.catch_up, runners))
    assert {runner.position for runner in runners} == {world.installation.log.head()}
    with scratch.connect() as connection:
        rows = connection.execute(text("SELECT * FROM progress_task ORDER BY task")).fetchall()
    with world.installation.read_engine.connect() as connection:
        assert rows == connection.execute(text("SELECT * FROM progress_task ORDER BY task")).fetchall()


def test_a_query_that_wants_what_the_read_models_have_not_seen_yet_is_told_how_far_they_are(tmp_path: Path) -> None:
    with Installation(InstallationSettings(data_dir=tmp_path), parts=NOTHING) as installation:
        with pytest.raises(Behind) as behind:
            installation.wait_for(1, 0.05)
        assert behind.value.facts["position"] == 0
