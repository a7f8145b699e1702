"""Stretches of partitions: what is missing before them, and that no two partitions meet in a row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from annolog.domain.recorded import Recorded
from annolog.infra.composition import scratch_engine
from annolog.infra.read_models import PROJECTORS
from annolog.projections.engine import bookmarks
from annolog.projections.engine.bookmarks import Bookmark
from annolog.projections.engine.feeding import Missed, Stretch, feed
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.renewal import begin
from annolog.projections.performance.projector import performance
from annolog.projections.progress.projector import progress
from tests.faults.postgresql.ground import live, whole_log
from tests.world import World, world_in


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Two projects of the same people."""
    with world_in(tmp_path / "world") as found:
        live(found, 80)
        yield found


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Engine]:
    engine = scratch_engine(tmp_path)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("ahead", [progress, performance], ids=lambda projector: projector.name)
def test_what_is_missing_begins_where_the_read_model_furthest_behind_stands(scratch: Engine, ahead: Projector) -> None:
    begin(scratch, [progress, performance], [0, 1])
    with scratch.begin() as connection:
        bookmarks.move(connection, {(ahead.name, 1): Bookmark(ahead.version, 40)})
    with pytest.raises(Missed) as missed:
        feed(scratch, [progress, performance], {0: Stretch((), 0, 5), 1: Stretch((), 50, 60)})
    assert (missed.value.partition, missed.value.position) == (1, 0)
    with scratch.connect() as connection:
        assert bookmarks.read(connection)["progress"][0].position == 0


def test_a_read_model_that_is_being_built_anew_does_not_count_as_behind(scratch: Engine) -> None:
    begin(scratch, [progress, performance], [0])
    with scratch.begin() as connection:
        bookmarks.move(connection, {("progress", 0): Bookmark(bookmarks.NO_VERSION, 0)})
        bookmarks.move(connection, {("performance", 0): Bookmark(performance.version, 50)})
    assert feed(scratch, [progress, performance], {0: Stretch((), 50, 60)}) == {"performance": 0}


@pytest.mark.parametrize("projector", PROJECTORS, ids=lambda projector: projector.name)
def test_no_row_is_needed_by_events_of_two_projects(world: World, projector: Projector) -> None:
    """Whoever feeds one partition must not wait for whoever feeds another."""
    projects: dict[object, set[int | None]] = {}
    for recorded in whole_log(world.installation):
        for row in needed(projector, recorded):
            projects.setdefault(row, set()).add(recorded.project)
    # What belongs to no project is in the first partition, wherever that of a project is.
    assert all(len(found) == 1 for found in projects.values())
    if projector.name != "consensus":
        assert set.union(*projects.values()) - {None} == {1, 2}
    assert projector.name == "activity" or {None} not in projects.values()


def needed(projector: Projector, recorded: Recorded) -> Iterator[object]:
    if type(recorded.event) in projector.interests:
        yield from ((table.name, *key) for table, key in projector.touches(recorded))
