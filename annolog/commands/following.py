"""What services ask for so that members of projects are as workspaces and accounts have it."""

from __future__ import annotations

from annolog.commands.command import Append, Decision, handles
from annolog.commands.projects import ProjectCommand
from annolog.commands.scope import Scope
from annolog.domain.ids import project_stream
from annolog.domain.project import members
from annolog.domain.project.decisions import must_exist
from annolog.domain.project.events import MemberSource, PauseCause, PauseKind, ProjectEvent
from annolog.domain.project.state import Project


class FollowWorkspace(ProjectCommand):
    """Have as members who belongs to the project's workspace, and no longer who does not."""


class FollowAccount(ProjectCommand):
    """Keep somebody from new work as long as nothing speaks for them."""

    person: int


def _project(command: ProjectCommand, scope: Scope) -> Project:
    scope.must_be_system()
    found: Project = scope.states.get(project_stream(command.project)).state
    must_exist(found)
    return found


@handles(FollowWorkspace)
def follow_workspace(command: FollowWorkspace, scope: Scope) -> Decision:
    """Who was added to the project itself stays what they are there."""
    project = _project(command, scope)
    organization = scope.directory.organizations[project.organization]
    workspace = organization.workspaces.get(project.workspace) if project.workspace is not None else None
    inside = workspace.members if workspace is not None else {}
    events: list[ProjectEvent] = []
    for person, member in inside.items():
        events += members.add_member(project, person, member.role, member.custom_role, MemberSource.WORKSPACE)
    for person in project.members:
        if person not in inside:
            events += members.remove_member(project, person, MemberSource.WORKSPACE)
    return Decision([Append(project_stream(project.id), events)], {"project": project.id})


@handles(FollowAccount)
def follow_account(command: FollowAccount, scope: Scope) -> Decision:
    """A full pause, so that whatever waits for the person is given up at once; it ends when they may come in again."""
    project = _project(command, scope)
    person = scope.directory.person(command.person)
    events: list[ProjectEvent] = []
    if command.person in project.members and person is not None:
        events = (
            members.resume_member(project, person.id, PauseCause.ACCOUNT)
            if person.is_active
            else members.pause_member(project, person.id, PauseKind.FULL, PauseCause.ACCOUNT, "deactivated")
        )
    return Decision([Append(project_stream(project.id), events)], {"project": project.id})
