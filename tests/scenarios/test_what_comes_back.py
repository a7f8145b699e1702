"""What was deleted, passed on, or true for a while comes back as what it was, and the queue knows."""

from __future__ import annotations

from annolog.commands.annotating import DeleteAnnotation, RestoreAnnotation
from annolog.commands.reviewing import ClearGroundTruth, SetGroundTruth, WithdrawReview
from tests.world import World


def test_a_restored_annotation_that_was_passed_on_leaves_its_slot_to_others(world: World) -> None:
    world.set_up(tasks=1)
    annotation = world.submit("ann", 1)
    world.review("rev", 1, annotation, "rejected", action="pass_on")
    world.run(DeleteAnnotation(task=1, annotation=annotation))
    assert not world.has_work("ann")
    world.run(RestoreAnnotation(task=1, annotation=annotation))
    assert not world.has_work("ann")
    assert world.work("bob") == 1


def test_a_restored_annotation_that_was_returned_is_with_its_author_again(world: World) -> None:
    world.set_up(tasks=1)
    annotation = world.submit("ann", 1)
    world.review("rev", 1, annotation, "rejected", action="return")
    world.run(DeleteAnnotation(task=1, annotation=annotation))
    world.run(RestoreAnnotation(task=1, annotation=annotation))
    assert world.next("ann") == 1


def test_a_truth_that_had_been_passed_on_fills_no_slot_when_it_is_true_no_more(world: World) -> None:
    world.set_up(tasks=1)
    annotation = world.submit("ann", 1)
    world.review("rev", 1, annotation, "rejected", action="pass_on")
    world.run(SetGroundTruth(task=1, annotation=annotation))
    world.run(ClearGroundTruth(task=1))
    assert world.work("bob") == 1


def test_a_truth_whose_review_is_withdrawn_still_fills_no_slot(world: World) -> None:
    world.set_up(tasks=1)
    annotation = world.submit("ann", 1)
    review = world.review("rev", 1, annotation, "accepted")
    world.run(SetGroundTruth(task=1, annotation=annotation))
    world.run(WithdrawReview(task=1, review=review), "rev")
    assert world.work("bob") == 1


def test_who_answered_deleted_work_may_be_asked_anew(world: World) -> None:
    world.set_up(tasks=1)
    annotation = world.work("ann")
    world.run(DeleteAnnotation(task=1, annotation=annotation))
    assert world.work("ann") == 1
