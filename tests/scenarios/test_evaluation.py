"""People are judged by the truth or by reviews, tested without being told, and told what differs while they learn."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from annolog.commands.annotating import ReviseAnnotation, SubmitAnnotation
from annolog.commands.drift import DismissDrift, RequeueWindow
from annolog.commands.members import ResumeMember
from annolog.commands.reviewing import SetGroundTruth
from annolog.commands.working import RequestWork
from annolog.domain.project.evaluation import is_evaluated_next
from annolog.domain.project.events import MemberPaused, PauseCause
from annolog.domain.refusals import NotFound, Paused, WrongState
from annolog.domain.task.events import TaskReserved
from annolog.infra.requeuing import preview
from annolog.projections.drift.queries import alarms
from annolog.projections.skills.against_truth import of_annotation, of_person
from tests.world import World, result


def evaluated(world: World, tasks: int = 20, **rules: Any) -> None:
    world.set_up(tasks=tasks, managers="max", evaluation={"enabled": True, **rules})


def truth(world: World, *tasks: int, label: str = "A") -> None:
    for task in tasks:
        world.run(SetGroundTruth(task=task, annotation=world.submit("rev", task, label)), "rev")


def is_paused(world: World, who: str) -> bool:
    world.settle()
    member = world.installation.states.project(world.project).members[world.people[who]]
    return (PauseCause.EVALUATION, None) in member.pauses


def pauses(world: World) -> list[MemberPaused]:
    world.settle()
    stream = f"project-{world.project}"
    found = [recorded.event for recorded in world.installation.log.streams([stream])[stream]]
    return [event for event in found if isinstance(event, MemberPaused)]


def reviewed(world: World, who: str, verdict: str) -> tuple[int, int]:
    """A task that somebody answers and a reviewer judges."""
    task = world.next(who)
    annotation = world.submit(who, task)
    more = {"action": "remove"} if verdict == "rejected" else {}
    world.review("rev", task, annotation, verdict, **more)
    return task, annotation


def test_who_is_accepted_too_rarely_is_paused_and_goes_on_once_reviewers_think_better_of_it(world: World) -> None:
    evaluated(world, mode="acceptance_score", minimum_tasks=3, minimum_score=0.5)
    reviewed(world, "ann", "accepted")
    rejected = reviewed(world, "ann", "rejected")
    assert not is_paused(world, "ann")
    reviewed(world, "ann", "rejected")
    assert is_paused(world, "ann")
    with pytest.raises(Paused, match="33% of 3 reviewed answers were accepted, under the 50% asked for"):
        world.next("ann")
    [pause] = pauses(world)
    assert pause.evidence["mode"] == "acceptance_score"
    assert (pause.evidence["tasks"], pause.evidence["minimum_score"]) == (3, 0.5)
    world.review("rev", *rejected, "accepted")
    assert not is_paused(world, "ann")
    assert world.has_work("ann")


def test_rejections_have_a_maximum_and_settings_that_are_relaxed_end_the_pause(world: World) -> None:
    evaluated(world, mode="rejection_rate", minimum_tasks=2, maximum_rejection_rate=0.5)
    reviewed(world, "ann", "rejected")
    reviewed(world, "ann", "accepted")
    assert not is_paused(world, "ann")
    reviewed(world, "ann", "rejected")
    assert is_paused(world, "ann")
    with pytest.raises(Paused, match="67% of 3 reviewed answers were rejected, over the 50% allowed"):
        world.next("ann")
    world.change("evaluation", maximum_rejection_rate=0.7)
    assert not is_paused(world, "ann")


def test_a_pause_that_is_ended_by_hand_does_not_come_back_on_the_same_evidence(world: World) -> None:
    evaluated(world, resume="manual", minimum_tasks=2, minimum_score=0.9)
    truth(world, 1, 2, 3)
    world.submit("ann", 1, "B")
    world.submit("ann", 2, "A")
    assert is_paused(world, "ann")
    # The score recovers, or nobody changes anything: it is a manager who ends it.
    world.change("evaluation", minimum_score=0.4)
    assert is_paused(world, "ann")
    world.change("evaluation", minimum_score=0.9)
    world.run(ResumeMember(project=world.project, person=world.people["ann"], cause=PauseCause.EVALUATION), "max")
    world.change("evaluation", onboarding_tasks=3)
    world.forget_reactions()
    assert not is_paused(world, "ann")
    assert len(pauses(world)) == 1
    world.submit("ann", 3, "B")
    assert is_paused(world, "ann")
    assert len(pauses(world)) == 2


def test_what_comes_to_light_during_a_pause_is_not_held_against_who_is_let_go_on(world: World) -> None:
    evaluated(world, mode="rejection_rate", resume="manual", minimum_tasks=1, maximum_rejection_rate=0.4)
    before = [(task, world.submit("ann", task)) for task in (1, 2, 3)]
    for task, annotation in before[:2]:
        world.review("rev", task, annotation, "rejected", action="remove")
        assert is_paused(world, "ann")
    assert [pause.evidence["tasks"] for pause in pauses(world)] == [1, 2]
    world.run(ResumeMember(project=world.project, person=world.people["ann"], cause=PauseCause.EVALUATION), "max")
    world.change("evaluation", minimum_score=0.9)
    assert not is_paused(world, "ann")
    world.review("rev", *before[2], "rejected", action="remove")
    assert is_paused(world, "ann")


def test_tests_are_mixed_in_and_the_answer_does_not_tell(world: World) -> None:
    evaluated(world, tasks=60, continuous_every=3, pause_on_failure=False)
    truths = range(41, 61)
    truth(world, *truths)
    settings = world.installation.states.project(world.project).settings
    ann = world.people["ann"]
    tested, answers = [], []
    for count in range(20):
        answer = world.run(RequestWork(project=world.project), "ann").value
        answers.append(answer)
        assert (answer["task"] in truths) == is_evaluated_next(settings, world.project, ann, count)
        stream = f"task-{answer['task']}"
        why = [
            r.event.why for r in world.installation.log.streams([stream])[stream] if isinstance(r.event, TaskReserved)
        ]
        assert (why[-1].lane == "ground_truth") == (answer["task"] in truths)
        tested.append(answer["task"] in truths)
        world.submit("ann", answer["task"])
    assert 3 <= sum(tested) <= 12
    assert {answer["lane"] for answer in answers} == {"fresh"}
    assert len({frozenset(answer) for answer in answers}) == 1


def told(world: World, task: int, label: str, annotation: int | None = None) -> tuple[int, dict[str, Any] | None]:
    if annotation is None:
        answer = world.run(SubmitAnnotation(task=task, result=result(label)), "ann").value
    else:
        command = ReviseAnnotation(task=task, annotation=annotation, result=result(label))
        answer = world.run(command, "ann").value
    return answer["annotation"], answer.get("feedback")


def test_who_learns_is_told_what_differs_and_never_the_answer_and_tries_are_few(world: World) -> None:
    evaluated(world, onboarding_tasks=2, feedback="hint", feedback_tries=2, pause_on_failure=False)
    truth(world, 1, 2, 3, label="C")
    differs = {"controls": ["label"], "missing_regions": 0, "surplus_regions": 0}
    annotation, feedback = told(world, 1, "A")
    assert feedback == {"right": False, "hint": differs, "tries_left": 2}
    assert told(world, 1, "B", annotation)[1] == {"right": False, "hint": differs, "tries_left": 1}
    right = {"right": True, "hint": {**differs, "controls": []}, "tries_left": 0}
    assert told(world, 1, "C", annotation)[1] == right
    with pytest.raises(WrongState, match="may be revised 2 times"):
        told(world, 1, "A", annotation)
    assert world.types("task-1").count("FeedbackGiven") == 3
    assert told(world, 2, "C")[1] == {**right, "tries_left": 2}
    # Once they are introduced nothing is told any more, and answers are revised as ever.
    annotation, nothing = told(world, 3, "A")
    assert nothing is None
    assert told(world, 3, "C", annotation)[1] is None
    task = world.next("bob")
    assert "feedback" not in world.run(SubmitAnnotation(task=4, result=result("A")), "rev").value
    assert task == 1


def test_nothing_is_told_where_nobody_asked_for_it(world: World) -> None:
    evaluated(world, onboarding_tasks=2)
    truth(world, 1)
    assert told(world, 1, "B")[1] is None


def against_truth(world: World, who: str, **more: Any) -> dict[str, Any]:
    world.settle()
    with world.installation.read_engine.connect() as connection:
        return of_person(connection, world.project, world.people[who], **{"after": 0, "limit": 100, **more})


def test_answers_are_held_against_the_truth_with_the_scores_that_skills_are_made_of(world: World) -> None:
    evaluated(world, pause_on_failure=False)
    truth(world, 1, 2, 3)
    given = [world.submit("ann", task, label) for task, label in ((1, "A"), (2, "B"), (3, "A"))]
    untested = world.submit("ann", 4, "B")
    found = against_truth(world, "ann")
    assert [(row["task"], row["score"]) for row in found["tasks"]] == [(1, 1.0), (2, 0.0), (3, 1.0)]
    assert found["mean"]["value"] == pytest.approx(2 / 3)
    assert found["mean"]["answers"] == 3
    page = against_truth(world, "ann", after=1, limit=1)
    assert ([row["task"] for row in page["tasks"]], page["next"]) == ([2], 2)
    with world.installation.read_engine.connect() as connection:
        one = of_annotation(connection, world.project, 2, given[1])
        assert (one["score"], one["dimensions"], one["is_truth"]) == (0.0, {"label": 0.0}, False)
        with pytest.raises(NotFound, match="no ground truth"):
            of_annotation(connection, world.project, 4, untested)
        with pytest.raises(NotFound, match="no annotation"):
            of_annotation(connection, world.project, 2, given[0])


DAY = 86_400.0


def days_of_work(world: World, who: str, seconds: list[float], first: int, each: int = 4) -> int:
    """So many answers on every day, each in so many seconds; the first task that is left."""
    for time in seconds:
        for task in range(first, first + each):
            # Nobody is always equally fast.
            world.submit(who, task, lead_time=time * (1 + 0.1 * (task % 3)))
        first += each
        world.clock.forward(DAY)
    return first


def alarms_of(world: World) -> list[dict[str, Any]]:
    world.settle()
    with world.installation.read_engine.connect() as connection:
        return alarms(connection, world.project)


def test_haste_is_noticed_with_its_days_and_tasks_and_those_are_done_anew_by_others(world: World) -> None:
    world.set_up(tasks=80, managers="max", evaluation={"drift": True})
    ann, project = world.people["ann"], world.project
    left = days_of_work(world, "ann", [30.0, 33.0, 29.0, 31.0, 30.0, 32.0, 28.0, 31.0], 1)
    assert not alarms_of(world)
    hasty = left
    left = days_of_work(world, "ann", [5.0, 4.0, 5.0], left)
    world.submit("ann", left, lead_time=5.0)
    [alarm] = alarms_of(world)
    assert (alarm["person"], alarm["measure"], alarm["direction"]) == (ann, "speed", "fall")
    assert alarm["since"] == "2026-12-02"
    assert alarm["tasks"][0] == hasty
    # Neither looking again nor another day raises it again.
    world.forget_reactions()
    world.clock.forward(DAY)
    world.submit("ann", left + 1, lead_time=5.0)
    assert len(alarms_of(world)) == 1
    since, until = date.fromisoformat(alarm["since"]), date.fromisoformat(alarm["until"])
    world.settle()
    foreseen = preview(world.installation, project, ann, since, until)
    assert foreseen["tasks"] == alarm["tasks"]
    command = RequeueWindow(project=project, person=ann, since=since, until=until, reason="haste")
    for _ in range(2):
        world.run(command, "max")
        world.settle()
    assert [world.types(f"task-{task}").count("AnnotationDeleted") for task in alarm["tasks"]] == [1] * len(
        alarm["tasks"]
    )
    assert world.task(hasty - 1).counted
    assert preview(world.installation, project, ann, since, until)["answers"] == 0
    world.submit("bob", hasty)
    world.run(DismissDrift(project=project, alarm=1, reason="talked to"), "max")
    [seen] = alarms_of(world)
    assert (seen["dismissed"], seen["dismissed_because"], seen["dismissed_by"]) == (
        True,
        "talked to",
        world.people["max"],
    )


def test_nobody_is_looked_at_where_the_project_does_not_want_it(world: World) -> None:
    world.set_up(tasks=60)
    left = days_of_work(world, "ann", [30.0] * 8 + [3.0] * 3, 1)
    world.submit("ann", left, lead_time=3.0)
    assert not alarms_of(world)
