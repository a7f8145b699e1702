"""Agreement, reassignment, review, ground truth and evaluation as whole stories."""

from __future__ import annotations

import pytest

from annolog.commands.annotating import DeleteAnnotation, RestoreAnnotation, SubmitAnnotation
from annolog.commands.commenting import AddComment, ReopenComment, ResolveComment
from annolog.commands.distributing import AssignTasks
from annolog.commands.reviewing import SetGroundTruth, WithdrawReview
from annolog.commands.working import ReleaseTask
from annolog.domain.refusals import AlreadyAnnotated, NotAssigned, OwnWork, Paused, SlotTaken, StaleVersion
from annolog.domain.task.events import SlotAdded, TaskState
from annolog.projections.agreement.queries import project_agreement
from tests.world import World, result

RULE = {"enabled": True, "threshold": 0.8, "maximum_additional": 2}
TWO = {"overlap": 2}


@pytest.mark.conformance("B8")
def test_low_agreement_asks_a_third_then_a_fourth_person_then_stops(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob cyd dan eve", assignment=TWO, reassignment=RULE)
    for who, label in (("ann", "A"), ("bob", "B"), ("cyd", "C"), ("dan", "A")):
        assert world.has_work(who)
        world.submit(who, 1, label)
        world.settle()
        assert not world.has_work(who)
    assert not world.has_work("eve")
    assert len({annotation.annotator for annotation in world.task().counted}) == 4
    assert world.task().state is TaskState.NEEDS_REVIEW
    assert world.progress()["exhausted"] == 1
    assert world.board()[0]["flag"] == "exhausted"


def test_the_added_slot_says_what_it_was_decided_on(world: World) -> None:
    world.set_up(tasks=1, assignment=TWO, reassignment=RULE)
    first = [world.submit("ann", 1, "A"), world.submit("bob", 1, "B")]
    world.settle()
    stream = world.installation.log.streams(["task-1"])["task-1"]
    [added] = [recorded for recorded in stream if isinstance(recorded.event, SlotAdded)]
    evidence = added.event.evidence
    assert (evidence.score, evidence.threshold, evidence.methodology) == (0.0, 0.8, "pairwise")
    assert evidence.annotations == [(id, 1) for id in first]
    assert added.causation_id in {recorded.id for recorded in stream}
    assert world.task().state is TaskState.ANNOTATION_IN_PROGRESS


def test_agreement_that_suffices_finishes_the_task(world: World) -> None:
    world.set_up(tasks=1, assignment=TWO, reassignment=RULE)
    world.work("ann")
    world.work("bob")
    world.settle()
    assert "AgreementReached" in world.types("task-1")
    assert world.task().state is TaskState.NEEDS_REVIEW
    assert not world.has_work("cyd")


@pytest.mark.conformance("B9")
def test_where_nobody_is_left_to_ask_it_is_said_and_somebody_who_joins_is_asked(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob", assignment=TWO, reassignment=RULE)
    world.work("ann", "A")
    world.work("bob", "B")
    world.settle()
    assert world.board()[0]["flag"] == "infeasible"
    assert world.progress()["infeasible"] == 1
    assert world.task().state is TaskState.ANNOTATION_IN_PROGRESS
    world.join("cyd")
    world.settle()
    assert world.has_work("cyd")
    assert world.progress()["infeasible"] == 0


def test_an_answer_that_is_changed_is_judged_again(world: World) -> None:
    world.set_up(tasks=1, assignment=TWO, reassignment=RULE)
    world.work("ann", "A")
    world.work("bob", "A")
    world.settle()
    assert world.task().state is TaskState.NEEDS_REVIEW
    world.revise("bob", 1, world.task().counted[1].id, "B")
    world.settle()
    assert world.task().slots == 3
    assert world.has_work("cyd")


@pytest.mark.conformance("B10")
def test_onboarding_tests_people_and_pauses_who_falls_short(world: World) -> None:
    evaluation = {"enabled": True, "onboarding_tasks": 3, "minimum_tasks": 3, "minimum_score": 0.7}
    world.set_up(tasks=5, managers="max", evaluation=evaluation)
    for task in (3, 4, 5):
        world.run(SetGroundTruth(task=task, annotation=world.submit("max", task, "A")), "max")
    answers = {3: "A", 4: "A", 5: "B"}
    seen = []
    for _ in range(3):
        task = world.next("ann")
        seen.append(task)
        world.submit("ann", task, answers[task])
    assert sorted(seen) == [3, 4, 5]
    world.settle()
    with pytest.raises(Paused) as paused:
        world.next("ann")
    assert (paused.value.facts["cause"], paused.value.facts["kind"]) == ("evaluation", "flexible")
    # Everybody may answer them, whatever their slots, and the truth itself completes nothing.
    assert sorted({world.work("bob", "A") for _ in range(3)}) == [3, 4, 5]
    assert world.task(1).state is TaskState.CREATED
    world.change("evaluation", minimum_score=0.6)
    assert world.has_work("ann")


@pytest.mark.conformance("B12")
def test_a_new_ground_truth_takes_the_place_of_the_old(world: World) -> None:
    world.set_up(tasks=1, assignment=TWO)
    first, second = world.submit("ann", 1, "A"), world.submit("bob", 1, "B")
    world.run(SetGroundTruth(task=1, annotation=first), "rev")
    world.run(SetGroundTruth(task=1, annotation=second), "rev")
    assert world.task().ground_truth == second
    assert world.types("task-1")[-2:] == ["GroundTruthCleared", "GroundTruthSet"]


@pytest.mark.conformance("B13")
@pytest.mark.parametrize(("criteria", "between"), [("one", "completed"), ("all", "review_in_progress")])
def test_review_is_over_after_one_verdict_or_after_all(world: World, criteria: str, between: str) -> None:
    world.set_up(tasks=1, assignment=TWO, review={"criteria": criteria})
    first, second = world.submit("ann", 1), world.submit("bob", 1)
    assert world.task().state is TaskState.NEEDS_REVIEW
    world.review("rev", 1, first, "accepted")
    assert world.task().state == between
    world.review("rev", 1, second, "accepted")
    assert world.task().state is TaskState.COMPLETED


@pytest.mark.conformance("B14")
def test_a_removed_annotation_comes_back_to_nobody(world: World) -> None:
    world.set_up(tasks=1)
    world.review("rev", 1, world.submit("ann", 1), "rejected", action="remove")
    assert not world.has_work("ann")
    assert not world.has_work("bob")
    assert world.performance("ann")["rejected"] == 1


@pytest.mark.conformance("B14")
def test_a_returned_annotation_reaches_its_author_first_and_is_reviewed_again(world: World) -> None:
    world.set_up(tasks=3)
    annotation = world.submit("ann", 2)
    world.review("rev", 2, annotation, "rejected", action="return")
    assert world.task(2).state is TaskState.ANNOTATION_IN_PROGRESS
    assert world.next("ann") == 2
    world.revise("ann", 2, annotation, "B")
    assert world.task(2).state is TaskState.NEEDS_REVIEW
    world.review("rev", 2, annotation, "accepted")
    assert world.task(2).state is TaskState.COMPLETED


@pytest.mark.conformance("B14")
def test_a_task_that_is_passed_on_opens_for_others_and_not_for_its_author(world: World) -> None:
    world.set_up(tasks=1)
    annotation = world.submit("ann", 1, lead_time=7.0)
    world.review("rev", 1, annotation, "rejected", action="pass_on")
    assert not world.has_work("ann")
    with pytest.raises(NotAssigned):
        world.revise("ann", 1, annotation, "B")
    assert world.work("bob") == 1
    ann = world.performance("ann")
    assert (ann["submitted"], ann["rejected"], ann["lead_time_total"]) == (1, 1, 7.0)


@pytest.mark.conformance("B16")
def test_a_fix_keeps_both_versions_and_counts_for_what_it_kept(world: World) -> None:
    world.set_up(tasks=1)
    annotation = world.submit("ann", 1, "A")
    world.review("rev", 1, annotation, "fixed", result=result("B"))
    revisions = [
        r.event.result for r in world.installation.log.streams(["task-1"])["task-1"] if hasattr(r.event, "result")
    ]
    assert revisions == [result("A"), result("B")]
    assert world.task().state is TaskState.COMPLETED
    assert world.performance("ann")["performance_score"] == 0.0
    assert world.performance("ann")["acceptance_score"] == 1.0


def test_nobody_reviews_their_own_work(world: World) -> None:
    world.set_up(tasks=1)
    annotation = world.submit("rev", 1)
    with pytest.raises(OwnWork):
        world.review("rev", 1, annotation, "accepted")


def test_a_verdict_on_an_older_revision_is_refused(world: World) -> None:
    world.set_up(tasks=1)
    annotation = world.submit("ann", 1)
    world.revise("ann", 1, annotation, "B")
    with pytest.raises(StaleVersion):
        world.review("rev", 1, annotation, "accepted", expected_revision=1)


@pytest.mark.conformance("B19")
def test_deleting_an_annotation_takes_it_out_of_every_figure(world: World) -> None:
    world.set_up(tasks=1, assignment=TWO, review={"sample_percent": 0})
    world.work("ann", "A")
    world.work("bob", "B")
    assert (world.agreement()["score"], world.progress()["tasks_by_state"]["completed"]) == (0.0, 1)
    gone = world.task().counted[1].id
    world.run(DeleteAnnotation(task=1, annotation=gone))
    assert world.agreement()["score"] is None
    found = world.progress()
    assert (found["annotations"], found["tasks_by_state"]["completed"]) == (1, 0)
    assert world.board()[0]["annotation_count"] == 1
    assert world.performance("bob")["submitted"] == 0
    assert world.task().state is TaskState.ANNOTATION_IN_PROGRESS
    world.run(RestoreAnnotation(task=1, annotation=gone))
    assert (world.agreement()["score"], world.progress()["annotations"]) == (0.0, 2)


@pytest.mark.conformance("A22")
def test_the_weights_of_a_project_make_its_overall_score(world: World) -> None:
    controls = "".join(
        f'<Choices name="{name}" toName="text"><Choice value="x"/><Choice value="y"/></Choices>' for name in "abc"
    )
    world.set_up(
        tasks=1,
        config=f'<View><Text name="text" value="$text"/>{controls}</View>',
        assignment={"overlap": 3},
        agreement={"weights": {"a": 1.0, "b": 0.3, "c": 0.2}},
    )
    for who, labels in (("ann", "xxx"), ("bob", "xxx"), ("cyd", "xyy")):
        items = [
            {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": [label]}}
            for name, label in zip("abc", labels, strict=True)
        ]
        world.run(SubmitAnnotation(task=1, result=items), who)
    found = world.agreement()
    assert found["dimensions"] == {"a": 1.0, "b": pytest.approx(1 / 3), "c": pytest.approx(1 / 3)}
    assert found["score"] == pytest.approx((1 + 0.3 / 3 + 0.2 / 3) / 1.5)
    world.change("agreement", methodology="consensus")
    assert world.board()[0]["agreement"] == pytest.approx((1 + (0.3 + 0.2) * 2 / 3) / 1.5)


@pytest.mark.conformance("A23")
def test_performance_is_the_mean_over_all_reviews(world: World) -> None:
    world.set_up(tasks=1, review={"only_finished": False, "default_reject_action": "return"})
    annotation = world.submit("ann", 1)
    for verdict in ("rejected", "rejected", "accepted"):
        world.review("rev", 1, annotation, verdict)
        if verdict == "rejected":
            world.revise("ann", 1, annotation, "B")
    assert world.performance("ann")["performance_score"] == pytest.approx(1 / 3)
    assert world.performance("ann")["acceptance_score"] == 1.0


@pytest.mark.conformance("A23")
def test_a_fix_counts_for_the_agreement_of_both_versions(world: World) -> None:
    config = '<View><Text name="text" value="$text"/><Choices name="label" toName="text" choice="multiple">'
    config += "".join(f'<Choice value="{n}"/>' for n in range(50)) + "</Choices></View>"
    world.set_up(
        tasks=1,
        config=config,
        review={"only_finished": False},
        agreement={"metrics": {"label": {"metric": "jaccard"}}},
    )

    def chosen(count: int) -> list[dict[str, object]]:
        labels = [str(n) for n in range(count)]
        return [{"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": labels}}]

    annotation = world.run(SubmitAnnotation(task=1, result=chosen(21)), "ann").value["annotation"]
    world.review("rev", 1, annotation, "rejected")
    # 21 of 50 labels are kept: the fix agrees with the original by .42.
    world.review("rev", 1, annotation, "fixed", result=chosen(50))
    assert world.performance("ann")["performance_score"] == pytest.approx(0.21)


@pytest.mark.conformance("A24")
def test_a_task_with_one_answer_is_in_no_average(world: World) -> None:
    world.set_up(tasks=2, assignment=TWO)
    world.submit("ann", 1, "A")
    world.submit("ann", 2, "A")
    world.submit("bob", 2, "A")
    assert world.agreement(1)["score"] is None
    assert [row["agreement"] for row in world.board(order=["task"])] == [None, 1.0]
    with world.installation.read_engine.connect() as connection:
        found = project_agreement(connection, world.project)
    assert found is not None
    assert (found["tasks"], found["percent_agreement"]) == (1, 1.0)


@pytest.mark.conformance("B17")
def test_unresolved_comments_are_counted_on_the_board(world: World) -> None:
    world.set_up(tasks=1)
    comment = world.run(AddComment(task=1, text="which one?"), "ann").value["comment"]
    assert world.board()[0]["unresolved_comment_count"] == 1
    world.run(ResolveComment(task=1, comment=comment), "rev")
    assert world.board()[0]["unresolved_comment_count"] == 0
    world.run(ReopenComment(task=1, comment=comment), "rev")
    row = world.board()[0]
    assert (row["comment_count"], row["unresolved_comment_count"]) == (1, 1)


def test_withdrawing_a_review_brings_back_what_was_before(world: World) -> None:
    world.set_up(tasks=1)
    annotation = world.submit("ann", 1)
    review = world.review("rev", 1, annotation, "rejected", action="pass_on")
    assert world.has_work("bob")
    with pytest.raises(SlotTaken, match="went to somebody else"):
        world.run(WithdrawReview(task=1, review=review), "rev")
    world.run(ReleaseTask(task=1), "bob")
    world.run(WithdrawReview(task=1, review=review), "rev")
    assert world.task().locked_out == frozenset()
    assert not world.has_work("bob")
    assert world.performance("ann")["rejected"] == 0


def test_only_assigned_reviewers_review_a_task_that_has_any(world: World) -> None:
    world.set_up(tasks=1, reviewers="rev rex")
    world.run(AssignTasks(project=world.project, tasks=[1], people=[world.people["rex"]], as_reviewers=True))
    annotation = world.submit("ann", 1)
    with pytest.raises(NotAssigned):
        world.review("rev", 1, annotation, "accepted")
    world.review("rex", 1, annotation, "accepted")


def test_nobody_is_ever_given_a_task_they_answered(world: World) -> None:
    world.set_up(tasks=2, assignment=TWO, reassignment=RULE)
    world.work("ann", "A")
    world.work("ann", "A")
    assert not world.has_work("ann")
    with pytest.raises(AlreadyAnnotated):
        world.submit("ann", 1)
