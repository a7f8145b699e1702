"""What somebody may do, asked in one place by the API, the command line and pages.

People see only what their role opens; what is closed to them looks as if it were not there. Nothing is open to anybody
of another organization.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from annolog.domain.access.permissions import LOOKING_ON, OF_INSTALLATION, Permission
from annolog.domain.access.roles import RANKS
from annolog.domain.organization.state import FIRST, WorkspaceMember
from annolog.domain.people.events import OrganizationRole
from annolog.domain.people.state import Directory, Person
from annolog.domain.project.events import MemberSource, ProjectRole
from annolog.domain.project.state import Member, Project
from annolog.domain.refusals import Archived, Forbidden, NotFound

NOTHING: frozenset[Permission] = frozenset()


def membership(person: Person, project: Project) -> Member | None:
    """What somebody is in a project. Who came by a workspace is in it no longer than in the workspace."""
    member = project.members.get(person.id)
    if member is not None and member.source is MemberSource.WORKSPACE:
        return member if person.organization.member_of(project.workspace, person.id) is not None else None
    return member


def permissions_of(person: Person) -> Set[Permission]:
    """All that somebody may do by what they are in the organization."""
    return _together(person, None)


def _together(person: Person, member: Member | WorkspaceMember | None) -> Set[Permission]:
    """What somebody may do by what they are in the organization and, as a member, in a part of it."""
    held = person.grants.of(person.role, person.custom_role)
    if member is not None:
        held = held | person.grants.of(member.role, member.custom_role)
    return held if person.limits is None else held & person.limits


def permissions_in(person: Person, project: Project) -> Set[Permission]:
    """All that somebody may do in a project, by what they are in the organization and in the project."""
    if not person.is_system and person.organization.id != project.organization:
        return NOTHING
    return _together(person, membership(person, project))


def holds(permission: Permission, person: Person, project: Project | None = None) -> bool:
    """Whether somebody has a permission, also where an archive keeps them from using it: by what they are it is decided
    what is kept from them.
    """
    organization = person.organization
    if not person.is_active or (person.limits is not None and permission not in person.limits):
        return False
    if project is None:
        if permission in OF_INSTALLATION and organization.id != FIRST and not person.is_system:
            return False
        return permission in organization.grants.of(person.role, person.custom_role)
    if organization.id != project.organization and not person.is_system:
        return False
    if permission in organization.grants.of(person.role, person.custom_role):
        return True
    member = membership(person, project)
    return member is not None and permission in organization.grants.of(member.role, member.custom_role)


def is_archived(person: Person, project: Project) -> bool:
    """Whether the project is one in which nothing changes."""
    return person.organization.is_archived(project.workspace)


def must_not_be_archived(person: Person, project: Project) -> None:
    """Refuse to change anything in a project of an archived workspace."""
    if is_archived(person, project):
        raise Archived("The project is in an archived workspace; nothing in it changes.")


def may(permission: Permission, person: Person, project: Project | None = None) -> bool:
    """Whether somebody may do this, in this project if one is given. Costs a few microseconds at most.

    What runs by itself keeps house in archived workspaces too: whoever leaves holds nothing back there.
    """
    if project is not None and permission not in LOOKING_ON and not person.is_system and is_archived(person, project):
        return False
    return holds(permission, person, project)


def require(permission: Permission, person: Person, project: Project | None = None) -> None:
    """Refuse what the role does not allow. Who may not even see the project is told that there is none."""
    if may(permission, person, project):
        return
    if project is not None and not may(Permission.SEE_PROJECT, person, project):
        raise NotFound(f"There is no project {project.id}.")
    if project is not None and holds(permission, person, project):
        must_not_be_archived(person, project)
    raise Forbidden(f"This needs the right to {permission.value.replace('_', ' ')}.")


def may_in_workspace(permission: Permission, person: Person, workspace: int) -> bool:
    """Whether somebody may do this in a workspace of their organization."""
    if not person.is_active or (person.limits is not None and permission not in person.limits):
        return False
    grants = person.organization.grants
    if workspace not in person.organization.workspaces:
        return False
    if permission in grants.of(person.role, person.custom_role):
        return True
    member = person.organization.member_of(workspace, person.id)
    return member is not None and permission in grants.of(member.role, member.custom_role)


def permissions_in_workspace(person: Person, workspace: int) -> Set[Permission]:
    """All that somebody may do in the projects of a workspace, by what they are in the organization and in it."""
    return _together(person, person.organization.member_of(workspace, person.id))


def require_in_workspace(permission: Permission, person: Person, workspace: int) -> None:
    """Refuse what is not allowed in a workspace. Who may not see it is told that there is none."""
    if may_in_workspace(permission, person, workspace):
        return
    if not may_in_workspace(Permission.SEE_WORKSPACE, person, workspace):
        raise NotFound(f"There is no workspace {workspace}.")
    raise Forbidden(f"This needs the right to {permission.value.replace('_', ' ')}.")


def must_not_exceed(person: Person, role: OrganizationRole) -> None:
    """Refuse to lend, give or take the rights of who is more than oneself: that would be to have them."""
    if RANKS.index(role) > RANKS.index(person.role):
        raise Forbidden(f"Only who is {role.value} does this to who is {role.value}.")


def acted_for(directory: Directory, actor: Person, id: int) -> Person:
    """Somebody of the actor's organization who may be acted for, by who may act for others. What limits the actor's
    token limits this too.
    """
    found = directory.colleague(actor, id)
    if found is None or not found.is_active:
        raise NotFound(f"There is no person {id}.")
    must_be_no_more(actor, found)
    return replace(found, limits=actor.limits)


def must_be_no_more(person: Person, other: Person) -> None:
    """Refuse to speak for, or do something to, who is more than oneself: by rank, or by what roles of the
    organization's own leave of it. What every member has is anybody's.
    """
    must_not_exceed(person, other.role)
    if other.role is not OrganizationRole.MEMBER or other.custom_role:
        must_have_all(person.grants.of(person.role, person.custom_role), other.grants.of(other.role, other.custom_role))


def must_have_all(held: Set[Permission], given: Set[Permission]) -> None:
    """Refuse to give a role more than the giver has: one could give it to oneself."""
    beyond = sorted(permission.value for permission in given - held)
    if beyond:
        raise Forbidden(f"Nobody gives what they may not do themselves: {', '.join(beyond)}.")


def must_open_no_more(person: Person, scopes: Set[Permission]) -> None:
    """Refuse to issue what opens more than the token that asks for it; no scopes open everything."""
    if person.limits is not None and not (scopes and scopes <= person.limits):
        raise Forbidden("A limited token issues none that opens more than itself.")


def is_exempt(person: Person, project: Project) -> bool:
    """Whether overlap and limits do not bind this person: reviewers, managers and those above them."""
    member = project.members.get(person.id)
    return person.role is not OrganizationRole.MEMBER or (
        member is not None and member.role is not ProjectRole.ANNOTATOR
    )


def works_at_any_time(person: Person, project: Project) -> bool:
    """Whether neither publication nor pauses keep this person from work: managers, and those who are no members."""
    member = project.members.get(person.id)
    return member is None or member.role is ProjectRole.MANAGER


def waits_for_publication(person: Person, project: Project) -> bool:
    """Whether nothing comes to this person until the project is published."""
    return not project.published and not works_at_any_time(person, project)


def may_annotate(person: Person | None, project: Project) -> bool:
    """Whether somebody is there to work on what is returned to them. Owners and administrators are, without being
    members.
    """
    return person is not None and holds(Permission.ANNOTATE, person, project)


def sees_verdicts(person: Person, project: Project) -> bool:
    """Whether nothing that reviewers say is hidden from this person: so is it for managers, those above
    them, and viewers."""
    return may(Permission.SEE_VERDICTS, person, project)
