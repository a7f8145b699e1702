"""What a skip does to the queue, to completeness and to progress, in every mode."""

from __future__ import annotations

import pytest

from annolog.commands.distributing import AssignTasks
from annolog.commands.working import ReleaseTask
from annolog.domain.task.events import TaskState
from tests.world import World

MODES = ["requeue_for_me", "requeue_for_others", "ignore_skipped"]


@pytest.mark.conformance("B6")
@pytest.mark.parametrize("overlap", [1, 2])
@pytest.mark.parametrize("distribution", ["automatic", "manual"])
@pytest.mark.parametrize("mode", MODES)
def test_progress_after_everybody_skipped(world: World, mode: str, distribution: str, overlap: int) -> None:
    people = "ann bob" if overlap == 2 else "ann"
    world.set_up(
        tasks=1,
        annotators=people,
        assignment={"overlap": overlap, "skip_mode": mode, "distribution": distribution},
    )
    if distribution == "manual":
        everybody = [world.people[who] for who in people.split()]
        world.run(AssignTasks(project=world.project, tasks=[1], people=everybody))
    for who in people.split():
        world.skip(who, world.next(who))
    counts_as_done = mode == "ignore_skipped" or (distribution == "manual" and mode == "requeue_for_others")
    progress = world.progress()
    assert progress["skips"] == overlap
    assert progress["completed_share"] == (1.0 if counts_as_done else 0.0)
    assert world.task().state is (TaskState.COMPLETED if counts_as_done else TaskState.ANNOTATION_IN_PROGRESS)
    # Whoever has it come back gets it again; nobody else does.
    assert [world.has_work(who) for who in people.split()] == [mode == "requeue_for_me"] * overlap


@pytest.mark.conformance("B6")
@pytest.mark.parametrize("mode", MODES)
def test_one_of_two_skips_and_the_other_answers(world: World, mode: str) -> None:
    world.set_up(tasks=1, annotators="ann bob", assignment={"overlap": 2, "skip_mode": mode})
    world.skip("ann", world.next("ann"))
    world.work("bob")
    finished = world.task().state is TaskState.NEEDS_REVIEW
    assert finished is (mode == "ignore_skipped")
    assert world.performance("ann")["skipped"] == 1
    assert world.performance("ann")["submitted"] == 0
    if mode == "requeue_for_others":
        world.join("cyd")
        world.work("cyd")
        assert world.task().state is TaskState.NEEDS_REVIEW


@pytest.mark.conformance("B6")
def test_who_skips_again_and_again_sees_all_their_skips_in_turn(world: World) -> None:
    world.set_up(tasks=3, annotators="ann", assignment={"skip_mode": "requeue_for_me"})
    seen = []
    for _ in range(7):
        task = world.next("ann")
        seen.append(task)
        world.skip("ann", task)
    assert seen == [1, 2, 3, 1, 2, 3, 1]


@pytest.mark.conformance("B6")
def test_a_skip_for_others_is_the_next_thing_others_get(world: World) -> None:
    world.set_up(tasks=3, assignment={"skip_mode": "requeue_for_others"})
    assert world.next("ann") == 1
    assert world.next("bob") == 2
    world.skip("ann", 1)
    assert world.next("cyd") == 1
    assert world.next("ann") == 3


def test_who_leaves_a_task_has_not_skipped_it(world: World) -> None:
    world.set_up(tasks=1)
    world.next("ann")
    world.run(ReleaseTask(task=1), "ann")
    assert world.progress()["skips"] == 0
    assert world.has_work("ann")


def test_many_skips_that_found_their_people_do_not_hide_one_that_did_not(world: World) -> None:
    world.set_up(tasks=12, annotators="ann bob", assignment={"overlap": 2, "skip_mode": "requeue_for_me"})
    for task in range(1, 13):
        world.skip("ann", task)
    for task in range(1, 12):
        world.submit("bob", task)
    world.change("assignment", overlap=1)
    assert world.next("ann") == 12
