"""Bringing tasks in, some hundreds in a command, so that nobody else waits long for the writer."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from annolog.commands.command import Append, Command, Decision, handles
from annolog.commands.scope import Scope
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import IdKind, project_stream, task_stream
from annolog.domain.project.events import TasksImported
from annolog.domain.project.state import Project
from annolog.domain.refusals import Fault, InvalidInput
from annolog.domain.task.events import (
    AnnotationSubmitted,
    GroundTruthSet,
    PredictionRecorded,
    TaskEvent,
    TaskImported,
)
from annolog.domain.task.importing import ImportedAnnotation, ImportedTask, covered_tasks, draw, faults_in, slots_of
from annolog.domain.task.lifecycle import settled
from annolog.domain.task.state import Task

MOST_IN_ONE_COMMAND = 500


class ImportTasks(Command):
    """Bring in tasks, all of them or none. `first_line` is where in the whole import the first of them stands."""

    project: int
    tasks: list[ImportedTask] = Field(min_length=1, max_length=MOST_IN_ONE_COMMAND)
    import_id: int | None = None
    first_line: int = 1
    lines: list[int] | None = None


@handles(ImportTasks)
def import_tasks(command: ImportTasks, scope: Scope) -> Decision:
    """A stream per task, and one note of it in the project's."""
    project = scope.project(command.project, Permission.IMPORT_TASKS)
    import_id = command.import_id or scope.id(IdKind.IMPORT)
    first = scope.ids.take(IdKind.TASK, len(command.tasks))
    seed = project.settings.assignment.seed
    draws = [draw(seed, first + index) for index in range(len(command.tasks))]
    covered = covered_tasks(project, draws)
    appends = []
    for index, task in enumerate(command.tasks):
        line = command.lines[index] if command.lines else command.first_line + index
        _must_fit(task, project, line)
        imported = TaskImported(
            project=project.id,
            task=first + index,
            data=task.data,
            meta=task.meta,
            allow_skip=task.allow_skip,
            import_id=import_id,
            line=line,
            slots=slots_of(project.settings, covered=index in covered),
            covered=index in covered,
            draw=draws[index],
            seed=seed,
        )
        events: list[TaskEvent] = [imported]
        if task.annotations or task.predictions:
            events = _with_work(imported, task, project, scope, line)
        appends.append(Append(task_stream(first + index), events, fresh=True))
    note = TasksImported(
        project=project.id, import_id=import_id, first_task=first, count=len(command.tasks), covered=len(covered)
    )
    appends.append(Append(project_stream(project.id), [note]))
    return Decision(appends, {"import": import_id, "first_task": first, "count": len(command.tasks)})


def _must_fit(task: ImportedTask, project: Project, line: int) -> None:
    faults = faults_in(task, project)
    if faults:
        raise _at(line, faults[0].pointer, faults[0].message)


def _at(line: int, pointer: str, message: str) -> InvalidInput:
    return InvalidInput(
        f"line {line}: {pointer}: {message}", faults=[Fault(pointer, f"line {line}: {message}")], facts={"line": line}
    )


def _with_work(
    imported: TaskImported, task: ImportedTask, project: Project, scope: Scope, line: int
) -> list[TaskEvent]:
    """The annotations and predictions that come with the task. What is unsigned is the importer's."""
    events: list[TaskEvent] = [imported]
    authors: set[int] = set()
    for index, annotation in enumerate(task.annotations):
        if annotation.was_cancelled:
            continue
        author = _author(annotation, scope)
        if author in authors:
            raise _at(line, f"/annotations/{index}/completed_by", "this person has an annotation of the task already")
        authors.add(author)
        id = scope.id(IdKind.ANNOTATION)
        events.append(_submitted(imported, annotation, id, author, project))
        if annotation.ground_truth:
            if any(isinstance(event, GroundTruthSet) for event in events):
                raise _at(line, f"/annotations/{index}/ground_truth", "a task has one ground truth")
            events.append(
                GroundTruthSet(project=project.id, task=imported.task, annotation=id, annotator=author, cause="import")
            )
    events += [
        PredictionRecorded(
            project=project.id,
            task=imported.task,
            prediction=scope.id(IdKind.PREDICTION),
            model_version=prediction.model_version,
            result=prediction.result,
            score=prediction.score,
        )
        for prediction in task.predictions
    ]
    return settled(Task(imported.task), events, project.settings)


def _submitted(
    imported: TaskImported, annotation: ImportedAnnotation, id: int, author: int, project: Project
) -> AnnotationSubmitted:
    return AnnotationSubmitted(
        project=project.id,
        task=imported.task,
        annotation=id,
        annotator=author,
        result=annotation.result,
        config_version=project.config_version,
        lead_time=annotation.lead_time,
        origin="import",
    )


def _author(annotation: ImportedAnnotation, scope: Scope) -> int:
    """The person the export names, if we know that id; otherwise whoever imports."""
    named: Any = annotation.completed_by
    if isinstance(named, dict):
        named = named.get("id")
    return named if isinstance(named, int) and scope.directory.colleague(scope.person, named) else scope.person.id
