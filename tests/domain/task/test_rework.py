"""Where an annotation stands in review, by its verdicts."""

from __future__ import annotations

import pytest

from annolog.domain.task.kinds import RejectAction, Verdict
from annolog.domain.task.rework import ENDS, Judged, Outcome, is_first_pass, loops, outcome

ACCEPTED = Judged(Verdict.ACCEPTED, None, 1)
FIXED = Judged(Verdict.FIXED, None, 1)


def rejected(action: RejectAction, revision: int = 1) -> Judged:
    return Judged(Verdict.REJECTED, action, revision)


RETURNED = rejected(RejectAction.RETURN)


def test_only_what_was_accepted_as_it_was_passed_at_the_first_look() -> None:
    assert [is_first_pass(first) for first in (ACCEPTED, FIXED, RETURNED)] == [True, False, False]


@pytest.mark.parametrize(
    ("judged", "revision", "stands"),
    [
        ([], 1, Outcome.UNREVIEWED),
        ([], 3, Outcome.UNREVIEWED),
        ([ACCEPTED], 1, Outcome.ACCEPTED),
        ([ACCEPTED], 2, Outcome.AWAITED),
        ([FIXED], 2, Outcome.FIXED),
        ([FIXED], 3, Outcome.AWAITED),
        ([RETURNED], 1, Outcome.RETURNED),
        ([RETURNED], 2, Outcome.AWAITED),
        ([RETURNED, Judged(Verdict.ACCEPTED, None, 2)], 2, Outcome.ACCEPTED),
        ([rejected(RejectAction.REMOVE)], 1, Outcome.REMOVED),
        ([rejected(RejectAction.PASS_ON)], 1, Outcome.PASSED_ON),
    ],
)
def test_the_latest_verdict_says_where_it_stands_until_the_author_goes_on(
    judged: list[Judged], revision: int, stands: Outcome
) -> None:
    assert outcome(judged, revision) is stands


def test_only_returns_are_loops_and_only_some_outcomes_are_ends() -> None:
    assert loops([RETURNED, ACCEPTED, rejected(RejectAction.RETURN, 2), rejected(RejectAction.REMOVE, 3)]) == 2
    assert {Outcome.RETURNED, Outcome.AWAITED, Outcome.UNREVIEWED} == set(Outcome) - ENDS
