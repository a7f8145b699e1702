"""How the states of tasks and projects follow from the log, each change with its time and cause.

Times never run back: the clocks of two processes may differ, and a stay that would end before it began has no length.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table

from annolog.domain.event import Event
from annolog.domain.project import events as project_events
from annolog.domain.project.lifecycle import WORDS, ProjectState, project_state
from annolog.domain.project.state import parsed_config
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.review_events import ReviewRouted
from annolog.domain.task.transitions import MOVING, Transition, reason, transition_by_type, transition_of
from annolog.projections.engine.moments import microseconds
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rows import Key, Rows, Values, zeros
from annolog.projections.stages import reviewed
from annolog.projections.stages.tables import (
    stage_annotation,
    stage_change,
    stage_project,
    stage_project_change,
    stage_return,
    stage_task,
    stage_wait,
)

OF_PROJECT: frozenset[type[Event]] = frozenset(
    {
        project_events.ProjectPublished,
        project_events.ProjectUnpublished,
        project_events.LabelConfigRevised,
    }
)


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The project; of a task's event the task, and the annotation if it is about one."""
    event = recorded.event
    yield stage_project, (recorded.project,)
    if isinstance(event, happened.TaskEvent) and not isinstance(event, happened.TaskImported):
        yield stage_task, (event.task,)
    if type(event) in reviewed.CHANGES:
        yield stage_annotation, (getattr(event, "annotation", 0),)


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event into the task, then the project, and what is known of an annotation in review."""
    event = recorded.event
    project = _project(rows, recorded)
    if project is None:
        return
    match event:
        case project_events.ProjectPublished() | project_events.ProjectUnpublished():
            project["published"] = int(isinstance(event, project_events.ProjectPublished))
        case project_events.LabelConfigRevised(label_config=xml):
            project["configured"] = int(bool(parsed_config(xml).dimensions))
        case happened.TaskImported():
            _imported(rows, project, recorded, event)
        case happened.TaskEvent():
            task = rows.change(stage_task, event.task)
            if task is None:
                return
            _task(rows, project, task, recorded)
            reviewed.apply(rows, recorded)
    _reconsider(rows, project, recorded)


def _project(rows: Rows, recorded: Recorded) -> Values | None:
    if not isinstance(recorded.event, project_events.ProjectCreated):
        return rows.change(stage_project, recorded.project)
    at = microseconds(recorded.recorded_at)
    begun = {"project": recorded.project, "state": ProjectState.CREATED.value, "since": at}
    _project_changed(rows, recorded, None, {"state": None, "since": None}, begun)
    return rows.put(stage_project, zeros(stage_project) | begun)


def _reconsider(rows: Rows, project: Values, recorded: Recorded) -> None:
    """The project's state after the event, and the change if it is another."""
    tasks = {state: project[state.value] for state in happened.TaskState}
    published, configured = bool(project["published"]), bool(project["configured"])
    state = project_state(tasks, published=published, configured=configured)
    if state == project["state"]:
        return
    before = {"state": project["state"], "since": project["since"]}
    project["state"] = state.value
    project["since"] = max(project["since"], microseconds(recorded.recorded_at))
    _project_changed(rows, recorded, getattr(recorded.event, "task", None), before, project)


def _project_changed(rows: Rows, recorded: Recorded, task: int | None, before: Values, now: Values) -> None:
    rows.put(
        stage_project_change,
        {
            "position": recorded.position,
            "task": task,
            "project": recorded.project,
            "state": now["state"],
            "previous": before["state"],
            "previous_since": before["since"],
            "transition": recorded.type,
            "reason": WORDS[ProjectState(now["state"])],
            "cause": recorded.type,
            "cause_position": recorded.position,
            "by": recorded.person,
            "at": microseconds(recorded.recorded_at),
            "since": now["since"],
        },
    )


