"""Whatever becomes of what is judged again, of its task and of people: nothing waits for ever."""

from __future__ import annotations

import pytest

from annolog.commands.annotating import DeleteAnnotation
from annolog.commands.distributing import DeleteTasks, RestoreTasks
from annolog.commands.members import PauseMember, RemoveMember
from annolog.commands.review_stream import ReviewTasks
from annolog.commands.reviewing import SetGroundTruth, WithdrawReview
from annolog.commands.second_review import AdjudicateReview
from annolog.domain.project.events import PauseKind, ProjectRole
from annolog.domain.refusals import InvalidInput, NotFound, WrongState
from annolog.domain.task.events import Verdict
from tests.scenarios.judging_again import adjudicated, again, asked, disagreed, has_nothing, set_up
from tests.world import World


@pytest.mark.parametrize("stage", ["second", "adjudication"])
def test_a_withdrawn_review_needs_nobody_else(world: World, stage: str) -> None:
    set_up(world)
    if stage == "second":
        world.review("rev", 1, world.submit("ann", 1), "accepted")
    else:
        disagreed(world)
    assert asked(world, "tom")["stage"] == stage
    world.run(WithdrawReview(task=1, review=1), "rev")
    assert "SecondReviewCalledOff" in world.types("task-1")
    assert asked(world, "tom")["stage"] == "first"


@pytest.mark.parametrize("stage", ["second", "adjudication"])
def test_of_a_deleted_annotation_nothing_is_left_to_say(world: World, stage: str) -> None:
    set_up(world)
    if stage == "second":
        world.review("rev", 1, world.submit("ann", 1), "accepted")
    else:
        disagreed(world)
    assert asked(world, "tom")["stage"] == stage
    world.run(DeleteAnnotation(task=1, annotation=1))
    assert has_nothing(world, "tom")
    assert all(found.stage is None for found in world.task().second_reviews.values())


def test_an_adjudication_ends_with_the_verdict_that_it_is_about(world: World) -> None:
    set_up(world, tasks=1)
    annotation = disagreed(world)
    world.revise("ann", 1, annotation, "B")
    assert asked(world, "tom")["stage"] == "first"
    world.review("tom", 1, annotation, "accepted")
    with pytest.raises(NotFound):
        world.run(AdjudicateReview(task=1, review=1, verdict=Verdict.ACCEPTED), "tom")


def test_the_truth_of_a_task_is_not_adjudicated(world: World) -> None:
    set_up(world)
    annotation = disagreed(world)
    world.run(SetGroundTruth(task=1, annotation=annotation), "rev")
    assert has_nothing(world, "tom")


def test_of_a_deleted_task_nothing_is_asked_until_it_is_there_again(world: World) -> None:
    set_up(world)
    world.review("rev", 1, world.submit("ann", 1), "accepted")
    world.run(DeleteTasks(project=1, tasks=[1]))
    assert has_nothing(world, "sue")
    world.run(RestoreTasks(project=1, tasks=[1]))
    again(world, "sue", "rejected")
    world.run(DeleteTasks(project=1, tasks=[1]))
    assert has_nothing(world, "tom")
    world.run(RestoreTasks(project=1, tasks=[1]))
    adjudicated(world, "tom", "rejected")


def test_changed_settings_are_for_reviews_after_them(world: World) -> None:
    set_up(world, tasks=2)
    world.work("ann"), world.work("ann")
    world.review("rev", 1, 1, "accepted")
    world.change("review", second_review_percent=0)
    world.review("rev", 2, 2, "accepted")
    assert again(world, "sue", "rejected")["task"] == 1
    assert has_nothing(world, "sue")
    world.change("review", adjudication="never")
    adjudicated(world, "tom", "accepted")


def test_who_leaves_or_is_paused_keeps_nothing_from_others(world: World) -> None:
    set_up(world)
    world.review("rev", 1, world.submit("ann", 1), "accepted")
    asked(world, "sue")
    pause = PauseMember(project=1, person=world.people["sue"], kind=PauseKind.FULL, reason="away")
    world.run(pause)
    world.clock.forward(30 * 60 + 1)
    again(world, "tom", "rejected")
    world.run(RemoveMember(project=1, person=world.people["tom"]))
    world.run(RemoveMember(project=1, person=world.people["rev"]))
    world.run(RemoveMember(project=1, person=world.people["ann"]))
    world.join("max", ProjectRole.REVIEWER)
    with pytest.raises(InvalidInput, match="/action: its author has left"):
        adjudicated(world, "max", "rejected", action="return")
    adjudicated(world, "max", "rejected", action="remove")
    assert world.task().annotations[1].verdict is Verdict.REJECTED


def test_an_adjudication_is_not_withdrawn(world: World) -> None:
    set_up(world)
    world.review("rev", 1, world.submit("ann", 1), "accepted")
    again(world, "sue", "rejected")
    adjudicated(world, "tom", "rejected")
    overturning = world.task().annotations[1].reviews[-1].id
    with pytest.raises(WrongState):
        world.run(WithdrawReview(task=1, review=overturning), "tom")
    with pytest.raises(WrongState):
        world.run(WithdrawReview(task=1, review=1), "rev")


def test_in_bulk_as_many_are_drawn_as_the_share_says(world: World) -> None:
    set_up(world, tasks=25, second_review_percent=20)
    for _ in range(25):
        world.work("ann")
    world.run(ReviewTasks(project=1, tasks=list(range(1, 21)), verdict=Verdict.ACCEPTED), "rev")
    for task in range(21, 26):
        world.review("rev", task, task, "accepted")
    drawn = [task for task in range(1, 26) if "SecondReviewRequested" in world.types(f"task-{task}")]
    assert len(drawn) == 5
    assert len([task for task in drawn if task <= 20]) == 4
