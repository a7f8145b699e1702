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
    found = preview_together(installation, project, {group: changes})
    return {"project": project, "group": group, **found["groups"][group], "effect": found["effect"]}


def preview_together(
    installation: Installation, project: int, changes: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """The same of several groups that change at once."""
    found = installation.states.project(project)
    settings = found.settings
    for group, values in changes.items():
        changed = changed_settings(found, group, values)
        settings = settings.model_copy(update={group: getattr(changed, group)})
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
        "groups": {
            group: {"old": plain(getattr(found.settings, group)), "new": plain(getattr(settings, group))}
            for group in changes
        },
        "effect": {**asdict(result), "feasible": result.feasible},
    }
