"""A slot for experts is for whoever is one now: who becomes one is let in, who is none any more is not."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.commands.distributing import DeleteTasks, RestoreTasks
from annolog.commands.members import AddMembers, NewMember, PauseMember, RemoveMember, ResumeMember
from annolog.commands.rules import SetSkill
from annolog.commands.working import ReserveTask
from annolog.domain.project.events import PauseKind, ProjectRole
from annolog.domain.refusals import SlotTaken
from annolog.domain.task.events import PreferenceEnded, SlotAdded, SlotKept, TaskFeasible, TaskInfeasible, TaskState
from annolog.domain.task.state import Resolution
from annolog.infra.why import why_task
from tests.world import World

FILMS = "films"
TIER = {
    "enabled": True,
    "threshold": 1.0,
    "maximum_additional": 1,
    "expert_after": 1,
    "expert_skill": FILMS,
    "expert_least": 0.5,
}


def happened(world: World, kind: type) -> list[Any]:
    """Everything of this kind that happened, oldest first."""
    return [recorded.event for recorded in world.installation.log.after(0, 100_000) if type(recorded.event) is kind]


def knows(world: World, who: str, value: float | None = 1.0) -> None:
    world.run(SetSkill(project=world.project, person=world.people[who], skill=FILMS, value=value))
    world.settle()


def disputed(world: World, *experts: str, annotators: str = "ann bob cyd dan eve") -> int:
    """A task that Ann and Bob disagree on, in a project with these experts."""
    world.set_up(
        tasks=1,
        annotators=annotators,
        assignment={"overlap": 2},
        review={"sample_percent": 0},
        reassignment=TIER,
    )
    for who in experts:
        knows(world, who)
    world.submit("ann", 1, "A")
    world.submit("bob", 1, "B")
    world.settle()
    return 1


def kept_for(world: World) -> set[str]:
    """Whom the free slot is kept for, by the state that decides and by the queue that hands it out."""
    wanted = world.task(1).wanted
    assert wanted is not None, "it is anybody's"
    names = {name for name, person in world.people.items() if person in wanted}
    idle = [name for name in world.people if name not in ("ann", "bob", "rev")]
    assert {name for name in idle if _is_let_in(world, name)} <= names
    return names


def _is_let_in(world: World, who: str) -> bool:
    return world.task(1).has_room_for(world.people[who], world.clock())


def test_who_becomes_an_expert_is_given_what_was_kept_for_others(world: World) -> None:
    task = disputed(world, "cyd")
    [added] = happened(world, SlotAdded)
    assert (added.wanted, added.wanted_until) == ([world.people["cyd"]], None)
    assert not world.has_work("dan")
    knows(world, "dan")
    assert kept_for(world) == {"cyd", "dan"}
    told = {one["person"]: one["reason"] for one in why_task(world.installation, task)["people"]}
    assert (told[world.people["cyd"]], told[world.people["eve"]]) == ("eligible", "kept")
    with pytest.raises(SlotTaken, match="kept for others"):
        world.run(ReserveTask(task=task), "eve")
    assert world.next("dan") == task
    world.submit("dan", task, "A")
    world.settle()
    assert world.task(task).wanted is None
    # A skill that is not that of experts is no news to any task.
    before = len(happened(world, SlotKept))
    world.run(SetSkill(project=world.project, person=world.people["eve"], skill="books", value=1.0))
    world.settle()
    assert len(happened(world, SlotKept)) == before == 1


def test_an_expert_who_is_none_any_more_is_not_let_in(world: World) -> None:
    disputed(world, "cyd", "dan")
    knows(world, "cyd", 0.4)
    assert kept_for(world) == {"dan"}
    assert not world.has_work("cyd")
    assert world.next("dan") == 1


def test_when_all_experts_are_gone_the_task_says_so_until_there_is_one_again(world: World) -> None:
    task = disputed(world, "cyd", "dan")
    knows(world, "cyd", None)
    world.run(RemoveMember(project=world.project, person=world.people["dan"]))
    world.settle()
    assert kept_for(world) == set()
    assert world.task(task).resolution is Resolution.INFEASIBLE
    [row] = world.board()
    assert row["flag"] == "infeasible"
    assert len(happened(world, TaskInfeasible)) == 1
    # Nobody else is let in because nobody is left.
    assert not world.has_work("eve")
    knows(world, "eve")
    assert kept_for(world) == {"eve"}
    assert len(happened(world, TaskFeasible)) == 1
    [row] = world.board()
    assert not row["flag"]
    assert world.work("eve", "A") == task
    world.settle()
    assert world.task(task).state is not TaskState.CREATED
    assert world.task(task).wanted is None


def test_a_dispute_that_found_no_expert_goes_to_the_first_who_becomes_one(world: World) -> None:
    task = disputed(world)
    assert world.task(task).resolution is Resolution.INFEASIBLE
    knows(world, "eve")
    assert [event.wanted for event in happened(world, SlotAdded)] == [[world.people["eve"]]]
    assert world.next("eve") == task


def test_an_expert_who_was_away_when_it_was_added_is_let_in_when_they_are_back(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob cyd dan", assignment={"overlap": 2}, reassignment=TIER)
    knows(world, "cyd")
    knows(world, "dan")
    world.run(PauseMember(project=world.project, person=world.people["dan"], kind=PauseKind.FULL))
    world.submit("ann", 1, "A")
    world.submit("bob", 1, "B")
    world.settle()
    world.run(ResumeMember(project=world.project, person=world.people["dan"]))
    world.settle()
    assert kept_for(world) == {"cyd", "dan"}
    assert world.next("dan") == 1


def test_who_reviews_is_no_expert_and_who_annotates_again_is(world: World) -> None:
    disputed(world, "cyd")

    def becomes(role: ProjectRole) -> None:
        world.run(AddMembers(project=world.project, members=[NewMember(person=world.people["cyd"], role=role)]))
        world.settle()

    becomes(ProjectRole.REVIEWER)
    assert kept_for(world) == set()
    assert world.task().resolution is Resolution.INFEASIBLE
    becomes(ProjectRole.ANNOTATOR)
    assert kept_for(world) == {"cyd"}
    assert world.task().resolution is Resolution.PENDING


def test_other_settings_name_other_experts_or_none_and_then_it_is_anybodys(world: World) -> None:
    task = disputed(world, "cyd")
    knows(world, "dan", 0.4)
    assert kept_for(world) == {"cyd"}
    world.change("reassignment", expert_least=0.3)
    assert kept_for(world) == {"cyd", "dan"}
    for who in ("cyd", "dan"):
        knows(world, who, None)
    assert world.task(task).resolution is Resolution.INFEASIBLE
    world.change("reassignment", expert_after=None)
    assert world.task(task).wanted is None
    assert world.task(task).resolution is Resolution.PENDING
    assert world.next("eve") == task


def test_a_task_that_was_deleted_meanwhile_knows_the_experts_when_it_is_back(world: World) -> None:
    task = disputed(world, "cyd")
    world.run(DeleteTasks(project=world.project, tasks=[task]))
    knows(world, "dan")
    world.run(RestoreTasks(project=world.project, tasks=[task]))
    world.settle()
    assert kept_for(world) == {"cyd", "dan"}


def test_seeing_everything_once_more_changes_nothing(world: World) -> None:
    disputed(world, "cyd")
    knows(world, "dan")
    knows(world, "cyd", None)
    before = world.installation.log.head()
    world.forget_reactions()
    world.settle()
    assert world.installation.log.head() == before
    kept, ended = happened(world, SlotKept), happened(world, PreferenceEnded)
    assert [set(event.people) for event in ended] == [
        {world.people["cyd"]},
        {world.people["cyd"], world.people["dan"]},
    ]
    assert [event.people for event in kept][-1] == [world.people["dan"]]
