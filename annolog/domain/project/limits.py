"""How much one person may do in a project."""

from __future__ import annotations

from collections.abc import Callable, Set

from annolog.domain.project.state import Project


def limit_of(project: Project) -> int | None:
    """The most annotations of one person, the smaller of the count and the share of tasks; None for no limit."""
    rules = project.settings.assignment
    limits = []
    if rules.limit_count is not None:
        limits.append(rules.limit_count)
    if rules.limit_percent is not None:
        limits.append(int(rules.limit_percent / 100 * project.tasks + 0.5))
    return min(limits, default=None)


def spent(project: Project, at_limit: Callable[[int, int], Set[int]]) -> Set[int]:
    """The people who have done as much as one person may. `at_limit` knows who has so many annotations in a project."""
    limit = limit_of(project)
    return frozenset() if limit is None else at_limit(project.id, limit)
