"""People are judged by the truth or by reviews, tested without being told, and told what differs while they learn."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.commands.projects import ResumeMember
from annolog.commands.reviewing import SetGroundTruth
from annolog.commands.working import RequestWork
from annolog.domain.project.evaluation import is_evaluated_next
from annolog.domain.project.events import MemberPaused, PauseCause
from annolog.domain.refusals import Paused
from annolog.domain.task.events import TaskReserved
from tests.world import World


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
