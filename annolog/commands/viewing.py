"""What may be asked about the views of a project's board."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from annolog.commands.command import Append, Decision, handles
from annolog.commands.projects import ProjectCommand
from annolog.commands.scope import Scope
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import IdKind, project_stream
from annolog.domain.project import viewing
from annolog.domain.project.events import ProjectEvent, ViewSaved
from annolog.domain.project.state import Project

MOST_ORDERED = 10
MOST_COLUMNS = 500


class SaveView(ProjectCommand):
    """Keep a way of looking at the board: a new one, or another instead of the one named."""

    view: int | None = None
    name: str = Field(max_length=1_000)
    shared: bool = False
    filters: dict[str, Any] | None = None
    order: list[str] = Field(default_factory=list, max_length=MOST_ORDERED)
    columns: list[str] = Field(default_factory=list, max_length=MOST_COLUMNS)
    widths: dict[str, int] = Field(default_factory=dict, max_length=MOST_COLUMNS)


class RemoveView(ProjectCommand):
    """Keep a view no longer."""

    view: int


def _looking(command: ProjectCommand, scope: Scope) -> tuple[Project, bool]:
    """The project, for who sees its board, and whether they may change what all see."""
    loaded = scope.states.get(project_stream(command.project))
    project = scope.project(command.project, Permission.SEE_QUALITY)
    scope.must_be_at(loaded.version)
    rights.must_not_be_archived(scope.person, project)
    return project, rights.may(Permission.CONFIGURE, scope.person, project)


def _decided(project: Project, view: int, events: list[ProjectEvent]) -> Decision:
    return Decision([Append(project_stream(project.id), events)], {"project": project.id, "view": view})


@handles(SaveView)
def save(command: SaveView, scope: Scope) -> Decision:
    """For everybody who sees the board; for all of them by who may configure the project."""
    project, may_share = _looking(command, scope)
    person = scope.person.id
    if command.view is not None:
        viewing.found(project, command.view, person)
    view = scope.id(IdKind.VIEW) if command.view is None else command.view
    wanted = ViewSaved(
        project=project.id,
        view=view,
        owner=person,
        shared=command.shared,
        name=command.name,
        filters=command.filters,
        order=command.order,
        columns=command.columns,
        widths=command.widths,
    )
    return _decided(project, view, viewing.save(project, wanted, may_share=may_share))


@handles(RemoveView)
def remove(command: RemoveView, scope: Scope) -> Decision:
    """One's own by oneself, what all see by who may configure the project."""
    project, may_share = _looking(command, scope)
    events = viewing.remove(project, command.view, scope.person.id, may_share=may_share)
    return _decided(project, command.view, events)
