"""What may be asked about how a project measures agreement."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from annolog.commands.annotating import TaskCommand, decided
from annolog.commands.command import Append, Decision, handles
from annolog.commands.projects import ProjectCommand, managed
from annolog.commands.scope import Scope
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import project_stream
from annolog.domain.project import definitions
from annolog.domain.project.events import ProjectEvent
from annolog.domain.project.state import Project
from annolog.domain.task.distribution import must_exist
from annolog.domain.task.events import AgreementMeasured
from annolog.domain.task.evidence import MeasuredPair

# How many tasks are recomputed with one command: few enough that nothing else waits long for it.
TASKS_TOGETHER = 1_000


class ProposeAgreementDefinition(ProjectCommand):
    """Measure agreement another way, beside the one in force; what is not named stays as it is."""

    definition: dict[str, Any]
    activate: bool = Field(default=False, description="Take over as soon as every task is computed.")
    threshold: float | None = Field(default=None, description="The reassignment rule's threshold that goes with it.")


class RecomputeAgreement(ProjectCommand):
    """Compute the next tasks by the proposed definition. Sent by the service that carries proposals out."""

    version: int


class ActivateAgreementDefinition(ProjectCommand):
    """Let the proposed definition take over."""

    version: int
    threshold: float | None = None


class WithdrawAgreementDefinition(ProjectCommand):
    """Take a proposal back."""

    reason: str = Field(default="", max_length=1_000)


class RegisterCustomMetric(ProjectCommand):
    """Make a metric of the project's own known: a Python file, told by the digest of its source."""

    name: str = Field(min_length=1, max_length=200)
    source: str


class RecordMeasuredAgreement(TaskCommand):
    """Note what a metric of the project's own made of a task's answers. Sent by the service that runs it."""

    definition: int
    digest: str
    annotations: list[tuple[int, int]]
    pairs: list[MeasuredPair]
    score: float | None = None
    error: str | None = None


def _answered(project: Project, events: list[ProjectEvent], **answer: Any) -> Decision:
    return Decision([Append(project_stream(project.id), events)], {"project": project.id, **answer})


@handles(ProposeAgreementDefinition)
def propose(command: ProposeAgreementDefinition, scope: Scope) -> Decision:
    """For managers."""
    project = managed(command, scope)
    events = definitions.propose(project, command.definition, activate=command.activate, threshold=command.threshold)
    return _answered(project, events, version=project.definitions + 1 if events else project.definition)


@handles(RecomputeAgreement)
def recompute(command: RecomputeAgreement, scope: Scope) -> Decision:
    """Which tasks those are is written down, so that a replay computes the same ones at the same place."""
    scope.must_be_system()
    project = scope.project(command.project, Permission.CONFIGURE)
    computed = project.proposal.computed if project.proposal is not None else 0
    tasks = scope.queue.tasks(project.id, computed, TASKS_TOGETHER)
    return _answered(project, definitions.recompute(project, command.version, tasks, TASKS_TOGETHER))


@handles(ActivateAgreementDefinition)
def activate(command: ActivateAgreementDefinition, scope: Scope) -> Decision:
    """For managers, and for the service that was told to."""
    project = managed(command, scope)
    return _answered(project, definitions.activate(project, command.version, command.threshold))


@handles(WithdrawAgreementDefinition)
def withdraw(command: WithdrawAgreementDefinition, scope: Scope) -> Decision:
    """For managers."""
    project = managed(command, scope)
    return _answered(project, definitions.withdraw(project, command.reason))


@handles(RegisterCustomMetric)
def register_metric(command: RegisterCustomMetric, scope: Scope) -> Decision:
    """For managers. Checked without being run."""
    from annolog.domain.agreement.custom import CustomMetric

    project = managed(command, scope)
    events = definitions.register_metric(project, command.name, command.source)
    return _answered(project, events, digest=CustomMetric(command.name, command.source).digest)


@handles(RecordMeasuredAgreement)
def record_measured(command: RecordMeasuredAgreement, scope: Scope) -> Decision:
    """Answers that have changed meanwhile are measured again; what is late is not recorded."""
    scope.must_be_system()
    task, _ = scope.task(command.task, Permission.CONFIGURE)
    must_exist(task)
    if command.annotations != task.compared:
        return decided(task, [])
    measured = AgreementMeasured(
        project=task.project,
        task=task.id,
        definition=command.definition,
        digest=command.digest,
        annotations=command.annotations,
        pairs=command.pairs,
        score=command.score,
        error=command.error,
    )
    return decided(task, [measured])
