"""How events move a project on."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table

from annolog.domain.project import events as project_events
from annolog.domain.project.state import parsed_config
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.events import RevisionCause, TaskState
from annolog.domain.task.flags import flag_after
from annolog.domain.task.judging_time import JUDGING, judging_time
from annolog.projections.engine.moments import day_of, microseconds, microseconds_of
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rows import Key, Rows, Values, zeros
from annolog.projections.progress.tables import progress_day, progress_project, progress_task

OF_DAY = frozenset(
    {
        happened.AnnotationSubmitted,
        happened.AnnotationRevised,
        happened.AnnotationSkipped,
        happened.TaskStateChanged,
        *JUDGING,
    }
)


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The project; for a task's event the task; for work the day."""
    event = recorded.event
    yield progress_project, (recorded.project,)
    if isinstance(event, happened.TaskEvent):
        if not isinstance(event, happened.TaskImported):
            yield progress_task, (event.task,)
        if type(event) in OF_DAY:
            yield progress_day, (recorded.project, day_of(recorded))


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event into the project's progress."""
    event = recorded.event
    if isinstance(event, project_events.ProjectCreated):
        rows.put(progress_project, _new_project(event, recorded))
        return
    project = rows.change(progress_project, recorded.project)
    if project is None:
        return
    match event:
        case project_events.ProjectRevised(title=title):
            project["title"] = title
        case project_events.ProjectPublished() | project_events.ProjectUnpublished():
            project["published"] = int(isinstance(event, project_events.ProjectPublished))
        case project_events.LabelConfigRevised(label_config=xml):
            project["configured"] = int(bool(parsed_config(xml).dimensions))
        case happened.TaskImported():
            _imported(rows, project, event)
        case happened.TaskEvent():
            task = rows.change(progress_task, event.task)
            if task is not None:
                _moved(project, task, event)
                _work(rows, project, recorded)


def _new_project(event: project_events.ProjectCreated, recorded: Recorded) -> Values:
    return zeros(progress_project) | {
        "project": event.project,
        "title": event.title,
        "created_at": microseconds(recorded.recorded_at),
    }


def _imported(rows: Rows, project: Values, event: happened.TaskImported) -> None:
    state = TaskState.CREATED.value
    rows.put(
        progress_task,
        {"task": event.task, "project": event.project, "state": state, "deleted": 0, "reassigned": 0, "flag": ""},
    )
    project["tasks"] += 1
    project[state] += 1


def _moved(project: Values, task: Values, event: happened.TaskEvent) -> None:
    """Take the task out of the counts, change it, and count it in again."""
    _count(project, task, -1)
    task["flag"] = flag_after(task["flag"], event)
    match event:
        case happened.TaskStateChanged(state=state):
            task["state"] = state.value
        case happened.TaskDeleted() | happened.TaskRestored():
            task["deleted"] = int(isinstance(event, happened.TaskDeleted))
        case happened.SlotAdded(evidence=evidence):
            task["reassigned"] = int(bool(task["reassigned"]) or evidence is not None)
    _count(project, task, 1)


def _count(project: Values, task: Values, step: int) -> None:
    if task["deleted"]:
        return
    project["tasks"] += step
    project[task["state"]] += step
    project["reassigned"] += step * task["reassigned"]
    if task["flag"]:
        project[task["flag"]] += step


def _work(rows: Rows, project: Values, recorded: Recorded) -> None:
    event = recorded.event
    if isinstance(event, JUDGING):
        spent, day = judging_time(event), _today(rows, recorded)
        day["review_time"] += microseconds_of(spent.review_time)
        day["review_active_time"] += microseconds_of(spent.active_time)
    match event:
        case happened.AnnotationSubmitted():
            project["annotations"] += 1
            _worked(rows, recorded, "submitted", event)
        # What a reviewer put right is in the count of what was fixed.
        case happened.AnnotationRevised() if event.because is not RevisionCause.FIXED_IN_REVIEW:
            _worked(rows, recorded, "revised", event)
        case happened.AnnotationSkipped():
            project["skips"] += 1
            _today(rows, recorded)["skipped"] += 1
        case happened.AnnotationDeleted():
            project["annotations"] -= 1
        case happened.AnnotationRestored():
            project["annotations"] += 1
        case happened.AnnotationReviewed(verdict=verdict):
            project["reviews"] += 1
            _today(rows, recorded)[verdict.value] += 1
        case happened.ReviewWithdrawn():
            project["reviews"] -= 1
        case happened.TaskStateChanged(state=TaskState.COMPLETED):
            _today(rows, recorded)["tasks_completed"] += 1


def _worked(
    rows: Rows, recorded: Recorded, what: str, event: happened.AnnotationSubmitted | happened.AnnotationRevised
) -> None:
    day = _today(rows, recorded)
    day[what] += 1
    day["lead_time"] += microseconds_of(event.lead_time)
    day["active_time"] += microseconds_of(event.active_time)


def _today(rows: Rows, recorded: Recorded) -> Values:
    key = {"project": recorded.project, "day": day_of(recorded)}
    day = rows.change(progress_day, *key.values())
    if day is None:
        day = rows.put(progress_day, zeros(progress_day) | key)
    return day


progress = Projector(
    name="progress",
    version=5,
    tables=(progress_project, progress_task, progress_day),
    interests=frozenset(
        {
            project_events.ProjectCreated,
            project_events.ProjectRevised,
            project_events.ProjectPublished,
            project_events.ProjectUnpublished,
            project_events.LabelConfigRevised,
            happened.TaskImported,
            happened.TaskDeleted,
            happened.TaskRestored,
            happened.TaskStateChanged,
            happened.SlotAdded,
            happened.AgreementReached,
            happened.TaskExhausted,
            happened.TaskInfeasible,
            happened.TaskFeasible,
            happened.AnnotationSubmitted,
            happened.AnnotationRevised,
            happened.AnnotationSkipped,
            happened.AnnotationDeleted,
            happened.AnnotationRestored,
            happened.AnnotationReviewed,
            happened.ReviewWithdrawn,
            *JUDGING,
        }
    ),
    touches=touches,
    apply=apply,
)
