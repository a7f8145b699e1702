"""How a project burns down, in the time of whoever looks, and the day on which it will be done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from annolog.commands.annotating import DeleteAnnotation
from annolog.commands.distributing import DeleteTasks, RestoreTasks
from annolog.domain.task.events import TaskDeleted, TaskImported, TaskRestored, TaskStateChanged
from annolog.projections.burndown.buckets import Size, buckets
from annolog.projections.burndown.queries import STATES, Change, changes, completion, rows_of
from tests.world import START, World

BERLIN = ZoneInfo("Europe/Berlin")
DAY = 86_400


def found_in(world: World) -> list[Change]:
    world.settle()
    with world.installation.read_engine.connect() as connection:
        return changes(connection, world.project)


def test_two_weeks_of_work_and_the_day_it_ends(world: World) -> None:
    world.set_up(tasks=60, annotators="ann", assignment={"overlap": 1}, review={"sample_percent": 0})
    for _ in range(14):
        for _ in range(3):
            world.work("ann")
        world.clock.forward(DAY)
    found = found_in(world)
    now = world.clock()
    rows = rows_of(found, ZoneInfo("UTC"), START, now, Size.DAY, 100)
    assert [row["remaining"] for row in rows] == [60 - 3 * min(day, 14) for day in range(1, 16)]
    assert [row["completed_in"] for row in rows] == [3] * 14 + [0]
    assert [row["completed"] for row in rows] == [3 * min(day, 14) for day in range(1, 16)]
    # Eighteen are left at three a day, the first of them today.
    forecast = completion(found, ZoneInfo("UTC"), now, 1)
    last = (now.date() + timedelta(days=5)).isoformat()
    assert forecast["remaining"] == 18
    assert (forecast["earliest"], forecast["expected"], forecast["latest"]) == (last, last, last)
    assert (forecast["rate"], forecast["days"]) == (3, 13)


def test_a_project_that_began_today_has_no_forecast(world: World) -> None:
    world.set_up(tasks=5, annotators="ann", assignment={"overlap": 1}, review={"sample_percent": 0})
    world.work("ann")
    forecast = completion(found_in(world), BERLIN, world.clock(), 1)
    assert forecast["remaining"] == 4
    assert "0 whole days" in forecast["reason"]


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("zone", [BERLIN, ZoneInfo("Asia/Kathmandu"), ZoneInfo("Pacific/Auckland")])
def test_any_bucket_in_any_zone_tells_what_the_log_tells(world: World, size: Size, zone: ZoneInfo) -> None:
    chance = Random(f"{size}{zone}")
    world.set_up(tasks=12, assignment={"overlap": 2}, review={"sample_percent": 50})
    for _ in range(40):
        world.clock.forward(chance.expovariate(1 / 20_000))
        _something(world, chance)
    found = found_in(world)
    edges = buckets(START, world.clock(), zone, size, 5_000)
    history = [one for one in world.installation.log.after(0, 10_000) if one.project == world.project]
    for row, begin, end in zip(
        rows_of(found, zone, START, world.clock(), size, 5_000), edges[:-1], edges[1:], strict=True
    ):
        by_state, done = _states_before(history, end.astimezone(UTC))
        assert {state: row[state] for state in STATES} == by_state
        assert row["remaining"] == sum(by_state.values()) - by_state["completed"]
        assert row["completed_in"] == done - _states_before(history, begin.astimezone(UTC))[1]


def _something(world: World, chance: Random) -> None:
    who = chance.choice(["ann", "bob", "cyd"])
    choice = chance.random()
    if choice < 0.75:
        if world.has_work(who):
            world.work(who, chance.choice("AB"))
        return
    task = world.task(chance.randint(1, 12))
    if choice < 0.85 and task.exists and list(task.live):
        world.run(DeleteAnnotation(task=task.id, annotation=next(iter(task.live)).id))
    elif task.exists:
        world.run(DeleteTasks(project=world.project, tasks=[task.id]))
    else:
        world.run(RestoreTasks(project=world.project, tasks=[task.id]))


def _states_before(history: list[Any], end: datetime) -> tuple[dict[str, int], int]:
    """Tasks by state, and completions so far, by going through the history from its beginning."""
    states: dict[int, str] = {}
    deleted: set[int] = set()
    done = 0
    for recorded in history:
        if recorded.recorded_at >= end:
            break
        match recorded.event:
            case TaskImported(task=task):
                states[task] = "created"
            case TaskStateChanged(task=task, state=state):
                done += state.value == "completed" and task not in deleted
                states[task] = state.value
            case TaskDeleted(task=task):
                deleted.add(task)
            case TaskRestored(task=task):
                deleted.discard(task)
    alive = [state for task, state in states.items() if task not in deleted]
    return {state: alive.count(state) for state in STATES}, done
