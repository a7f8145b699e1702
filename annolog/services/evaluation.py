"""Whoever falls short of the ground truth is paused, and resumed once the score recovers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annolog.commands.projects import PauseMember, ResumeMember
from annolog.domain.event import Event
from annolog.domain.project import events as project_events
from annolog.domain.project.evaluation import fails
from annolog.domain.project.events import PauseCause, PauseKind, ProjectRole
from annolog.domain.project.state import Project
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.answers import CHANGING_ANSWERS
from annolog.services.ports import Accuracy, Agreement, States
from annolog.services.reaction import Ask, Reaction

INTERESTS: frozenset[type[Event]] = CHANGING_ANSWERS | {
    project_events.SettingsChanged,
}


def evaluation(states: States, agreement: Agreement) -> Reaction:
    """Hold people against ground truth after every answer that could change their score."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        latest = {recorded.project: recorded for recorded in batch if _concerns(recorded, states)}
        for id, recorded in latest.items():
            assert id is not None
            project = states.project(id)
            annotators = [p for p, member in project.members.items() if member.role is ProjectRole.ANNOTATOR]
            scores = agreement.accuracy(id, annotators)
            for person in annotators:
                ask = _following(project, person, scores.get(person))
                if ask is not None:
                    yield recorded, ask

    return Reaction("evaluation", INTERESTS, react)


def _concerns(recorded: Recorded, states: States) -> bool:
    if recorded.project is None:
        return False
    if isinstance(recorded.event, project_events.SettingsChanged):
        return recorded.event.group in ("evaluation", "assignment")
    if not states.project(recorded.project).settings.evaluates:
        return False
    assert isinstance(recorded.event, happened.TaskEvent)
    return states.task(recorded.event.task).ground_truth is not None or isinstance(
        recorded.event, happened.GroundTruthCleared
    )


def _following(project: Project, person: int, accuracy: Accuracy | None) -> Ask | None:
    paused = (PauseCause.EVALUATION, None) in project.members[person].pauses
    failing = accuracy is not None and fails(project.settings, accuracy.score, accuracy.tasks)
    if failing and not paused and accuracy is not None:
        command = PauseMember(
            project=project.id,
            person=person,
            kind=PauseKind.FLEXIBLE,
            cause=PauseCause.EVALUATION,
            reason=f"agreement with the ground truth is {accuracy.score:.0%} over {accuracy.tasks} tasks,"
            f" under the {project.settings.evaluation.minimum_score:.0%} asked for",
            evidence={
                "score": accuracy.score,
                "tasks": accuracy.tasks,
                "minimum_score": project.settings.evaluation.minimum_score,
                "settings_version": project.settings_version,
            },
        )
        return Ask(command, f"pause:{person}")
    if paused and not failing:
        return Ask(ResumeMember(project=project.id, person=person, cause=PauseCause.EVALUATION), f"resume:{person}")
    return None
