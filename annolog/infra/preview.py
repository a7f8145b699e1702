"""What a change of settings would come to: the tasks as the queue has them, judged by the domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from annolog.domain.project.decisions import changed_settings
from annolog.domain.project.effects import TaskGroup, effect
from annolog.domain.project.settings import plain
from annolog.domain.task.importing import covered_count
from annolog.infra.composition import Installation
from annolog.projections.assignment_queue.queries import Frontiers, SqlAssignmentQueue


def preview(installation: Installation, project: int, group: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The group as it is and would be, and the effect on tasks, labels and people. Nothing is changed."""
    found = installation.states.project(project)
    settings = changed_settings(found, group, changes)
    more = covered_count(settings.assignment.coverage_percent, found.tasks) - found.covered
    with installation.log_reader.connect() as connection:
        queue = SqlAssignmentQueue(connection, Frontiers())
        groups = queue.groups(project)
        moved: list[TaskGroup] = []
        if more and settings.assignment.coverage_percent != found.settings.assignment.coverage_percent:
            moved = queue.groups_by_draw(project, covered=more < 0, descending=more < 0, limit=abs(more))
    result = effect(found, settings, groups, moved)
    return {
        "project": project,
        "group": group,
        "old": plain(getattr(found.settings, group)),
        "new": plain(getattr(settings, group)),
        "effect": {**asdict(result), "feasible": result.feasible},
    }
