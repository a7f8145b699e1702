"""Answering a task: submit, revise, skip, delete, restore."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from annolog.domain.refusals import (
    AlreadyAnnotated,
    LeaseLost,
    NotAssigned,
    NotFound,
    SkipRefused,
    SlotTaken,
    StaleVersion,
    WrongState,
)
from annolog.domain.task import events as happened
from annolog.domain.task.events import (
    AnnotationDeleted,
    AnnotationRestored,
    AnnotationRevised,
    AnnotationSkipped,
    AnnotationSubmitted,
    GroundTruthCleared,
    Standing,
    TaskEvent,
)
from tests.story import (
    ADA,
    BOB,
    EVE,
    HERE,
    ROY,
    assigned,
    delete,
    deleted,
    given,
    imported,
    moved,
    released,
    reserved,
    restore,
    reviewed,
    revise,
    revised,
    skip,
    skipped,
    submit,
    submitted,
    truth,
)

IN_PROGRESS, FINISHED = "annotation_in_progress", "needs_review"
DONE = moved("created", FINISHED, AnnotationSubmitted)
MANUAL: dict[str, Any] = {"distribution": "manual"}
LOOSE: dict[str, Any] = {"strict_overlap": False}


def restored(person: int, standing: str = "counted") -> AnnotationRestored:
    return AnnotationRestored(**HERE, annotation=100 + person, annotator=person, standing=Standing(standing))


# ── Submitting ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_uses_ones_own_lease_and_says_which() -> None:
    given(imported(), reserved(ADA)).when(submit(ADA)).then(submitted(ADA, lease=201), DONE)


def test_an_answer_without_a_lease_takes_a_free_slot() -> None:
    given(imported()).when(submit(ADA)).then(submitted(ADA), DONE)


def test_an_answer_ends_the_lease_it_used() -> None:
    assert not given(imported(), reserved(ADA)).when(submit(ADA)).leaves().leases


def test_an_answer_to_a_task_that_has_its_people_is_refused() -> None:
    given(imported(), submitted(ADA)).when(submit(BOB)).refuses(SlotTaken)
    given(imported(), reserved(ADA)).when(submit(BOB)).refuses(SlotTaken)
    given(imported(), skipped(ADA, "requeue_for_me")).when(submit(BOB)).refuses(SlotTaken)


def test_who_comes_after_their_lease_ran_out_and_another_took_the_slot_is_told_so() -> None:
    facts = [imported(), reserved(ADA, until=1), released(ADA), reserved(BOB, until=90)]
    given(*facts).when(submit(ADA, minutes=2)).refuses(LeaseLost)
    given(imported(), reserved(ADA, until=1), submitted(BOB)).when(submit(ADA, minutes=2)).refuses(LeaseLost)
    given(imported(), submitted(BOB)).when(submit(ADA, lease=201)).refuses(LeaseLost)


def test_who_comes_late_but_before_anybody_else_is_welcome() -> None:
    given(imported(), reserved(ADA, until=1)).when(submit(ADA, minutes=2)).then(submitted(ADA, lease=201), DONE)


def test_who_gave_the_slot_back_and_then_finds_it_taken_has_lost_no_lease() -> None:
    facts = [imported(), reserved(ADA), released(ADA, "left"), submitted(BOB)]
    given(*facts).when(submit(ADA)).refuses(SlotTaken)


def test_beyond_the_slots_an_answer_is_marked_where_overlap_is_not_strict_or_does_not_bind_the_person() -> None:
    full = given(imported(), submitted(ADA))
    full.under(assignment=LOOSE).when(submit(BOB)).then(submitted(BOB, surplus=True))
    full.when(submit(BOB, exempt=True)).then(submitted(BOB, surplus=True))


def test_within_the_slots_nobodys_answer_is_surplus() -> None:
    given(imported()).under(assignment=LOOSE).when(submit(ADA, exempt=True)).then(submitted(ADA), DONE)


def test_an_answer_to_a_task_that_tests_people_needs_no_slot_and_is_no_surplus() -> None:
    given(imported(), submitted(BOB)).when(submit(ADA, beyond_slots=True)).then(submitted(ADA))


@pytest.mark.parametrize("exempt", [True, False])
def test_nobody_answers_a_task_twice(exempt: bool) -> None:
    given(imported(slots=2), submitted(ADA)).when(submit(ADA, annotation=999, exempt=exempt)).refuses(AlreadyAnnotated)


def test_whose_task_was_passed_on_cannot_answer_it_again_even_once_the_answer_is_deleted() -> None:
    facts = [imported(), submitted(ADA), reviewed(ADA, "rejected", "pass_on"), deleted(ADA)]
    given(*facts).when(submit(ADA, annotation=999)).refuses(AlreadyAnnotated)


def test_who_passed_over_a_task_may_still_answer_it_while_there_is_room() -> None:
    given(imported(), skipped(ADA, "requeue_for_others")).when(submit(ADA)).then(
        submitted(ADA), moved(IN_PROGRESS, FINISHED, AnnotationSubmitted)
    )
    given(imported(), skipped(ADA, "requeue_for_others"), submitted(BOB)).when(submit(ADA)).refuses(SlotTaken)


def test_by_hand_only_who_is_assigned_answers_and_then_whatever_the_slots() -> None:
    given(imported()).under(assignment=MANUAL).when(submit(ADA)).refuses(NotAssigned)
    given(imported(), assigned(ADA), assigned(BOB), submitted(ADA)).under(assignment=MANUAL).when(submit(BOB)).then(
        submitted(BOB), moved(IN_PROGRESS, FINISHED, AnnotationSubmitted)
    )


def test_the_last_of_several_people_finishes_the_task() -> None:
    given(imported(slots=2)).when(submit(ADA)).then(submitted(ADA), moved("created", IN_PROGRESS, AnnotationSubmitted))
    given(imported(slots=2), submitted(ADA)).when(submit(BOB)).then(
        submitted(BOB), moved(IN_PROGRESS, FINISHED, AnnotationSubmitted)
    )


def test_a_task_that_nobody_reviews_is_completed_by_its_last_answer() -> None:
    given(imported()).under(review={"sample_percent": 0}).when(submit(ADA)).then(
        submitted(ADA), moved("created", "completed", AnnotationSubmitted)
    )


@pytest.mark.parametrize("facts", [[], [imported(), happened.TaskDeleted(**HERE)]])
def test_what_is_not_there_cannot_be_answered(facts: list[TaskEvent]) -> None:
    given(*facts).when(submit(ADA)).refuses(NotFound)
    given(*facts).when(skip(ADA)).refuses(NotFound)
    given(*facts).when(revise(ADA)).refuses(NotFound)
    given(*facts).when(delete(101)).refuses(NotFound)
    given(*facts).when(restore(101)).refuses(NotFound)


# ── Revising ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_author_says_something_else_in_a_new_revision() -> None:
    given(imported(), submitted(ADA)).when(revise(ADA, "B")).then(revised(ADA, "B"))


def test_nobody_revises_what_is_not_theirs_and_is_not_told_whose_it_is() -> None:
    given(imported(slots=2), submitted(ADA)).when(revise(BOB, annotation=101)).refuses(NotFound)
    given(imported(slots=2), submitted(ADA)).when(revise(ADA, annotation=999)).refuses(NotFound)
    given(imported(), submitted(ADA), deleted(ADA)).when(revise(ADA)).refuses(NotFound)


def test_a_change_to_an_older_revision_is_refused() -> None:
    story = given(imported(), submitted(ADA), revised(ADA))
    story.when(revise(ADA, "C", expected_revision=1)).refuses(StaleVersion)
    story.when(revise(ADA, "C", expected_revision=2)).then(revised(ADA, "C", revision=3))


def test_what_was_passed_on_is_closed_to_its_author() -> None:
    given(imported(), submitted(ADA), reviewed(ADA, "rejected", "pass_on")).when(revise(ADA)).refuses(NotAssigned)


def test_returned_work_is_revised_because_it_was_returned_and_waits_for_review_again() -> None:
    given(imported(), submitted(ADA), reviewed(ADA, "rejected", "return")).when(revise(ADA)).then(
        revised(ADA, because="returned", review=300), moved(IN_PROGRESS, FINISHED, AnnotationRevised)
    )


def test_a_verdict_does_not_outlive_the_revision_it_was_about() -> None:
    given(imported(), submitted(ADA), reviewed(ADA)).when(revise(ADA)).then(
        revised(ADA), moved("completed", FINISHED, AnnotationRevised)
    )


# ── Skipping ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mode", ["requeue_for_me", "requeue_for_others"])
def test_a_skip_is_in_the_mode_of_the_project(mode: str) -> None:
    given(imported()).under(assignment={"skip_mode": mode}).when(skip(ADA)).then(
        skipped(ADA, mode), moved("created", IN_PROGRESS, AnnotationSkipped)
    )


def test_an_ignored_skip_completes_a_task_for_one_person() -> None:
    given(imported()).under(assignment={"skip_mode": "ignore_skipped"}).when(skip(ADA)).then(
        skipped(ADA, "ignore_skipped"), moved("created", "completed", AnnotationSkipped)
    )


def test_by_hand_there_are_no_others_so_the_skip_is_ignored() -> None:
    given(imported(), assigned(ADA)).under(assignment=MANUAL).when(skip(ADA)).then(
        skipped(ADA, "ignore_skipped"), moved("created", "completed", AnnotationSkipped)
    )


def test_a_skip_is_refused_by_the_task_by_the_project_and_without_the_comment_asked_for() -> None:
    given(imported(allow_skip=False)).when(skip(ADA)).refuses(SkipRefused, "Task 7")
    given(imported()).under(assignment={"skipping": False}).when(skip(ADA)).refuses(SkipRefused, "project")
    wordy = given(imported()).under(assignment={"comment_on_skip": True})
    wordy.when(skip(ADA, "  ")).refuses(SkipRefused, "comment")
    assert wordy.when(skip(ADA, "too blurred")).leaves().skips


def test_a_skip_takes_a_slot_like_an_answer() -> None:
    given(imported(), submitted(ADA)).when(skip(BOB)).refuses(SlotTaken)
    given(imported()).under(assignment=MANUAL).when(skip(ADA)).refuses(NotAssigned)


def test_nobody_skips_what_they_answered_or_skipped_for_good() -> None:
    given(imported(slots=2), submitted(ADA)).when(skip(ADA)).refuses(AlreadyAnnotated)
    given(imported(slots=2), skipped(ADA)).when(skip(ADA)).refuses(AlreadyAnnotated)


def test_a_skip_ends_ones_own_lease_and_shows_whose_had_run_out() -> None:
    story = given(imported(slots=2), reserved(ADA, until=60), reserved(BOB, until=1)).when(skip(ADA, minutes=2))
    story.then(released(BOB), skipped(ADA), moved("created", IN_PROGRESS, AnnotationSkipped))
    assert not story.leaves().leases


# ── Deleting and restoring ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_deleted_answer_makes_room_for_another() -> None:
    story = given(imported(), submitted(ADA))
    story.when(delete(101)).then(deleted(ADA), moved(FINISHED, "created", AnnotationDeleted))
    given(imported(), submitted(ADA), deleted(ADA)).when(submit(BOB)).then(submitted(BOB), DONE)


def test_a_deleted_ground_truth_is_none_any_more() -> None:
    given(imported(), submitted(ADA), truth(ADA)).when(delete(101)).then(
        GroundTruthCleared(**HERE, annotation=101, annotator=ADA, cause="annotation deleted"), deleted(ADA)
    )


def test_nothing_is_deleted_twice() -> None:
    given(imported(), submitted(ADA), deleted(ADA)).when(delete(101)).refuses(NotFound)
    given(imported()).when(delete(101)).refuses(NotFound)


def test_a_deletion_is_taken_back_once() -> None:
    given(imported(), submitted(ADA), deleted(ADA)).when(restore(101)).then(
        restored(ADA), moved("created", FINISHED, AnnotationRestored)
    )
    given(imported(), submitted(ADA)).when(restore(101)).then()
    given(imported()).when(restore(101)).refuses(NotFound)


def test_a_restored_answer_stands_for_what_it_stood_for() -> None:
    facts = [imported(), submitted(ADA), reviewed(ADA, "rejected", "pass_on"), deleted(ADA), submitted(BOB)]
    given(*facts).when(restore(101)).then(restored(ADA, "passed_on"))


def test_no_answer_is_restored_whose_slot_went_to_somebody_else() -> None:
    gone = [imported(), submitted(ADA), deleted(ADA)]
    given(*gone, submitted(BOB)).when(restore(101)).refuses(SlotTaken)
    given(*gone, reserved(BOB)).when(restore(101)).refuses(SlotTaken)
    assert given(*gone, reserved(BOB)).when(restore(101, minutes=61)).leaves().annotation_of(ADA)
    assert given(*gone, submitted(BOB)).under(assignment=LOOSE).when(restore(101)).leaves().annotation_of(ADA)


def test_what_was_beyond_the_slots_before_is_restored_beyond_them() -> None:
    facts = [imported(), submitted(ADA), submitted(ROY, surplus=True), deleted(ROY)]
    assert given(*facts).when(restore(109)).leaves().annotation_of(ROY)


def test_no_answer_is_restored_beside_a_newer_one_of_its_author() -> None:
    anew = [imported(slots=2), submitted(ADA), deleted(ADA)]
    given(*anew, submitted(ADA, annotation=999)).when(restore(101)).refuses(WrongState)
    given(*anew, reserved(ADA)).when(restore(101)).refuses(WrongState)


def test_answers_are_compared_in_the_order_of_their_ids_whoever_came_first() -> None:
    story = given(imported(slots=3), submitted(BOB), submitted(ADA), submitted(EVE), truth(EVE))
    assert story.task.compared == [(101, 1), (102, 1)]
    assert replace(story.task, ground_truth=None).compared == [(101, 1), (102, 1), (103, 1)]
