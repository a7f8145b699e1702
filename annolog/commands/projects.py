"""What may be asked of a project."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from annolog.commands.command import Append, Command, Decision, handles
from annolog.commands.scope import Scope
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import IdKind, project_stream
from annolog.domain.project import decisions
from annolog.domain.project.events import ProjectEvent
from annolog.domain.project.state import Project, fold
from annolog.domain.refusals import Archived


class ProjectCommand(Command):
    """An intention about one project."""

    project: int


class CreateProject(Command):
    """Begin a project, with a labeling config if there is one already."""

    title: str = Field(max_length=500)
    description: str = ""
    label_config: str | None = None
    settings: dict[str, dict[str, Any]] = Field(default_factory=dict)
    workspace: int | None = Field(default=None, description="The workspace it is to be in.")


class ReviseProject(ProjectCommand):
    """Call the project something else, or say something else about it."""

    title: str = Field(max_length=500)
    description: str = ""


class ReviseLabelConfig(ProjectCommand):
    """Ask something else from now on."""

    label_config: str


class ReviseInstructions(ProjectCommand):
    """Tell annotators something else."""

    instructions: str


class ChangeSettings(ProjectCommand):
    """Change some settings of one group; what is not named stays."""

    group: str
    changes: dict[str, Any]
    accept_infeasible: bool = Field(default=False, description="Also if the project has too few people for them.")


class ChangeSettingsTogether(ProjectCommand):
    """Change several groups of settings at once, or none of them; by group, what changes in it."""

    changes: dict[str, dict[str, Any]]
    accept_infeasible: bool = Field(default=False, description="Also if the project has too few people for them.")


class UndoSettings(ProjectCommand):
    """Take the latest change of a group of settings back."""

    group: str
    accept_infeasible: bool = Field(default=False, description="Also if the project has too few people for them.")


class PublishProject(ProjectCommand):
    """Let annotators and reviewers work."""


class UnpublishProject(ProjectCommand):
    """Make annotators and reviewers wait."""


@handles(CreateProject)
def create_project(command: CreateProject, scope: Scope) -> Decision:
    """Whoever creates a project without ruling over all of them manages this one. In a workspace, who manages that
    may.
    """
    if command.workspace is None:
        rights.require(Permission.CREATE_PROJECT, scope.person)
    else:
        rights.require_in_workspace(Permission.MANAGE_WORKSPACE, scope.person, command.workspace)
        if scope.person.organization.is_archived(command.workspace):
            raise Archived("The workspace is archived; nothing in it changes.")
    project, organization = Project(scope.id(IdKind.PROJECT)), scope.organization
    events: list[ProjectEvent] = decisions.create(
        project, command.title, command.description, organization, command.workspace
    )
    if command.label_config is not None:
        events += decisions.revise_label_config(fold(project, events), command.label_config)
    events += decisions.change_settings_together(fold(project, events), command.settings)
    return Decision([Append(project_stream(project.id), events)], {"project": project.id})


def _decided(project: Project, events: list[ProjectEvent]) -> Decision:
    return Decision([Append(project_stream(project.id), events)], {"project": project.id})


def managed(command: ProjectCommand, scope: Scope, permission: Permission = Permission.CONFIGURE) -> Project:
    """The project, for somebody who may do this in it; refused when it has moved on from the version expected."""
    loaded = scope.states.get(project_stream(command.project))
    project = scope.project(command.project, permission)
    scope.must_be_at(loaded.version)
    return project


@handles(ReviseProject)
def revise_project(command: ReviseProject, scope: Scope) -> Decision:
    """For managers."""
    project = managed(command, scope)
    return _decided(project, decisions.revise(project, command.title, command.description))


@handles(ReviseLabelConfig)
def revise_label_config(command: ReviseLabelConfig, scope: Scope) -> Decision:
    """Version by version; annotations keep the one they were made with."""
    project = managed(command, scope)
    return _decided(project, decisions.revise_label_config(project, command.label_config))


@handles(ReviseInstructions)
def revise_instructions(command: ReviseInstructions, scope: Scope) -> Decision:
    """For managers."""
    project = managed(command, scope)
    return _decided(project, decisions.revise_instructions(project, command.instructions))


@handles(ChangeSettings)
def change_settings(command: ChangeSettings, scope: Scope) -> Decision:
    """For managers, at any time; what follows for the tasks is the work of services."""
    project = managed(command, scope)
    events = decisions.change_settings(
        project, command.group, command.changes, accept_infeasible=command.accept_infeasible
    )
    return _decided(project, events)


@handles(ChangeSettingsTogether)
def change_settings_together(command: ChangeSettingsTogether, scope: Scope) -> Decision:
    """For managers; they change in the order in which they are named."""
    project = managed(command, scope)
    events = decisions.change_settings_together(project, command.changes, accept_infeasible=command.accept_infeasible)
    return _decided(project, events)


@handles(UndoSettings)
def undo_settings(command: UndoSettings, scope: Scope) -> Decision:
    """For managers."""
    project = managed(command, scope)
    return _decided(
        project, decisions.undo_settings(project, command.group, accept_infeasible=command.accept_infeasible)
    )


@handles(PublishProject)
def publish(command: PublishProject, scope: Scope) -> Decision:
    """For managers."""
    project = managed(command, scope)
    return _decided(project, decisions.publish(project))


@handles(UnpublishProject)
def unpublish(command: UnpublishProject, scope: Scope) -> Decision:
    """For managers."""
    project = managed(command, scope)
    return _decided(project, decisions.unpublish(project))
