"""How far a task is, and the event that says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from annolog.domain.task.events import TaskState
from annolog.domain.task.lifecycle import needs_review, restated, settled
from tests.story import ADA, BOB, given, imported, moved, reserved, reviewed, settings, skipped, submitted, truth


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ([], "created"),
        ([reserved(ADA)], "created"),
        ([skipped(ADA)], "annotation_in_progress"),
        ([submitted(ADA)], "annotation_in_progress"),
        ([submitted(ADA), submitted(BOB)], "needs_review"),
        ([submitted(ADA), skipped(BOB, "ignore_skipped")], "needs_review"),
        ([submitted(ADA), skipped(BOB, "requeue_for_me")], "annotation_in_progress"),
        ([skipped(ADA, "ignore_skipped"), skipped(BOB, "ignore_skipped")], "completed"),
        ([submitted(ADA), submitted(BOB), reviewed(BOB)], "completed"),
        ([submitted(ADA), truth(ADA)], "created"),
        ([submitted(ADA), submitted(BOB), truth(ADA)], "annotation_in_progress"),
    ],
)
def test_a_task_for_two_people_is_as_far_as_its_facts(facts: list[Any], state: str) -> None:
    assert given(imported(slots=2), *facts).task.state == state


def test_every_move_is_announced_with_where_from_and_why() -> None:
    facts = [submitted(ADA)]
    assert settled(given(imported()).task, facts, settings()) == [
        *facts,
        moved("created", "needs_review", type(facts[0])),
    ]


def test_nothing_happened_is_no_reason_to_move() -> None:
    stale = replace(given(imported(), submitted(ADA)).task, state=TaskState.CREATED)
    assert settled(stale, [], settings()) == []


def test_a_task_that_is_not_where_the_rules_put_it_now_is_moved() -> None:
    task = given(imported(), submitted(ADA)).task
    assert restated(task, "SettingsChanged", settings()) == []
    [change] = restated(task, "SettingsChanged", settings(review={"sample_percent": 0}))
    assert (change.previous, change.state, change.cause) == ("needs_review", "completed", "SettingsChanged")


def test_what_was_done_before_shares_were_quotas_keeps_the_place_it_had_in_them() -> None:
    half = settings(review={"sample_percent": 50}).review
    answered = replace(given(imported(), submitted(ADA)).task, state=TaskState.COMPLETED)
    chosen = [needs_review(replace(answered, id=id), half) for id in range(1, 2001)]
    assert chosen == [needs_review(replace(answered, id=id), half) for id in range(1, 2001)]
    assert 900 < sum(chosen) < 1100
    more = settings(review={"sample_percent": 60}).review
    assert all(needs_review(replace(answered, id=id), more) for id, was in enumerate(chosen, start=1) if was)
