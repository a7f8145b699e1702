"""How work and reviews add up in time: by the last action of every annotation, and by what happened when."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
from sqlalchemy import Table

from annolog.domain.measures.columns import PLACE_IN_SLICE
from annolog.domain.measures.labels import labels_used, regions_in
from annolog.domain.measures.worth import worth
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.events import RevisionCause, TaskState, Verdict
from annolog.domain.task.judging_time import JUDGING, Judging, judging_time
from annolog.projections.dashboards.sums import count, settle, slice_at
from annolog.projections.dashboards.tables import (
    EVERYBODY,
    dashboard_annotation,
    dashboard_label,
    dashboard_review,
    dashboard_slice,
)
from annolog.projections.engine.moments import microseconds, microseconds_of
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rows import Key, Rows, Values

CHANGING = (
    happened.AnnotationRevised,
    happened.AnnotationDeleted,
    happened.AnnotationRestored,
    happened.AnnotationReviewed,
    happened.ReviewWithdrawn,
)
Changing = (
    happened.AnnotationRevised
    | happened.AnnotationDeleted
    | happened.AnnotationRestored
    | happened.AnnotationReviewed
    | happened.ReviewWithdrawn
)
ACTION_OF = {
    Verdict.ACCEPTED: "accepted",
    Verdict.FIXED: "fixed_and_accepted",
    Verdict.REJECTED: "rejected",
}
# In place of the review where an action is the annotator's own: it cannot be withdrawn.
OWN = 0

# By place rather than by name: this is done for every answer there is.
SUBMISSIONS, REGIONS_CREATED, ANNOTATING_TIME, ANNOTATING_ACTIVE_TIME = (
    PLACE_IN_SLICE[name] for name in ("submissions", "regions_created", "annotating_time", "annotating_active_time")
)


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The annotation; sums are added to without a look."""
    if isinstance(recorded.event, CHANGING):
        yield dashboard_annotation, (recorded.event.annotation,)


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event into what is known of its annotation, and into the sums."""
    event, now = recorded.event, microseconds(recorded.recorded_at)
    if isinstance(event, JUDGING):
        _time_judging(rows, event, recorded.position, now)
    match event:
        case happened.AnnotationSubmitted():
            annotation = rows.put(dashboard_annotation, _submitted(event, now))
            count(rows, annotation, 1)
            here = slice_at(rows, event.project, event.annotator, now)
            here[SUBMISSIONS] += 1
            here[REGIONS_CREATED] += annotation["regions"]
            here[ANNOTATING_TIME] += annotation["lead_time"]
            here[ANNOTATING_ACTIVE_TIME] += annotation["active_time"]
        case happened.AnnotationSkipped(person=person):
            _add(rows, event.project, person, now, skips=1)
        case happened.TaskStateChanged(state=TaskState.COMPLETED):
            _add(rows, event.project, EVERYBODY, now, tasks_done=1)
        case (
            happened.AnnotationRevised()
            | happened.AnnotationDeleted()
            | happened.AnnotationRestored()
            | happened.AnnotationReviewed()
            | happened.ReviewWithdrawn()
        ):
            found = rows.change(dashboard_annotation, event.annotation)
            if found is not None:
                count(rows, found, -1)
                _change(rows, found, event, now)
                count(rows, found, 1)


def _submitted(event: happened.AnnotationSubmitted, now: int) -> Values:
    return {
        "annotation": event.annotation,
        "project": event.project,
        "person": event.annotator,
        "action": "submitted",
        "at": now,
        "verdict": "",
        "live": 1,
        "timed": int(event.lead_time is not None),
        "lead_time": microseconds_of(event.lead_time),
        "active_timed": int(event.active_time is not None),
        "active_time": microseconds_of(event.active_time),
        "regions": regions_in(event.result),
        "labels": _encoded(labels_used(event.result)),
        "actions": _encoded([[OWN, "submitted", now]]),
    }


def _change(rows: Rows, annotation: Values, event: Changing, now: int) -> None:
    match event:
        case happened.AnnotationRevised():
            annotation["regions"] = regions_in(event.result)
            annotation["labels"] = _encoded(labels_used(event.result))
            if event.because is not RevisionCause.FIXED_IN_REVIEW:
                _revised(rows, annotation, event, now)
        case happened.AnnotationDeleted() | happened.AnnotationRestored():
            annotation["live"] = int(isinstance(event, happened.AnnotationRestored))
        case happened.AnnotationReviewed():
            annotation["verdict"] = event.verdict.value
            _act(annotation, [*orjson.loads(annotation["actions"]), [event.review, ACTION_OF[event.verdict], now]])
            _judge(rows, event, now, 1)
        case happened.ReviewWithdrawn():
            annotation["verdict"] = event.previous.value if event.previous else ""
            actions = orjson.loads(annotation["actions"])
            _act(annotation, [action for action in actions if action[0] != event.review])
            for _, _, at in (action for action in actions if action[0] == event.review):
                _judge(rows, event, at, -1)


def _revised(rows: Rows, annotation: Values, event: happened.AnnotationRevised, now: int) -> None:
    lead_time, active_time = microseconds_of(event.lead_time), microseconds_of(event.active_time)
    annotation["timed"] |= int(event.lead_time is not None)
    annotation["lead_time"] += lead_time
    annotation["active_timed"] |= int(event.active_time is not None)
    annotation["active_time"] += active_time
    # What the annotator did before can never be the last action again.
    reviews = [action for action in orjson.loads(annotation["actions"]) if action[0] != OWN]
    _act(annotation, [*reviews, [OWN, "updated", now]])
    worked = {"annotating_time": lead_time, "annotating_active_time": active_time}
    _add(rows, event.project, event.annotator, now, revisions=1, **worked)


def _act(annotation: Values, actions: list[list[int | str]]) -> None:
    """Let these be the actions, and the last of them date the annotation."""
    annotation["actions"] = _encoded(actions)
    _, annotation["action"], annotation["at"] = actions[-1]


def _judge(rows: Rows, event: happened.AnnotationReviewed | happened.ReviewWithdrawn, at: int, step: int) -> None:
    """Count a review in, or out at the time at which it was given."""
    verdict = event.verdict.value
    received = {f"received_{verdict}": step, "worth": step * worth(event.verdict, event.fix_agreement)}
    _add(rows, event.project, event.annotator, at, **received)
    _add(rows, event.project, event.reviewer, at, **{f"given_{verdict}": step})


def _time_judging(rows: Rows, event: Judging, position: int, now: int) -> None:
    spent = judging_time(event)
    if spent.review_time is not None:
        time = microseconds_of(spent.review_time)
        _add(rows, event.project, spent.reviewer, now, reviews_timed=1, review_time=time)
        row = {"project": event.project, "person": spent.reviewer, "at": now, "review_time": time}
        rows.put(dashboard_review, {"position": position} | row)
    if spent.active_time is not None:
        active = microseconds_of(spent.active_time)
        _add(rows, event.project, spent.reviewer, now, reviews_active_timed=1, review_active_time=active)


def _add(rows: Rows, project: int, person: int, at: int, **amounts: int) -> None:
    here = slice_at(rows, project, person, at)
    for name, amount in amounts.items():
        here[PLACE_IN_SLICE[name]] += amount


def _encoded(value: object) -> str:
    return orjson.dumps(value).decode()


dashboards = Projector(
    name="dashboards",
    version=2,
    tables=(dashboard_slice, dashboard_label, dashboard_annotation, dashboard_review),
    interests=frozenset(
        {*CHANGING, *JUDGING, happened.AnnotationSubmitted, happened.AnnotationSkipped, happened.TaskStateChanged}
    ),
    touches=touches,
    apply=apply,
    settle=settle,
)
