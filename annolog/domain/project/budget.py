"""The label budget: how many answers a project asks for in all."""

from __future__ import annotations

from math import floor

from annolog.domain.project.settings import AssignmentSettings
from annolog.domain.project.state import Project


def first_answers(rules: AssignmentSettings) -> float:
    """How many answers a task the overlap asks for, on average."""
    return 1 + (rules.overlap - 1) * rules.coverage_percent / 100


def labels_left(project: Project) -> int | None:
    """How many further answers the budget still has, None without a budget.

    It is so many answers a task on average, deleted tasks not taken out. What the overlap asks for is spent from the
    beginning, since every task gets that much; the rest is what this budget granted. What was asked for before there
    was one, or because somebody or a rule of the project's said so, is beside it.
    """
    budget = project.settings.reassignment.budget
    if budget is None:
        return None
    first = project.covered * project.settings.assignment.overlap + project.tasks - project.covered
    return max(0, floor(budget * project.tasks) - first - project.granted)
