"""Two reviewers and a third: what is reviewed twice, who is asked, what stands."""

from __future__ import annotations

import pytest

from annolog.commands.distributing import AssignTasks
from annolog.commands.review_stream import ReviewTasks
from annolog.commands.reviewing import WithdrawReview
from annolog.commands.second_review import AdjudicateReview, GiveSecondReview
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import Forbidden, InvalidInput, NotFound, OwnWork, WrongState
from annolog.domain.task.events import Verdict
from tests.scenarios.judging_again import adjudicated, again, asked, has_nothing, set_up
from tests.world import World, result


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
