"""Returned work whose author has left waits for nobody: it goes back to review, and nothing is returned to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from annolog.commands.annotating import DeleteAnnotation, RestoreAnnotation
from annolog.commands.distributing import DeleteTasks, RestoreTasks
from annolog.commands.members import AddMembers, NewMember, PauseMember, RemoveMember
from annolog.commands.people import NewPerson, RegisterPeople
from annolog.commands.review_stream import RequestReview, ReviewTasks
from annolog.commands.reviewing import ClearGroundTruth, SetGroundTruth, WithdrawReview
from annolog.commands.second_review import GiveSecondReview
from annolog.domain.people.events import OrganizationRole
from annolog.domain.project.events import PauseKind, ProjectRole
from annolog.domain.refusals import InvalidInput, NoWork
from annolog.domain.task.events import RejectAction, Standing, TaskState, Verdict
from annolog.projections.stages.queries import Changes, Returns, returned_work, task_changes
from tests.world import World


def came_back(world: World) -> list[dict[str, Any]]:
    world.settle()
    with world.installation.read_engine.connect() as connection:
        return returned_work(connection, world.project, Returns())


def transitions(world: World, task: int = 1) -> list[str]:
    world.settle()
    with world.installation.read_engine.connect() as connection:
        return [change["transition"] for change in task_changes(connection, task, Changes())]


def test_what_was_returned_to_somebody_who_left_goes_back_to_review(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob", review={"criteria": "all"})
    annotation = world.submit("ann", 1)
    world.settle()
    first = world.review("rev", 1, annotation, "rejected", action="return", comment="look again")
    world.settle()
    world.run(PauseMember(project=world.project, person=world.people["ann"], kind=PauseKind.FULL, reason="away"))
    world.settle()
    assert world.task(1).state is TaskState.ANNOTATION_IN_PROGRESS, "a pause ends"
    with pytest.raises(NoWork):
        world.run(RequestReview(project=world.project), "rev")
    world.run(RemoveMember(project=world.project, person=world.people["ann"]))
    world.settle()
    assert world.task(1).state is TaskState.NEEDS_REVIEW
    assert world.run(RequestReview(project=world.project), "rev").value["annotation"] == annotation
    with pytest.raises(InvalidInput, match="/action: its author has left"):
        world.review("rev", 1, annotation, "rejected", action="return", comment="again")
    [waited] = came_back(world)
    assert (waited["review"], waited["status"]) == (first, "closed")
    world.review("rev", 1, annotation, "accepted")
    world.settle()
    assert world.task(1).state is TaskState.COMPLETED
    assert transitions(world)[-2] == "return_given_up"
    given = [review.verdict for review in world.task(1).annotations[annotation].reviews]
    assert given == [Verdict.REJECTED, Verdict.ACCEPTED], "a verdict was given, whatever became of it"


def left(world: World, who: str = "ann") -> None:
    world.run(RemoveMember(project=world.project, person=world.people[who]))
    world.settle()


def take_a_later_verdict_back(world: World, annotation: int) -> None:
    later = world.review("ria", 1, annotation, "accepted")
    left(world)
    world.run(WithdrawReview(task=1, review=later), "ria")


def delete_and_restore(world: World, annotation: int) -> None:
    world.run(DeleteAnnotation(task=1, annotation=annotation))
    left(world)
    world.run(RestoreAnnotation(task=1, annotation=annotation))


def delete_and_restore_the_task(world: World, annotation: int) -> None:
    world.run(DeleteTasks(project=world.project, tasks=[1]))
    left(world)
    world.run(RestoreTasks(project=world.project, tasks=[1]))


def make_it_true_for_a_while(world: World, annotation: int) -> None:
    world.run(SetGroundTruth(task=1, annotation=annotation))
    left(world)
    world.run(ClearGroundTruth(task=1))


@pytest.mark.parametrize(
    "detour",
    [take_a_later_verdict_back, delete_and_restore, delete_and_restore_the_task, make_it_true_for_a_while],
)
def test_what_comes_to_be_returned_after_its_author_left_goes_back_to_review(
    world: World, detour: Callable[[World, int], None]
) -> None:
    world.set_up(tasks=1, annotators="ann bob", reviewers="rev ria", review={"criteria": "all"})
    annotation = world.submit("ann", 1)
    world.review("rev", 1, annotation, "rejected", action="return", comment="look again")
    world.settle()
    detour(world, annotation)
    world.settle()
    assert world.task(1).annotations[annotation].standing is Standing.COUNTED
    assert world.task(1).state is TaskState.NEEDS_REVIEW
    assert world.run(RequestReview(project=world.project), "ria").value["annotation"] == annotation


def test_to_who_may_work_without_being_a_member_work_is_returned(world: World) -> None:
    """Owners and administrators have what a membership would give them."""
    registered = world.run(RegisterPeople(people=[NewPerson(handle="olga", role=OrganizationRole.OWNER)])).value
    world.people["olga"] = registered["people"][0]["person"]
    world.set_up(tasks=2, annotators="ann", review={"criteria": "all", "comment_on_reject": False})
    for task in (1, 2):
        world.submit("olga", task)
    world.settle()
    [annotation] = world.task(1).annotations
    world.review("rev", 1, annotation, "rejected", action="return", comment="look again")
    judge = ReviewTasks(project=world.project, tasks=[2], verdict=Verdict.REJECTED, action=RejectAction.RETURN)
    assert world.run(judge, "rev").value["reviewed"] == 1
    world.settle()
    assert {world.task(task).state for task in (1, 2)} == {TaskState.ANNOTATION_IN_PROGRESS}
    olga = NewMember(person=world.people["olga"], role=ProjectRole.MANAGER)
    world.run(AddMembers(project=world.project, members=[olga]))
    left(world, "olga")
    assert {world.task(task).state for task in (1, 2)} == {TaskState.ANNOTATION_IN_PROGRESS}
    assert world.next("olga") == 1


def test_in_bulk_nothing_is_returned_to_who_left(world: World) -> None:
    world.set_up(tasks=2, annotators="ann bob", review={"comment_on_reject": False})
    for name, task in (("ann", 1), ("bob", 2)):
        world.submit(name, task)
    world.run(RemoveMember(project=world.project, person=world.people["ann"]))
    world.settle()
    judge = ReviewTasks(project=world.project, tasks=[1, 2], verdict=Verdict.REJECTED, action=RejectAction.RETURN)
    counted = world.run(judge, "rev").value
    assert (counted["reviewed"], counted["left"]) == (1, 1)
    assert world.task(1).state is TaskState.NEEDS_REVIEW


def test_a_return_that_is_given_up_calls_off_its_adjudication_and_is_no_verdict_to_go_back_to(world: World) -> None:
    world.set_up(
        tasks=1,
        annotators="ann bob",
        reviewers="rev ria",
        review={"second_review_percent": 100, "adjudication": "always"},
    )
    annotation = world.submit("ann", 1)
    world.settle()
    first = world.review("rev", 1, annotation, "rejected", action="return", comment="no")
    world.run(GiveSecondReview(task=1, review=first, verdict=Verdict.ACCEPTED), "ria")
    world.run(RemoveMember(project=world.project, person=world.people["ann"]))
    world.settle()
    assert "SecondReviewCalledOff" in world.types("task-1")
    second = world.review("rev", 1, annotation, "accepted")
    world.run(WithdrawReview(task=1, review=second), "rev")
    world.settle()
    assert world.task(1).state is TaskState.NEEDS_REVIEW
    assert world.task(1).annotations[annotation].verdict is None
