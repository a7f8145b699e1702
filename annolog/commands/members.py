"""What may be asked about who belongs to a project, and who is kept from new work."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime, Field

from annolog.commands.command import Append, Command, Decision, handles
from annolog.commands.projects import ProjectCommand, managed
from annolog.commands.scope import Scope
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import project_stream
from annolog.domain.organization.decisions import must_be_given, permissions_of_role
from annolog.domain.people import erasure
from annolog.domain.people.decisions import organization_of
from annolog.domain.project import members
from annolog.domain.project.events import PauseCause, PauseKind, ProjectEvent, ProjectRole
from annolog.domain.project.state import Project, fold
from annolog.domain.refusals import Forbidden, NotFound


class NewMember(Command):
    """Somebody, and what they are to be in the project."""

    person: int
    role: ProjectRole
    custom_role: str = Field(default="", max_length=200)


class AddMembers(ProjectCommand):
    """Let people belong to the project, or be something else in it."""

    members: list[NewMember] = Field(max_length=10_000)


class RemoveMember(ProjectCommand):
    """Let somebody no longer belong to the project."""

    person: int


class PauseMember(ProjectCommand):
    """Keep somebody from new work."""

    person: int
    kind: PauseKind = PauseKind.FULL
    cause: PauseCause = PauseCause.PERSON
    reason: str = ""
    until: AwareDatetime | None = None
    evidence: dict[str, Any] = Field(default_factory=dict)


class ResumeMember(ProjectCommand):
    """End a pause. That of a rule is named by the rule, also one that was removed."""

    person: int
    cause: PauseCause = PauseCause.PERSON
    rule: str | None = None


def _decided(project: Project, events: list[ProjectEvent]) -> Decision:
    return Decision([Append(project_stream(project.id), events)], {"project": project.id})


@handles(AddMembers)
def add_members(command: AddMembers, scope: Scope) -> Decision:
    """All of them or none; everybody must be registered."""
    project = managed(command, scope, Permission.MANAGE_MEMBERS)
    organization = organization_of(scope.directory, project.organization)
    held = rights.permissions_in(scope.person, project)
    events: list[ProjectEvent] = []
    for member in command.members:
        known = scope.directory.person(member.person)
        if known is None or known.organization.id != project.organization:
            raise NotFound(f"There is no person {member.person}.")
        erasure.must_not_be_erased(known)
        must_be_given(organization, member.custom_role, member.role)
        added = members.add_member(project, member.person, member.role, member.custom_role)
        if added:
            rights.must_have_all(held, permissions_of_role(organization, member.role, member.custom_role))
        project = fold(project, added)
        events += added
    return _decided(project, events)


@handles(RemoveMember)
def remove_member(command: RemoveMember, scope: Scope) -> Decision:
    """For managers."""
    project = managed(command, scope, Permission.MANAGE_MEMBERS)
    workspace = organization_of(scope.directory, project.organization).member_of(project.workspace, command.person)
    return _decided(project, members.remove_member(project, command.person, workspace=workspace))


@handles(PauseMember)
def pause_member(command: PauseMember, scope: Scope) -> Decision:
    """For managers, and for the evaluation that runs by itself."""
    project = managed(command, scope, Permission.MANAGE_MEMBERS)
    if command.cause is PauseCause.RULE:
        raise Forbidden("Only a rule that fires pauses in the name of a rule.")
    if command.cause is PauseCause.ACCOUNT:
        scope.must_be_system()
    events = members.pause_member(
        project, command.person, command.kind, command.cause, command.reason, command.until, command.evidence
    )
    return _decided(project, events)


@handles(ResumeMember)
def resume_member(command: ResumeMember, scope: Scope) -> Decision:
    """For managers, and for the evaluation that runs by itself."""
    project = managed(command, scope, Permission.MANAGE_MEMBERS)
    if command.cause is PauseCause.ACCOUNT:
        scope.must_be_system()
    return _decided(project, members.resume_member(project, command.person, command.cause, command.rule))
