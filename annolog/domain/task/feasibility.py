"""Whether there is anybody left who could give a task the answers it needs."""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import datetime

from annolog.domain.project.events import SettingsChanged
from annolog.domain.project.settings import Distribution
from annolog.domain.project.state import Project
from annolog.domain.task import preferences
from annolog.domain.task.events import SlotKept, TaskEvent, TaskFeasible, TaskInfeasible
from annolog.domain.task.evolve import fold
from annolog.domain.task.state import Resolution, Task


def anybody(task: Task, project: Project, now: datetime, spent: Set[int]) -> bool:
    """Whether any annotator could be given the task: at work, not among those at their limit, and new to it.

    The first is enough: a project may have very many people, and most tasks were with few of them. A slot that is kept
    for certain people for good is for nobody else.
    """
    kept = task.wanted if task.wanted_until is None else frozenset()
    return any(not kept or person in kept for person in able(task, project, now, spent))


def able(task: Task, project: Project, now: datetime, spent: Set[int]) -> Iterator[int]:
    """Who could be given another slot of the task, one by one."""
    out = task.holders(now) | task.touched() | spent
    for person in project.at_work(now):
        if person not in out:
            yield person


def experts(task: Task, project: Project, now: datetime, spent: Set[int]) -> list[int]:
    """Who of them is an expert by the project's settings."""
    return [person for person in able(task, project, now, spent) if _is_expert(project, person)]


def _is_expert(project: Project, person: int) -> bool:
    rule = project.settings.reassignment
    assert rule.expert_skill is not None, "settings name the skill of experts"
    skill = project.skill(person, rule.expert_skill)
    return skill is not None and skill >= rule.expert_least


def lacks_people(task: Task, project: Project, now: datetime) -> bool:
    """Whether a task that people have begun still has a slot that nobody fills or holds.

    Tasks that nobody has touched are not spoken of one by one: a project without people has all of them so.
    """
    automatic = project.settings.assignment.distribution is Distribution.AUTOMATIC
    begun = bool(task.skips) or any(True for _ in task.live)
    return task.exists and project.published and automatic and begun and len(task.holders(now)) < task.slots


def judge(task: Task, project: Project, now: datetime, spent: Set[int]) -> list[TaskEvent]:
    """Say that nobody is left for a free slot, or that somebody is there again. What is known already is not news.

    `spent` are the people at their limit. A task whose slots are full is left to the rule that judges agreement.
    """
    if not lacks_people(task, project, now):
        return []
    known = task.resolution is Resolution.INFEASIBLE
    kept = _kept_anew(task, project, now, spent)
    if anybody(fold(task, kept), project, now, spent):
        return [*kept, TaskFeasible(project=task.project, task=task.id)] if known else kept
    infeasible = TaskInfeasible(project=task.project, task=task.id, eligible=0, slots_wanted=task.slots)
    return kept if known else [*kept, infeasible]


def _kept_anew(task: Task, project: Project, now: datetime, spent: Set[int]) -> list[TaskEvent]:
    """A slot for experts is for those there are now, once nobody is left of those it was for; or for anybody, once the
    project calls no experts any more."""
    if not task.wanted or task.wanted_until is not None:
        return []
    settings = project.settings
    if not settings.reassigns or settings.reassignment.expert_after is None:
        return preferences.end(task, SettingsChanged.type_name())
    if anybody(task, project, now, spent):
        return []
    called = experts(task, project, now, spent)
    if not called:
        return []
    kept = SlotKept(project=task.project, task=task.id, people=called)
    return [*preferences.end(task, kept.type_name()), kept]
