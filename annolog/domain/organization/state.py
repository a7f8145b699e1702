"""One organization as the rules see it: what its roles may do, and who is in which workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from annolog.domain.access.permissions import BY_NAME
from annolog.domain.access.roles import BY_TABLE, ROLES, CustomRole, Grants
from annolog.domain.event import Event
from annolog.domain.growing import Growing
from annolog.domain.organization import events as happened
from annolog.domain.people.events import Source
from annolog.domain.project.events import ProjectRole
from annolog.domain.provisioning import state as provisioned
from annolog.domain.provisioning.state import Provisioning

FIRST = 1


@dataclass(frozen=True, slots=True)
class WorkspaceMember:
    """What somebody is in all projects of a workspace."""

    role: ProjectRole
    custom_role: str = ""
    source: Source = Source.PERSON


@dataclass(frozen=True, slots=True)
class Workspace:
    """Projects that some people work on together."""

    id: int
    title: str
    description: str = ""
    colour: str = ""
    archived: bool = False
    members: Growing[int, WorkspaceMember] = field(default_factory=Growing)


@dataclass(frozen=True, slots=True)
class Organization:
    """Who shares an installation with others and knows nothing of them."""

    id: int = FIRST
    name: str = ""
    grants: Grants = BY_TABLE
    workspaces: Mapping[int, Workspace] = field(default_factory=lambda: MappingProxyType({}))
    provisioning: Provisioning = field(default_factory=Provisioning)

    def is_archived(self, workspace: int | None) -> bool:
        """Whether nothing changes in the projects of this workspace."""
        found = self.workspaces.get(workspace) if workspace is not None else None
        return found is not None and found.archived

    def member_of(self, workspace: int | None, person: int) -> WorkspaceMember | None:
        """What somebody is in a workspace, if they belong to it."""
        found = self.workspaces.get(workspace) if workspace is not None else None
        return found.members.get(person) if found is not None else None


def evolve(organization: Organization, event: Event) -> Organization:
    """The organization once `event` has happened."""
    match event:
        case happened.OrganizationCreated(name=name) | happened.OrganizationRenamed(name=name):
            return replace(organization, name=name)
        case happened.PermissionChanged(role=role_name, permission=permission, granted=granted):
            role, known = ROLES.get(role_name), BY_NAME.get(permission)
            if role is None or known is None:
                return organization
            grants = organization.grants.with_change(role, known, granted)
            return replace(organization, grants=grants)
        case happened.RoleDefined(name=name, like=like, permissions=permissions):
            may = frozenset(BY_NAME[one] for one in permissions if one in BY_NAME)
            return replace(organization, grants=organization.grants.with_custom(CustomRole(name, ROLES[like], may)))
        case happened.RoleRetired(name=name):
            role_then = replace(organization.grants.custom[name], retired=True)
            return replace(organization, grants=organization.grants.with_custom(role_then))
        case (
            happened.WorkspaceCreated()
            | happened.WorkspaceRevised()
            | happened.WorkspaceArchived()
            | happened.WorkspaceUnarchived()
            | happened.WorkspaceMemberAdded()
            | happened.WorkspaceMemberRemoved()
        ):
            changed = _workspace_after(organization.workspaces.get(event.workspace), event)
            workspaces = MappingProxyType({**organization.workspaces, event.workspace: changed})
            return replace(organization, workspaces=workspaces)
        case _:
            return replace(organization, provisioning=provisioned.evolve(organization.provisioning, event))


def _workspace_after(before: Workspace | None, event: Event) -> Workspace:
    if isinstance(event, happened.WorkspaceCreated):
        return Workspace(event.workspace, event.title, event.description, event.colour)
    assert before is not None
    match event:
        case happened.WorkspaceRevised(title=title, description=description, colour=colour):
            return replace(before, title=title, description=description, colour=colour)
        case happened.WorkspaceArchived() | happened.WorkspaceUnarchived():
            return replace(before, archived=isinstance(event, happened.WorkspaceArchived))
        case happened.WorkspaceMemberAdded(person=person, role=role, custom_role=custom, source=source):
            return replace(before, members=before.members.with_one(person, WorkspaceMember(role, custom, source)))
        case happened.WorkspaceMemberRemoved(person=gone):
            return replace(before, members=before.members.without(gone))
        case _:
            return before
