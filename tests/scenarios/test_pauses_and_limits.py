"""Who may not go on for now: why, until when, and what they may still do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from annolog.commands.commenting import AddComment, DeleteComment, EditComment, ReopenComment, ResolveComment
from annolog.commands.members import AddMembers, NewMember, PauseMember, ResumeMember
from annolog.commands.projects import ChangeSettings
from annolog.commands.review_stream import RequestReview
from annolog.commands.reviewing import ClearGroundTruth, SetGroundTruth, WithdrawReview
from annolog.commands.working import ExtendReservation, ReleaseTask, ReserveTask
from annolog.domain.project.events import PauseCause, PauseKind, ProjectRole
from annolog.domain.refusals import Paused, WrongState
from annolog.domain.task.events import TaskState
from tests.world import START, World


def pause(world: World, who: str, kind: PauseKind = PauseKind.FULL, **more: object) -> None:
    world.run(PauseMember.model_validate({"project": world.project, "person": world.people[who], "kind": kind, **more}))


def test_a_pause_says_why_and_until_when_and_then_is_over_by_itself(world: World) -> None:
    world.set_up(tasks=1)
    until = START + timedelta(hours=1)
    pause(world, "ann", until=until, reason="lunch")
    with pytest.raises(Paused, match="lunch") as paused:
        world.next("ann")
    assert paused.value.facts == {"kind": "full", "cause": "person", "until": until.isoformat()}
    world.clock.forward(3601)
    assert world.next("ann") == 1


def test_a_pause_ends_when_somebody_ends_it(world: World) -> None:
    world.set_up(tasks=1)
    pause(world, "ann")
    world.run(ResumeMember(project=world.project, person=world.people["ann"]))
    assert world.has_work("ann")


def test_the_end_of_one_pause_is_not_the_end_of_another(world: World) -> None:
    world.set_up(tasks=1)
    pause(world, "ann")
    pause(world, "ann", PauseKind.FLEXIBLE, cause=PauseCause.EVALUATION)
    world.run(ResumeMember(project=world.project, person=world.people["ann"]))
    with pytest.raises(Paused) as paused:
        world.next("ann")
    assert paused.value.facts["kind"] == "flexible"


def test_managers_are_not_paused_and_who_becomes_one_is_paused_no_more(world: World) -> None:
    world.set_up(tasks=1, managers="max")
    with pytest.raises(WrongState):
        pause(world, "max")
    pause(world, "ann")
    manager = NewMember(person=world.people["ann"], role=ProjectRole.MANAGER)
    world.run(AddMembers(project=world.project, members=[manager]))
    assert world.has_work("ann")


REFUSED_TO_A_PAUSED_ANNOTATOR: dict[str, Callable[[World], object]] = {
    "asking": lambda w: w.next("ann"),
    "picking": lambda w: w.run(ReserveTask(task=3), "ann"),
    "going on": lambda w: w.run(ExtendReservation(task=2), "ann"),
    "answering": lambda w: w.submit("ann", 2),
    "skipping": lambda w: w.skip("ann", 2),
    "revising": lambda w: w.revise("ann", 1, 1, "B"),
    "saying": lambda w: w.run(AddComment(task=1, text="x"), "ann"),
    "saying differently": lambda w: w.run(EditComment(task=1, comment=1, text="x"), "ann"),
    "unsaying": lambda w: w.run(DeleteComment(task=1, comment=1), "ann"),
    "resolving": lambda w: w.run(ResolveComment(task=1, comment=1), "ann"),
    "reopening": lambda w: w.run(ReopenComment(task=1, comment=1), "ann"),
}


@pytest.mark.conformance("B11")
@pytest.mark.parametrize("what", REFUSED_TO_A_PAUSED_ANNOTATOR)
def test_a_full_pause_leaves_an_annotator_nothing(world: World, what: str) -> None:
    world.set_up(tasks=3)
    world.work("ann")
    world.review("rev", 1, 1, "rejected", action="return")
    world.run(AddComment(task=1, text="mine"), "ann")
    world.run(ReserveTask(task=2), "ann")
    pause(world, "ann")
    with pytest.raises(Paused):
        REFUSED_TO_A_PAUSED_ANNOTATOR[what](world)
    # Only giving a slot back helps others, so that stays.
    world.run(ReleaseTask(task=2), "ann")


@pytest.mark.conformance("B11")
@pytest.mark.parametrize("kind", list(PauseKind))
def test_a_paused_reviewer_reviews_only_if_the_pause_is_flexible(world: World, kind: PauseKind) -> None:
    world.set_up(tasks=2)
    annotation = world.work("ann")
    world.work("bob")
    review = world.review("rev", 1, annotation, "accepted")
    pause(world, "rev", kind)
    for attempt in (
        lambda: world.run(WithdrawReview(task=1, review=review), "rev"),
        lambda: world.review("rev", 1, annotation, "accepted"),
        lambda: world.run(SetGroundTruth(task=1, annotation=annotation), "rev"),
        lambda: world.run(ClearGroundTruth(task=1), "rev"),
        lambda: world.run(RequestReview(project=world.project), "rev"),
    ):
        if kind is PauseKind.FULL:
            with pytest.raises(Paused):
                attempt()
        else:
            attempt()


@pytest.mark.conformance("B11")
def test_a_flexible_pause_lets_finish_what_was_begun_and_nothing_new(world: World) -> None:
    world.set_up(tasks=3)
    world.work("ann")
    held = world.next("ann")
    pause(world, "ann", PauseKind.FLEXIBLE)
    world.submit("ann", held)
    with pytest.raises(Paused):
        world.submit("ann", 3)
    with pytest.raises(Paused):
        world.revise("ann", 1, 1, "B")
    world.run(AddComment(task=1, text="why?"), "ann")


@pytest.mark.conformance("B11")
def test_a_limit_binds_whoever_answers_without_asking_too_and_keeps_the_work(world: World) -> None:
    world.set_up(tasks=3, assignment={"limit_count": 1})
    world.work("ann")
    with pytest.raises(Paused) as paused:
        world.submit("ann", 2)
    assert (paused.value.facts["cause"], paused.value.facts["draft_kept"]) == ("limit", True)
    with pytest.raises(Paused):
        world.run(ReserveTask(task=2), "ann")
    world.submit("rev", 2)
    world.submit("rev", 3)


@pytest.mark.conformance("B11")
def test_the_smaller_of_two_limits_binds_and_a_deleted_annotation_does_not_count(world: World) -> None:
    world.set_up(tasks=4, assignment={"limit_count": 3, "limit_percent": 25})
    world.work("ann")
    with pytest.raises(Paused):
        world.next("ann")
    world.change("assignment", limit_percent=None)
    world.work("ann")
    world.work("ann")
    with pytest.raises(Paused):
        world.next("ann")


@pytest.mark.conformance("B11")
def test_at_the_limit_returned_work_is_still_ones_own(world: World) -> None:
    world.set_up(tasks=2, assignment={"limit_count": 1})
    annotation = world.submit("ann", 1)
    world.review("rev", 1, annotation, "rejected", action="return")
    assert world.next("ann") == 1
    world.revise("ann", 1, annotation, "B")
    with pytest.raises(Paused):
        world.next("ann")


def evaluated(world: World) -> list[int]:
    """Three tasks with a ground truth of A, and Ann who answered the first two wrongly."""
    world.set_up(
        tasks=4,
        managers="max",
        evaluation={"enabled": True, "onboarding_tasks": 2, "minimum_tasks": 2, "minimum_score": 0.5},
    )
    for task in (1, 2, 3):
        world.run(SetGroundTruth(task=task, annotation=world.submit("max", task, "A")), "max")
    own = [world.submit("ann", world.next("ann"), "B") for _ in range(2)]
    world.settle()
    return own


@pytest.mark.conformance("B10")
def test_nobody_fails_before_the_minimum_of_tasks(world: World) -> None:
    world.set_up(tasks=2, managers="max", evaluation={"enabled": True, "minimum_tasks": 2, "minimum_score": 0.5})
    for task in (1, 2):
        world.run(SetGroundTruth(task=task, annotation=world.submit("max", task, "A")), "max")
    world.submit("ann", 1, "B")
    world.settle()
    world.submit("ann", 2, "B")
    world.settle()
    with pytest.raises(Paused):
        world.next("ann")


@pytest.mark.conformance("B11")
def test_an_evaluation_pause_leaves_comments_and_returned_work(world: World) -> None:
    own = evaluated(world)
    with pytest.raises(Paused, match="ground truth is 0% over 2 tasks"):
        world.next("ann")
    world.run(AddComment(task=1, text="why?"), "ann")
    world.review("rev", 1, own[0], "rejected", action="return")
    assert world.next("ann") == 1
    world.revise("ann", 1, own[0], "A")


@pytest.mark.conformance("B10")
def test_an_evaluation_pause_ends_when_the_score_recovers(world: World) -> None:
    own = evaluated(world)
    world.review("rev", 1, own[0], "rejected", action="return")
    world.revise("ann", 1, own[0], "A")
    world.settle()
    assert world.has_work("ann")


@pytest.mark.conformance("B10")
def test_rejected_work_counts_for_or_against_nobody_and_counts_again_when_the_verdict_is_withdrawn(
    world: World,
) -> None:
    own = evaluated(world)
    review = world.review("rev", 1, own[0], "rejected", action="remove")
    world.settle()
    assert world.has_work("ann")
    world.run(WithdrawReview(task=1, review=review), "rev")
    world.settle()
    with pytest.raises(Paused):
        world.submit("ann", 4)


@pytest.mark.conformance("B23")
@pytest.mark.parametrize(
    ("group", "changes"),
    [("evaluation", {"enabled": False}), ("assignment", {"distribution": "manual"})],
)
def test_an_evaluation_pause_ends_when_nobody_is_evaluated_any_more(
    world: World, group: str, changes: dict[str, object]
) -> None:
    evaluated(world)
    world.run(ChangeSettings(project=world.project, group=group, changes=changes))
    world.settle()
    member = world.installation.states.project(world.project).members[world.people["ann"]]
    assert not member.pauses


@pytest.mark.conformance("B10")
def test_answers_to_tasks_that_test_people_take_nobodys_slot(world: World) -> None:
    evaluated(world)
    for who in ("bob", "cyd"):
        for _ in range(2):
            world.work(who, "A")
    assert len(world.task(1).counted) == 3
    assert not any(annotation.surplus for annotation in world.task(1).counted)
    assert world.task(4).state is TaskState.CREATED
