"""What is said of a task that needs attention, and what ends it."""

from __future__ import annotations

import pytest

from annolog.domain.task.events import TaskFeasible, TaskInfeasible, TaskState, TaskStateChanged
from annolog.domain.task.flags import EXHAUSTED, INFEASIBLE, NONE, flag_after

HERE = {"project": 1, "task": 1}


@pytest.mark.parametrize(
    ("flag", "state", "then"),
    [
        (INFEASIBLE, TaskState.COMPLETED, NONE),
        (INFEASIBLE, TaskState.NEEDS_REVIEW, NONE),
        (INFEASIBLE, TaskState.CREATED, INFEASIBLE),
        (EXHAUSTED, TaskState.ANNOTATION_IN_PROGRESS, NONE),
        (EXHAUSTED, TaskState.COMPLETED, EXHAUSTED),
        (NONE, TaskState.COMPLETED, NONE),
    ],
)
def test_a_task_that_is_finished_needs_nobody_and_one_that_is_not_is_not_exhausted(
    flag: str, state: TaskState, then: str
) -> None:
    moved = TaskStateChanged(**HERE, previous=TaskState.CREATED, state=state, cause="AnnotationSubmitted")
    assert flag_after(flag, moved) == then


def test_that_nobody_is_left_is_said_until_somebody_is() -> None:
    flag = flag_after(NONE, TaskInfeasible(**HERE, eligible=0, slots_wanted=2))
    assert flag == INFEASIBLE
    assert flag_after(flag, TaskFeasible(**HERE)) == NONE
