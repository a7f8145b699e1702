"""How events move tasks and people in the queue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import orjson
from sqlalchemy import Table

from annolog.domain.agreement.trillionths import to_trillionths
from annolog.domain.project.events import (
    MemberPaused,
    MemberRemoved,
    MemberResumed,
    ProjectCreated,
    SettingsChanged,
)
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.review_events import ReturnGivenUp
from annolog.domain.task.uncertainty import scored_place
from annolog.projections.assignment_queue.standing import FILLING, Has, person_in, standing_after
from annolog.projections.assignment_queue.tables import (
    queue_pause,
    queue_person,
    queue_project,
    queue_task,
    queue_wanted,
    queue_work,
)
from annolog.projections.engine.moments import microseconds
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rows import Key, Rows, Values

DRAW_UNITS = 2**53
# What waited for the label budget has its answer, or needs none. What is deleted waits again once it is restored.
ENDS_DOUBT = (
    happened.SlotAdded,
    happened.AgreementReached,
    happened.TaskExhausted,
    happened.TaskInfeasible,
    happened.OverlapSet,
)
PAUSES = (MemberPaused, MemberResumed, MemberRemoved)
STARTED, FRESH = 0, 1


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The task, the person's relation to it, and what the project asks of the order."""
    event = recorded.event
    project = recorded.project
    if isinstance(event, happened.TaskImported):
        return
    yield queue_project, (project,)
    if isinstance(event, PAUSES):
        yield queue_pause, (project, event.person)
    if isinstance(event, happened.TaskEvent):
        yield queue_task, (event.task,)
        for wanted in _wanted_in(event):
            yield queue_wanted, (wanted, event.task)
        person = person_in(event)
        if person is not None:
            yield queue_person, (person, event.task)
            yield queue_work, (project, person)


