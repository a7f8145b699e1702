"""What may be asked about changes in people's work."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from annolog.commands.command import Append, Decision, handles
from annolog.commands.projects import ProjectCommand, managed
from annolog.commands.scope import Scope
from annolog.domain.access.permissions import Permission
from annolog.domain.drift import decisions
from annolog.domain.drift.decisions import MOST_TASKS
from annolog.domain.drift.detector import MOST_FIGURES, Figure, Measure
from annolog.domain.ids import project_stream
from annolog.domain.project.events import ProjectEvent
from annolog.domain.project.state import Project


class DailyFigure(BaseModel):
    """One day of somebody's work."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: str
    value: float = Field(ge=0, allow_inf_nan=False)
    answers: int = Field(ge=1)


class RaiseDrift(ProjectCommand):
    """Say that somebody's work has changed. Sent by the service that looks at figures day by day."""

    person: int
    measure: Measure
    figures: list[DailyFigure] = Field(min_length=1, max_length=MOST_FIGURES)
    tasks: list[int] = Field(default_factory=list, max_length=MOST_TASKS)


class DismissDrift(ProjectCommand):
    """Have an alarm seen to."""

    alarm: int
    reason: str = Field(default="", max_length=10_000)


class RequeueWindow(ProjectCommand):
    """Take out what somebody answered on these days, both ends included, and have it answered anew."""

    person: int
    since: date
    until: date
    reason: str = Field(default="", max_length=10_000)


def _decided(project: Project, events: list[ProjectEvent], **answer: Any) -> Decision:
    return Decision([Append(project_stream(project.id), events)], {"project": project.id, **answer})


@handles(RaiseDrift)
def raise_drift(command: RaiseDrift, scope: Scope) -> Decision:
    """The project decides; the service only brings the figures."""
    scope.must_be_system()
    project = scope.project(command.project, Permission.CONFIGURE)
    figures = [Figure(one.day, one.value, one.answers) for one in command.figures]
    return _decided(project, decisions.raise_drift(project, command.person, command.measure, figures, command.tasks))


@handles(DismissDrift)
def dismiss_drift(command: DismissDrift, scope: Scope) -> Decision:
    """For managers."""
    project = managed(command, scope)
    return _decided(project, decisions.dismiss(project, command.alarm, command.reason), alarm=command.alarm)


@handles(RequeueWindow)
def requeue_window(command: RequeueWindow, scope: Scope) -> Decision:
    """For managers. What is taken out already stays so: asked again, nothing more happens."""
    project = managed(command, scope, Permission.CHANGE_ANSWERS)
    events = decisions.requeue(project, command.person, command.since, command.until, command.reason)
    return _decided(project, events, person=command.person)
