"""What can happen to an organization: its name, its workspaces, what its roles may do."""

from __future__ import annotations

from typing import ClassVar

from annolog.domain.event import Event
from annolog.domain.people.events import Source
from annolog.domain.project.events import ProjectRole


class OrganizationEvent(Event):
    """A fact about one organization."""

    # What was recorded before there were several belongs to the first.
    organization: int = 1


class OrganizationCreated(OrganizationEvent):
    """Another organization shares the installation. It has nobody and nothing in common with the others."""

    name: str


class OrganizationRenamed(OrganizationEvent):
    """It has another name."""

    name: str


class PermissionChanged(OrganizationEvent):
    """An owner gave a permission to a role, or took it away; None leaves it to the table of permissions again."""

    schema_version: ClassVar[int] = 2

    role: str
    permission: str
    # What an owner had said before.
    old: bool | None = None
    granted: bool | None = None


class RoleDefined(OrganizationEvent):
    """There is a role of the organization's own, or it may do something else from now on.

    In the workflow it counts as what it is `like`; its permissions are these and no others.
    """

    name: str
    like: str
    permissions: list[str]


class RoleRetired(OrganizationEvent):
    """Nobody is given the role any more. Who has it keeps it."""

    name: str


class WorkspaceCreated(OrganizationEvent):
    """There is a place for projects that some people work on together."""

    workspace: int
    title: str
    description: str = ""
    colour: str = ""


class WorkspaceRevised(OrganizationEvent):
    """It is called something else."""

    workspace: int
    title: str
    description: str = ""
    colour: str = ""


class WorkspaceArchived(OrganizationEvent):
    """Nothing changes in its projects any more, and lists leave them out."""

    workspace: int


class WorkspaceUnarchived(OrganizationEvent):
    """Its projects are worked on again."""

    workspace: int


class WorkspaceMemberAdded(OrganizationEvent):
    """Somebody belongs to every project inside, now and later, in this role; whoever did already has another now."""

    workspace: int
    person: int
    role: ProjectRole
    custom_role: str = ""
    source: Source = Source.PERSON


class WorkspaceMemberRemoved(OrganizationEvent):
    """Somebody belongs to its projects no longer, except to those that they were added to one by one."""

    workspace: int
    person: int