def _wanted_in(event: happened.TaskEvent) -> Sequence[int]:
    match event:
        case happened.SlotAdded(wanted=people) | happened.SlotKept(people=people):
            return people
        case happened.PreferenceEnded(people=people):
            return people
        case _:
            return ()


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event into the queue."""
    event = recorded.event
    match event:
        case happened.TaskImported():
            _imported(rows, event)
        case ProjectCreated(project=project):
            _of_project(rows, project)
        case SettingsChanged(project=project, group="assignment", new=new):
            _of_project(rows, project)["breadth_first"] = int(new["breadth_first"])
        case happened.PredictionRecorded():
            _predicted(rows, recorded, event)
        case happened.TaskEvent():
            task = rows.change(queue_task, event.task)
            if task is not None:
                _changed(rows, recorded, task)
        case MemberPaused() | MemberResumed() | MemberRemoved():
            _paused(rows, event)


def _of_project(rows: Rows, project: int) -> Values:
    return rows.ensure(queue_project, {"project": project, "breadth_first": 1, "predicted": 0})


def _predicted(rows: Rows, recorded: Recorded, event: happened.PredictionRecorded) -> None:
    """The latest prediction says how sure a model is of the task; one without a score, that nobody knows."""
    task = rows.change(queue_task, event.task)
    if task is None or task["score"] == event.score:
        return
    task["score"] = event.score
    task["doubt"] = None if event.score is None else scored_place(event.score, event.task)
    # A place that a person remembers in this order does not hold any more.
    _of_project(rows, event.project)["predicted"] = recorded.position


def _paused(rows: Rows, event: MemberPaused | MemberResumed | MemberRemoved) -> None:
    """Keep when pauses end by themselves; those without an end are ended by somebody."""
    found = rows.find(queue_pause, event.project, event.person)
    pauses: dict[str, int] = orjson.loads(found["pauses"]) if found else {}
    if isinstance(event, MemberRemoved):
        pauses = {}
    else:
        # No cause has a colon in its name, so what follows the first one is the rule.
        key = event.cause.value if event.rule is None else f"{event.cause.value}:{event.rule}"
        pauses.pop(key, None)
        if isinstance(event, MemberPaused) and event.until is not None:
            pauses[key] = microseconds(event.until)
    if not pauses:
        rows.drop(queue_pause, event.project, event.person)
        return
    row = {"project": event.project, "person": event.person}
    rows.put(queue_pause, row | {"pauses": orjson.dumps(pauses).decode(), "until": min(pauses.values())})


def _imported(rows: Rows, event: happened.TaskImported) -> None:
    rows.put(
        queue_task,
        {
            "task": event.task,
            "project": event.project,
            "covered": int(event.covered),
            "stage": FRESH,
            "rank": event.task,
            "draw": int(event.draw * DRAW_UNITS),
            "score": None,
            "doubt": None,
            "open": 1,
            "slots": event.slots,
            "taken": 0,
            "touched": 0,
            "additional": 0,
            "ground_truth": None,
            "deleted": 0,
            "need": None,
            "kept": 0,
            "kept_until": None,
        },
    )


def _changed(rows: Rows, recorded: Recorded, task: Values) -> None:
    event = recorded.event
    was_open = task["open"]
    came_back = False
    match event:
        case happened.SlotAdded(slots=slots):
            task["slots"] = slots
            task["additional"] += event.evidence is not None
            _keep(rows, recorded, event.wanted, task)
            task["kept"] = int(bool(event.wanted))
            task["kept_until"] = None if event.wanted_until is None else microseconds(event.wanted_until)
        case happened.PreferenceEnded(people=people):
            for person in people:
                rows.drop(queue_wanted, person, task["task"])
            task["kept"], task["kept_until"] = 0, None
        case happened.SlotKept(people=people):
            _keep(rows, recorded, people, task)
            task["kept"], task["kept_until"] = 1, None
        case happened.OverlapSet(slots=slots, covered=covered):
            task["slots"] = slots
            task["covered"] = int(covered)
        case happened.TaskDeleted() | happened.TaskRestored():
            task["deleted"] = int(isinstance(event, happened.TaskDeleted))
        case happened.TaskEvent():
            came_back = _related(rows, recorded, task)
    if isinstance(event, happened.TaskDoubted):
        task["need"] = to_trillionths(event.need)
    elif isinstance(event, ENDS_DOUBT):
        task["need"] = None
    task["open"] = int(not task["deleted"] and not task["kept"] and task["taken"] < task["slots"])
    started = _starts_early(rows, task) and task["taken"] > 0 and task["stage"] == FRESH
    if task["open"] and (not was_open or came_back or started):
        # Whatever becomes available enters at the end of its lane, so nobody who is past it can miss it.
        task["stage"], task["rank"] = STARTED, recorded.position


def _keep(rows: Rows, recorded: Recorded, people: Sequence[int], task: Values) -> None:
    for person in people:
        key = {"person": person, "task": task["task"]}
        rows.put(queue_wanted, key | {"project": task["project"], "rank": recorded.position})


def _starts_early(rows: Rows, task: Values) -> bool:
    project = rows.find(queue_project, task["project"])
    return bool(task["slots"] > 1 and project and project["breadth_first"])


def _related(rows: Rows, recorded: Recorded, task: Values) -> bool:
    """Change what a person has to do with the task; whether the task is open to them again."""
    event = recorded.event
    person = person_in(event)
    if person is None:
        return False
    start: Values = {
        "person": person,
        "task": task["task"],
        "project": task["project"],
        "standing": Has.NOTHING.value,
        "rank": recorded.position,
        "lease": None,
        "expires_at": None,
        "assigned": 0,
    }
    row = rows.ensure(queue_person, start)
    fills, touched = _fills(row), _touched(row)
    _note(row, recorded)
    _count(rows, recorded, task, person)
    task["taken"] += _fills(row) - fills
    task["touched"] += _touched(row) - touched
    came_back = touched and not _touched(row)
    if not _touched(row) and not row["assigned"]:
        rows.drop(queue_person, person, task["task"])
    return came_back


def _fills(row: Values) -> bool:
    return row["standing"] in FILLING or row["lease"] is not None


def _touched(row: Values) -> bool:
    return row["standing"] != Has.NOTHING or row["lease"] is not None


def _note(row: Values, recorded: Recorded) -> None:
    event = recorded.event
    match event:
        case happened.TaskReserved() | happened.ReservationExtended():
            row["lease"] = event.lease
            row["expires_at"] = microseconds(event.expires_at)
            return
        case happened.ReservationReleased():
            row["lease"] = row["expires_at"] = None
            return
        case happened.AnnotatorAssigned() | happened.AnnotatorUnassigned():
            row["assigned"] = int(isinstance(event, happened.AnnotatorAssigned))
            row["rank"] = recorded.position
            return
    standing = standing_after(event, row["standing"])
    # Who skips a task once more has it at the end of their queue again.
    if standing != row["standing"] or standing is Has.SKIPPED:
        row["standing"], row["rank"] = standing.value, recorded.position
    if isinstance(event, happened.AnnotationSubmitted | happened.AnnotationSkipped):
        row["lease"] = row["expires_at"] = None


def _count(rows: Rows, recorded: Recorded, task: Values, person: int) -> None:
    event = recorded.event
    match event:
        case happened.AnnotationSubmitted() | happened.AnnotationRestored():
            step = 1
        case happened.AnnotationDeleted():
            step = -1
        case happened.GroundTruthSet(annotation=annotation):
            task["ground_truth"] = annotation
            return
        case happened.GroundTruthCleared():
            task["ground_truth"] = None
            return
        case _:
            return
    work = rows.ensure(queue_work, {"project": task["project"], "person": person, "submitted": 0})
    work["submitted"] += step


assignment_queue = Projector(
    name="assignment_queue",
    version=3,
    tables=(queue_task, queue_person, queue_wanted, queue_work, queue_project, queue_pause),
    interests=frozenset(
        {
            *PAUSES,
            ProjectCreated,
            SettingsChanged,
            happened.TaskImported,
            *ENDS_DOUBT,
            happened.TaskDoubted,
            happened.PreferenceEnded,
            happened.SlotKept,
            happened.TaskDeleted,
            happened.TaskRestored,
            happened.TaskReserved,
            happened.ReservationExtended,
            happened.ReservationReleased,
            happened.AnnotatorAssigned,
            happened.AnnotatorUnassigned,
            happened.AnnotationSubmitted,
            happened.AnnotationRevised,
            happened.AnnotationSkipped,
            happened.SkipWithdrawn,
            happened.AnnotationDeleted,
            happened.AnnotationRestored,
            happened.AnnotationReviewed,
            happened.ReviewWithdrawn,
            ReturnGivenUp,
            happened.GroundTruthSet,
            happened.GroundTruthCleared,
            happened.PredictionRecorded,
        }
    ),
    touches=touches,
    apply=apply,
)
