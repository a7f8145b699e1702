"""Low agreement brings in one more person, without anybody asking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annolog.commands.distributing import AssessAgreement
from annolog.domain.consensus.events import ConsensusModelFitted
from annolog.domain.event import Event
from annolog.domain.project import events as project_events
from annolog.domain.recorded import Recorded
from annolog.domain.rules.events import SkillSet
from annolog.domain.task import events as happened
from annolog.domain.task.answers import CHANGING_ANSWERS
from annolog.domain.task.lifecycle import awaits_agreement
from annolog.domain.task.state import Resolution, Task
from annolog.services.measured import evidence_of
from annolog.services.ports import Agreement, Beliefs, Queue, States
from annolog.services.reaction import Ask, Reaction

ANSWERS: frozenset[type[Event]] = CHANGING_ANSWERS | {
    happened.AnnotationSkipped,
    happened.OverlapSet,
    happened.TaskStateChanged,
    happened.AgreementMeasured,
    happened.TaskRestored,
}
# What may open a way for tasks that nobody was left for.
OPENINGS: frozenset[type[Event]] = frozenset(
    {
        project_events.MemberAdded,
        project_events.MemberRoleChanged,
        project_events.MemberResumed,
        project_events.SettingsChanged,
        project_events.AgreementDefinitionActivated,
        project_events.TasksImported,
        ConsensusModelFitted,
        SkillSet,
    }
)
MOST_DOUBTED = 1_000_000
TOGETHER = 500


def reassignment(states: States, agreement: Agreement, beliefs: Beliefs, queue: Queue) -> Reaction:
    """Whenever a task's answers are complete, have the task judge them by what the read models measured."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        latest = {task: recorded for recorded in batch for task in _concerned(recorded, states, queue)}
        now = max(recorded.recorded_at for recorded in batch)
        for some in _pieces(list(latest)):
            by_project: dict[int, list[Task]] = {}
            for task in states.tasks(some).values():
                if _awaits(task, states):
                    by_project.setdefault(task.project, []).append(task)
            for project, waiting in by_project.items():
                for id, evidence in evidence_of(states.project(project), waiting, agreement, beliefs, now):
                    yield latest[id], Ask(AssessAgreement(task=id, evidence=evidence), str(id))

    return Reaction("reassignment", ANSWERS | OPENINGS, react)


def _pieces(tasks: Sequence[int]) -> Iterator[Sequence[int]]:
    """A model or a setting may concern very many tasks: they need not be in memory together."""
    for start in range(0, len(tasks), TOGETHER):
        yield tasks[start : start + TOGETHER]


def _concerned(recorded: Recorded, states: States, queue: Queue) -> Sequence[int]:
    event = recorded.event
    if isinstance(event, happened.TaskEvent):
        return [event.task]
    assert recorded.project is not None
    project = recorded.project
    if isinstance(event, ConsensusModelFitted):
        # Tasks that wait for the budget are measured anew when their turn comes.
        by_model = states.project(project).settings.least_compared == 1
        return sorted({*queue.full(project)} - {*queue.doubted(project, MOST_DOUBTED)}) if by_model else []
    if isinstance(event, project_events.AgreementDefinitionActivated):
        # What was measured just before it, by the definition that was in force then, was refused.
        return [*queue.flagged(project), *queue.full(project)]
    if isinstance(event, project_events.SettingsChanged) and event.group == "reassignment":
        return [*queue.flagged(project), *queue.full(project), *queue.exhausted(project)]
    if isinstance(event, project_events.TasksImported):
        return [*queue.flagged(project), *(queue.exhausted(project) if _has_budget(states, project) else [])]
    if isinstance(event, SkillSet) and event.skill != states.project(project).settings.reassignment.expert_skill:
        return []
    return queue.flagged(project)


def _has_budget(states: States, project: int) -> bool:
    return states.project(project).settings.reassignment.budget is not None


def _awaits(task: Task, states: States) -> bool:
    if not task.exists or task.resolution is Resolution.REACHED:
        return False
    return awaits_agreement(task, states.project(task.project).settings)
