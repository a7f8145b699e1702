"""Which role may do what: the one table that the API, the command line and later pages ask.

People see only what their role opens; what is closed to them looks as if it were not there.
"""

from __future__ import annotations

from enum import StrEnum

from annolog.domain.people.events import OrganizationRole
from annolog.domain.people.state import Person
from annolog.domain.project.events import ProjectRole
from annolog.domain.project.state import Project
from annolog.domain.refusals import Forbidden, NotFound


class Action(StrEnum):
    """What somebody may want to do."""

    ADMINISTER = "administer"
    CREATE_PROJECT = "create_project"
    SEE_PROJECT = "see_project"
    MANAGE_PROJECT = "manage_project"
    ANNOTATE = "annotate"
    REVIEW = "review"
    COMMENT = "comment"
    SEE_QUALITY = "see_quality"
    ACT_FOR_OTHERS = "act_for_others"


WORKING = frozenset({Action.SEE_PROJECT, Action.ANNOTATE, Action.COMMENT})
REVIEWING = WORKING | {Action.REVIEW, Action.SEE_QUALITY}
MANAGING = REVIEWING | {Action.MANAGE_PROJECT}

IN_PROJECT: dict[ProjectRole, frozenset[Action]] = {
    ProjectRole.ANNOTATOR: WORKING,
    ProjectRole.REVIEWER: REVIEWING,
    ProjectRole.MANAGER: MANAGING,
}
IN_ORGANIZATION: dict[OrganizationRole, frozenset[Action]] = {
    OrganizationRole.OWNER: frozenset(Action),
    OrganizationRole.ADMINISTRATOR: frozenset(Action),
    OrganizationRole.MEMBER: frozenset(),
}


def allowed(person: Person, project: Project | None = None) -> frozenset[Action]:
    """Everything this person may do, in this project if one is given."""
    actions = IN_ORGANIZATION[person.role]
    member = project.members.get(person.id) if project else None
    return actions | IN_PROJECT[member.role] if member else actions


def require(action: Action, person: Person, project: Project | None = None) -> None:
    """Refuse what the role does not allow. Who may not even see the project is told that there is none."""
    actions = allowed(person, project)
    if action in actions:
        return
    if project is not None and Action.SEE_PROJECT not in actions:
        raise NotFound(f"There is no project {project.id}.")
    raise Forbidden(f"This needs the right to {action.value.replace('_', ' ')}.")


def is_exempt(person: Person, project: Project) -> bool:
    """Whether overlap and limits do not bind this person: reviewers, managers and those above them."""
    member = project.members.get(person.id)
    return person.role is not OrganizationRole.MEMBER or (
        member is not None and member.role is not ProjectRole.ANNOTATOR
    )


def may_annotate(person: Person | None, project: Project) -> bool:
    """Whether somebody is there to work on what is returned to them. Owners and administrators are, without being
    members.
    """
    return person is not None and Action.ANNOTATE in allowed(person, project)


def sees_verdicts(person: Person, project: Project) -> bool:
    """Whether nothing that reviewers say is hidden from this person: so is it for managers and those above them."""
    return Action.MANAGE_PROJECT in allowed(person, project)
