"""What a change of settings would come to, before anybody makes it: for tasks, labels, and the people needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from annolog.domain.project.events import ProjectRole
from annolog.domain.project.settings import Distribution, Settings
from annolog.domain.project.state import Project
from annolog.domain.refusals import Fault, InfeasibleSettings


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Tasks that are alike for what settings ask of them; `taken` are the people who fill a slot of each."""

    covered: bool
    additional: int
    slots: int
    taken: int
    tasks: int


@dataclass(frozen=True, slots=True)
class Effect:
    """`opened` tasks would wait for people again, `closed` ones no longer; labels are answers still to be given."""

    changed: int
    opened: int
    closed: int
    labels_before: int
    labels_after: int
    people_needed: int
    people_at_most: int
    people_there: int

    @property
    def feasible(self) -> bool:
        """Whether the change would not be refused; with fewer than `people_at_most` some tasks may end infeasible."""
        return not self.people_there or self.people_there >= self.people_needed


def least_people(settings: Settings) -> int:
    """Without so many people tasks cannot be finished, or the reassignment rule could never ask anybody."""
    if settings.assignment.distribution is Distribution.MANUAL:
        return 0
    overlap = settings.assignment.overlap if settings.assignment.coverage_percent else 1
    return overlap + bool(settings.reassigns and settings.reassignment.maximum_additional)


def most_people(settings: Settings) -> int:
    """The most people that a task may come to need: with fewer some end as infeasible, and say so."""
    further = max(0, settings.reassignment.maximum_additional - 1) if settings.reassigns else 0
    return least_people(settings) + further


def annotators_of(project: Project) -> int:
    """How many annotators the project has. Pauses pass, so who is paused is counted."""
    return sum(member.role is ProjectRole.ANNOTATOR for member in project.members.values())


def must_be_feasible(project: Project, settings: Settings, pointer: str) -> None:
    """Refuse settings that ask for more people than there are. A project without annotators is still being set up."""
    there, needed = annotators_of(project), least_people(settings)
    if not there or needed <= max(there, least_people(project.settings)):
        return
    message = f"tasks would need {needed} people, and the project has {there} annotators"
    raise InfeasibleSettings(
        f"{pointer}: {message}. Add members first, or say that you accept tasks that nobody is left for.",
        faults=[Fault(pointer, message)],
        facts={"people_needed": needed, "people_there": there},
    )


def effect(project: Project, after: Settings, groups: Sequence[TaskGroup], moved: Sequence[TaskGroup]) -> Effect:
    """What other settings would come to for the tasks of a project.

    `groups` are all its tasks as they are; `moved` those among them that would enter the coverage, or leave it.
    """
    rules, before_rules = after.assignment, project.settings.assignment
    overlap = rules.overlap
    as_they_are = (rules.overlap, rules.coverage_percent) == (before_rules.overlap, before_rules.coverage_percent)
    changed = opened = closed = labels_before = labels_after = 0
    leaving = {(g.covered, g.additional, g.slots, g.taken): g.tasks for g in moved}
    for group in groups:
        crossing = leaving.get((group.covered, group.additional, group.slots, group.taken), 0)
        for tasks, covered in ((group.tasks - crossing, group.covered), (crossing, not group.covered)):
            slots = group.slots if as_they_are else (overlap if covered else 1) + group.additional
            changed += tasks * (slots != group.slots)
            before, now = max(0, group.slots - group.taken), max(0, slots - group.taken)
            labels_before += tasks * before
            labels_after += tasks * now
            opened += tasks * (before == 0 and now > 0)
            closed += tasks * (before > 0 and now == 0)
    return Effect(
        changed,
        opened,
        closed,
        labels_before,
        labels_after,
        least_people(after),
        most_people(after),
        annotators_of(project),
    )
