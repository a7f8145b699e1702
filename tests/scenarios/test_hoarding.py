"""Nobody holds more work than they may, however fast they ask: also within one commit."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import wait
from uuid import uuid4

import pytest

from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.command import Answer, Command, Request
from annolog.commands.working import ReleaseTask, RequestWork, ReserveTask
from annolog.domain.refusals import NoWork, Paused, Refused
from tests.world import World
from tests.world import result as answer


def at_once(world: World, who: str, commands: Sequence[Command]) -> list[Answer | BaseException]:
    """Send commands so that they are decided together: a slow one first keeps the writer busy."""
    person = world.people[who]
    futures = [world.installation.bus.send(Request(command, uuid4(), person)) for command in commands]
    wait(futures)
    return [error if (error := future.exception()) else future.result() for future in futures]


def test_asking_many_times_at_once_gives_one_task(world: World) -> None:
    world.set_up(tasks=50)
    answers = at_once(world, "ann", [RequestWork(project=world.project) for _ in range(30)])
    assert len({found.value["task"] for found in answers if isinstance(found, Answer)}) == 1
    assert sum(len(world.task(id).leases) for id in range(1, 51)) == 1


def test_whoever_releases_and_asks_again_at_once_holds_one_task(world: World) -> None:
    world.set_up(tasks=50)
    task = world.next("ann")
    ask = RequestWork(project=world.project)
    answers = at_once(world, "ann", [ReleaseTask(task=task), ask, ask, ask])
    assert all(isinstance(found, Answer) for found in answers)
    assert sum(len(world.task(id).leases) for id in range(1, 51)) == 1


def test_no_more_is_submitted_at_once_than_the_limit_allows(world: World) -> None:
    world.set_up(tasks=20, assignment={"limit_count": 5, "strict_overlap": False})
    commands = [SubmitAnnotation(task=task, result=answer("A")) for task in range(1, 21)]
    answers = at_once(world, "ann", commands)
    assert sum(isinstance(found, Answer) for found in answers) == 5
    assert {type(found) for found in answers if not isinstance(found, Answer)} == {Paused}


def test_what_is_in_hand_counts_towards_the_limit(world: World) -> None:
    world.set_up(tasks=20, assignment={"limit_count": 3})
    for task in (1, 2, 3):
        world.run(ReserveTask(task=task), "ann")
    with pytest.raises(Paused) as refusal:
        world.run(ReserveTask(task=4), "ann")
    assert refusal.value.facts["held"] == 3
    assert world.run(ReserveTask(task=2), "ann").value["task"] == 2
    for task in (1, 2, 3):
        world.run(SubmitAnnotation(task=task, result=answer("A")), "ann")
    with pytest.raises(Refused):
        world.run(RequestWork(project=world.project), "ann")


def test_who_comes_too_late_by_a_moment_is_told_that_the_task_is_held(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob cyd")
    people = [world.people[who] for who in ("ann", "bob", "cyd")] * 5
    ask = RequestWork(project=world.project)
    futures = [world.installation.bus.send(Request(ask, uuid4(), person)) for person in people]
    wait(futures)
    refused = [error for future in futures if isinstance(error := future.exception(), NoWork)]
    assert len(refused) == 10
    assert {str(error.facts["reason"]) for error in refused} == {"held"}
    assert all(error.facts["next_expiry"] for error in refused)
