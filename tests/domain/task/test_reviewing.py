"""Judging an annotation, and taking the verdict back."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.domain.refusals import InvalidInput, NotAssigned, NotFound, OwnWork, SlotTaken, StaleVersion, WrongState
from annolog.domain.task import events as happened
from annolog.domain.task.annotating import Work
from annolog.domain.task.events import AnnotationReviewed, AnnotationRevised, ReviewWithdrawn, Standing, Verdict
from tests.story import (
    ADA,
    BOB,
    HERE,
    ROY,
    answer,
    clear_truth,
    deleted,
    given,
    imported,
    moved,
    reserved,
    review,
    reviewed,
    revised,
    set_truth,
    submitted,
    truth,
    withdraw,
)

IN_PROGRESS, TO_REVIEW, DONE = "annotation_in_progress", "needs_review", "completed"
FINISHED = [imported(), submitted(ADA)]
ALL: dict[str, Any] = {"criteria": "all"}


def withdrawn(
    verdict: str, standing: str = "counted", previous: str | None = None, review: int = 300, **more: Any
) -> ReviewWithdrawn:
    return ReviewWithdrawn(
        **HERE,
        review=review,
        annotation=101,
        annotator=ADA,
        reviewer=ROY,
        verdict=Verdict(verdict),
        standing=Standing(standing),
        previous=Verdict(previous) if previous else None,
        **more,
    )


def test_an_accepted_annotation_is_the_end_of_the_task() -> None:
    given(*FINISHED).when(review(ROY, 101)).then(reviewed(ADA), moved(TO_REVIEW, DONE, AnnotationReviewed))


def test_a_fix_is_a_revision_of_its_own_and_the_review_judges_the_one_before() -> None:
    fix = Work(answer("B"), 1)
    story = given(*FINISHED).when(review(ROY, 101, "fixed", fix=fix, fix_agreement=0.5))
    story.then(
        reviewed(ADA, "fixed", fix_agreement=0.5),
        revised(ADA, "B", by=ROY, because="fixed_in_review", review=300),
        moved(TO_REVIEW, DONE, AnnotationRevised),
    )
    assert story.leaves().annotations[101].verdict is Verdict.FIXED


def test_a_rejection_follows_the_default_of_the_project_or_the_reviewers_word() -> None:
    story = given(*FINISHED).under(review={"default_reject_action": "return"})
    story.when(review(ROY, 101, "rejected")).then(
        reviewed(ADA, "rejected", "return"), moved(TO_REVIEW, IN_PROGRESS, AnnotationReviewed)
    )
    story.when(review(ROY, 101, "rejected", action="remove")).then(
        reviewed(ADA, "rejected", "remove"), moved(TO_REVIEW, DONE, AnnotationReviewed)
    )


def test_what_is_passed_on_leaves_a_slot_for_somebody_else() -> None:
    story = given(*FINISHED).when(review(ROY, 101, "rejected", action="pass_on"))
    story.then(reviewed(ADA, "rejected", "pass_on"), moved(TO_REVIEW, IN_PROGRESS, AnnotationReviewed))
    assert story.leaves().locked_out == {ADA}


def test_nobody_reviews_their_own_annotation_not_even_to_reject_it() -> None:
    given(*FINISHED).when(review(ADA, 101)).refuses(OwnWork)
    given(*FINISHED).when(review(ADA, 101, "rejected")).refuses(OwnWork)


def test_an_annotation_that_is_not_there_is_not_reviewed() -> None:
    given(*FINISHED).when(review(ROY, 999)).refuses(NotFound)
    given(*FINISHED, deleted(ADA)).when(review(ROY, 101)).refuses(NotFound)
    given(*FINISHED, happened.TaskDeleted(**HERE)).when(review(ROY, 101)).refuses(NotFound)


def test_the_ground_truth_and_what_was_passed_on_are_out_of_review() -> None:
    anytime = {"only_finished": False}
    given(*FINISHED, truth(ADA)).under(review=anytime).when(review(ROY, 101)).refuses(WrongState)
    passed = reviewed(ADA, "rejected", "pass_on")
    given(*FINISHED, passed).under(review=anytime).when(review(ROY, 101)).refuses(WrongState)


def test_unfinished_tasks_are_reviewed_only_where_the_project_says_so() -> None:
    story = given(imported(slots=2), submitted(ADA))
    story.when(review(ROY, 101)).refuses(WrongState)
    story.under(review={"only_finished": False}).when(review(ROY, 101)).then(reviewed(ADA))


def test_a_task_with_reviewers_is_reviewed_by_them_alone() -> None:
    theirs = happened.ReviewerAssigned(**HERE, person=BOB)
    given(*FINISHED, theirs).when(review(ROY, 101)).refuses(NotAssigned)
    assert given(*FINISHED, theirs).when(review(BOB, 101)).leaves().state == DONE


def test_a_verdict_on_an_older_revision_is_refused() -> None:
    given(*FINISHED, revised(ADA)).when(review(ROY, 101, expected_revision=1)).refuses(StaleVersion)


@pytest.mark.parametrize(
    ("verdict", "more"),
    [
        ("fixed", {}),
        ("accepted", {"fix": Work(answer(), 1)}),
        ("rejected", {"fix": Work(answer(), 1)}),
        ("accepted", {"action": "remove"}),
        ("fixed", {"fix": Work(answer(), 1), "action": "return"}),
    ],
)
def test_a_verdict_comes_with_what_belongs_to_it_and_nothing_else(verdict: str, more: dict[str, Any]) -> None:
    given(*FINISHED).when(review(ROY, 101, verdict, **more)).refuses(InvalidInput)


def test_a_project_says_what_a_rejection_may_do_and_whether_it_needs_words() -> None:
    strict = given(*FINISHED).under(review={"allowed_reject_actions": ["remove"], "comment_on_reject": True})
    strict.when(review(ROY, 101, "rejected", action="return", comment="no")).refuses(InvalidInput, "allow")
    strict.when(review(ROY, 101, "rejected", comment=" ")).refuses(InvalidInput, "comment")
    strict.when(review(ROY, 101, "rejected", comment="no")).then(
        reviewed(ADA, "rejected", "remove", comment="no"), moved(TO_REVIEW, DONE, AnnotationReviewed)
    )


@pytest.mark.parametrize("distribution", ["automatic", "manual"])
@pytest.mark.parametrize("allowed", [["return"], ["return", "pass_on", "remove"]])
def test_what_cannot_be_returned_can_be_taken_out_still(allowed: list[str], distribution: str) -> None:
    rules = {"allowed_reject_actions": allowed, "default_reject_action": "return", "only_finished": False}
    assigned = happened.AnnotatorAssigned(**HERE, person=ADA)
    story = given(imported(), assigned, submitted(ADA)).under(review=rules, assignment={"distribution": distribution})
    for said in (None, "return"):
        story.when(review(ROY, 101, "rejected", action=said, author_stays=False)).refuses(InvalidInput, "say .*remove")
    task = story.when(review(ROY, 101, "rejected", action="remove", author_stays=False)).leaves()
    assert task.annotations[101].standing is happened.Standing.REMOVED


def test_by_hand_there_is_nobody_to_pass_work_on_to() -> None:
    manual = given(imported(), happened.AnnotatorAssigned(**HERE, person=ADA), submitted(ADA))
    manual.under(assignment={"distribution": "manual"}).when(review(ROY, 101, "rejected", action="pass_on")).refuses(
        InvalidInput, "automatic"
    )


def test_where_all_are_judged_the_first_verdict_is_not_the_last() -> None:
    two = [imported(slots=2), submitted(ADA), submitted(BOB)]
    given(*two).under(review=ALL).when(review(ROY, 101)).then(
        reviewed(ADA), moved(TO_REVIEW, "review_in_progress", AnnotationReviewed)
    )
    given(*two, reviewed(ADA)).under(review=ALL).when(review(ROY, 102)).then(
        reviewed(BOB), moved("review_in_progress", DONE, AnnotationReviewed)
    )


def test_a_returned_annotation_keeps_the_task_open_whatever_else_was_accepted() -> None:
    two = [imported(slots=2), submitted(ADA), submitted(BOB), reviewed(BOB)]
    given(*two).when(review(ROY, 101, "rejected", action="return")).then(
        reviewed(ADA, "rejected", "return"), moved(DONE, IN_PROGRESS, AnnotationReviewed)
    )


# ── Taking it back ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_withdrawn_review_leaves_the_task_as_it_was() -> None:
    given(*FINISHED, reviewed(ADA)).when(withdraw(ROY)).then(
        withdrawn("accepted"), moved(DONE, TO_REVIEW, ReviewWithdrawn)
    )


def test_the_verdict_before_holds_again() -> None:
    facts = [*FINISHED, reviewed(ADA, "rejected", "return", review=299), reviewed(ADA)]
    given(*facts).when(withdraw(ROY)).then(
        withdrawn("accepted", "returned", "rejected", stands=True), moved(DONE, IN_PROGRESS, ReviewWithdrawn)
    )


def test_a_verdict_on_what_was_revised_since_does_not_hold_again() -> None:
    facts = [
        *FINISHED,
        reviewed(ADA, "rejected", "return", review=299),
        moved(TO_REVIEW, IN_PROGRESS, AnnotationReviewed),
        revised(ADA, because="returned"),
        moved(IN_PROGRESS, TO_REVIEW, AnnotationRevised),
        reviewed(ADA, revision=2),
        moved(TO_REVIEW, DONE, AnnotationReviewed),
    ]
    given(*facts).when(withdraw(ROY)).then(
        withdrawn("accepted", "counted", "rejected"), moved(DONE, TO_REVIEW, ReviewWithdrawn)
    )


def test_with_a_fix_that_is_taken_back_the_work_is_as_it_was_and_not_judged() -> None:
    facts = [
        *FINISHED,
        reviewed(ADA, "rejected", "remove", review=299),
        reviewed(ADA, "fixed"),
        revised(ADA, "B", by=ROY, because="fixed_in_review"),
    ]
    happened = given(*facts).when(withdraw(ROY)).events()
    assert [event.type_name() for event in happened][:2] == ["ReviewWithdrawn", "AnnotationRevised"]
    assert happened[0] == withdrawn("fixed", "counted", "rejected", fix_agreement=happened[0].fix_agreement)
    assert (happened[1].revision, happened[1].result, happened[1].by) == (3, answer("A"), ROY)


def test_only_the_latest_review_of_an_annotation_can_be_withdrawn() -> None:
    facts = [*FINISHED, reviewed(ADA, "rejected", "remove", review=299), reviewed(ADA)]
    given(*facts).when(withdraw(ROY, 299)).refuses(WrongState)


def test_ones_own_review_can_be_withdrawn_and_by_who_manages_anybodys() -> None:
    given(*FINISHED, reviewed(ADA)).when(withdraw(BOB)).refuses(NotFound)
    given(*FINISHED, reviewed(ADA)).when(withdraw(BOB, manages=True)).then(
        withdrawn("accepted"), moved(DONE, TO_REVIEW, ReviewWithdrawn)
    )
    given(*FINISHED).when(withdraw(ROY)).refuses(NotFound)


def test_what_was_passed_on_comes_back_to_its_author_only_while_nobody_else_has_the_slot() -> None:
    passed = [*FINISHED, reviewed(ADA, "rejected", "pass_on")]
    story = given(*passed).when(withdraw(ROY))
    story.then(withdrawn("rejected"), moved(IN_PROGRESS, TO_REVIEW, ReviewWithdrawn))
    assert story.leaves().locked_out == frozenset()
    given(*passed, reserved(BOB)).when(withdraw(ROY)).refuses(SlotTaken)
    given(*passed, submitted(BOB)).when(withdraw(ROY)).refuses(SlotTaken)
    assert given(*passed, reserved(BOB)).when(withdraw(ROY, minutes=61)).leaves().state == TO_REVIEW
    assert given(*passed, submitted(BOB)).under(assignment={"strict_overlap": False}).when(withdraw(ROY)).leaves()


# ── Ground truth ─────────────────────────────────────────────────────────────────────────────────────────────────────


def cleared(person: int, cause: str = "replaced") -> happened.GroundTruthCleared:
    return happened.GroundTruthCleared(**HERE, annotation=100 + person, annotator=person, cause=cause)


def test_a_task_has_one_truth_and_the_one_before_goes_in_the_same_breath() -> None:
    given(imported(slots=2), submitted(ADA), submitted(BOB), truth(ADA)).when(set_truth(102)).then(
        cleared(ADA), truth(BOB)
    )


def test_the_truth_fills_no_slot() -> None:
    given(*FINISHED).when(set_truth(101)).then(truth(ADA), moved(TO_REVIEW, "created", happened.GroundTruthSet))


def test_the_same_truth_again_is_not_news_and_what_is_not_there_is_not_true() -> None:
    given(*FINISHED, truth(ADA)).when(set_truth(101)).then()
    given(*FINISHED).when(set_truth(999)).refuses(NotFound)
    given(*FINISHED, deleted(ADA)).when(set_truth(101)).refuses(NotFound)


def test_without_a_truth_its_annotation_is_an_answer_again() -> None:
    given(*FINISHED, truth(ADA)).when(clear_truth).then(
        cleared(ADA, "manual"), moved("created", TO_REVIEW, happened.GroundTruthCleared)
    )
    given(*FINISHED).when(clear_truth).then()


def test_the_truth_says_what_its_annotation_counts_for_again() -> None:
    passed = [*FINISHED, reviewed(ADA, "rejected", "pass_on"), truth(ADA)]
    event, _ = given(*passed).when(clear_truth).events()
    assert event == cleared(ADA, "manual").model_copy(update={"standing": Standing.PASSED_ON})
