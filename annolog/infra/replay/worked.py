"""What people really answered in a project, out of its log, as the recording that a simulation asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from annolog.domain.labeling import Dimension, comparable_values
from annolog.domain.project.decisions import must_exist
from annolog.domain.project.state import Project
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Fault, InvalidInput, NotFound
from annolog.domain.simulation.recording import RecordedAnswer, Recording
from annolog.domain.task import events as happened
from annolog.domain.task.evolve import evolve
from annolog.domain.task.state import Task
from annolog.infra.composition import Installation

TOGETHER = 5_000


@dataclass(frozen=True, slots=True)
class Worked:
    """The answers to one control as of a position of the log."""

    recording: Recording
    dimension: str
    position: int


def recording_of_project(installation: Installation, id: int, dimension: str | None = None) -> Worked:
    """The answers that count in a control with one label, in the order in which they were first given.

    Seconds are what people were at work for, or else the time from opening to submitting. Refused where the project
    has no such control, or several and none is named, or fewer than two answers.
    """
    project = installation.states.project(id)
    must_exist(project)
    asked = _dimension(project, dimension)
    position = installation.log.head()
    tasks, seconds, order = _history(installation, id, position)
    answers = sorted(_answers(tasks.values(), seconds, project, asked), key=lambda found: order[found[0]])
    if len(answers) < 2:
        message = f"project {id} has {len(answers)} answers in {asked.name!r}, too few to be asked again"
        raise InvalidInput(message, faults=[Fault("/project", message)])
    truths = {task.id: truth for task in tasks.values() if (truth := _truth(task, project, asked)) is not None}
    return Worked(Recording.of([answer for _, answer in answers], truths), asked.name, position)


def _dimension(project: Project, name: str | None) -> Dimension:
    """The control that is asked about."""
    fitting = [dimension for dimension in project.config.dimensions if dimension.single_label]
    if name is not None:
        found = next((dimension for dimension in fitting if dimension.name == name), None)
        if found is None:
            raise NotFound(f"Project {project.id} has no control {name!r} that takes one label.")
        return found
    if len(fitting) != 1:
        names = ", ".join(dimension.name for dimension in fitting) or "none"
        message = f"name one control that takes one label as the dimension; there are: {names}"
        raise InvalidInput(message, faults=[Fault("/dimension", message)])
    return fitting[0]


def _history(
    installation: Installation, project: int, upto: int
) -> tuple[dict[int, Task], dict[int, float], dict[int, int]]:
    """The tasks as they were then, and by annotation the seconds it took and the position of its first submission."""
    tasks: dict[int, Task] = {}
    seconds: dict[int, float] = {}
    order: dict[int, int] = {}
    for recorded in _events(installation, project, upto):
        event = recorded.event
        if not isinstance(event, happened.TaskEvent):
            continue
        tasks[event.task] = evolve(tasks.get(event.task) or Task(event.task), event)
        if isinstance(event, happened.AnnotationSubmitted):
            order[event.annotation] = recorded.position
            took = event.lead_time if event.active_time is None else event.active_time
            if took is not None:
                seconds[event.annotation] = took
    return tasks, seconds, order


def _events(installation: Installation, project: int, upto: int) -> Iterator[Recorded]:
    position = 0
    while position < upto and (batch := installation.log.after(position, TOGETHER, project)):
        yield from (recorded for recorded in batch if recorded.position <= upto)
        position = batch[-1].position


def _answers(
    tasks: Iterable[Task], seconds: dict[int, float], project: Project, asked: Dimension
) -> Iterator[tuple[int, RecordedAnswer]]:
    for task in tasks:
        compared = {annotation for annotation, _ in task.compared} if task.exists else set()
        for annotation in task.annotations.values():
            value = comparable_values(project.config, annotation.result).get(asked.name)
            if annotation.id in compared and isinstance(value, str):
                took = seconds.get(annotation.id)
                yield annotation.id, RecordedAnswer(task.id, annotation.annotator, value, took)


def _truth(task: Task, project: Project, asked: Dimension) -> str | None:
    if task.ground_truth is None or not task.exists:
        return None
    value = comparable_values(project.config, task.annotations[task.ground_truth].result).get(asked.name)
    return value if isinstance(value, str) else None
