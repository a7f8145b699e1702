"""Returned work whose author has left waits for nobody: it goes back to review, and nothing is returned to them."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.commands.projects import PauseMember, RemoveMember
from annolog.commands.review_stream import RequestReview, ReviewTasks
from annolog.commands.reviewing import WithdrawReview
from annolog.commands.second_review import GiveSecondReview
from annolog.domain.project.events import PauseKind
from annolog.domain.refusals import InvalidInput, NoWork
from annolog.domain.task.events import RejectAction, TaskState, Verdict
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
