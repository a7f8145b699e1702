"""Answers are asked for until the consensus is sure enough, of those who tell most, as far as the budget goes."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.commands.working import ReleaseLapsed
from annolog.domain.refusals import InvalidInput, NoWork
from annolog.domain.task.events import (
    AgreementReached,
    PreferenceEnded,
    SlotAdded,
    TaskDoubted,
    TaskExhausted,
    TaskState,
)
from annolog.domain.task.state import Resolution
from tests.world import World

PEOPLE = "ann bob cyd dan eve"
SURE = {"enabled": True, "policy": "confidence", "confidence": 0.9, "maximum_additional": 3}


def happened(world: World, kind: type) -> list[Any]:
    """Everything of this kind that happened, oldest first."""
    return [recorded.event for recorded in world.installation.log.after(0, 100_000) if type(recorded.event) is kind]


def true(task: int) -> str:
    """What is right: As and Bs in turn."""
    return "AB"[task % 2]


def open_project(world: World, tasks: int = 40, **rule: Any) -> None:
    """Ann, Bob and Eve are always right, Cyd half the time, and Dan says A whatever he sees."""
    rules = {"assignment": {"overlap": 2}, "review": {"sample_percent": 0}, "reassignment": {**SURE, **rule}}
    world.set_up(tasks=tasks, annotators=PEOPLE, **rules)


def answers(world: World, who: str, task: int) -> None:
    label = {"cyd": "AB"[task // 2 % 2], "dan": "A"}.get(who, true(task))
    world.submit(who, task, label)


def first_answers(world: World, first: int, last: int) -> None:
    """Two people each, in changing pairs, so that a model can tell who is who."""
    pairs = (("ann", "bob"), ("ann", "cyd"), ("bob", "dan"), ("eve", "ann"), ("eve", "cyd"))
    for task in range(first, last + 1):
        for who in pairs[task % 5]:
            answers(world, who, task)


def work_while_there_is_any(world: World) -> None:
    """Everybody in turns, and what happens by itself between them."""
    while True:
        busy = [who for who in PEOPLE.split() if world.has_work(who)]
        for who in busy:
            if world.has_work(who):
                answers(world, who, world.next(who))
        world.settle()
        if not busy:
            return


def fit(world: World) -> None:
    world.settle()
    assert world.installation.fitter.fit(world.project)
    world.settle()


def test_nothing_is_judged_before_there_is_a_model_and_all_that_waits_is_then(world: World) -> None:
    open_project(world)
    first_answers(world, 1, 30)
    world.settle()
    assert happened(world, AgreementReached) == happened(world, SlotAdded) == []
    assert {world.task(task).state for task in range(1, 31)} == {TaskState.ANNOTATION_IN_PROGRESS}
    fit(world)
    judged = [event.task for kind in (AgreementReached, SlotAdded) for event in happened(world, kind)]
    assert sorted(judged) == list(range(1, 31))
    for reached in happened(world, AgreementReached):
        assert reached.evidence.posterior >= 0.9
        assert reached.evidence.models == {"label": 1}
    for added in happened(world, SlotAdded):
        assert added.evidence.posterior < 0.9
        assert added.reason == "low_confidence"


def test_a_slot_is_first_for_those_whose_answer_tells_most_and_then_for_anybody(world: World) -> None:
    open_project(world)
    first_answers(world, 1, 30)
    fit(world)
    added = next(event for event in happened(world, SlotAdded) if world.people["dan"] not in event.wanted)
    worths = [worth for _, worth in added.evidence.candidates]
    assert worths == sorted(worths, reverse=True)
    assert added.wanted == [person for person, _ in added.evidence.candidates][: len(added.wanted)]
    kept = [event.task for event in happened(world, SlotAdded)]
    dan = [world.next("dan") for _ in range(1)]
    assert dan[0] > 30 or world.people["dan"] in world.task(dan[0]).wanted
    wanted_of_dan = [e.task for e in happened(world, SlotAdded) if world.people["dan"] in e.wanted]
    assert dan[0] not in set(kept) - set(wanted_of_dan)
    name = next(who for who in PEOPLE.split() if world.people[who] == added.wanted[0])
    first = min(e.task for e in happened(world, SlotAdded) if added.wanted[0] in e.wanted)
    assert world.next(name) == first
    world.clock.forward(901)
    world.run(ReleaseLapsed())
    assert {event.cause for event in happened(world, PreferenceEnded)} == {"lapsed"}
    assert not any(world.task(task).wanted for task in kept)


def test_who_has_nothing_because_all_is_kept_for_others_is_told_until_when(world: World) -> None:
    open_project(world, tasks=30)
    first_answers(world, 1, 30)
    fit(world)
    while world.has_work("dan"):
        answers(world, "dan", world.next("dan"))
    with pytest.raises(NoWork) as refusal:
        world.next("dan")
    assert refusal.value.facts["reason"] == "kept"
    assert "next_expiry" in refusal.value.facts


def test_answers_come_until_it_is_sure_or_the_limit_is_reached(world: World) -> None:
    open_project(world, tasks=30)
    first_answers(world, 1, 30)
    fit(world)
    for _ in range(200):
        if all(world.task(task).state is TaskState.COMPLETED for task in range(1, 31)):
            break
        for who in PEOPLE.split():
            try:
                answers(world, who, world.next(who))
            except NoWork:
                continue
        world.settle()
    assert {world.task(task).state for task in range(1, 31)} == {TaskState.COMPLETED}
    answered = {event.cause for event in happened(world, PreferenceEnded)}
    assert answered <= {"answered", "lapsed"}
    assert not any(world.task(task).wanted for task in range(1, 31))


def test_the_budget_goes_to_the_tasks_that_are_least_sure(world: World) -> None:
    open_project(world, tasks=30, budget=2.2, confidence=0.99999)
    first_answers(world, 1, 30)
    fit(world)
    work_while_there_is_any(world)
    granted = happened(world, SlotAdded)
    assert len(granted) == 6
    assert world.installation.states.project(world.project).granted == 6
    over = [event for event in happened(world, TaskExhausted) if event.reason == "budget"]
    assert over
    assert {world.task(task).state for task in range(1, 31)} == {TaskState.COMPLETED}
    first = {}
    for doubted in happened(world, TaskDoubted):
        first.setdefault(doubted.task, doubted.need)
    # The first that were granted are among those that needed it most.
    neediest = sorted(first, key=lambda task: -first[task])[: 4 * len(granted)]
    assert {event.task for event in granted[:4]} <= set(neediest)
    world.change("reassignment", budget=2.3)
    world.settle()
    assert len(happened(world, SlotAdded)) == 9


def test_what_waits_for_the_budget_says_so(world: World) -> None:
    open_project(world, tasks=200, budget=2.5, confidence=0.99999)
    first_answers(world, 1, 40)
    fit(world)
    # There is enough other work: nothing is granted yet.
    assert happened(world, SlotAdded) == []
    assert world.task(1).resolution is Resolution.DOUBTED


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"policy": "confidense"}, "there is no policy"), ({"confidence": 1.5}, "confidence"), ({"budget": 0}, "budget")],
)
def test_a_rule_that_cannot_be_is_refused_by_its_field(world: World, changes: dict[str, Any], words: str) -> None:
    world.set_up(tasks=1)
    with pytest.raises(InvalidInput) as refusal:
        world.change("reassignment", **changes)
    assert words in str(refusal.value)
    assert refusal.value.faults[0].pointer.startswith("/reassignment")
