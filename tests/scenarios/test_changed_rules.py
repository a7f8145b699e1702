"""A rule that is changed while people work reaches every task, and nobody has to ask for it."""

from __future__ import annotations

import pytest

from annolog.commands.annotating import SkipTask
from annolog.commands.distributing import AssignTasks, DeleteTasks, RestoreTasks
from annolog.commands.projects import ChangeSettings, UnpublishProject
from annolog.domain.refusals import NotPublished
from annolog.domain.task.events import TaskState
from tests.world import World

TWO = {"overlap": 2}


def states(world: World, tasks: int) -> list[str]:
    return [world.task(id).state.value for id in range(1, tasks + 1)]


def test_the_agreement_rule_switched_on_judges_what_was_finished_before(world: World) -> None:
    world.set_up(tasks=2, assignment=TWO)
    for task, labels in ((1, "AA"), (2, "AB")):
        world.submit("ann", task, labels[0])
        world.submit("bob", task, labels[1])
    world.settle()
    assert states(world, 2) == ["needs_review"] * 2
    world.change("reassignment", enabled=True)
    assert states(world, 2) == ["needs_review", "annotation_in_progress"]
    assert world.next("cyd") == 2


def test_the_agreement_rule_switched_off_leaves_nothing_waiting_for_it(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob", assignment=TWO, reassignment={"enabled": True})
    world.work("ann", "A")
    world.work("bob", "B")
    world.settle()
    assert states(world, 1) == ["annotation_in_progress"]
    world.change("reassignment", enabled=False)
    assert states(world, 1) == ["needs_review"]


def test_another_share_of_review_moves_tasks_into_it_and_out_of_it(world: World) -> None:
    world.set_up(tasks=3, review={"sample_percent": 0})
    for _ in range(3):
        world.work("ann")
    assert states(world, 3) == ["completed"] * 3
    world.change("review", sample_percent=100)
    assert states(world, 3) == ["needs_review"] * 3
    assert world.progress()["state"] == "needs_review"
    world.change("review", sample_percent=0)
    assert world.progress()["completed_share"] == 1.0


@pytest.mark.conformance("B13")
def test_other_criteria_of_review_open_what_one_verdict_had_closed(world: World) -> None:
    world.set_up(tasks=1, assignment=TWO)
    first, second = world.submit("ann", 1), world.submit("bob", 1)
    world.review("rev", 1, first, "accepted")
    assert states(world, 1) == ["completed"]
    world.change("review", criteria="all")
    assert states(world, 1) == ["review_in_progress"]
    world.review("rev", 1, second, "rejected", action="remove")
    assert states(world, 1) == ["completed"]


def test_settings_that_move_nothing_write_nothing_to_tasks(world: World) -> None:
    world.set_up(tasks=2)
    world.work("ann")
    before = [world.types(f"task-{id}") for id in (1, 2)]
    world.change("review", criteria="all", comment_on_reject=True)
    world.change("assignment", seed=3)
    assert [world.types(f"task-{id}") for id in (1, 2)] == before


@pytest.mark.conformance("B20")
def test_a_project_is_as_far_as_its_least_advanced_task(world: World) -> None:
    world.set_up(tasks=2, publish=False)
    assert world.progress()["state"] == "ready_to_publish"
    world.set_up(tasks=0, publish=False)
    assert world.progress()["state"] == "setup_in_progress"
    world.people.clear()
    world.set_up(tasks=2, annotators="dan", reviewers="rex")
    assert world.progress()["state"] == "published"
    first, second = world.work("dan"), world.next("dan")
    assert world.progress()["state"] == "annotation_in_progress"
    world.submit("dan", second)
    assert world.progress()["state"] == "needs_review"
    for task in (first, second):
        world.review("rex", task, world.task(task).counted[0].id, "accepted")
    assert world.progress()["state"] == "completed"


@pytest.mark.conformance("B1")
def test_two_changes_of_coverage_in_a_row_end_at_the_last(world: World) -> None:
    world.set_up(tasks=20, assignment={"overlap": 2, "coverage_percent": 10})
    for percent in (90, 20, 70):
        world.run(ChangeSettings(project=world.project, group="assignment", changes={"coverage_percent": percent}))
    world.settle()
    assert sum(world.task(id).covered for id in range(1, 21)) == 14
    assert world.installation.states.project(1).covered == 14


def test_what_enters_the_coverage_is_offered_to_who_is_done_with_it_so_far(world: World) -> None:
    world.set_up(
        tasks=10,
        assignment={"overlap": 2, "coverage_percent": 50, "breadth_first": False, "limit_count": 8},
    )
    done = {world.work("ann") for _ in range(6)}
    world.change("assignment", coverage_percent=100, limit_count=None)
    rest = {world.work("ann") for _ in range(4)}
    assert done | rest == set(range(1, 11))


@pytest.mark.conformance("B20")
def test_lower_overlap_closes_what_reassignment_had_not_opened(world: World) -> None:
    world.set_up(tasks=2, assignment={"overlap": 3}, review={"sample_percent": 0})
    world.work("ann")
    world.work("bob")
    assert states(world, 2) == ["annotation_in_progress", "created"]
    world.change("assignment", overlap=2)
    assert states(world, 2) == ["completed", "created"]
    assert world.next("cyd") == 2


@pytest.mark.conformance("B23")
def test_back_from_manual_distribution_the_automatic_rules_hold_again(world: World) -> None:
    world.set_up(
        tasks=1,
        assignment={**TWO, "skip_mode": "requeue_for_others"},
        reassignment={"enabled": True},
    )
    world.change("assignment", distribution="manual")
    everybody = [world.people[who] for who in ("ann", "bob", "cyd")]
    world.run(AssignTasks(project=world.project, tasks=[1], people=everybody))
    world.work("ann", "A")
    world.work("bob", "B")
    world.run(SkipTask(task=1), "cyd")
    assert world.task().state is TaskState.NEEDS_REVIEW
    assert world.task().skips == {world.people["cyd"]: "ignore_skipped"}
    world.change("assignment", distribution="automatic")
    assert world.installation.states.project(1).settings.assignment.skip_mode == "requeue_for_others"
    assert world.progress()["infeasible"] == 1
    world.join("dan")
    world.settle()
    assert world.next("dan") == 1


def test_a_project_that_is_unpublished_makes_everybody_but_its_managers_wait(world: World) -> None:
    world.set_up(tasks=2, managers="max")
    annotation = world.submit("ann", 1)
    world.run(UnpublishProject(project=world.project))
    with pytest.raises(NotPublished):
        world.next("ann")
    with pytest.raises(NotPublished):
        world.submit("bob", 2)
    with pytest.raises(NotPublished):
        world.review("rev", 1, annotation, "accepted")
    assert world.work("max") == 2


def test_a_task_that_was_deleted_while_it_was_with_its_author_is_nobodys_until_it_is_back(world: World) -> None:
    world.set_up(tasks=2)
    annotation = world.submit("ann", 1)
    world.review("rev", 1, annotation, "rejected", action="return")
    world.run(DeleteTasks(project=world.project, tasks=[1]))
    assert world.next("ann") == 2
    world.run(RestoreTasks(project=world.project, tasks=[1]))
    assert world.next("ann") == 1
