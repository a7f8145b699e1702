"""Whether one more person is asked about a task on which people disagree."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.domain.refusals import AlreadyAnnotated, NotFound, StaleVersion
from annolog.domain.task import events as happened
from annolog.domain.task import reassignment
from annolog.domain.task.events import (
    AgreementReached,
    AnnotationSubmitted,
    SlotAdded,
    TaskEvent,
    TaskExhausted,
    TaskInfeasible,
)
from tests.story import (
    ADA,
    BOB,
    EVE,
    HERE,
    Story,
    assess,
    at,
    evidence,
    given,
    imported,
    moved,
    reserve,
    reserved,
    reviewed,
    skipped,
    submit,
    submitted,
)

RULE: dict[str, Any] = {"enabled": True, "threshold": 0.75, "maximum_additional": 1}
BOTH = ((101, 1), (102, 1))
LOW, HIGH = evidence(0.7499, *BOTH), evidence(0.75, *BOTH)


def disagreed(*more: TaskEvent, **rule: Any) -> Story:
    return given(imported(slots=2), submitted(ADA), submitted(BOB, "B"), *more).under(reassignment={**RULE, **rule})


def test_full_slots_do_not_finish_a_task_that_has_not_been_judged() -> None:
    given(imported(slots=2), submitted(ADA)).under(reassignment=RULE).when(submit(BOB)).then(submitted(BOB))


def test_under_the_threshold_one_more_person_is_asked_and_the_log_says_why() -> None:
    disagreed().when(assess(LOW)).then(SlotAdded(**HERE, reason="low_agreement", slots=3, evidence=LOW))


def test_at_the_threshold_the_task_is_settled() -> None:
    disagreed().when(assess(HIGH)).then(
        AgreementReached(**HERE, evidence=HIGH), moved("annotation_in_progress", "needs_review", AgreementReached)
    )


def test_answers_without_a_score_are_let_be() -> None:
    nothing = evidence(None, *BOTH)
    disagreed().when(assess(nothing)).then(
        AgreementReached(**HERE, evidence=nothing), moved("annotation_in_progress", "needs_review", AgreementReached)
    )


def test_at_the_limit_of_additional_people_the_task_is_finished_and_flagged() -> None:
    third = [SlotAdded(**HERE, reason="low_agreement", slots=3, evidence=LOW), submitted(EVE, "C")]
    last = evidence(0.0, *BOTH, (103, 1))
    disagreed(*third).when(assess(last)).then(
        TaskExhausted(**HERE, limit=1, evidence=last), moved("annotation_in_progress", "needs_review", TaskExhausted)
    )


def test_people_asked_by_hand_do_not_count_toward_the_limit() -> None:
    by_hand = [SlotAdded(**HERE, reason="manual", slots=3), submitted(EVE, "C")]
    found = evidence(0.0, *BOTH, (103, 1))
    disagreed(*by_hand).when(assess(found)).then(SlotAdded(**HERE, reason="low_agreement", slots=4, evidence=found))


def test_where_nobody_is_left_to_ask_the_task_says_so_once() -> None:
    infeasible = TaskInfeasible(**HERE, eligible=0, slots_wanted=3, evidence=LOW)
    disagreed().when(assess(LOW, eligible=0)).then(infeasible)
    disagreed(infeasible).when(assess(LOW, eligible=0)).then()
    disagreed(infeasible).when(assess(LOW, eligible=1)).then(
        SlotAdded(**HERE, reason="low_agreement", slots=3, evidence=LOW)
    )


def test_a_judgement_about_other_answers_is_refused() -> None:
    disagreed().when(assess(evidence(0.0, (101, 1), (102, 2)))).refuses(StaleVersion)
    disagreed().when(assess(evidence(0.0, (101, 1)))).refuses(StaleVersion)


def test_a_judgement_fits_whichever_answer_came_first() -> None:
    crossed = given(imported(slots=2), submitted(BOB, "B"), submitted(ADA)).under(reassignment=RULE)
    crossed.when(assess(LOW)).then(SlotAdded(**HERE, reason="low_agreement", slots=3, evidence=LOW))


def test_what_was_judged_is_not_judged_again_until_an_answer_changes() -> None:
    reached = AgreementReached(**HERE, evidence=HIGH)
    disagreed(reached).when(assess(LOW)).then()
    exhausted = TaskExhausted(**HERE, limit=0, evidence=LOW)
    disagreed(exhausted, maximum_additional=0).when(assess(LOW)).then()
    changed = happened.AnnotationRevised(
        **HERE, annotation=102, annotator=BOB, revision=2, result=[], by=BOB, because="own_update", config_version=1
    )
    again = evidence(0.0, (101, 1), (102, 2))
    assert isinstance(disagreed(reached, changed).when(assess(again)).events()[0], SlotAdded)


@pytest.mark.parametrize(
    "rules",
    [
        {"reassignment": {**RULE, "enabled": False}},
        {"reassignment": RULE, "assignment": {"distribution": "manual"}},
    ],
)
def test_the_rule_has_no_say_where_it_is_off_or_tasks_are_given_by_hand(rules: dict[str, Any]) -> None:
    disagreed().under(**rules).when(assess(LOW)).then()


def test_there_is_nothing_to_judge_before_the_slots_are_full_or_with_fewer_than_two_answers() -> None:
    given(imported(slots=2), submitted(ADA)).under(reassignment=RULE).when(assess(evidence(0.0, (101, 1)))).then()
    removed = reviewed(BOB, "rejected", "remove")
    disagreed(removed).when(assess(evidence(None, (101, 1)))).then()
    skips = given(imported(slots=2), submitted(ADA), skipped(BOB, "ignore_skipped")).under(reassignment=RULE)
    assert skips.task.state == "needs_review"


def test_the_added_slot_is_for_somebody_who_is_new_to_the_task() -> None:
    opened = disagreed(SlotAdded(**HERE, reason="low_agreement", slots=3, evidence=LOW))
    opened.when(reserve(EVE)).then(reserved(EVE))
    opened.when(reserve(ADA)).refuses(AlreadyAnnotated)


def test_a_slot_can_be_added_by_hand_and_opens_a_finished_task() -> None:
    given(imported(), submitted(ADA)).when(lambda task, rules: reassignment.add_slot(task, "second look", rules)).then(
        SlotAdded(**HERE, reason="second look", slots=2), moved("needs_review", "annotation_in_progress", SlotAdded)
    )


@pytest.mark.parametrize("facts", [[], [imported(), happened.TaskDeleted(**HERE)]])
def test_what_is_not_there_gets_no_slot_and_no_judgement(facts: list[TaskEvent]) -> None:
    given(*facts).when(lambda task, rules: reassignment.add_slot(task, "manual", rules)).refuses(NotFound)
    given(*facts).when(assess(LOW)).refuses(NotFound)


def test_an_answer_beyond_the_slots_is_judged_with_the_others() -> None:
    story = disagreed(AgreementReached(**HERE, evidence=HIGH)).when(submit(EVE, exempt=True))
    story.then(submitted(EVE, surplus=True), moved("needs_review", "annotation_in_progress", AnnotationSubmitted))


def test_where_people_answered_beyond_the_slots_the_new_one_is_still_for_somebody_new() -> None:
    third = submitted(EVE, "C", surplus=True)
    found = evidence(0.0, *BOTH, (103, 1))
    story = disagreed(third).when(assess(found))
    story.then(SlotAdded(**HERE, reason="low_agreement", slots=4, evidence=found))
    assert story.leaves().has_room_for(4, at(0))
    given(imported(), submitted(ADA), submitted(BOB, surplus=True)).when(
        lambda task, rules: reassignment.add_slot(task, "manual", rules)
    ).then(SlotAdded(**HERE, reason="manual", slots=3), moved("needs_review", "annotation_in_progress", SlotAdded))
