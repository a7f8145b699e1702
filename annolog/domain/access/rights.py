"""What somebody may do, asked in one place by the API, the command line and pages.

People see only what their role opens; what is closed to them looks as if it were not there.
"""

from __future__ import annotations

from annolog.domain.access.permissions import Permission
from annolog.domain.people.events import OrganizationRole
from annolog.domain.people.state import Person
from annolog.domain.project.events import ProjectRole
from annolog.domain.project.state import Project
from annolog.domain.refusals import Forbidden, NotFound

# From the least to the most.
RANKS = (OrganizationRole.MEMBER, OrganizationRole.ADMINISTRATOR, OrganizationRole.OWNER)


def may(permission: Permission, person: Person, project: Project | None = None) -> bool:
    """Whether somebody may do this, in this project if one is given. Who was erased may nothing any more."""
    if person.erased:
        return False
    if permission in person.grants.by_role[person.role]:
        return True
    member = project.members.get(person.id) if project else None
    return member is not None and permission in person.grants.by_role[member.role]


def require(permission: Permission, person: Person, project: Project | None = None) -> None:
    """Refuse what the role does not allow. Who may not even see the project is told that there is none."""
    if may(permission, person, project):
        return
    if project is not None and not may(Permission.SEE_PROJECT, person, project):
        raise NotFound(f"There is no project {project.id}.")
    raise Forbidden(f"This needs the right to {permission.value.replace('_', ' ')}.")


def must_not_exceed(person: Person, role: OrganizationRole) -> None:
    """Refuse to lend, give or take the rights of who is more than oneself: that would be to have them."""
    if RANKS.index(role) > RANKS.index(person.role):
        raise Forbidden(f"Only who is {role.value} does this to who is {role.value}.")


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
    return person is not None and may(Permission.ANNOTATE, person, project)


def sees_verdicts(person: Person, project: Project) -> bool:
    """Whether nothing that reviewers say is hidden from this person: so is it for managers, those above
    them, and viewers."""
    return may(Permission.SEE_VERDICTS, person, project)
