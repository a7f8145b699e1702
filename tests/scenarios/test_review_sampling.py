"""Which finished tasks are reviewed: shares that hold exactly, by agreement where rules say so."""

from __future__ import annotations

import pytest

from annolog.commands.distributing import AddSlot
from annolog.domain.task.events import TaskState
from annolog.domain.task.review_events import ReviewRouted
from tests.world import World

TWO = {"overlap": 2}
BANDS = [
    {"operator": "lt", "threshold": 0.5, "sample_percent": 100},
    {"operator": "gte", "threshold": 0.5, "sample_percent": 25},
]


def routed(world: World, task: int) -> list[ReviewRouted]:
    stream = world.installation.log.streams([f"task-{task}"])[f"task-{task}"]
    return [found.event for found in stream if isinstance(found.event, ReviewRouted)]


def in_review(world: World, tasks: range) -> list[int]:
    return [task for task in tasks if world.task(task).state is TaskState.NEEDS_REVIEW]


@pytest.mark.conformance("B15")
def test_each_band_of_agreement_has_its_rate_and_what_is_not_sampled_is_done(world: World) -> None:
    world.set_up(tasks=12, assignment=TWO, review={"routing": BANDS})
    for task in range(1, 13):
        world.submit("ann", task, "A")
        world.submit("bob", task, "B" if task <= 4 else "A")
    world.settle()
    assert in_review(world, range(1, 5)) == [1, 2, 3, 4]
    sampled = in_review(world, range(5, 13))
    assert len(sampled) == 2
    assert all(world.task(task).state is TaskState.COMPLETED for task in {*range(5, 13)} - {*sampled})
    [low], [high] = routed(world, 1), routed(world, 5)
    assert (low.rule, low.agreement, low.percent, low.sampled) == (0, 0.0, 100, True)
    assert (high.rule, high.agreement, high.percent) == (1, 1.0, 25)
    assert world.types(f"task-{({*range(5, 13)} - {*sampled}).pop()}")[-4:] == [
        "ReviewRoutingAwaited",
        "TaskStateChanged",
        "ReviewRouted",
        "TaskStateChanged",
    ]


def test_a_plain_share_is_kept_exactly_and_decided_with_the_answer_that_finishes_the_task(world: World) -> None:
    world.set_up(tasks=20, review={"sample_percent": 30})
    for done in range(1, 21):
        task = world.work("ann")
        assert len(routed(world, task)) == 1
        assert len(in_review(world, range(1, 21))) in (done * 30 // 100, -(-done * 30 // 100))
    assert len(in_review(world, range(1, 21))) == 6


def test_a_dimension_of_its_own_and_a_rule_for_all_the_rest(world: World) -> None:
    rules = [
        {"dimension": "label", "operator": "eq", "threshold": 1.0, "sample_percent": 0},
        {"sample_percent": 100},
    ]
    world.set_up(tasks=3, assignment=TWO, review={"routing": rules, "sample_percent": 0})
    for task, other in ((1, "A"), (2, "B")):
        world.submit("ann", task, "A")
        world.submit("bob", task, other)
    world.settle()
    assert [world.task(task).state.value for task in (1, 2)] == ["completed", "needs_review"]
    assert [routed(world, task)[0].rule for task in (1, 2)] == [0, 1]


def test_one_answer_has_no_agreement_and_meets_only_the_rule_for_every_task(world: World) -> None:
    world.set_up(tasks=1, review={"routing": BANDS, "sample_percent": 0})
    world.work("ann")
    assert world.task().state is TaskState.COMPLETED
    [found] = routed(world, 1)
    assert (found.rule, found.agreement, found.sampled) == (None, None, False)


def test_another_share_is_for_the_tasks_that_are_finished_after_it(world: World) -> None:
    world.set_up(tasks=6, review={"sample_percent": 50})
    for _ in range(4):
        world.work("ann")
    before = in_review(world, range(1, 5))
    assert len(before) == 2
    world.change("review", sample_percent=0)
    assert in_review(world, range(1, 7)) == before
    world.change("review", sample_percent=100)
    world.work("ann")
    assert in_review(world, range(1, 7)) == [*before, 5]


def test_what_a_reviewer_sent_back_comes_back_to_review_and_what_is_opened_anew_is_decided_anew(world: World) -> None:
    world.set_up(tasks=2, review={"sample_percent": 50})
    tasks = [world.work("ann"), world.work("ann")]
    [sampled] = in_review(world, range(1, 3))
    [other] = {*tasks} - {sampled}
    annotation = world.task(sampled).counted[0].id
    world.review("rev", sampled, annotation, "rejected", action="return")
    assert world.next("ann") == sampled
    world.revise("ann", sampled, annotation, "B")
    assert world.task(sampled).state is TaskState.NEEDS_REVIEW
    assert len(routed(world, sampled)) == 1
    world.run(AddSlot(task=other))
    assert world.task(other).state is TaskState.ANNOTATION_IN_PROGRESS
    world.submit("bob", other)
    assert [found.quota_tasks for found in routed(world, other)][-1] == 3


def test_reassignment_comes_first_and_review_is_decided_on_the_answers_it_ends_with(world: World) -> None:
    world.set_up(
        tasks=1, assignment=TWO, reassignment={"enabled": True, "maximum_additional": 1}, review={"routing": BANDS}
    )
    world.submit("ann", 1, "A")
    world.submit("bob", 1, "B")
    world.settle()
    assert world.task().state is TaskState.ANNOTATION_IN_PROGRESS
    world.submit("cyd", 1, "A")
    world.settle()
    [found] = routed(world, 1)
    assert len(found.annotations) == 3
