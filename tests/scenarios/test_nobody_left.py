"""Nothing waits in silence for somebody who will not come: slots go to others, and who is missing is said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from annolog.commands.annotating import DeleteAnnotation, SkipTask, SubmitAnnotation
from annolog.commands.distributing import AssignTasks, GiveUpWork
from annolog.commands.members import AddMembers, NewMember, PauseMember, RemoveMember, ResumeMember
from annolog.commands.projects import PublishProject
from annolog.commands.reviewing import SetGroundTruth
from annolog.commands.working import RequestWork, ReserveTask
from annolog.domain.project.events import PauseKind, ProjectRole
from annolog.domain.refusals import NoWork, Paused
from annolog.domain.task.events import SkipMode, SkipWithdrawn, TaskFeasible, TaskInfeasible, TaskState
from annolog.domain.task.state import Resolution
from tests.world import World, result


def flag(world: World, task: int) -> str:
    """What the board says of a task."""
    world.settle()
    [row] = [row for row in world.board() if row["task"] == task]
    found: str = row["flag"] or ""
    return found


def happened(world: World, kind: type) -> int:
    """How often something of this kind happened."""
    return sum(isinstance(recorded.event, kind) for recorded in world.installation.log.after(0, 100_000))


def test_a_full_pause_frees_what_the_person_held_and_keeps_their_work_as_a_draft(world: World) -> None:
    world.set_up(tasks=1)
    task = world.next("ann")
    with pytest.raises(NoWork):
        world.next("bob")
    world.run(PauseMember(project=world.project, person=world.people["ann"], kind=PauseKind.FULL))
    world.settle()
    assert world.next("bob") == task
    with pytest.raises(Paused) as refusal:
        world.run(SubmitAnnotation(task=task, result=result("A")), "ann")
    assert refusal.value.facts["draft_kept"]


def test_a_flexible_pause_leaves_what_was_begun(world: World) -> None:
    world.set_up(tasks=1)
    task = world.next("ann")
    world.run(PauseMember(project=world.project, person=world.people["ann"], kind=PauseKind.FLEXIBLE))
    world.settle()
    world.run(SubmitAnnotation(task=task, result=result("A")), "ann")


@pytest.mark.parametrize("role", [ProjectRole.REVIEWER, ProjectRole.MANAGER])
def test_who_becomes_something_else_finishes_what_they_hold_and_keeps_no_slot_after_a_skip(
    world: World, role: ProjectRole
) -> None:
    world.set_up(tasks=2, assignment={"skip_mode": SkipMode.REQUEUE_FOR_ME.value})
    skipped = world.next("ann")
    world.run(SkipTask(task=skipped), "ann")
    held = world.next("ann")
    assert held != skipped
    with pytest.raises(NoWork):
        world.next("bob")
    world.run(AddMembers(project=world.project, members=[NewMember(person=world.people["ann"], role=role)]))
    world.settle()
    assert happened(world, SkipWithdrawn) == 1
    assert world.next("bob") == skipped
    world.submit("ann", held)
    assert [annotation.surplus for annotation in world.task(held).counted] == [False]
    # The other way round nothing is given up.
    world.run(
        AddMembers(project=world.project, members=[NewMember(person=world.people["rev"], role=ProjectRole.ANNOTATOR)])
    )
    world.settle()
    assert happened(world, SkipWithdrawn) == 1


def test_who_is_an_annotator_again_keeps_what_they_skipped_however_late_it_is_asked(world: World) -> None:
    world.set_up(tasks=1, assignment={"skip_mode": SkipMode.REQUEUE_FOR_ME.value})
    world.run(SkipTask(task=world.next("ann")), "ann")
    world.run(GiveUpWork(project=world.project, person=world.people["ann"], tasks=[1]))
    assert happened(world, SkipWithdrawn) == 0
    assert world.next("ann") == 1


def test_whoever_is_removed_holds_no_reservation_and_no_slot_after_a_skip(world: World) -> None:
    world.set_up(tasks=2, assignment={"skip_mode": SkipMode.REQUEUE_FOR_ME.value})
    skipped = world.next("ann")
    world.run(SkipTask(task=skipped), "ann")
    world.run(ReserveTask(task=3 - skipped), "ann")
    with pytest.raises(NoWork):
        world.next("bob")
    world.run(RemoveMember(project=world.project, person=world.people["ann"]))
    world.settle()
    found = {world.next("bob"), world.next("cyd")}
    assert found == {1, 2}


def test_a_task_assigned_by_hand_to_somebody_who_left_is_finished_by_the_others(world: World) -> None:
    world.set_up(tasks=1, assignment={"distribution": "manual"}, review={"sample_percent": 0})
    people = [world.people["ann"], world.people["bob"]]
    world.run(AssignTasks(project=world.project, tasks=[1], people=people))
    world.run(SubmitAnnotation(task=1, result=result("A")), "bob")
    assert world.task(1).state is TaskState.ANNOTATION_IN_PROGRESS
    world.run(RemoveMember(project=world.project, person=world.people["ann"]))
    world.settle()
    assert world.task(1).assigned == {world.people["bob"]}
    assert world.task(1).state is TaskState.COMPLETED


def test_a_task_whose_only_reviewer_left_may_be_reviewed_by_others(world: World) -> None:
    world.set_up(tasks=1, reviewers="rev ria")
    world.run(AssignTasks(project=world.project, tasks=[1], people=[world.people["rev"]], as_reviewers=True))
    annotation = world.submit("ann", 1)
    world.settle()
    world.run(RemoveMember(project=world.project, person=world.people["rev"]))
    world.settle()
    world.review("ria", 1, annotation, "accepted")


def test_a_task_that_everybody_has_touched_says_that_nobody_is_left_until_somebody_comes(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob", assignment={"overlap": 3})
    world.work("ann", "A")
    assert flag(world, 1) == ""
    world.work("bob", "A")
    assert flag(world, 1) == "infeasible"
    assert world.task(1).resolution is Resolution.INFEASIBLE
    assert happened(world, TaskInfeasible) == 1
    world.join("dan")
    assert flag(world, 1) == ""
    assert happened(world, TaskFeasible) == 1
    world.work("dan", "A")
    world.settle()
    assert world.task(1).state is not TaskState.ANNOTATION_IN_PROGRESS
    assert happened(world, TaskInfeasible) == 1


def test_a_task_that_everybody_skipped_says_so(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob")
    for who in ("ann", "bob"):
        world.skip(who, world.next(who))
    assert flag(world, 1) == "infeasible"


def test_people_at_their_limit_are_nobody_to_ask_until_it_is_raised(world: World) -> None:
    world.set_up(tasks=2, annotators="ann bob", assignment={"overlap": 2, "limit_count": 1})
    world.run(SubmitAnnotation(task=1, result=result("A")), "ann")
    world.settle()
    world.run(SubmitAnnotation(task=2, result=result("A")), "bob")
    assert (flag(world, 1), flag(world, 2)) == ("infeasible", "infeasible")
    world.change("assignment", limit_count=5)
    assert (flag(world, 1), flag(world, 2)) == ("", "")


def test_a_pause_with_an_end_is_over_by_itself_and_its_tasks_are_looked_at_again(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob", assignment={"overlap": 2})
    world.work("ann", "A")
    until = world.clock() + timedelta(hours=1)
    world.run(PauseMember(project=world.project, person=world.people["bob"], kind=PauseKind.FULL, until=until))
    assert flag(world, 1) == "infeasible"
    world.clock.forward(3_601)
    world.installation.sweeper.sweep()
    assert flag(world, 1) == ""
    assert world.next("bob") == 1


def test_a_pause_without_an_end_goes_on_until_somebody_ends_it(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob", assignment={"overlap": 2})
    world.work("ann", "A")
    world.run(PauseMember(project=world.project, person=world.people["bob"], kind=PauseKind.FULL))
    assert flag(world, 1) == "infeasible"
    world.clock.forward(1_000_000)
    world.installation.sweeper.sweep()
    assert flag(world, 1) == "infeasible"
    with pytest.raises(Paused):
        world.run(RequestWork(project=world.project), "bob")
    world.run(ResumeMember(project=world.project, person=world.people["bob"]))
    assert flag(world, 1) == ""


def test_a_project_that_nobody_has_begun_is_not_flagged_task_by_task(world: World) -> None:
    world.set_up(tasks=5, annotators="ann")
    world.run(RemoveMember(project=world.project, person=world.people["ann"]))
    world.settle()
    assert happened(world, TaskInfeasible) == 0


def why_none(world: World, who: str) -> dict[str, object]:
    """The facts with which somebody is told that there is no work."""
    with pytest.raises(NoWork) as refusal:
        world.next(who)
    return refusal.value.facts


def test_idle_people_are_told_why(world: World) -> None:
    world.set_up(tasks=0, annotators="ann bob", publish=False)
    [task] = world.bring_in(1)
    world.run(PublishProject(project=world.project))
    assert world.next("ann") == task
    told = why_none(world, "bob")
    assert told["reason"] == "held"
    assert str(told["next_expiry"]) == world.task(task).leases[world.people["ann"]].expires_at.isoformat()
    world.submit("ann", task)
    assert why_none(world, "bob") == {"reason": "finished"}
    world.change("assignment", accept_infeasible=True, overlap=3)
    assert why_none(world, "ann") == {"reason": "touched"}
    world.change("assignment", distribution="manual")
    assert why_none(world, "bob") == {"reason": "assigned_done"}


def test_what_is_asked_late_takes_nothing_from_somebody_who_is_back(world: World) -> None:
    world.set_up(tasks=1)
    person = world.people["ann"]
    world.run(PauseMember(project=world.project, person=person, kind=PauseKind.FULL))
    world.run(ResumeMember(project=world.project, person=person))
    task = world.next("ann")
    world.settle()
    world.run(GiveUpWork(project=world.project, person=person, tasks=[task]))
    assert world.task(task).leases.keys() == {person}


def test_that_nobody_is_left_stays_said_while_answers_change_and_is_taken_back_in_the_end(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob", assignment={"overlap": 3})
    world.work("ann", "A")
    world.work("bob", "A")
    assert flag(world, 1) == "infeasible"
    world.revise("ann", 1, next(iter(world.task(1).annotations)), "B")
    assert (flag(world, 1), world.task(1).resolution) == ("infeasible", Resolution.INFEASIBLE)
    world.join("dan")
    assert (flag(world, 1), world.task(1).resolution) == ("", Resolution.PENDING)
    world.work("dan", "A")
    assert flag(world, 1) == ""
    world.run(DeleteAnnotation(task=1, annotation=list(world.task(1).annotations)[-1]))
    world.run(RemoveMember(project=world.project, person=world.people["dan"]))
    assert flag(world, 1) == "infeasible"


def test_a_ground_truth_that_frees_a_slot_with_nobody_left_says_so(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob", assignment={"overlap": 2}, review={"sample_percent": 0})
    world.work("ann", "A")
    world.work("bob", "A")
    assert flag(world, 1) == ""
    world.run(SetGroundTruth(task=1, annotation=next(iter(world.task(1).annotations))), "rev")
    assert flag(world, 1) == "infeasible"


def test_more_tasks_raise_a_limit_in_percent_and_open_what_nobody_was_left_for(world: World) -> None:
    world.set_up(tasks=2, annotators="ann bob", assignment={"overlap": 2, "limit_percent": 50})
    world.run(SubmitAnnotation(task=1, result=result("A")), "ann")
    world.run(SubmitAnnotation(task=2, result=result("A")), "bob")
    assert (flag(world, 1), flag(world, 2)) == ("infeasible", "infeasible")
    world.bring_in(2)
    assert (flag(world, 1), flag(world, 2)) == ("", "")


def test_a_skip_to_come_back_to_keeps_no_slot_for_who_has_done_all_they_may(world: World) -> None:
    world.set_up(tasks=2, annotators="ann bob", assignment={"skip_mode": "requeue_for_me", "limit_count": 1})
    skipped = world.next("ann")
    world.skip("ann", skipped)
    world.work("ann", "A")
    world.settle()
    assert world.next("bob") == skipped


def test_a_task_that_was_only_skipped_is_found_when_the_last_who_could_leaves(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob", assignment={"overlap": 2, "breadth_first": False})
    world.skip("ann", world.next("ann"))
    assert flag(world, 1) == ""
    world.run(RemoveMember(project=world.project, person=world.people["bob"]))
    assert flag(world, 1) == "infeasible"
