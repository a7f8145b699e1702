"""What of tasks' data somebody gets to see: the one question, asked wherever a task, or what quotes it, leaves."""

from __future__ import annotations

from datetime import datetime

from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import may
from annolog.domain.people.events import OrganizationRole
from annolog.domain.people.state import Person
from annolog.domain.project.data_fields import NOTHING, Concealment, FieldRule
from annolog.domain.project.state import Project
from annolog.domain.task.state import Task


def concealed_from(person: Person, project: Project, *, at_work: bool = False) -> Concealment:
    """What is kept from this person. `at_work` is for a task that is theirs to label or to judge: there they see what
    the labeling config shows, however sensitive.
    """
    rules = project.fields.rules
    if not rules:
        return NOTHING
    needed = project.config.variables if at_work else frozenset()
    sees_sensitive = may(Permission.SEE_SENSITIVE, person, project)
    return project.fields.concealing(
        name
        for name, rule in rules.items()
        if _is_hidden_by_role(rule, person, project) or (rule.sensitive and not sees_sensitive and name not in needed)
    )


def concealed_of(task: Task, person: Person, project: Project, now: datetime) -> Concealment:
    """The same of one task, which may be before them."""
    return concealed_from(person, project, at_work=is_before(task, person.id, now))


def is_before(task: Task, person: int, now: datetime) -> bool:
    """Whether somebody labels or judges this very task: they hold it, may revise an answer of theirs, or are to review
    it.
    """
    lease, hold = task.leases.get(person), task.review_hold
    return (
        (lease is not None and lease.expires_at > now)
        or task.annotation_of(person) is not None
        or (hold is not None and hold.reviewer == person and hold.expires_at > now)
        or person in task.reviewers
    )


def _is_hidden_by_role(rule: FieldRule, person: Person, project: Project) -> bool:
    """Who is above projects is none of their roles, also where they are a member."""
    member = project.members.get(person.id)
    return person.role is OrganizationRole.MEMBER and member is not None and member.role in rule.hidden_from
