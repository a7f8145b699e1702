"""How answers are put down by day, and alarms as they are raised and dismissed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import Table

from annolog.domain.drift.events import DriftDetected, DriftDismissed
from annolog.domain.event import Event
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.events import RevisionCause
from annolog.projections.drift.tables import drift_alarm, drift_answer
from annolog.projections.engine.moments import day_of, microseconds, microseconds_of
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rows import Key, Rows, Values

# What was brought in with an import nobody did here.
IMPORTED = "import"
CHANGES: frozenset[type[Event]] = frozenset(
    {happened.AnnotationRevised, happened.AnnotationDeleted, happened.AnnotationRestored}
)


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The answer, or the alarm."""
    event = recorded.event
    if type(event) in CHANGES:
        yield drift_answer, (getattr(event, "annotation", 0),)
    elif isinstance(event, DriftDismissed):
        yield drift_alarm, (event.project, event.alarm)


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event."""
    event = recorded.event
    match event:
        case happened.AnnotationSubmitted() if event.origin != IMPORTED:
            rows.put(drift_answer, _submitted(event, recorded))
        case happened.AnnotationRevised() if event.because is not RevisionCause.FIXED_IN_REVIEW:
            row = rows.change(drift_answer, event.annotation)
            if row is not None:
                row["day"] = day_of(recorded)
                if event.lead_time is not None:
                    row["lead_time"] = (row["lead_time"] or 0) + microseconds_of(event.lead_time)
        case happened.AnnotationDeleted() | happened.AnnotationRestored():
            row = rows.change(drift_answer, event.annotation)
            if row is not None:
                row["live"] = int(isinstance(event, happened.AnnotationRestored))
        case DriftDetected():
            rows.put(drift_alarm, _raised(event, recorded))
        case DriftDismissed():
            alarm = rows.change(drift_alarm, event.project, event.alarm)
            if alarm is not None:
                alarm["dismissed_because"] = event.reason
                alarm["dismissed_by"] = recorded.person
                alarm["dismissed_at"] = microseconds(recorded.recorded_at)


def _submitted(event: happened.AnnotationSubmitted, recorded: Recorded) -> Values:
    return {
        "annotation": event.annotation,
        "project": event.project,
        "person": event.annotator,
        "task": event.task,
        "submitted": day_of(recorded),
        "position": recorded.position,
        "day": day_of(recorded),
        "lead_time": None if event.lead_time is None else microseconds_of(event.lead_time),
        "live": 1,
    }


def _raised(event: DriftDetected, recorded: Recorded) -> Values:
    return {
        "project": event.project,
        "alarm": event.alarm,
        "person": event.person,
        "measure": event.measure,
        "direction": event.direction,
        "since": event.since,
        "until": event.until,
        "figures": _json(event.figures),
        "tasks": _json(event.tasks),
        "at": microseconds(recorded.recorded_at),
        "dismissed_because": None,
        "dismissed_by": None,
        "dismissed_at": None,
    }


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


drift = Projector(
    name="drift",
    version=1,
    tables=(drift_answer, drift_alarm),
    interests=CHANGES | {happened.AnnotationSubmitted, DriftDetected, DriftDismissed},
    touches=touches,
    apply=apply,
)
