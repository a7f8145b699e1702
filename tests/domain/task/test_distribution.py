"""Who may hold a task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from annolog.domain.refusals import AlreadyAnnotated, LeaseLost, NotAssigned, NotFound, SlotTaken
from annolog.domain.task import distribution
from annolog.domain.task import events as happened
from annolog.domain.task.events import AnnotationDeleted, OverlapSet, ReleaseReason, TaskEvent, TaskRestored
from tests.story import (
    ADA,
    BOB,
    EVE,
    HERE,
    NOON,
    ROY,
    Decide,
    assigned,
    at,
    deleted,
    evidence,
    given,
    imported,
    moved,
    released,
    reserve,
    reserved,
    reviewed,
    skipped,
    submitted,
    truth,
)

TASK_DELETED = happened.TaskDeleted(**HERE)
MANUAL: dict[str, Any] = {"distribution": "manual"}


def release(person: int, reason: str = "left") -> Decide:
    return lambda task, _: distribution.release(task, person, ReleaseReason(reason))


def assign(person: int) -> Decide:
    return lambda task, rules: distribution.assign_annotator(task, person, rules)


def unassign(person: int) -> Decide:
    return lambda task, rules: distribution.unassign_annotator(task, person, rules)


def set_overlap(slots: int, covered: bool = True) -> Decide:
    return lambda task, rules: distribution.set_overlap(task, slots, "manual", rules, covered=covered)


def extend(person: int, minutes: float) -> Decide:
    return lambda task, rules: [distribution.extend(task, person, at(minutes), rules)]


def overlap_set(slots: int, previous: int, covered: bool = True) -> OverlapSet:
    return OverlapSet(**HERE, slots=slots, previous=previous, covered=covered, cause="manual")


# ── Reservations ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_free_slot_is_held_for_as_long_as_the_project_says() -> None:
    given(imported()).under(assignment={"reservation_seconds": 120}).when(reserve(ADA)).then(reserved(ADA, until=2))


def test_a_held_slot_is_not_given_away() -> None:
    given(imported(), reserved(ADA)).when(reserve(BOB)).refuses(SlotTaken)


def test_with_two_slots_two_people_hold_the_task_at_once_and_a_third_does_not() -> None:
    story = given(imported(slots=2), reserved(ADA))
    story.when(reserve(BOB)).then(reserved(BOB))
    given(imported(slots=2), reserved(ADA), reserved(BOB)).when(reserve(EVE)).refuses(SlotTaken)


def test_asking_again_for_what_one_holds_is_not_news() -> None:
    given(imported(), reserved(ADA)).when(reserve(ADA, lease=999)).then()


def test_a_lease_that_has_run_out_makes_room_and_the_log_shows_who_made_it() -> None:
    given(imported(), reserved(ADA, until=60)).when(reserve(BOB, minutes=60)).then(
        released(ADA, "expired"), reserved(BOB, until=120)
    )


def test_a_lease_holds_until_its_very_last_moment() -> None:
    given(imported(), reserved(ADA, until=60)).when(reserve(BOB, minutes=59.999)).refuses(SlotTaken)


def test_who_let_the_lease_run_out_may_take_it_anew() -> None:
    given(imported(), reserved(ADA)).when(reserve(ADA, minutes=61, lease=999)).then(
        released(ADA, "expired"), reserved(ADA, lease=999, until=121)
    )


@pytest.mark.parametrize(
    "before",
    [
        [submitted(ADA)],
        [skipped(ADA, "requeue_for_others")],
        [skipped(ADA, "ignore_skipped")],
        [submitted(ADA), reviewed(ADA, "rejected", "pass_on")],
        [submitted(ADA), reviewed(ADA, "rejected", "pass_on"), deleted(ADA)],
        [submitted(ADA), truth(ADA)],
    ],
)
def test_nobody_is_given_a_task_twice(before: list[TaskEvent]) -> None:
    given(imported(slots=3), *before).when(reserve(ADA)).refuses(AlreadyAnnotated)


def test_a_skip_that_is_to_come_back_does_come_back_and_keeps_its_slot_meanwhile() -> None:
    story = given(imported(), skipped(ADA, "requeue_for_me"))
    story.when(reserve(ADA)).then(reserved(ADA))
    story.when(reserve(BOB)).refuses(SlotTaken)


def test_whose_annotation_was_deleted_may_answer_anew() -> None:
    given(imported(), submitted(ADA), deleted(ADA)).when(reserve(ADA)).then(reserved(ADA))


def test_neither_the_ground_truth_nor_what_was_passed_on_fills_a_slot() -> None:
    given(imported(), submitted(ADA), truth(ADA)).when(reserve(BOB)).then(reserved(BOB))
    given(imported(), submitted(ADA), reviewed(ADA, "rejected", "pass_on")).when(reserve(BOB)).then(reserved(BOB))


def test_a_task_that_tests_people_has_room_for_everybody() -> None:
    given(imported(), submitted(ADA), reserved(BOB)).when(reserve(EVE, beyond_slots=True)).then(reserved(EVE))


def test_by_hand_only_who_is_assigned_gets_the_task_and_then_whatever_its_slots() -> None:
    given(imported()).under(assignment=MANUAL).when(reserve(ADA)).refuses(NotAssigned)
    given(imported(), assigned(ADA), assigned(BOB), submitted(ADA)).under(assignment=MANUAL).when(reserve(BOB)).then(
        reserved(BOB)
    )


def test_assignments_stand_in_for_no_slot_where_tasks_are_handed_out_automatically() -> None:
    given(imported(), assigned(ADA), submitted(BOB)).when(reserve(ADA)).refuses(SlotTaken)


@pytest.mark.parametrize("facts", [[], [imported(), TASK_DELETED]])
def test_what_is_not_there_cannot_be_held(facts: list[TaskEvent]) -> None:
    given(*facts).when(reserve(ADA)).refuses(NotFound)
    given(*facts).when(release(ADA)).refuses(NotFound)
    given(*facts).when(extend(ADA, 1)).refuses(NotFound)


def test_a_lease_is_extended_from_now_while_it_is_alive() -> None:
    given(imported(), reserved(ADA)).when(extend(ADA, 59)).then(
        happened.ReservationExtended(**HERE, person=ADA, lease=201, expires_at=at(119))
    )
    given(imported(), reserved(ADA)).when(extend(ADA, 60)).refuses(LeaseLost)
    given(imported(), reserved(ADA)).when(extend(BOB, 1)).refuses(LeaseLost)


def test_an_extended_lease_is_in_nobody_elses_way_after_its_new_end() -> None:
    extended = happened.ReservationExtended(**HERE, person=ADA, lease=201, expires_at=at(119))
    given(imported(), reserved(ADA), extended).when(reserve(BOB, minutes=100)).refuses(SlotTaken)


def test_leaving_gives_the_slot_back_once() -> None:
    given(imported(), reserved(ADA)).when(release(ADA)).then(released(ADA, "left"))
    given(imported(), reserved(ADA), released(ADA, "left")).when(release(ADA)).then()


def test_the_sweeper_ends_what_has_run_out_and_nothing_else() -> None:
    story = given(imported(slots=2), reserved(ADA, until=30), reserved(BOB, until=60))
    story.when(lambda task, _: distribution.expired(task, at(30))).then(released(ADA, "expired"))


# ── Manual assignment ────────────────────────────────────────────────────────────────────────────────────────────────


def test_assigning_is_news_once() -> None:
    given(imported()).when(assign(ADA)).then(assigned(ADA))
    given(imported(), assigned(ADA)).when(assign(ADA)).then()


def test_unassigning_ends_the_reservation_too() -> None:
    unassigned = happened.AnnotatorUnassigned(**HERE, person=ADA)
    given(imported(), assigned(ADA), reserved(ADA)).under(assignment=MANUAL).when(unassign(ADA)).then(
        released(ADA, "revoked"), unassigned
    )
    given(imported()).when(unassign(ADA)).then()


def test_a_task_of_several_assigned_people_is_finished_by_the_last_of_them() -> None:
    story = given(imported(), assigned(ADA), assigned(BOB), submitted(ADA)).under(assignment=MANUAL)
    assert story.task.state == "annotation_in_progress"
    story.when(unassign(BOB)).then(
        happened.AnnotatorUnassigned(**HERE, person=BOB),
        moved("annotation_in_progress", "needs_review", happened.AnnotatorUnassigned),
    )


def test_assigning_somebody_more_opens_a_finished_task_again() -> None:
    given(imported(), assigned(ADA), submitted(ADA)).under(assignment=MANUAL).when(assign(BOB)).then(
        assigned(BOB), moved("needs_review", "annotation_in_progress", happened.AnnotatorAssigned)
    )


def test_reviewers_are_assigned_and_unassigned_once() -> None:
    on, off = happened.ReviewerAssigned(**HERE, person=ROY), happened.ReviewerUnassigned(**HERE, person=ROY)
    given(imported()).when(lambda task, rules: distribution.assign_reviewer(task, ROY, rules)).then(on)
    given(imported(), on).when(lambda task, rules: distribution.assign_reviewer(task, ROY, rules)).then()
    given(imported(), on).when(lambda task, rules: distribution.unassign_reviewer(task, ROY, rules)).then(off)
    given(imported(), on, off).when(lambda task, rules: distribution.unassign_reviewer(task, ROY, rules)).then()


# ── How many people ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_more_people_open_a_finished_task_again_and_fewer_close_it() -> None:
    given(imported(), submitted(ADA)).when(set_overlap(2)).then(
        overlap_set(2, 1), moved("needs_review", "annotation_in_progress", OverlapSet)
    )
    given(imported(slots=2), submitted(ADA)).when(set_overlap(1)).then(
        overlap_set(1, 2), moved("annotation_in_progress", "needs_review", OverlapSet)
    )


def test_the_same_overlap_is_not_news_but_another_coverage_is() -> None:
    given(imported(slots=2)).when(set_overlap(2)).then()
    given(imported(slots=2)).when(set_overlap(2, covered=False)).then(overlap_set(2, 2, covered=False))


def test_people_asked_for_low_agreement_stay_on_top_of_a_new_overlap_and_those_asked_by_hand_do_not() -> None:
    by_rule = happened.SlotAdded(**HERE, reason="low_agreement", slots=3, evidence=evidence(0.0))
    by_hand = happened.SlotAdded(**HERE, reason="manual", slots=3)
    given(imported(slots=2), by_rule).when(set_overlap(1)).then(overlap_set(2, 3))
    given(imported(slots=2), by_hand).when(set_overlap(1)).then(overlap_set(1, 3))


def test_fewer_slots_than_answers_take_nobodys_answer_away() -> None:
    task = given(imported(slots=2), submitted(ADA), submitted(BOB)).when(set_overlap(1)).leaves()
    assert [annotation.annotator for annotation in task.counted] == [ADA, BOB]


# ── Deleting ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_deleting_a_task_ends_every_reservation_of_it() -> None:
    given(imported(slots=2), reserved(ADA), reserved(BOB)).when(lambda task, _: distribution.delete(task, "")).then(
        released(ADA, "revoked"), released(BOB, "revoked"), TASK_DELETED
    )


def test_a_deletion_is_taken_back_once_and_the_answers_are_there_again() -> None:
    facts = [imported(), submitted(ADA), TASK_DELETED]
    restored = given(*facts).when(lambda task, _: distribution.restore(task))
    restored.then(TaskRestored(**HERE))
    assert restored.leaves().annotation_of(ADA)
    given(imported()).when(lambda task, _: distribution.restore(task)).then()


def test_what_never_was_cannot_be_deleted_or_restored() -> None:
    given().when(lambda task, _: distribution.delete(task, "")).refuses(NotFound)
    given().when(lambda task, _: distribution.restore(task)).refuses(NotFound)
    given(imported(), TASK_DELETED).when(lambda task, _: distribution.delete(task, "")).refuses(NotFound)


def test_work_is_returned_to_its_author_only_while_the_task_is_there() -> None:
    returned = [imported(), submitted(ADA), reviewed(ADA, "rejected", "return")]
    assert distribution.is_returned_to(given(*returned).task, ADA)
    assert not distribution.is_returned_to(given(*returned).task, BOB)
    assert not distribution.is_returned_to(given(*returned, TASK_DELETED).task, ADA)
    assert not distribution.is_returned_to(
        given(*returned, AnnotationDeleted(**HERE, annotation=101, annotator=ADA)).task, ADA
    )


@pytest.mark.parametrize(
    ("facts", "back", "left"),
    [
        ((imported(slots=4),), 2, 2),
        ((imported(slots=4),), 9, 1),
        ((imported(slots=4), submitted(ADA), reserved(BOB)), 9, 2),
        ((imported(slots=4), submitted(ADA), reserved(BOB, until=-1)), 9, 1),
        ((imported(slots=1),), 1, 1),
    ],
    ids=["some", "all that is free", "not what is filled", "what has lapsed is free", "none too many"],
)
def test_slots_are_taken_back_as_far_as_nobody_fills_them(facts: Sequence[TaskEvent], back: int, left: int) -> None:
    story = given(*facts).when(lambda task, rules: distribution.take_back_slots(task, back, "no", rules, NOON))
    assert story.leaves().slots == left
