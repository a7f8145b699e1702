"""Work that comes too late, or into a pause, is refused and kept; work that was handed in needs no draft."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.drafting import DropDraft, KeepDraft
from annolog.commands.members import PauseMember
from annolog.commands.ports import Draft
from annolog.commands.working import ReleaseTask, ReserveTask
from annolog.domain.refusals import (
    AlreadyAnnotated,
    LeaseLost,
    NotAssigned,
    NotPublished,
    Paused,
    Refused,
    SlotTaken,
    StaleVersion,
    UnknownLabel,
)
from tests.world import World, result


def draft_of(world: World, who: str, task: int = 1) -> Draft | None:
    return world.installation.log.draft(task, world.people[who])


def test_work_for_a_slot_that_is_taken_is_kept(world: World) -> None:
    world.set_up(tasks=1)
    world.submit("ann", 1)
    with pytest.raises(SlotTaken) as refused:
        world.submit("bob", 1, "B", lead_time=12.5)
    assert refused.value.facts["draft_kept"] is True
    kept = draft_of(world, "bob")
    assert kept is not None
    assert replace(kept, saved_at=None) == Draft(1, 1, world.people["bob"], result("B"), 12.5, "slot-taken")


def test_work_for_a_lease_that_was_lost_is_kept(world: World) -> None:
    world.set_up(tasks=1, assignment={"reservation_seconds": 60})
    world.next("ann")
    world.clock.forward(61)
    world.work("bob")
    with pytest.raises(LeaseLost):
        world.submit("ann", 1, "C")
    kept = draft_of(world, "ann")
    assert kept is not None
    assert (kept.result, kept.reason) == (result("C"), "lease-lost")


def test_work_handed_in_during_a_pause_is_kept(world: World) -> None:
    world.set_up(tasks=1)
    world.next("ann")
    world.run(PauseMember(project=world.project, person=world.people["ann"]))
    with pytest.raises(Paused) as refused:
        world.submit("ann", 1)
    assert refused.value.facts["draft_kept"] is True
    kept = draft_of(world, "ann")
    assert kept is not None
    assert kept.reason == "paused"


def test_the_latest_draft_takes_the_place_of_the_one_before(world: World) -> None:
    world.set_up(tasks=1)
    world.submit("ann", 1)
    for label in "BC":
        with pytest.raises(SlotTaken):
            world.submit("bob", 1, label)
    kept = draft_of(world, "bob")
    assert kept is not None
    assert kept.result == result("C")


def test_a_draft_is_gone_once_the_work_is_handed_in(world: World) -> None:
    world.set_up(tasks=1)
    world.run(ReserveTask(task=1), "ann")
    with pytest.raises(SlotTaken):
        world.submit("bob", 1)
    world.run(ReleaseTask(task=1), "ann")
    world.submit("bob", 1)
    assert draft_of(world, "bob") is None


def test_a_draft_is_gone_once_the_annotation_is_revised(world: World) -> None:
    world.set_up(tasks=1)
    annotation = world.submit("ann", 1)
    command = SubmitAnnotation(task=1, result=result("B"))
    with pytest.raises(AlreadyAnnotated):
        world.run(command, "ann")
    world.revise("ann", 1, annotation, "B")
    assert draft_of(world, "ann") is None


@pytest.mark.parametrize(
    ("label", "publish", "refusal"), [("unheard of", True, UnknownLabel), ("A", False, NotPublished)]
)
def test_what_is_wrong_or_not_yet_asked_for_is_not_kept(
    world: World, label: str, publish: bool, refusal: type[Refused]
) -> None:
    world.set_up(tasks=1, publish=publish)
    with pytest.raises(refusal) as refused:
        world.submit("ann", 1, label)
    assert "draft_kept" not in refused.value.facts
    assert draft_of(world, "ann") is None


def test_a_refused_submission_leaves_no_trace_in_the_log(world: World) -> None:
    world.set_up(tasks=1)
    world.submit("ann", 1)
    before = world.types("task-1")
    with pytest.raises(SlotTaken):
        world.submit("bob", 1)
    assert world.types("task-1") == before


def test_unfinished_work_is_kept_beside_the_log(world: World) -> None:
    world.set_up(tasks=1)
    world.next("ann")
    before = world.types("task-1")
    world.run(KeepDraft(task=1, result=result("C"), lead_time=3.5), "ann")
    kept = draft_of(world, "ann")
    assert kept is not None
    assert (kept.result, kept.lead_time, kept.reason) == (result("C"), 3.5, "autosaved")
    assert world.types("task-1") == before


def test_unfinished_work_is_kept_also_when_the_time_for_it_ran_out(world: World) -> None:
    world.set_up(tasks=1, assignment={"reservation_seconds": 60})
    world.next("ann")
    world.clock.forward(61)
    world.work("bob")
    world.run(KeepDraft(task=1, result=result("C")), "ann")
    assert draft_of(world, "ann") is not None


def test_nobody_keeps_a_draft_of_a_task_they_never_had(world: World) -> None:
    world.set_up(tasks=1)
    with pytest.raises(NotAssigned):
        world.run(KeepDraft(task=1, result=result("C")), "ann")
    assert draft_of(world, "ann") is None


def test_a_draft_that_was_begun_before_an_answer_comes_too_late(world: World) -> None:
    world.set_up(tasks=1)
    annotation = world.submit("ann", 1)
    with pytest.raises(StaleVersion) as refused:
        world.run(KeepDraft(task=1, result=result("C")), "ann")
    assert refused.value.facts["revision"] == 1
    world.run(KeepDraft(task=1, result=result("C"), revision=1), "ann")
    world.revise("ann", 1, annotation, "B")
    with pytest.raises(StaleVersion):
        world.run(KeepDraft(task=1, result=result("C"), revision=1), "ann")
    assert draft_of(world, "ann") is None


def test_who_leaves_with_a_draft_leaves_the_task_to_others(world: World) -> None:
    world.set_up(tasks=1)
    world.next("ann")
    world.run(KeepDraft(task=1, result=result("C"), leaving=True), "ann")
    assert draft_of(world, "ann") is not None
    assert world.types("task-1")[-1] == "ReservationReleased"
    assert world.next("bob") == 1


def test_a_draft_that_is_not_wanted_any_more_is_dropped(world: World) -> None:
    world.set_up(tasks=1)
    world.next("ann")
    world.run(KeepDraft(task=1, result=result("C")), "ann")
    world.run(DropDraft(task=1), "ann")
    assert draft_of(world, "ann") is None
    world.run(DropDraft(task=1), "ann")
