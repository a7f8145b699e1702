"""The label budget: how many answers a project asks for in all."""

from __future__ import annotations

from math import floor

from annolog.domain.project.state import Project


def labels_left(project: Project) -> int | None:
    """How many further answers the budget still has, None without a budget.

    It is so many answers a task on average, deleted tasks and answers beyond the slots not taken out. What the overlap
    asks for is spent from the beginning, since every task gets that much.
    """
    budget = project.settings.reassignment.budget
    if budget is None:
        return None
    first = project.covered * project.settings.assignment.overlap + project.tasks - project.covered
    return max(0, floor(budget * project.tasks) - first - project.granted)
