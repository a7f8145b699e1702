"""Who the experts are that a task goes to once people disagreed often enough."""

from __future__ import annotations

from collections.abc import Iterator

from annolog.domain.project.state import Project
from annolog.domain.task import preferences
from annolog.domain.task.events import TaskEvent
from annolog.domain.task.state import Task


def experts(task: Task, project: Project) -> Iterator[int]:
    """Annotators with enough of the skill that the project asks for, to whom the task is new.

    Who is paused, or has done all they may, is one of them still: nothing need be said of the task when they are back.
    """
    rule, touched = project.settings.reassignment, task.touched()
    assert rule.expert_skill is not None, "settings name the skill of experts"
    for person in project.members:
        if person in touched or not project.annotates(person):
            continue
        skill = project.skill(person, rule.expert_skill)
        if skill is not None and skill >= rule.expert_least:
            yield person


def keep(task: Task, project: Project) -> list[TaskEvent]:
    """Keep a slot that is for experts for those there are now. Where the project asks for none it is anybody's."""
    asked = project.settings.reassigns and project.settings.reassignment.expert_after is not None
    return preferences.renewed(task, experts(task, project) if asked else None)
