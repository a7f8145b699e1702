"""Where tasks and projects are and why, and work that goes back to its author and comes again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from annolog.commands.annotating import DeleteAnnotation, ReviseAnnotation, SubmitAnnotation
from annolog.commands.commenting import AddComment
from annolog.commands.distributing import AssignTasks, DeleteTasks, RestoreTasks
from annolog.commands.projects import PublishProject
from annolog.commands.reviewing import WithdrawReview
from annolog.commands.working import RequestWork
from annolog.domain.refusals import InvalidInput
from annolog.projections.engine.moments import microseconds
from annolog.projections.stages.figures import Figures, stage_figures
from annolog.projections.stages.queries import Changes, Returns, project_changes, returned_work, task_changes
from tests.world import START, World, result

SECOND = 1_000_000
TWO = {"overlap": 2}


def of_task(world: World, task: int = 1, **wanted: Any) -> list[dict[str, Any]]:
    world.settle()
    with world.installation.read_engine.connect() as connection:
        return task_changes(connection, task, Changes(**wanted))


def of_project(world: World, **wanted: Any) -> list[dict[str, Any]]:
    world.settle()
    with world.installation.read_engine.connect() as connection:
        return project_changes(connection, world.project, Changes(**wanted))


def figures(world: World, **wanted: Any) -> dict[str, Any]:
    world.settle()
    wanted.setdefault("as_of", microseconds(world.clock()))
    with world.installation.read_engine.connect() as connection:
        return stage_figures(connection, world.project, Figures(**wanted))


def came_back(world: World, **wanted: Any) -> list[dict[str, Any]]:
    world.settle()
    with world.installation.read_engine.connect() as connection:
        return returned_work(connection, world.project, Returns(**wanted))


def region(id: str, label: str = "A") -> list[dict[str, Any]]:
    return [{**item, "id": id} for item in result(label)]


@pytest.mark.conformance("B14")
def test_work_goes_back_to_its_author_with_the_reviewers_words_and_comes_again_until_it_is_accepted(
    world: World,
) -> None:
    world.set_up(tasks=2, annotators="ann bob")
    annotation = world.run(SubmitAnnotation(task=1, result=region("r1")), "ann").value["annotation"]
    world.clock.forward(60)
    with pytest.raises(InvalidInput, match="no region r9"):
        world.review("rev", 1, annotation, "rejected", action="return", comment="the whole name", region="r9")
    with pytest.raises(InvalidInput, match="goes with a comment"):
        world.review("rev", 1, annotation, "rejected", action="return", region="r1")
    first = world.review("rev", 1, annotation, "rejected", action="return", comment="the whole name", region="r1")
    said = world.run(AddComment(task=1, text="and this", annotation=annotation, region="r1"), "rev").value["comment"]
    world.clock.forward(30)
    given = world.run(RequestWork(project=world.project), "ann").value
    assert (given["task"], given["annotation"], given["lane"]) == (1, annotation, "returned")
    assert given["returned"] == {
        "review": first,
        "revision": 1,
        "comment": "the whole name",
        "region": "r1",
        "comments": [{"comment": said, "region": "r1"}],
    }
    [waiting] = came_back(world, status="waiting")
    assert (waiting["review"], waiting["region"], waiting["comment"]) == (first, "r1", "the whole name")
    world.run(ReviseAnnotation(task=1, annotation=annotation, result=region("r1", "B")), "ann")
    assert came_back(world, status="waiting") == []
    second = world.review("rev", 1, annotation, "rejected", action="return", comment="not yet")
    world.run(ReviseAnnotation(task=1, annotation=annotation, result=region("r1", "C")), "ann")
    world.review("rev", 1, annotation, "accepted")
    returns = came_back(world)
    assert [(row["review"], row["number"], row["revision"], row["answered_revision"]) for row in returns] == [
        (first, 1, 1, 2),
        (second, 2, 2, 3),
    ]
    answers = [
        recorded.event
        for recorded in world.installation.log.streams(["task-1"])["task-1"]
        if recorded.type == "AnnotationRevised"
    ]
    assert [(answer.revision, answer.review) for answer in answers] == [(2, first), (3, second)]
    found = figures(world)
    assert found["rework"]["distribution"] == {2: 1}
    assert (found["rework"]["ended"], found["rework"]["mean"]) == (1, 2.0)
    assert found["first_pass"] == {"judged": 1, "accepted": 0, "fixed": 0, "rejected": 1, "acceptance": 0.0}
    waited = found["time"]["waiting_for_author"]
    assert (waited["stays"], waited["microseconds"] // SECOND) == (2, 30)


@pytest.mark.conformance("B16")
def test_a_fix_is_no_first_pass_and_a_verdict_taken_back_is_no_verdict(world: World) -> None:
    world.set_up(tasks=4, review={"only_finished": False})
    annotations = {task: world.submit("ann", task) for task in (1, 2, 3, 4)}
    world.review("rev", 1, annotations[1], "accepted")
    world.review("rev", 2, annotations[2], "fixed", result=result("B"))
    wrong = world.review("rev", 3, annotations[3], "rejected", action="return")
    assert figures(world)["first_pass"]["acceptance"] == pytest.approx(1 / 3)
    world.run(WithdrawReview(task=3, review=wrong), "rev")
    world.review("rev", 3, annotations[3], "accepted")
    found = figures(world)
    assert found["first_pass"] == {"judged": 3, "accepted": 2, "fixed": 1, "rejected": 0, "acceptance": 2 / 3}
    assert found["rework"]["distribution"] == {0: 3}
    assert [row["status"] for row in came_back(world)] == ["withdrawn"]
    world.run(DeleteAnnotation(task=1, annotation=annotations[1]))
    assert figures(world)["first_pass"]["judged"] == 2


@pytest.mark.conformance("B14")
def test_what_is_passed_on_stays_in_the_figures_and_waits_for_nobody(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob")
    world.review("rev", 1, world.submit("ann", 1), "rejected", action="pass_on")
    assert world.work("bob") == 1
    world.review("rev", 1, world.task().counted[0].id, "accepted")
    found = figures(world)
    assert found["first_pass"] == {"judged": 2, "accepted": 1, "fixed": 0, "rejected": 1, "acceptance": 0.5}
    assert found["rework"]["distribution"] == {0: 2}
    assert found["time"]["waiting_for_author"]["stays"] == 0
    assert [row["transition"] for row in of_task(world)][2:] == ["passed_on", "submitted", "accepted"]


@pytest.mark.conformance("B13")
def test_every_change_says_what_it_was_why_and_by_whom(world: World) -> None:
    world.set_up(tasks=1, assignment=TWO, review={"criteria": "all"})
    first = world.submit("ann", 1)
    second = world.submit("bob", 1)
    world.review("rev", 1, first, "rejected", action="return")
    world.revise("ann", 1, first, "B")
    world.review("rev", 1, second, "accepted")
    world.review("rev", 1, first, "fixed", result=result("C"))
    found = of_task(world)
    assert [(row["previous"], row["state"], row["transition"], row["cause"]) for row in found] == [
        (None, "created", "imported", "TaskImported"),
        ("created", "annotation_in_progress", "submitted", "AnnotationSubmitted"),
        ("annotation_in_progress", "needs_review", "submitted", "AnnotationSubmitted"),
        ("needs_review", "annotation_in_progress", "returned", "AnnotationReviewed"),
        ("annotation_in_progress", "needs_review", "return_answered", "AnnotationRevised"),
        ("needs_review", "review_in_progress", "accepted", "AnnotationReviewed"),
        ("review_in_progress", "completed", "fixed", "AnnotationRevised"),
    ]
    people = [world.people[who] for who in ("ann", "bob", "rev", "ann", "rev", "rev")]
    assert [row["triggered_by"] for row in found[1:]] == people
    log = {recorded.position: recorded for recorded in world.installation.log.streams(["task-1"])["task-1"]}
    for row in found:
        assert log[row["cause_position"]].type == row["cause"]
        assert log[row["position"]].recorded_at.isoformat() == row["at"]
    assert found[3]["reason"] == "a reviewer returned an annotation to its author: it waits for an answer"


def test_changes_are_found_by_time_state_cause_and_person(world: World) -> None:
    world.set_up(tasks=1)
    world.clock.forward(100)
    annotation = world.submit("ann", 1)
    world.clock.forward(100)
    world.review("rev", 1, annotation, "accepted")
    begun = microseconds(START)
    assert [row["state"] for row in of_task(world, since=begun + 50 * SECOND, until=begun + 150 * SECOND)] == [
        "needs_review"
    ]
    for wanted in (
        {"state": "completed"},
        {"previous": "needs_review"},
        {"transition": "accepted"},
        {"cause": "AnnotationReviewed"},
        {"by": world.people["rev"]},
    ):
        assert [row["state"] for row in of_task(world, **wanted)] == ["completed"]
    assert [row["state"] for row in of_task(world, limit=2)] == ["created", "needs_review"]
    assert [row["state"] for row in of_task(world, after=of_task(world, limit=2)[-1]["position"])] == ["completed"]


@pytest.mark.conformance("B20")
def test_a_project_goes_from_an_empty_one_to_a_finished_one_and_back(world: World) -> None:
    world.set_up(tasks=0, annotators="ann", publish=False)
    first, second = world.bring_in(2)
    world.run(PublishProject(project=world.project))
    one = world.submit("ann", first)
    world.review("rev", first, one, "accepted")
    other = world.submit("ann", second)
    world.review("rev", second, other, "accepted")
    third = world.bring_in(1)[0]
    world.run(DeleteTasks(project=world.project, tasks=[third]))
    world.run(RestoreTasks(project=world.project, tasks=[third]))
    found = of_project(world)
    assert [(row["state"], row["cause"], row["task"]) for row in found] == [
        ("created", "ProjectCreated", None),
        ("setup_in_progress", "LabelConfigRevised", None),
        ("ready_to_publish", "TaskImported", first),
        ("published", "ProjectPublished", None),
        ("annotation_in_progress", "TaskStateChanged", first),
        ("needs_review", "TaskStateChanged", second),
        ("completed", "TaskStateChanged", second),
        ("annotation_in_progress", "TaskImported", third),
        ("completed", "TaskDeleted", third),
        ("annotation_in_progress", "TaskRestored", third),
    ]
    assert [row["previous"] for row in found] == [None, *(row["state"] for row in found[:-1])]
    assert found[-1]["state"] == world.progress()["state"]
    assert [row["position"] for row in of_project(world, state="completed", cause="TaskDeleted")] == [
        found[8]["position"]
    ]


@pytest.mark.conformance("B13")
def test_tasks_that_are_asked_of_one_person_skip_annotating(world: World) -> None:
    world.set_up(tasks=1)
    world.submit("ann", 1)
    assert [row["state"] for row in of_task(world)] == ["created", "needs_review"]


@pytest.mark.conformance("B13")
@pytest.mark.parametrize(
    ("review", "people", "states"),
    [
        ({"criteria": "all"}, "ann bob", ["needs_review", "review_in_progress", "completed"]),
        ({"criteria": "all"}, "ann", ["needs_review", "completed"]),
        ({"criteria": "one"}, "ann bob", ["needs_review", "completed"]),
        ({"sample_percent": 0}, "ann bob", ["completed"]),
        ({"only_assigned": True}, "ann bob", ["completed"]),
    ],
)
def test_in_review_is_only_where_several_annotations_each_need_a_verdict(
    world: World, review: dict[str, Any], people: str, states: list[str]
) -> None:
    names = people.split()
    world.set_up(tasks=1, assignment={"overlap": len(names)}, review=review)
    annotations = [world.submit(who, 1) for who in names]
    if states[0] == "needs_review":
        for annotation in annotations:
            world.review("rev", 1, annotation, "accepted")
    begun = ["created", "annotation_in_progress"][: len(names)]
    assert [row["state"] for row in of_task(world)] == [*begun, *states]


@pytest.mark.conformance("B13")
def test_a_task_is_done_where_only_assigned_reviewers_review_and_opens_when_one_is_assigned(world: World) -> None:
    world.set_up(tasks=1, review={"only_assigned": True})
    world.submit("ann", 1)
    assign = AssignTasks(project=world.project, tasks=[1], people=[world.people["rev"]], as_reviewers=True)
    world.run(assign)
    world.run(assign.model_copy(update={"unassign": True}))
    changes = [(row["state"], row["transition"]) for row in of_task(world)]
    assert changes == [
        ("created", "imported"),
        ("completed", "submitted"),
        ("needs_review", "reviewers_changed"),
        ("completed", "reviewers_changed"),
    ]
    world.run(assign)
    world.review("rev", 1, world.task().counted[0].id, "accepted")
    assert of_task(world)[-1]["transition"] == "accepted"


@pytest.mark.conformance("B15")
def test_what_is_not_sampled_says_so_and_is_done(world: World) -> None:
    world.set_up(tasks=4, annotators="ann bob", assignment=TWO, review={"sample_percent": 50})
    for task in (1, 2, 3, 4):
        world.submit("ann", task)
        world.submit("bob", task)
    ends = [of_task(world, task)[-1] for task in (1, 2, 3, 4)]
    assert sorted(row["state"] for row in ends) == ["completed", "completed", "needs_review", "needs_review"]
    for row in ends:
        assert row["transition"] == "submitted"
        assert ("not among those that are reviewed" in row["reason"]) is (row["state"] == "completed")


@pytest.mark.conformance("B15")
def test_what_is_routed_by_its_agreement_names_the_decision_as_its_cause(world: World) -> None:
    routing = [{"operator": "gte", "threshold": 0.6, "sample_percent": 0}]
    world.set_up(tasks=1, annotators="ann bob", assignment=TWO, review={"routing": routing})
    world.submit("ann", 1)
    world.submit("bob", 1)
    *_, waiting, done = of_task(world)
    assert (waiting["state"], waiting["transition"]) == ("needs_review", "submitted")
    assert (done["state"], done["transition"], done["cause"]) == ("completed", "routed", "ReviewRouted")
    stream = world.installation.log.streams(["task-1"])["task-1"]
    assert [one.type for one in stream if one.position == done["cause_position"]] == ["ReviewRouted"]
    assert "not among those that are reviewed" in done["reason"]


def test_changed_settings_are_a_cause_too(world: World) -> None:
    world.set_up(tasks=1)
    world.submit("ann", 1)
    world.change("review", sample_percent=0)
    last = of_task(world)[-1]
    assert (last["state"], last["transition"], last["cause"]) == ("completed", "settings_changed", "SettingsChanged")


def test_stays_add_up_to_the_life_of_a_task_at_any_moment(world: World) -> None:
    world.set_up(tasks=1, assignment=TWO)
    [imported] = of_task(world)
    for seconds, step in ((10, "ann"), (20, "bob")):
        world.clock.forward(seconds)
        world.submit(step, 1)
    world.clock.forward(40)
    world.review("rev", 1, world.task().counted[0].id, "accepted")
    world.clock.forward(80)
    spent = {state: row["microseconds"] // SECOND for state, row in figures(world)["time"].items()}
    assert spent == {
        "created": 10,
        "annotation_in_progress": 20,
        "needs_review": 40,
        "review_in_progress": 0,
        "completed": 80,
        "waiting_for_author": 0,
    }
    begun = microseconds(START)
    for seconds in (5, 25, 71, 1000):
        found = figures(world, as_of=begun + seconds * SECOND)["time"]
        lived = begun + seconds * SECOND - microseconds(datetime.fromisoformat(imported["at"]))
        assert sum(row["microseconds"] for row in found.values()) == lived
        assert sum(row["open"] for row in found.values()) == 1
    part = figures(world, since=begun + 5 * SECOND, until=begun + 15 * SECOND)["time"]
    assert sum(row["microseconds"] for row in part.values()) == 10 * SECOND


def test_nobody_waits_a_negative_time_when_a_clock_goes_back(world: World) -> None:
    world.set_up(tasks=1, assignment=TWO)
    world.clock.forward(100)
    annotation = world.submit("ann", 1)
    world.clock.forward(-50)
    world.submit("bob", 1)
    world.review("rev", 1, annotation, "rejected", action="return")
    world.clock.forward(-30)
    world.revise("ann", 1, annotation, "B")
    world.clock.forward(300)
    found = figures(world)["time"]
    assert min(row["microseconds"] for row in found.values()) >= 0
    assert found["waiting_for_author"]["microseconds"] == 0
    assert found["created"]["microseconds"] // SECOND == 100
    assert found["needs_review"]["microseconds"] // SECOND == 220


def test_a_task_that_is_not_there_is_in_no_stage(world: World) -> None:
    world.set_up(tasks=1)
    world.clock.forward(10)
    world.run(DeleteTasks(project=world.project, tasks=[1]))
    world.clock.forward(1000)
    assert figures(world)["time"]["created"]["microseconds"] // SECOND == 10
    world.run(RestoreTasks(project=world.project, tasks=[1]))
    world.clock.forward(5)
    found = figures(world)["time"]["created"]
    assert (found["microseconds"] // SECOND, found["stays"], found["tasks"], found["open"]) == (15, 2, 1, 1)


def test_figures_are_of_one_person_or_of_everybody(world: World) -> None:
    world.set_up(tasks=2, annotators="ann bob", reviewers="rev roy", review={"default_reject_action": "return"})
    ann, bob = world.submit("ann", 1), world.submit("bob", 2)
    world.review("rev", 1, ann, "accepted")
    world.review("roy", 2, bob, "rejected")
    people = world.people
    assert figures(world, annotator=people["ann"])["first_pass"]["acceptance"] == 1.0
    assert figures(world, reviewer=people["roy"])["first_pass"]["acceptance"] == 0.0
    assert [row["review"] for row in came_back(world, annotator=people["ann"])] == []
    assert len(came_back(world, reviewer=people["roy"], annotator=people["bob"])) == 1
    found = figures(world)
    assert [(row["annotator"], row["judged"], row["acceptance"], row["returns"]) for row in found["annotators"]] == [
        (people["ann"], 1, 1.0, 0),
        (people["bob"], 1, 0.0, 1),
    ]
    assert [(row["reviewer"], row["judged"], row["acceptance"], row["returns"]) for row in found["reviewers"]] == [
        (people["rev"], 1, 1.0, 0),
        (people["roy"], 1, 0.0, 1),
    ]


def test_a_project_without_a_config_is_created_and_nothing_more(world: World) -> None:
    world.set_up(tasks=0, annotators="", reviewers="", publish=False, config="<View></View>")
    assert [row["state"] for row in of_project(world)] == ["created"]
