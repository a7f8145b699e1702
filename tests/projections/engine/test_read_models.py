"""Read models follow the log exactly, however they come to it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine, text

from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Refused
from annolog.infra.composition import scratch_engine
from annolog.infra.event_log.log import HOT
from annolog.infra.read_models import ALL_PROJECTORS, PROJECTORS
from annolog.projections.engine import bookmarks
from annolog.projections.engine.partitions import WHOLE
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.proof import compare
from annolog.projections.engine.rebuild import BUILDING, rebuild
from annolog.projections.engine.renewal import begin
from annolog.projections.engine.runner import ProjectionRunner
from annolog.projections.progress.projector import progress
from tests.projections.engine.history import live_through
from tests.world import World, world_in


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world_in(Path(tmp_path_factory.mktemp("lived"))) as world:
        live_through(world, 250, seed=20261124)
        yield world


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Engine]:
    engine = scratch_engine(tmp_path)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("projector", ALL_PROJECTORS, ids=lambda projector: projector.name)
def test_live_tables_equal_those_built_anew(lived: World, projector: Projector, scratch: Engine) -> None:
    assert lived.installation.verify(projector, scratch) == []


@pytest.mark.parametrize("projector", ALL_PROJECTORS, ids=lambda projector: projector.name)
def test_one_event_at_a_time_comes_to_the_same_as_all_at_once(
    lived: World, projector: Projector, scratch: Engine, tmp_path: Path
) -> None:
    other = scratch_engine(tmp_path)
    log = lived.installation.log.after(0, 100_000)
    with scratch.begin() as connection:
        projector.metadata.create_all(connection)
        projector.fold(connection, log)
    with other.begin() as connection:
        projector.metadata.create_all(connection)
        for recorded in log:
            projector.fold(connection, [recorded])
    with scratch.connect() as one, other.connect() as another:
        for table in projector.tables:
            assert list(compare(table, one, another)) == []
    other.dispose()


def test_a_tampered_row_is_found(lived: World, scratch: Engine) -> None:
    engine = lived.installation.read_writer
    with engine.begin() as connection:
        connection.execute(text("UPDATE board SET skip_count = skip_count + 1 WHERE task = 3"))
    try:
        board = next(projector for projector in PROJECTORS if projector.name == "board")
        [difference] = lived.installation.verify(board, scratch)
        assert difference.table == "board"
    finally:
        with engine.begin() as connection:
            connection.execute(text("UPDATE board SET skip_count = skip_count - 1 WHERE task = 3"))


def test_a_crash_half_way_through_a_batch_leaves_rows_and_position_as_they_were(lived: World, scratch: Engine) -> None:
    seen = 0

    def crash(rows: object, recorded: Recorded) -> None:
        nonlocal seen
        seen += 1
        progress.apply(rows, recorded)  # type: ignore[arg-type]
        if seen == 40:
            raise KeyboardInterrupt

    log = lived.installation.log
    broken = ProjectionRunner(log, scratch, [replace(progress, apply=crash)])
    with pytest.raises(KeyboardInterrupt):
        broken.advance()
    with scratch.connect() as connection:
        assert bookmarks.least(bookmarks.read(connection)["progress"]) == 0
        assert connection.execute(text("SELECT count(*) FROM progress_task")).scalar() == 0
    whole = ProjectionRunner(log, scratch, [progress])
    whole.catch_up()
    assert whole.position == log.head()
    with scratch.connect() as connection, lived.installation.read_engine.connect() as live:
        for table in progress.tables:
            assert list(compare(table, live, connection)) == []


def test_another_version_of_a_projector_is_built_anew_beside_the_old_one(lived: World, scratch: Engine) -> None:
    log = lived.installation.log
    ProjectionRunner(log, scratch, [progress]).catch_up()
    newer = ProjectionRunner(log, scratch, [replace(progress, version=progress.version + 1)])
    assert newer.advance() == 0, "the old tables are left as they are until the new ones take their place"
    newer.catch_up()
    with scratch.connect() as connection:
        [mark] = bookmarks.read(connection)["progress"].values()
    assert (mark.version, mark.position) == (progress.version + 1, log.head())


@pytest.mark.parametrize("projector", ALL_PROJECTORS, ids=lambda projector: projector.name)
def test_a_rebuild_swaps_while_people_work_and_queries_go_on(
    tmp_path: Path, projector: Projector, scratch: Engine
) -> None:
    with world_in(tmp_path / "world") as world:
        live_through(world, 40, seed=7)
        world.bring_in(400)
        hot = projector in HOT
        engine = world.installation.log_writer if hot else world.installation.read_writer
        reader = world.installation.log_reader if hot else world.installation.read_engine
        stop, counts = Event(), [0]

        def ask() -> None:
            while not stop.is_set():
                with reader.connect() as connection:
                    found = connection.execute(text(f"SELECT count(*) FROM {projector.tables[0].name}")).scalar()
                counts.append(found or 0)
                with suppress(Refused):
                    world.work("ann")

        with ThreadPoolExecutor(1) as threads:
            asking = threads.submit(ask)
            world.installation.renewed([projector])
            stop.set()
            asking.result(30)
        # Nobody ever saw a table that was empty or half full.
        assert counts == sorted(counts)
        world.settle()
        assert world.installation.verify(projector, scratch) == []
        with engine.connect() as connection:
            names = [name for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type='table'"))]
        assert not [name for name in names if BUILDING in name]


def test_a_rebuild_sweeps_away_what_a_dead_one_left(lived: World, scratch: Engine) -> None:
    log = lived.installation.log
    begin(scratch, [progress], [WHOLE])
    with scratch.begin() as connection:
        connection.execute(text(f'CREATE TABLE "progress_task{BUILDING}dead" (task INTEGER)'))
    rebuild(log, scratch, [progress])
    with scratch.connect() as connection:
        names = [name for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type='table'"))]
    assert not [name for name in names if BUILDING in name]
