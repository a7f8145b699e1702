"""Two reviewers and a third: what is reviewed twice, who is asked, what stands, and that nothing waits for ever."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.commands.annotating import DeleteAnnotation
from annolog.commands.distributing import AssignTasks, DeleteTasks, RestoreTasks
from annolog.commands.projects import PauseMember, RemoveMember
from annolog.commands.review_stream import RequestReview, ReviewTasks
from annolog.commands.reviewing import SetGroundTruth, WithdrawReview
from annolog.commands.second_review import AdjudicateReview, GiveSecondReview
from annolog.domain.project.events import PauseKind, ProjectRole
from annolog.domain.refusals import Forbidden, InvalidInput, NotFound, NoWork, OwnWork, WrongState
from annolog.domain.task.events import Verdict
from tests.world import World, result

EVERY = {"second_review_percent": 100, "adjudication": "on_disagreement"}


def asked(world: World, who: str) -> dict[str, Any]:
    return dict(world.run(RequestReview(project=world.project), who).value)


def has_nothing(world: World, who: str) -> bool:
    try:
        asked(world, who)
    except NoWork:
        return True
    return False


def again(world: World, who: str, verdict: str, **more: Any) -> dict[str, Any]:
    """Take what comes next, which must be a second review, and give it."""
    found = asked(world, who)
    assert found["stage"] == "second"
    world.run(GiveSecondReview(task=found["task"], review=found["review"], verdict=Verdict(verdict), **more), who)
    return found


def adjudicated(world: World, who: str, verdict: str, **more: Any) -> dict[str, Any]:
    found = asked(world, who)
    assert found["stage"] == "adjudication"
    world.run(AdjudicateReview(task=found["task"], review=found["review"], verdict=Verdict(verdict), **more), who)
    return found


def set_up(world: World, tasks: int = 1, reviewers: str = "rev sue tom", **review: Any) -> None:
    world.set_up(tasks=tasks, reviewers=reviewers, review={**EVERY, **review})


def test_two_reviewers_disagree_and_a_third_person_has_the_last_word(world: World) -> None:
    set_up(world)
    annotation = world.submit("ann", 1)
    assert asked(world, "rev")["stage"] == "first"
    review = world.review("rev", 1, annotation, "accepted")
    assert world.task().state == "completed"
    assert has_nothing(world, "rev")
    second = again(world, "sue", "rejected", action="return", comment="B, clearly")
    assert (second["annotation"], second["result"], second["review"]) == (annotation, result("A"), review)
    assert world.task().state == "completed", "a second review changes nothing by itself"
    assert has_nothing(world, "rev")
    assert has_nothing(world, "sue")
    third = adjudicated(world, "tom", "rejected", action="return")
    assert [said["verdict"] for said in third["verdicts"]] == ["accepted", "rejected"]
    assert world.task().state == "annotation_in_progress"
    assert world.next("ann") == 1
    world.revise("ann", 1, annotation, "B")
    assert world.task().state == "needs_review"
    assert world.types("task-1")[3:] == [
        "ReviewReserved", "AnnotationReviewed", "SecondReviewRequested", "TaskStateChanged",
        "ReviewReserved", "SecondReviewGiven", "AdjudicationRequested",
        "ReviewReserved", "ReviewAdjudicated", "AnnotationReviewed", "TaskStateChanged",
        "AnnotationRevised", "TaskStateChanged",
    ]  # fmt: skip


def test_both_agree_and_nobody_is_asked_any_more(world: World) -> None:
    set_up(world)
    world.review("rev", 1, world.submit("ann", 1), "accepted")
    again(world, "sue", "accepted")
    assert all(has_nothing(world, who) for who in ("rev", "sue", "tom"))


def test_where_it_is_always_wanted_a_third_person_is_asked_also_when_both_agree(world: World) -> None:
    set_up(world, adjudication="always")
    world.review("rev", 1, world.submit("ann", 1), "accepted")
    again(world, "sue", "accepted")
    adjudicated(world, "tom", "rejected")
    assert world.task().annotations[1].verdict is Verdict.REJECTED


def test_without_adjudication_a_second_review_only_measures(world: World) -> None:
    set_up(world, adjudication="never")
    world.review("rev", 1, world.submit("ann", 1), "accepted")
    again(world, "sue", "rejected")
    assert has_nothing(world, "tom")
    assert world.task().annotations[1].verdict is Verdict.ACCEPTED


def test_a_fix_that_does_not_stand_is_undone(world: World) -> None:
    set_up(world)
    annotation = world.submit("ann", 1)
    world.review("rev", 1, annotation, "fixed", result=result("B"))
    assert again(world, "sue", "accepted")["result"] == result("A"), (
        "what the first reviewer saw, not what they made of it"
    )
    third = adjudicated(world, "tom", "accepted")
    assert third["verdicts"][0] == {"verdict": "fixed", "action": None, "result": result("B")}
    found = world.task().annotations[annotation]
    assert (found.result, found.verdict, found.revision) == (result("A"), Verdict.ACCEPTED, 3)


def test_an_adjudicator_may_fix_what_was_accepted(world: World) -> None:
    set_up(world)
    annotation = world.submit("ann", 1)
    world.review("rev", 1, annotation, "accepted")
    again(world, "sue", "fixed", result=result("B"))
    adjudicated(world, "tom", "fixed", result=result("C"))
    found = world.task().annotations[annotation]
    assert (found.result, found.verdict, world.task().state) == (result("C"), Verdict.FIXED, "completed")


def test_who_confirms_the_first_verdict_changes_nothing(world: World) -> None:
    set_up(world)
    annotation = world.submit("ann", 1)
    world.review("rev", 1, annotation, "rejected")
    again(world, "sue", "accepted")
    before = world.task().annotations[annotation]
    adjudicated(world, "tom", "rejected")
    assert world.task().annotations[annotation] == before
    assert world.types("task-1")[-1] == "ReviewAdjudicated"


def test_an_adjudicator_may_keep_the_verdict_and_have_something_else_follow(world: World) -> None:
    set_up(world)
    annotation = world.submit("ann", 1)
    review = world.review("rev", 1, annotation, "rejected", action="remove")
    again(world, "sue", "accepted")
    adjudicated(world, "tom", "rejected", action="return", comment="once more")
    assert world.next("ann") == 1
    with pytest.raises(WrongState, match="later review"):
        world.run(WithdrawReview(task=1, review=review), "rev")


def test_an_adjudicator_may_fix_what_another_fixed(world: World) -> None:
    set_up(world)
    annotation = world.submit("ann", 1)
    world.review("rev", 1, annotation, "fixed", result=result("B"))
    again(world, "sue", "accepted")
    adjudicated(world, "tom", "fixed", result=result("C"))
    assert world.task().annotations[annotation].result == result("C")


def test_what_was_upheld_is_not_withdrawn(world: World) -> None:
    set_up(world)
    review = world.review("rev", 1, world.submit("ann", 1), "rejected")
    again(world, "sue", "accepted")
    adjudicated(world, "tom", "rejected")
    with pytest.raises(WrongState, match="adjudicated"):
        world.run(WithdrawReview(task=1, review=review), "rev")


def test_an_overturned_return_takes_the_work_from_the_annotator_again(world: World) -> None:
    set_up(world)
    world.review("rev", 1, world.submit("ann", 1), "rejected", action="return")
    assert world.task().state == "annotation_in_progress"
    again(world, "sue", "accepted")
    adjudicated(world, "tom", "accepted")
    assert world.task().state == "completed"
    assert not world.has_work("ann")


@pytest.mark.parametrize("taken", [False, True])
def test_what_was_passed_on_comes_back_unless_somebody_else_has_the_slot(world: World, taken: bool) -> None:
    set_up(world)
    world.review("rev", 1, world.submit("ann", 1), "rejected", action="pass_on")
    again(world, "sue", "accepted")
    if taken:
        world.work("bob")
    adjudicated(world, "tom", "accepted")
    assert world.task().annotations[1].standing.value == ("passed_on" if taken else "counted")
    assert world.task().state == ("needs_review" if taken else "completed")
    assert [found.annotator for found in world.task().counted] == [world.people["bob" if taken else "ann"]]


def test_adjudications_come_before_reviews_and_second_reviews_after_them(world: World) -> None:
    set_up(world, tasks=3)
    for _ in range(3):
        world.work("ann")
    world.review("rev", 1, 1, "accepted")
    world.review("rev", 2, 2, "accepted")
    assert (asked(world, "sue")["stage"], asked(world, "sue")["task"]) == ("first", 3)
    first_of_two = world.task(1).annotations[1].reviews[0].id
    world.run(GiveSecondReview(task=1, review=first_of_two, verdict=Verdict.REJECTED), "sue")
    assert (asked(world, "tom")["stage"], asked(world, "tom")["task"]) == ("adjudication", 1)
    assert asked(world, "tom")["stage"] == "adjudication", "what one has before one comes again"
    assert asked(world, "sue")["task"] == 3


def test_one_has_it_before_them_until_they_leave_or_the_time_is_over(world: World) -> None:
    set_up(world)
    world.review("rev", 1, world.submit("ann", 1), "accepted")
    assert asked(world, "sue")["stage"] == "second"
    assert has_nothing(world, "tom")
    world.clock.forward(30 * 60 + 1)
    assert asked(world, "tom")["stage"] == "second"
    world.review("rev", 1, 1, "accepted")
    assert asked(world, "tom")["stage"] == "second", "another verdict of the first reviewer takes it from nobody"


def test_nobody_is_asked_about_what_they_answered_or_judged(world: World) -> None:
    set_up(world, reviewers="rev sue")
    world.review("rev", 1, world.submit("sue", 1), "accepted")
    [review] = world.task().second_reviews
    for who in ("rev", "sue"):
        assert has_nothing(world, who)
        with pytest.raises(OwnWork):
            world.run(GiveSecondReview(task=1, review=review, verdict=Verdict.ACCEPTED), who)
    world.join("tom", ProjectRole.REVIEWER)
    again(world, "tom", "rejected")
    for who in ("rev", "sue", "tom"):
        with pytest.raises(OwnWork):
            world.run(AdjudicateReview(task=1, review=review, verdict=Verdict.ACCEPTED), who)
    world.join("max", ProjectRole.MANAGER)
    adjudicated(world, "max", "accepted")


def test_managers_who_see_everything_give_no_second_review(world: World) -> None:
    set_up(world, reviewers="rev")
    world.join("max", ProjectRole.MANAGER)
    world.review("rev", 1, world.submit("ann", 1), "accepted")
    assert has_nothing(world, "max")
    with pytest.raises(Forbidden):
        world.run(GiveSecondReview(task=1, review=1, verdict=Verdict.ACCEPTED), "max")


def test_a_second_review_is_as_complete_as_a_first(world: World) -> None:
    set_up(world, comment_on_reject=True)
    world.review("rev", 1, world.submit("ann", 1), "accepted")
    for wrong in ({"verdict": Verdict.FIXED}, {"verdict": Verdict.REJECTED}):
        with pytest.raises(InvalidInput):
            world.run(GiveSecondReview(task=1, review=1, **wrong), "sue")
    with pytest.raises(NotFound):
        world.run(GiveSecondReview(task=1, review=99, verdict=Verdict.ACCEPTED), "sue")
    again(world, "sue", "rejected", comment="no")
    with pytest.raises(NotFound):
        world.run(GiveSecondReview(task=1, review=1, verdict=Verdict.ACCEPTED), "tom")


def test_a_task_of_certain_reviewers_is_reviewed_again_by_any(world: World) -> None:
    set_up(world, only_assigned=True)
    world.submit("ann", 1)
    world.run(AssignTasks(project=1, tasks=[1], people=[world.people["rev"]], as_reviewers=True))
    world.review("rev", 1, 1, "accepted")
    again(world, "sue", "rejected")
    adjudicated(world, "tom", "accepted")


def test_what_is_sent_back_is_reviewed_again_as_it_was(world: World) -> None:
    set_up(world)
    annotation = world.submit("ann", 1)
    world.review("rev", 1, annotation, "rejected", action="return")
    world.next("ann")
    world.revise("ann", 1, annotation, "B")
    found = asked(world, "sue")
    assert (found["stage"], found["result"]) == ("second", result("A")), (
        "the new answer would tell of the first verdict"
    )
    assert "state" not in found
    again(world, "sue", "accepted")
    assert (asked(world, "sue")["stage"], asked(world, "sue")["result"]) == ("first", result("B"))
    assert has_nothing(world, "tom"), "what was disagreed about is no more"


def test_a_plain_verdict_of_who_may_be_asked_for_a_second_one_is_refused(world: World) -> None:
    set_up(world)
    annotation = world.submit("ann", 1)
    world.review("rev", 1, annotation, "rejected", action="return")
    with pytest.raises(WrongState, match="second time"):
        world.review("sue", 1, annotation, "accepted")
    world.revise("ann", 1, annotation, "B")
    bulk = ReviewTasks(project=1, tasks=[1], verdict=Verdict.ACCEPTED)
    assert world.run(bulk, "sue").value["reviewed"] == 0
    assert world.run(bulk, "rev").value["reviewed"] == 1


def disagreed(world: World) -> int:
    annotation = world.submit("ann", 1)
    world.review("rev", 1, annotation, "rejected", action="return")
    again(world, "sue", "accepted")
    return annotation


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
    adjudicated(world, "max", "rejected", action="return")
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
