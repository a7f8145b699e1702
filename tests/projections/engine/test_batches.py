"""Rows come out the same however the log is cut into batches: also those that are settled only at the end of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, select

from annolog.domain.recorded import Recorded
from annolog.domain.task.events import TaskImported
from annolog.infra.read_models import PROJECTORS
from annolog.projections.agreement.projector import agreement
from annolog.projections.board.projector import board
from annolog.projections.burndown.projector import burndown
from annolog.projections.engine.projector import Projector
from annolog.projections.skills.projector import skills
from tests.projections.agreement.test_running_figures import P, history_of
from tests.projections.engine.history import live_through
from tests.world import world_in


def folded(projector: Projector, batches: Sequence[Sequence[Recorded]]) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, after these batches."""
    engine: Engine = create_engine("sqlite://")
    with engine.begin() as connection:
        projector.metadata.create_all(connection)
        for batch in batches:
            projector.fold(connection, batch)
        rows = {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in projector.tables
        }
    engine.dispose()
    return rows


def cut(events: Sequence[Recorded], chance: Random) -> list[Sequence[Recorded]]:
    """The events in pieces of any size."""
    pieces = []
    start = 0
    while start < len(events):
        size = chance.choice([1, 2, 3, 7, 30])
        pieces.append(events[start : start + size])
        start += size
    return pieces


def imported(task: int) -> TaskImported:
    """A task that came in."""
    return TaskImported(project=P, task=task, import_id=1, line=task, data={}, slots=3, covered=True, draw=0.5, seed=0)


@settings(max_examples=150)
@example(392, agreement)  # an answer that was revised to what it said before had a metric's word about it
@given(st.integers(0, 2**32), st.sampled_from([agreement, board, skills, burndown]))
def test_random_histories_give_the_same_rows_in_any_batches(seed: int, projector: Projector) -> None:
    history = history_of(seed, custom=True)
    imports = [replace(history.events[0], event=imported(task)) for task in (1, 2, 3)]
    events = [history.events[0], *imports, *history.events[1:]]
    one_by_one = folded(projector, [[recorded] for recorded in events])
    assert one_by_one[projector.tables[0].name]
    assert folded(projector, [events]) == one_by_one
    assert folded(projector, cut(events, Random(seed))) == one_by_one


@pytest.mark.parametrize("projector", PROJECTORS, ids=lambda projector: projector.name)
def test_what_people_really_did_gives_the_same_rows_in_any_batches(tmp_path: Path, projector: Projector) -> None:
    with world_in(tmp_path / "world") as world:
        live_through(world, 60, seed=5)
        events = world.installation.log.after(0, 1_000_000)
        assert len(events) == world.installation.log.head()
    one_by_one = folded(projector, [[recorded] for recorded in events])
    assert any(one_by_one.values()) or projector.name == "consensus"
    assert folded(projector, [events]) == one_by_one
    for seed in range(3):
        assert folded(projector, cut(events, Random(seed))) == one_by_one
