"""What may be asked of workspaces, and of which one a project is in."""

from __future__ import annotations

from pydantic import Field

from annolog.commands.command import Append, Command, Decision, handles
from annolog.commands.people import recorded
from annolog.commands.projects import ProjectCommand, managed
from annolog.commands.scope import Scope
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.event import Event
from annolog.domain.ids import IdKind, project_stream
from annolog.domain.organization import decisions
from annolog.domain.organization.state import Organization
from annolog.domain.people import erasure
from annolog.domain.people.decisions import organization_of
from annolog.domain.people.state import fold
from annolog.domain.project import decisions as projects
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import Archived, NotFound

Colour = Field(default="", pattern=r"^(#[0-9a-fA-F]{6})?$")
Description = Field(default="", max_length=decisions.LONGEST_DESCRIPTION)


class CreateWorkspace(Command):
    """Begin a workspace. Who does, without ruling over all of them, manages this one."""

    title: str
    description: str = Description
    colour: str = Colour


class WorkspaceCommand(Command):
    """An intention about one workspace."""

    workspace: int


class ReviseWorkspace(WorkspaceCommand):
    """Call a workspace something else."""

    title: str
    description: str = Description
    colour: str = Colour


class ArchiveWorkspace(WorkspaceCommand):
    """Let nothing change in a workspace."""


class UnarchiveWorkspace(WorkspaceCommand):
    """Let a workspace be worked in again."""


class NewWorkspaceMember(Command):
    """Somebody, and what they are to be in every project inside."""

    person: int
    role: ProjectRole
    custom_role: str = Field(default="", max_length=200)


class AddWorkspaceMembers(WorkspaceCommand):
    """Let people belong to every project inside, or be something else in them."""

    members: list[NewWorkspaceMember] = Field(max_length=10_000)


class RemoveWorkspaceMember(WorkspaceCommand):
    """Let somebody no longer belong to its projects."""

    person: int


class MoveProject(ProjectCommand):
    """Have a project in another workspace, or in none."""

    workspace: int | None


def _organization(scope: Scope) -> Organization:
    return organization_of(scope.directory, scope.organization)


@handles(CreateWorkspace)
def create_workspace(command: CreateWorkspace, scope: Scope) -> Decision:
    """For whoever may begin one."""
    rights.require(Permission.CREATE_WORKSPACE, scope.person)
    id, organization = scope.id(IdKind.WORKSPACE), _organization(scope)
    events = decisions.create_workspace(organization, id, command.title, command.description, command.colour)
    directory = fold(scope.directory, events)
    if not scope.person.is_system and not rights.may(Permission.MANAGE_WORKSPACE, scope.person):
        there = organization_of(directory, organization.id)
        events += decisions.add_workspace_member(there, id, scope.person.id, ProjectRole.MANAGER)
    return recorded(events, workspace=id)


@handles(ReviseWorkspace)
def revise_workspace(command: ReviseWorkspace, scope: Scope) -> Decision:
    """For who manages it."""
    rights.require_in_workspace(Permission.MANAGE_WORKSPACE, scope.person, command.workspace)
    events = decisions.revise_workspace(
        _organization(scope), command.workspace, command.title, command.description, command.colour
    )
    return recorded(events, workspace=command.workspace)


@handles(ArchiveWorkspace)
def archive_workspace(command: ArchiveWorkspace, scope: Scope) -> Decision:
    """For who manages it."""
    rights.require_in_workspace(Permission.MANAGE_WORKSPACE, scope.person, command.workspace)
    events = decisions.archive_workspace(_organization(scope), command.workspace, archived=True)
    return recorded(events, workspace=command.workspace)


@handles(UnarchiveWorkspace)
def unarchive_workspace(command: UnarchiveWorkspace, scope: Scope) -> Decision:
    """For who manages it."""
    rights.require_in_workspace(Permission.MANAGE_WORKSPACE, scope.person, command.workspace)
    events = decisions.archive_workspace(_organization(scope), command.workspace, archived=False)
    return recorded(events, workspace=command.workspace)


@handles(AddWorkspaceMembers)
def add_workspace_members(command: AddWorkspaceMembers, scope: Scope) -> Decision:
    """All of them or none. The projects inside hear of it by a service that reacts to it."""
    rights.require_in_workspace(Permission.MANAGE_WORKSPACE, scope.person, command.workspace)
    directory, events = scope.directory, list[Event]()
    held = rights.permissions_in_workspace(scope.person, command.workspace)
    for member in command.members:
        known = directory.person(member.person)
        # Not even what runs by itself brings somebody into a workspace of others.
        if known is None or known.organization.id != scope.organization:
            raise NotFound(f"There is no person {member.person}.")
        erasure.must_not_be_erased(known)
        organization = organization_of(directory, scope.organization)
        added = decisions.add_workspace_member(
            organization, command.workspace, member.person, member.role, member.custom_role
        )
        rights.must_have_all(held, decisions.permissions_of_role(organization, member.role, member.custom_role))
        directory = fold(directory, added)
        events += added
    return recorded(events, workspace=command.workspace)


@handles(RemoveWorkspaceMember)
def remove_workspace_member(command: RemoveWorkspaceMember, scope: Scope) -> Decision:
    """For who manages it."""
    rights.require_in_workspace(Permission.MANAGE_WORKSPACE, scope.person, command.workspace)
    events = decisions.remove_workspace_member(_organization(scope), command.workspace, command.person)
    return recorded(events, workspace=command.workspace)


@handles(MoveProject)
def move_project(command: MoveProject, scope: Scope) -> Decision:
    """For who manages the project, the workspace it comes from and the one it goes to."""
    project = managed(command, scope)
    for workspace in (project.workspace, command.workspace):
        if workspace is not None:
            rights.require_in_workspace(Permission.MANAGE_WORKSPACE, scope.person, workspace)
    if scope.person.organization.is_archived(command.workspace):
        raise Archived("The workspace is archived; nothing in it changes.")
    return Decision(
        [Append(project_stream(project.id), projects.move(project, command.workspace))], {"project": project.id}
    )
