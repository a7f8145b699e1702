"""Whether a task that a command finishes is reviewed: decided in the same append, whatever the command was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict, Field

from annolog.commands.annotating import TaskCommand, decided
from annolog.commands.command import Append, Decision, handles
from annolog.commands.scope import Scope
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import project_stream, task_stream
from annolog.domain.project.state import Project
from annolog.domain.task import routing
from annolog.domain.task.events import TaskEvent
from annolog.domain.task.review_events import ReviewRouted
from annolog.domain.task.routing import AgreementOfTask
from annolog.domain.task.state import Task


class MeasuredAgreement(BaseModel):
    """What was measured of a task, in [0, 1], and of which answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    overall: float | None
    dimensions: Mapping[str, float | None] = Field(default_factory=dict)
    annotations: list[tuple[int, int]]
    definition: int


class RouteForReview(TaskCommand):
    """Decide by its agreement whether a task is reviewed. Sent by the service that watches agreement."""

    agreement: MeasuredAgreement


@dataclass(slots=True)
class Quotas:
    """How far the quotas of a project are: committed, decided meanwhile, and decided by this command."""

    scope: Scope
    project: int
    own: Counter[str]

    def __call__(self, name: str) -> int:
        """How many tasks the quota has had so far."""
        committed = self.scope.reviews.quota(self.project, name)
        return committed + self.scope.meanwhile.routed(self.project, name) + self.own[name]


@handles(RouteForReview)
def route_for_review(command: RouteForReview, scope: Scope) -> Decision:
    """The task decides; the service only brings what it measured."""
    scope.must_be_system()
    task, project = scope.task(command.task, Permission.CONFIGURE)
    found = command.agreement
    measured = AgreementOfTask(found.overall, found.dimensions, found.annotations, found.definition)
    quotas = Quotas(scope, project.id, Counter())
    return decided(task, routing.route_by_agreement(task, measured, project, quotas))


def with_routing(decision: Decision, scope: Scope) -> Decision:
    """The decision, with what follows for review where a task becomes finished by it."""
    if not any(routing.finishes(append.events) for append in decision.appends):
        return decision
    quotas: dict[int, Quotas] = {}
    return replace(decision, appends=[_routed(append, scope, quotas) for append in decision.appends])


def _routed(append: Append, scope: Scope, quotas: dict[int, Quotas]) -> Append:
    if not routing.finishes(append.events):
        return append
    events = [event for event in append.events if isinstance(event, TaskEvent)]
    id = events[0].project
    project: Project = scope.states.get(project_stream(id)).state
    if not project.settings.review.samples:
        return append
    # A fresh stream has nothing before its first event.
    task: Task = Task(events[0].task) if append.fresh else scope.states.get(task_stream(events[0].task)).state
    counted = quotas.setdefault(id, Quotas(scope, id, Counter()))
    happened = routing.with_routing(task, events, project, counted)
    counted.own.update(event.quota for event in happened if isinstance(event, ReviewRouted))
    return replace(append, events=happened)
