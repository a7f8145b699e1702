"""What is sent to take something back on the page of a task."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.infra.web.pages.task.acting import asked_for, whose_it_becomes

PAGE = {"overlap": 3, "additional_slots": 1, "assignees": [7], "reviewers": []}


def test_whom_a_rule_added_comes_on_top_of_what_is_asked_for() -> None:
    assert asked_for(PAGE) == 2
    assert asked_for({"overlap": 3}) == 3
    assert asked_for({}) is None


@pytest.mark.parametrize(
    ("chosen", "back"),
    [
        ({"people": [7, 8], "as_reviewers": False, "unassign": False}, [8]),
        ({"people": [7], "as_reviewers": False, "unassign": False}, []),
        ({"people": [7], "as_reviewers": True, "unassign": False}, [7]),
        ({"people": [7], "as_reviewers": False, "unassign": True}, [7]),
    ],
)
def test_who_had_a_task_before_keeps_it_when_an_assignment_is_taken_back(
    chosen: dict[str, Any], back: list[int]
) -> None:
    assert whose_it_becomes(PAGE, chosen) == back
