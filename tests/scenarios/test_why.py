"""A manager sees why: who could be given a task, by which rule others could not, and what every decision rested on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from annolog.commands.members import PauseMember
from annolog.domain.project.events import PauseKind
from annolog.domain.refusals import NotFound, NoWork
from annolog.infra.why import why_person, why_task
from tests.world import World


def stands(world: World, task: int) -> dict[str, str]:
    """How everybody stands to a task, by name."""
    names = {id: name for name, id in world.people.items()}
    return {names[one["person"]]: one["reason"] for one in why_task(world.installation, task)["people"]}


def test_everybody_is_considered_and_the_rule_that_filters_them_is_named(world: World) -> None:
    world.set_up(
        tasks=1,
        annotators="ann bob cyd dan eve",
        assignment={"overlap": 2, "limit_count": 1},
        reassignment={"enabled": True, "threshold": 0.9, "maximum_additional": 2},
    )
    until = world.clock() + timedelta(hours=1)
    world.run(PauseMember(project=world.project, person=world.people["eve"], kind=PauseKind.FULL, until=until))
    world.work("ann", "A")
    assert world.next("bob") == 1
    world.settle()
    assert stands(world, 1) == {
        "ann": "answered",
        "bob": "holds",
        "cyd": "no_slot",
        "dan": "no_slot",
        "eve": "paused",
    }
    world.submit("bob", 1, "B")
    world.settle()
    assert stands(world, 1)["cyd"] == "eligible"
    found = why_task(world.installation, 1)
    [added] = [one for one in found["decisions"] if one["type"] == "SlotAdded"]
    assert added["evidence"]["score"] == 0.0
    assert added["evidence"]["threshold"] == 0.9
    assert len(added["evidence"]["annotations"]) == 2
    [eve] = [one for one in found["people"] if one["person"] == world.people["eve"]]
    assert eve["until"] == until.isoformat()
    assert "data" not in found["decisions"][0]


def test_somebody_sees_why_they_have_a_task_what_comes_next_and_what_binds_them(world: World) -> None:
    world.set_up(tasks=3, assignment={"limit_count": 2, "sampling": "uniform", "seed": 7})
    first = why_person(world.installation, world.project, world.people["ann"])
    assert first["holds"] == []
    assert first["bound"] is None
    task = world.next("ann")
    assert first["next"]["task"] == task
    second = why_person(world.installation, world.project, world.people["ann"])
    [held] = second["holds"]
    assert (held["task"], held["why"]["policy"], held["why"]["seed"]) == (task, "uniform", 7)
    world.submit("ann", task)
    world.work("ann")
    bound = why_person(world.installation, world.project, world.people["ann"])["bound"]
    assert bound["reason"] == "at_limit"


def test_whoever_is_given_nothing_and_whoever_asks_about_them_are_told_the_same(world: World) -> None:
    world.set_up(tasks=1, assignment={"overlap": 2})

    def told(who: str) -> str:
        with pytest.raises(NoWork) as refusal:
            world.next(who)
        found = why_person(world.installation, world.project, world.people[who])
        assert found["next"] is None
        nothing = found["no_work"]
        assert {"words": refusal.value.detail, "next_expiry": None, **refusal.value.facts} == nothing
        return str(nothing["reason"])

    assert why_person(world.installation, world.project, world.people["ann"])["no_work"] is None
    world.work("ann")
    assert told("ann") == "touched"
    world.next("bob")
    assert why_person(world.installation, world.project, world.people["bob"])["no_work"] is None
    assert (told("ann"), told("cyd")) == ("held", "held")
    world.submit("bob", 1)
    assert told("cyd") == "finished"
    world.change("assignment", distribution="manual")
    assert told("cyd") == "assigned_done"


def test_what_is_not_there_is_not_found(world: World) -> None:
    world.set_up(tasks=1)
    with pytest.raises(NotFound):
        why_task(world.installation, 99)
    with pytest.raises(NotFound):
        why_person(world.installation, world.project, 999)
