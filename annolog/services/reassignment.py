"""Low agreement brings in one more person, without anybody asking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annolog.commands.distributing import AssessAgreement
from annolog.domain.event import Event
from annolog.domain.project import events as project_events
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.evidence import Evidence
from annolog.domain.task.lifecycle import awaits_agreement
from annolog.domain.task.state import Resolution, Task
from annolog.services.ports import Agreement, Queue, States
from annolog.services.reaction import Ask, Reaction

ANSWERS: frozenset[type[Event]] = frozenset(
    {
        happened.AnnotationSubmitted,
        happened.AnnotationRevised,
        happened.AnnotationSkipped,
        happened.AnnotationDeleted,
        happened.AnnotationRestored,
        happened.AnnotationReviewed,
        happened.ReviewWithdrawn,
        happened.GroundTruthSet,
        happened.GroundTruthCleared,
        happened.OverlapSet,
        happened.TaskStateChanged,
        happened.AgreementMeasured,
        happened.TaskRestored,
    }
)
# What may open a way for tasks that nobody was left for.
OPENINGS: frozenset[type[Event]] = frozenset(
    {
        project_events.MemberAdded,
        project_events.MemberRoleChanged,
        project_events.MemberResumed,
        project_events.SettingsChanged,
        project_events.AgreementDefinitionActivated,
        project_events.TasksImported,
    }
)


def reassignment(states: States, agreement: Agreement, queue: Queue) -> Reaction:
    """Whenever a task's answers are complete, have the task judge them by what the read model measured."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        latest = {task: recorded for recorded in batch for task in _concerned(recorded, queue)}
        tasks = states.tasks(list(latest))
        waiting = {id: recorded for id, recorded in latest.items() if _awaits(tasks[id], states)}
        measured = agreement.of_tasks(list(waiting))
        for id, recorded in waiting.items():
            found = measured.get(id)
            if found is None or not found.complete:
                continue
            project = states.project(tasks[id].project)
            settings = project.settings
            evidence = Evidence(
                score=found.score,
                threshold=settings.reassignment.threshold,
                methodology=settings.agreement.methodology.value,
                annotations=list(found.annotations),
                settings_version=project.settings_version,
                definition=found.definition,
            )
            yield recorded, Ask(AssessAgreement(task=id, evidence=evidence), str(id))

    return Reaction("reassignment", ANSWERS | OPENINGS, react)


def _concerned(recorded: Recorded, queue: Queue) -> Sequence[int]:
    if isinstance(recorded.event, happened.TaskEvent):
        return [recorded.event.task]
    assert recorded.project is not None
    if isinstance(recorded.event, project_events.AgreementDefinitionActivated):
        # What was measured just before it, by the definition that was in force then, was refused.
        return [*queue.flagged(recorded.project), *queue.full(recorded.project)]
    return queue.flagged(recorded.project)


def _awaits(task: Task, states: States) -> bool:
    if not task.exists or task.resolution not in (Resolution.PENDING, Resolution.INFEASIBLE):
        return False
    return awaits_agreement(task, states.project(task.project).settings)
