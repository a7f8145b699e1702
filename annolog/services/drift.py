"""Whoever's work changes is noticed, and what is to be done anew is taken out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annolog.commands.annotating import DeleteAnnotation
from annolog.commands.drift import DailyFigure, RaiseDrift
from annolog.domain.drift.decisions import MOST_TASKS, taken_out
from annolog.domain.drift.detector import Measure, find
from annolog.domain.drift.events import WindowRequeued
from annolog.domain.project.state import Project
from annolog.domain.recorded import Recorded
from annolog.domain.task.events import AnnotationSubmitted
from annolog.services.ports import Drifts, States
from annolog.services.reaction import Ask, Reaction


def drift(states: States, drifts: Drifts) -> Reaction:
    """Look at somebody's days when a new one begins for them: at those that are over, once a day and person."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        for recorded in batch:
            event = recorded.event
            assert isinstance(event, AnnotationSubmitted)
            project = states.project(event.project)
            if not project.settings.evaluation.drift or not project.annotates(event.annotator):
                continue
            day = recorded.recorded_at.date().isoformat()
            if drifts.begins_a_day(event.project, event.annotator, day, recorded.position):
                for measure in Measure:
                    for command in _changes(project, event.annotator, measure, day, drifts):
                        yield recorded, Ask(command, f"{command.person}:{measure.value}")

    return Reaction("drift", frozenset({AnnotationSubmitted}), react)


def _changes(project: Project, person: int, measure: Measure, today: str, drifts: Drifts) -> Iterator[RaiseDrift]:
    rules = project.settings.evaluation
    known = project.alarms.last_day(person, measure)
    figures = drifts.figures(project.id, person, measure, known, today)
    change = find(measure, figures, rules.drift_shift, rules.drift_false_alarms_every)
    if change is None:
        return
    answers = drifts.window(project.id, person, figures[change.first].day, figures[change.last].day)
    yield RaiseDrift(
        project=project.id,
        person=person,
        measure=measure,
        figures=[DailyFigure(day=one.day, value=one.value, answers=one.answers) for one in figures],
        tasks=list(dict.fromkeys(task for task, _ in answers))[:MOST_TASKS],
    )


def drift_consequences(states: States, drifts: Drifts) -> Reaction:
    """Take out what somebody answered in a window that is to be done anew, so that the tasks are open to others."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        for recorded in batch:
            event = recorded.event
            assert isinstance(event, WindowRequeued)
            answers = drifts.window(event.project, event.person, event.since, event.until, recorded.position)
            tasks = states.tasks([task for task, _ in answers])
            reason = event.reason or f"window {event.since} to {event.until} requeued"
            for task, annotation in answers:
                if taken_out(tasks[task], annotation) is not None:
                    command = DeleteAnnotation(task=task, annotation=annotation, reason=reason)
                    yield recorded, Ask(command, str(annotation))

    return Reaction("drift_consequences", frozenset({WindowRequeued}), react)


def drift_reactions(states: States, drifts: Drifts) -> tuple[Reaction, Reaction]:
    """Both: to notice, and to take out."""
    return drift(states, drifts), drift_consequences(states, drifts)
