"""Settings may change at any time: what that comes to is seen before, what cannot work is refused, and it is undone."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.commands.defining import ProposeAgreementDefinition
from annolog.commands.distributing import AddSlot
from annolog.commands.members import RemoveMember
from annolog.commands.projects import ChangeSettings, UndoSettings
from annolog.domain.refusals import InfeasibleSettings, InvalidInput, WrongState
from annolog.infra.preview import preview
from tests.world import World


def effect(world: World, group: str = "assignment", **changes: Any) -> dict[str, Any]:
    """What a change would come to."""
    found: dict[str, Any] = preview(world.installation, world.project, group, changes)["effect"]
    return found


def wanted(world: World, tasks: int) -> int:
    """The labels that are still to be given."""
    states = [world.task(id) for id in range(1, tasks + 1)]
    return sum(max(0, task.slots - len(task.holders(world.clock()))) for task in states)


@pytest.mark.parametrize(
    "changes", [{"overlap": 3}, {"overlap": 1}, {"coverage_percent": 50}, {"overlap": 3, "coverage_percent": 35}]
)
def test_what_was_foreseen_is_what_happens(world: World, changes: dict[str, int]) -> None:
    world.set_up(tasks=20, assignment={"overlap": 2, "coverage_percent": 80}, review={"sample_percent": 0})
    for who in ("ann", "bob", "ann", "bob", "ann", "cyd", "cyd"):
        world.work(who)
    before = [world.task(id) for id in range(1, 21)]
    foreseen = effect(world, **changes)
    assert foreseen["labels_before"] == wanted(world, 20)
    world.change("assignment", **changes)
    after = [world.task(id) for id in range(1, 21)]
    assert foreseen["labels_after"] == wanted(world, 20)
    assert foreseen["changed"] == sum(one.slots != other.slots for one, other in zip(before, after, strict=True))


def test_settings_that_need_more_people_than_there_are_are_refused_unless_accepted(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob")
    assert not effect(world, overlap=3)["feasible"]
    change = ChangeSettings(project=world.project, group="assignment", changes={"overlap": 3})
    with pytest.raises(InfeasibleSettings) as refusal:
        world.run(change)
    assert refusal.value.facts == {"people_needed": 3, "people_there": 2}
    assert world.task(1).slots == 1
    world.change("assignment", overlap=2)
    with pytest.raises(InfeasibleSettings):
        # Both are asked already, so the rule could never ask anybody else.
        world.change("reassignment", enabled=True)
    world.change("reassignment", enabled=True, maximum_additional=0)
    world.run(change.model_copy(update={"accept_infeasible": True}))
    world.settle()
    assert world.task(1).slots == 3
    # What needs no more than was accepted before is not asked about again.
    world.change("assignment", seed=5)


def test_the_latest_change_of_a_group_is_undone_and_done_again(world: World) -> None:
    world.set_up(tasks=2)
    world.change("assignment", overlap=3)
    world.change("review", sample_percent=10)
    undo = UndoSettings(project=world.project, group="assignment")
    world.run(undo)
    world.settle()
    assert (world.task(1).slots, world.task(2).slots) == (1, 1)
    world.run(undo)
    world.settle()
    assert (world.task(1).slots, world.task(2).slots) == (3, 3)
    assert world.installation.states.project(world.project).settings.review.sample_percent == 10


def test_what_was_never_changed_is_not_undone(world: World) -> None:
    world.set_up(tasks=1)
    with pytest.raises(WrongState):
        world.run(UndoSettings(project=world.project, group="evaluation"))


def test_a_preview_names_what_is_wrong(world: World) -> None:
    world.set_up(tasks=1)
    with pytest.raises(InvalidInput, match="/assignment/overlp"):
        effect(world, overlp=3)


def test_a_change_of_something_else_changes_no_task(world: World) -> None:
    world.set_up(tasks=3)
    world.run(AddSlot(task=1))
    found = effect(world, "review", sample_percent=10)
    assert found["changed"] == 0
    assert found["labels_before"] == found["labels_after"] == 4


def test_undoing_asks_as_well_whether_there_are_people_enough(world: World) -> None:
    world.set_up(tasks=1)
    world.change("assignment", overlap=3)
    world.change("assignment", overlap=1)
    world.run(RemoveMember(project=world.project, person=world.people["cyd"]))
    undo = UndoSettings(project=world.project, group="assignment")
    with pytest.raises(InfeasibleSettings):
        world.run(undo)
    world.run(undo.model_copy(update={"accept_infeasible": True}))
    world.settle()
    assert world.task(1).slots == 3


def test_a_definition_that_took_over_leaves_no_threshold_of_the_one_before_to_go_back_to(world: World) -> None:
    world.set_up(tasks=1)
    world.change("reassignment", threshold=0.5)
    definition = {"methodology": "consensus"}
    world.run(ProposeAgreementDefinition(project=world.project, definition=definition, activate=True, threshold=0.9))
    world.settle()
    with pytest.raises(WrongState):
        world.run(UndoSettings(project=world.project, group="reassignment"))
