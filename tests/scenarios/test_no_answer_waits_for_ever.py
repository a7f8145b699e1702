"""What waits for the label budget, for a slot or for certain people gets it or says why not, whatever comes between."""

from __future__ import annotations

import pytest

from annolog.commands.distributing import DeleteTasks, RestoreTasks
from annolog.commands.members import RemoveMember
from annolog.commands.rules import SetSkill
from annolog.domain.refusals import NoWork
from annolog.domain.task.events import AgreementReached, SlotAdded, TaskState
from annolog.domain.task.state import Resolution
from tests.scenarios.test_confidence import PEOPLE, SURE, first_answers, fit, happened, open_project
from tests.world import World


def doubted(world: World) -> list[int]:
    """The tasks that wait for the label budget, as the queue has them."""
    with world.installation.log.transaction() as transaction:
        found: list[int] = transaction.queue.doubted(world.project, 1_000)
    return found


def test_a_task_that_is_deleted_and_restored_waits_for_the_budget_again(world: World) -> None:
    open_project(world, tasks=200, budget=2.5, confidence=0.99999)
    first_answers(world, 1, 40)
    fit(world)
    world.run(DeleteTasks(project=world.project, tasks=[1]))
    assert 1 not in doubted(world)
    world.run(RestoreTasks(project=world.project, tasks=[1]))
    world.settle()
    assert world.task(1).resolution is Resolution.DOUBTED
    assert 1 in doubted(world)


def test_free_slots_that_nobody_is_left_for_do_not_hold_the_budget_back(world: World) -> None:
    open_project(world, tasks=50, budget=2.5, confidence=0.99999)
    first_answers(world, 1, 40)
    for task in range(41, 51):
        for who in PEOPLE.split():
            world.skip(who, task)
    fit(world)
    assert world.task(41).resolution is Resolution.INFEASIBLE
    assert happened(world, SlotAdded)


def test_another_policy_that_needs_more_answers_or_fewer_is_heard_by_every_task(world: World) -> None:
    world.set_up(tasks=2, annotators=PEOPLE, review={"sample_percent": 0}, reassignment=SURE)
    for task in (1, 2):
        world.submit("ann", task, "A")
    world.settle()
    assert world.task(1).state is TaskState.ANNOTATION_IN_PROGRESS
    # Agreement takes two answers, and there is one: nothing is left to wait for.
    world.change("reassignment", policy="agreement")
    assert world.task(1).state is TaskState.COMPLETED
    world.change("reassignment", policy="confidence")
    assert world.task(1).state is TaskState.ANNOTATION_IN_PROGRESS


TWO = (
    '<View><Text name="text" value="$text"/><Choices name="label" toName="text"><Choice value="A"/><Choice value="B"/>'
    '</Choices><Choices name="mood" toName="text"><Choice value="C"/><Choice value="D"/></Choices></View>'
)


def test_a_dimension_that_nobody_answers_holds_up_no_task(world: World) -> None:
    rules = {"assignment": {"overlap": 2}, "review": {"sample_percent": 0}, "reassignment": SURE}
    world.set_up(tasks=30, annotators=PEOPLE, config=TWO, **rules)
    first_answers(world, 1, 30)
    fit(world)
    assert happened(world, AgreementReached)


EXPERTS = {"enabled": True, "expert_after": 1, "expert_skill": "french", "expert_least": 3}


def disputed(world: World) -> None:
    """A task on which two people disagree, in a project that has an expert decide such things."""
    world.set_up(tasks=1, annotators=PEOPLE, assignment={"overlap": 2}, reassignment=EXPERTS)
    world.submit("ann", 1, "A")
    world.submit("bob", 1, "B")


def skilled(world: World, who: str) -> None:
    world.run(SetSkill(project=world.project, person=world.people[who], skill="french", value=3))
    world.settle()


def test_an_expert_who_comes_late_is_asked(world: World) -> None:
    disputed(world)
    world.settle()
    assert world.task(1).resolution is Resolution.INFEASIBLE
    skilled(world, "cyd")
    assert world.next("cyd") == 1
    assert not world.has_work("dan")


def test_the_experts_a_slot_is_kept_for_may_all_go(world: World) -> None:
    disputed(world)
    skilled(world, "cyd")
    world.run(RemoveMember(project=world.project, person=world.people["cyd"]))
    world.settle()
    assert world.task(1).resolution is Resolution.INFEASIBLE
    skilled(world, "dan")
    assert world.task(1).resolution is Resolution.PENDING
    assert not world.has_work("eve")
    assert world.next("dan") == 1


def test_a_project_that_calls_no_experts_any_more_asks_anybody(world: World) -> None:
    disputed(world)
    skilled(world, "cyd")
    assert not world.has_work("dan")
    world.change("reassignment", expert_after=None)
    assert world.next("dan") == 1


def test_who_asks_a_moment_after_the_time_of_others_is_over_waits_for_no_sweep(world: World) -> None:
    open_project(world, tasks=30)
    first_answers(world, 1, 30)
    fit(world)
    assert happened(world, SlotAdded)
    world.join("fay")
    with pytest.raises(NoWork):
        world.next("fay")
    world.clock.forward(901)
    assert world.next("fay")
