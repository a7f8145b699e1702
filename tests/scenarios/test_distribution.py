"""Who gets which task: overlap, coverage, order, reservations, skips, limits."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.commands.distributing import AssignTasks, DeleteTasks
from annolog.commands.importing import ImportTasks
from annolog.commands.members import PauseMember
from annolog.commands.projects import ChangeSettings, PublishProject
from annolog.commands.working import ReleaseTask, RequestWork
from annolog.domain.project.events import PauseKind
from annolog.domain.refusals import (
    AlreadyAnnotated,
    LeaseLost,
    NotAssigned,
    NotPublished,
    NoWork,
    Paused,
    SkipRefused,
    SlotTaken,
)
from annolog.domain.task.events import TaskState
from annolog.domain.task.importing import ImportedTask, draw
from annolog.infra.why import why_person
from tests.world import World, result


@pytest.mark.conformance("B1")
@pytest.mark.parametrize(("percent", "tasks", "covered"), [(50, 100, 50), (33, 10, 3), (25, 10, 3), (100, 7, 7)])
def test_coverage_gives_exactly_its_share_of_tasks_the_overlap(
    world: World, percent: int, tasks: int, covered: int
) -> None:
    world.set_up(tasks=tasks, assignment={"overlap": 2, "coverage_percent": percent})
    slots = [world.task(id).slots for id in range(1, tasks + 1)]
    assert (slots.count(2), slots.count(1)) == (covered, tasks - covered)


def test_coverage_stays_exact_over_several_imports(world: World) -> None:
    world.set_up(tasks=3, assignment={"overlap": 2, "coverage_percent": 50})
    world.bring_in(3)
    world.bring_in(1)
    assert [world.task(id).slots for id in range(1, 8)].count(2) == 4


def test_changed_coverage_moves_as_few_tasks_as_it_can(world: World) -> None:
    world.set_up(tasks=20, assignment={"overlap": 2, "coverage_percent": 50})
    before = {id for id in range(1, 21) if world.task(id).covered}
    world.change("assignment", coverage_percent=70)
    more = {id for id in range(1, 21) if world.task(id).covered}
    assert len(more) == 14
    assert before < more
    assert all(world.task(id).slots == 2 for id in more)
    world.change("assignment", coverage_percent=50)
    assert {id for id in range(1, 21) if world.task(id).covered} == before


@pytest.mark.conformance("B2")
@pytest.mark.parametrize("sampling", ["sequential", "uniform"])
def test_tasks_for_several_people_come_before_all_others(world: World, sampling: str) -> None:
    world.set_up(tasks=10, assignment={"overlap": 2, "coverage_percent": 50, "sampling": sampling, "seed": 3})
    covered = [world.task(world.work("ann")).covered for _ in range(10)]
    assert covered == [True] * 5 + [False] * 5


def test_without_overlap_first_the_order_is_that_of_the_tasks(world: World) -> None:
    world.set_up(
        tasks=8, assignment={"overlap": 2, "coverage_percent": 50, "overlap_first": False, "breadth_first": False}
    )
    assert [world.work("ann") for _ in range(8)] == list(range(1, 9))


def test_a_seeded_order_can_be_repeated_and_is_not_that_of_the_tasks(world: World) -> None:
    world.set_up(tasks=12, assignment={"overlap": 2, "sampling": "uniform", "breadth_first": False, "seed": 7})
    first = [world.work("ann") for _ in range(12)]
    again = [world.work("bob") for _ in range(12)]
    assert first == again
    assert first != sorted(first)
    assert sorted(first) == list(range(1, 13))


def scored(score: float | None) -> list[dict[str, Any]]:
    return [{"result": result("A"), "model_version": "m-1", "score": score}]


def test_the_tasks_that_a_model_is_least_sure_of_come_first(world: World) -> None:
    world.set_up(tasks=0, publish=False, assignment={"sampling": "uncertainty", "seed": 3})
    for score in (0.9, None, 0.2, 0.5, 0.2):
        world.bring_in(1, predictions=scored(score))
    world.bring_in(3)
    world.run(PublishProject(project=world.project))
    assert [world.work("ann") for _ in range(4)] == [3, 5, 4, 1]
    # Whatever has no score comes last, in the order of the seed.
    unscored = sorted((2, 6, 7, 8), key=lambda task: draw(3, task))
    assert world.work("ann") == unscored[0]
    world.bring_in(1, predictions=scored(0.99))
    assert world.next("ann") == 9
    why = world.installation.log.streams(["task-9"])["task-9"][-1].event.why
    assert (why.policy, why.lane, why.seed, why.score) == ("uncertainty", "fresh", 3, 0.99)
    found = why_person(world.installation, world.project, world.people["ann"])
    assert found["holds"][0]["why"]["score"] == 0.99
    assert [world.work("bob") for _ in range(3)] == unscored[1:]


def test_another_sampling_holds_at_once_for_whoever_asks(world: World) -> None:
    world.set_up(tasks=0, publish=False)
    for score in (0.9, 0.7, 0.1, 0.5):
        world.bring_in(1, predictions=scored(score))
    world.run(PublishProject(project=world.project))
    assert world.work("ann") == 1
    world.change("assignment", sampling="uncertainty")
    assert world.work("bob") == 3
    world.change("assignment", sampling="sequential")
    assert world.work("ann") == 2


def test_started_tasks_are_finished_before_fresh_ones_begin(world: World) -> None:
    world.set_up(tasks=5, assignment={"overlap": 2})
    assert [world.work("ann"), world.work("ann")] == [1, 2]
    assert [world.work("bob"), world.work("bob"), world.work("bob")] == [1, 2, 3]


@pytest.mark.conformance("B3")
def test_a_held_task_is_nobody_elses_until_it_is_released_or_its_time_is_over(world: World) -> None:
    world.set_up(tasks=1, assignment={"reservation_seconds": 60})
    assert world.next("ann") == 1
    with pytest.raises(NoWork):
        world.next("bob")
    world.run(ReleaseTask(task=1), "ann")
    assert world.next("bob") == 1
    assert not world.has_work("ann")
    world.clock.forward(61)
    assert world.next("ann") == 1


def test_asking_again_gives_the_task_one_holds(world: World) -> None:
    world.set_up(tasks=3)
    assert world.next("ann") == world.next("ann") == 1


@pytest.mark.conformance("B4")
def test_strict_overlap_refuses_what_comes_after_the_slot_went_to_another_and_keeps_it(world: World) -> None:
    world.set_up(tasks=1, assignment={"reservation_seconds": 60, "strict_overlap": True})
    world.next("ann")
    world.clock.forward(61)
    world.work("bob")
    with pytest.raises(LeaseLost) as lost:
        world.submit("ann", 1, "B")
    assert lost.value.facts["draft_kept"]
    draft = world.installation.log.draft(1, world.people["ann"])
    assert draft
    assert draft.reason == "lease-lost"
    assert draft.result[0]["value"] == {"choices": ["B"]}
    assert len(world.task().counted) == 1


@pytest.mark.conformance("B4")
def test_overlap_that_is_not_strict_takes_it_and_says_that_it_is_surplus(world: World) -> None:
    world.set_up(tasks=1, assignment={"reservation_seconds": 60, "strict_overlap": False})
    world.next("ann")
    world.clock.forward(61)
    world.work("bob")
    world.submit("ann", 1, "B")
    assert [annotation.surplus for annotation in world.task().counted] == [False, True]


@pytest.mark.conformance("B4")
def test_reviewers_are_not_bound_by_the_overlap(world: World) -> None:
    world.set_up(tasks=1)
    world.work("ann")
    world.submit("rev", 1)
    assert [annotation.surplus for annotation in world.task().counted] == [False, True]


def test_an_expired_lease_still_submits_while_the_slot_is_free(world: World) -> None:
    world.set_up(tasks=1, assignment={"reservation_seconds": 60})
    world.next("ann")
    world.clock.forward(61)
    world.submit("ann", 1)
    assert world.task().state is TaskState.NEEDS_REVIEW


@pytest.mark.conformance("B5")
def test_a_second_submission_of_the_same_person_fills_no_slot(world: World) -> None:
    world.set_up(tasks=1, assignment={"overlap": 2})
    world.work("ann")
    with pytest.raises(AlreadyAnnotated):
        world.submit("ann", 1)
    assert world.task().state is TaskState.ANNOTATION_IN_PROGRESS
    world.work("bob")
    assert world.task().state is TaskState.NEEDS_REVIEW


MODES = ["requeue_for_me", "requeue_for_others", "ignore_skipped"]


@pytest.mark.conformance("B6")
@pytest.mark.parametrize("overlap", [1, 2])
@pytest.mark.parametrize("mode", MODES)
def test_what_becomes_of_a_skipped_task(world: World, mode: str, overlap: int) -> None:
    world.set_up(tasks=1, assignment={"overlap": overlap, "skip_mode": mode})
    world.skip("ann", world.next("ann"))
    others = [who for who in ("bob", "cyd") if world.has_work(who)]
    expected_others = {"requeue_for_me": overlap - 1, "requeue_for_others": overlap, "ignore_skipped": overlap - 1}
    assert len(others) == expected_others[mode]
    assert world.has_work("ann") is (mode == "requeue_for_me")
    for who in others:
        world.submit(who, 1)
    if mode == "requeue_for_me":
        assert world.task().state is not TaskState.NEEDS_REVIEW
        world.submit("ann", 1)
    finished = TaskState.COMPLETED if mode == "ignore_skipped" and overlap == 1 else TaskState.NEEDS_REVIEW
    assert world.task().state is finished


@pytest.mark.conformance("B6")
@pytest.mark.parametrize("mode", MODES)
def test_what_becomes_of_a_skipped_task_that_was_assigned_by_hand(world: World, mode: str) -> None:
    world.set_up(tasks=1, assignment={"distribution": "manual", "skip_mode": mode})
    world.run(AssignTasks(project=world.project, tasks=[1], people=[world.people["ann"]]))
    world.skip("ann", world.next("ann"))
    assert world.has_work("ann") is (mode == "requeue_for_me")
    done = world.task().state is TaskState.COMPLETED
    assert done is (mode != "requeue_for_me")
    assert not world.has_work("bob")


def test_ones_own_skips_come_back_after_everything_else(world: World) -> None:
    world.set_up(tasks=3, assignment={"skip_mode": "requeue_for_me"})
    world.skip("ann", world.next("ann"))
    assert [world.work("ann") for _ in range(3)] == [2, 3, 1]


@pytest.mark.conformance("B7")
def test_a_task_or_a_project_may_forbid_skipping_or_ask_for_a_comment(world: World) -> None:
    world.set_up(tasks=1, assignment={"comment_on_skip": True})
    [fixed] = world.bring_in(1, allow_skip=False)
    with pytest.raises(SkipRefused, match="comment"):
        world.skip("ann", 1)
    world.skip("ann", 1, "no idea")
    with pytest.raises(SkipRefused, match=f"Task {fixed}"):
        world.skip("bob", fixed, "no idea")
    world.change("assignment", skipping=False)
    with pytest.raises(SkipRefused, match="project"):
        world.skip("bob", 1, "no idea")


@pytest.mark.conformance("B11")
def test_a_flexible_pause_leaves_returned_work_and_comments_and_a_full_one_nothing(world: World) -> None:
    world.set_up(tasks=2)
    task = world.work("ann")
    annotation = world.task(task).counted[0].id
    world.review("rev", task, annotation, "rejected", action="return")
    pause = {"project": world.project, "person": world.people["ann"], "reason": "see me"}
    world.run(PauseMember(**pause, kind=PauseKind.FLEXIBLE))
    assert world.next("ann") == task
    world.revise("ann", task, annotation, "B")
    with pytest.raises(Paused, match="see me"):
        world.next("ann")
    world.review("rev", task, annotation, "rejected", action="return")
    world.run(PauseMember(**pause, kind=PauseKind.FULL))
    with pytest.raises(Paused) as paused:
        world.revise("ann", task, annotation, "C")
    assert paused.value.facts["kind"] == "full"


@pytest.mark.conformance("B11")
def test_who_is_at_the_limit_goes_on_when_it_is_raised(world: World) -> None:
    world.set_up(tasks=4, assignment={"limit_count": 2})
    world.work("ann")
    world.work("ann")
    with pytest.raises(Paused) as paused:
        world.next("ann")
    assert paused.value.facts["cause"] == "limit"
    world.change("assignment", limit_count=3)
    world.work("ann")
    world.change("assignment", limit_count=None, limit_percent=75)
    with pytest.raises(Paused):
        world.next("ann")
    world.bring_in(2)
    world.work("ann")


@pytest.mark.conformance("B20")
def test_another_overlap_opens_finished_tasks_or_closes_open_ones(world: World) -> None:
    world.set_up(tasks=2, review={"sample_percent": 0})
    world.work("ann")
    world.work("ann")
    assert world.progress()["state"] == "completed"
    world.change("assignment", overlap=2)
    assert world.progress()["tasks_by_state"]["annotation_in_progress"] == 2
    assert world.progress()["state"] == "annotation_in_progress"
    world.work("bob")
    assert world.progress()["tasks_by_state"]["completed"] == 1
    world.change("assignment", overlap=1)
    assert world.progress()["tasks_by_state"]["completed"] == 2
    assert not world.has_work("cyd")


@pytest.mark.conformance("B23")
def test_manual_distribution_switches_the_automatic_rules_off(world: World) -> None:
    world.set_up(
        tasks=1,
        assignment={"overlap": 2, "skip_mode": "requeue_for_others"},
        reassignment={"enabled": True, "threshold": 0.9},
        evaluation={"enabled": True, "onboarding_tasks": 1},
    )
    world.change("assignment", distribution="manual")
    settings = world.installation.states.project(world.project).settings
    assert not settings.reassigns
    assert not settings.evaluates
    world.run(AssignTasks(project=world.project, tasks=[1], people=[world.people["ann"], world.people["bob"]]))
    world.work("ann", "A")
    world.work("bob", "B")
    world.settle()
    assert world.task().slots == 2
    assert "SlotAdded" not in world.types("task-1")


def test_by_hand_people_get_what_is_assigned_to_them_and_nothing_else(world: World) -> None:
    world.set_up(tasks=3, assignment={"distribution": "manual"})
    world.run(AssignTasks(project=world.project, tasks=[3, 2], people=[world.people["ann"]]))
    with pytest.raises(NotAssigned):
        world.submit("ann", 1)
    assert [world.work("ann"), world.work("ann")] == [3, 2]
    assert not world.has_work("ann")


def test_nobody_works_before_the_project_is_published(world: World) -> None:
    world.set_up(tasks=1, publish=False)
    with pytest.raises(NotPublished):
        world.next("ann")


def test_a_deleted_task_is_handed_to_nobody(world: World) -> None:
    world.set_up(tasks=2)
    world.run(DeleteTasks(project=world.project, tasks=[1]))
    assert world.work("ann") == 2
    assert not world.has_work("ann")
    assert world.progress()["tasks"] == 1


def test_who_races_for_the_last_slot_and_loses_is_told(world: World) -> None:
    world.set_up(tasks=1)
    world.submit("ann", 1)
    with pytest.raises(SlotTaken) as lost:
        world.submit("bob", 1)
    assert lost.value.facts["draft_kept"]


def test_settings_keep_old_and_new_values_in_the_log(world: World) -> None:
    world.set_up(tasks=0, publish=False)
    world.run(ChangeSettings(project=world.project, group="assignment", changes={"overlap": 3}))
    event = world.installation.log.streams([f"project-{world.project}"])[f"project-{world.project}"][-1].event
    assert (event.old["overlap"], event.new["overlap"]) == (1, 3)


def test_why_somebody_got_a_task_is_in_the_log(world: World) -> None:
    world.set_up(tasks=2, assignment={"sampling": "uniform", "seed": 5})
    answer = world.run(RequestWork(project=world.project), "ann").value
    stream = f"task-{answer['task']}"
    why = world.installation.log.streams([stream])[stream][-1].event.why
    assert (why.policy, why.lane, why.seed) == ("uniform", "fresh", 5)


def test_an_import_may_bring_annotations_and_ground_truth(world: World) -> None:
    world.set_up(tasks=1)
    annotation = {
        "result": [{"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": ["A"]}}],
        "ground_truth": True,
    }
    task = ImportedTask.model_validate({"data": {"text": "x"}, "annotations": [annotation]})
    world.run(ImportTasks(project=world.project, tasks=[task]))
    assert world.task(2).ground_truth is not None
    assert world.task(2).state is TaskState.CREATED