def _imported(rows: Rows, project: Values, recorded: Recorded, event: happened.TaskImported) -> None:
    at = microseconds(recorded.recorded_at)
    state = happened.TaskState.CREATED.value
    task = rows.put(
        stage_task,
        {
            "task": event.task,
            "project": event.project,
            "state": state,
            "since": at,
            "deleted": 0,
            "sampled": None,
            "routed_position": None,
            "latest": recorded.type,
            "latest_transition": Transition.IMPORTED.value,
            "latest_position": recorded.position,
        },
    )
    project[state] += 1
    _changed(rows, task, recorded, (None, None), (Transition.IMPORTED, recorded.type, recorded.position))


def _task(rows: Rows, project: Values, task: Values, recorded: Recorded) -> None:
    """What the event makes of the task, and of how many tasks of the project are in which state."""
    event = recorded.event
    match event:
        case happened.TaskStateChanged():
            _moved(rows, project, task, recorded, event)
        case happened.TaskDeleted() | happened.TaskRestored():
            _there_or_not(rows, project, task, recorded)
        case ReviewRouted(sampled=sampled):
            task |= {"sampled": int(sampled), "routed_position": recorded.position}
    if type(event) in MOVING:
        task |= {
            "latest": recorded.type,
            "latest_transition": transition_of(event).value,
            "latest_position": recorded.position,
        }


def _moved(rows: Rows, project: Values, task: Values, recorded: Recorded, event: happened.TaskStateChanged) -> None:
    if not task["deleted"]:
        project[task["state"]] -= 1
        project[event.state.value] += 1
    before = (task["state"], None if task["deleted"] else task["since"])
    task["state"] = event.state.value
    task["since"] = max(task["since"], microseconds(recorded.recorded_at))
    _changed(rows, task, recorded, before, _cause(task, event.cause))


def _cause(task: Values, cause: str) -> tuple[Transition, str, int | None]:
    """What moved the task: by name, type, and where it is in the log if that is known."""
    if task["latest"] == cause:
        return Transition(task["latest_transition"]), cause, task["latest_position"]
    routed = task["routed_position"] if cause == ReviewRouted.type_name() else None
    return transition_by_type(cause), cause, routed


def _there_or_not(rows: Rows, project: Values, task: Values, recorded: Recorded) -> None:
    """A task that is not there is in no state for any time."""
    gone = isinstance(recorded.event, happened.TaskDeleted)
    if gone == bool(task["deleted"]):
        return
    project[task["state"]] += -1 if gone else 1
    before = (task["state"], task["since"] if gone else None)
    task["deleted"] = int(gone)
    task["since"] = max(task["since"], microseconds(recorded.recorded_at))
    transition = Transition.TASK_DELETED if gone else Transition.TASK_RESTORED
    _changed(rows, task, recorded, before, (transition, recorded.type, recorded.position))


def _changed(
    rows: Rows,
    task: Values,
    recorded: Recorded,
    before: tuple[str | None, int | None],
    cause: tuple[Transition, str, int | None],
) -> None:
    sampled = None if task["sampled"] is None else bool(task["sampled"])
    rows.put(
        stage_change,
        {
            "position": recorded.position,
            "task": task["task"],
            "project": task["project"],
            "state": task["state"],
            "previous": before[0],
            "previous_since": before[1],
            "transition": cause[0].value,
            "reason": reason(cause[0], happened.TaskState(task["state"]), sampled=sampled),
            "cause": cause[1],
            "cause_position": cause[2],
            "by": recorded.person,
            "at": microseconds(recorded.recorded_at),
            "since": task["since"],
        },
    )


stages = Projector(
    name="stages",
    version=2,
    tables=(
        stage_change,
        stage_task,
        stage_project_change,
        stage_project,
        stage_annotation,
        stage_return,
        stage_wait,
    ),
    interests=OF_PROJECT
    | MOVING
    | reviewed.CHANGES
    | {project_events.ProjectCreated, happened.TaskStateChanged, ReviewRouted},
    touches=touches,
    apply=apply,
)
