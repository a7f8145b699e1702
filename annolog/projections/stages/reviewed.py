"""How an annotation fares in review: its verdicts, what was returned with which words, and how long it waited."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import orjson

from annolog.domain.event import Event
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.events import STANDING_AFTER, RejectAction, RevisionCause, Standing, Verdict
from annolog.domain.task.review_events import ReturnGivenUp
from annolog.domain.task.rework import Judged, loops, outcome
from annolog.projections.engine.moments import microseconds
from annolog.projections.engine.rows import Rows, Values
from annolog.projections.stages.tables import stage_annotation, stage_return, stage_wait

CHANGES: frozenset[type[Event]] = frozenset(
    {
        happened.AnnotationSubmitted,
        happened.AnnotationRevised,
        happened.AnnotationDeleted,
        happened.AnnotationRestored,
        happened.AnnotationReviewed,
        happened.ReviewWithdrawn,
        ReturnGivenUp,
    }
)
Items = list[dict[str, Any]]


class Status(StrEnum):
    """Where a return stands. It is closed when another verdict or a deletion came before its author's answer, or
    its author left."""

    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event into the annotation it is about, if it is about one."""
    event = recorded.event
    if isinstance(event, happened.AnnotationSubmitted):
        rows.put(stage_annotation, _submitted(event, recorded))
        return
    if type(event) not in CHANGES:
        return
    row = rows.change(stage_annotation, getattr(event, "annotation", 0))
    if row is None:
        return
    verdicts, returned = orjson.loads(row["verdicts"]), orjson.loads(row["returned"])
    before = [dict(item) for item in returned]
    _change(row, recorded, verdicts, returned)
    _judge(row, verdicts)
    _wait(rows, row, recorded)
    _stand(row, returned)
    for item in returned:
        if item not in before:
            rows.put(stage_return, item)
    row["verdicts"], row["returned"] = orjson.dumps(verdicts).decode(), orjson.dumps(returned).decode()


def _submitted(event: happened.AnnotationSubmitted, recorded: Recorded) -> Values:
    return {
        "annotation": event.annotation,
        "project": event.project,
        "task": event.task,
        "annotator": event.annotator,
        "live": 1,
        "revision": 1,
        "standing": Standing.COUNTED.value,
        "outcome": outcome([], 1).value,
        "returns": 0,
        "first_verdict": None,
        "first_reviewer": None,
        "first_at": None,
        "waiting_since": None,
        "latest_at": microseconds(recorded.recorded_at),
        "verdicts": "[]",
        "returned": "[]",
    }


def _change(row: Values, recorded: Recorded, verdicts: Items, returned: Items) -> None:
    event = recorded.event
    match event:
        case happened.AnnotationRevised():
            row["revision"] = event.revision
            if event.because is not RevisionCause.FIXED_IN_REVIEW:
                if row["standing"] == Standing.RETURNED:
                    _answered(returned, event, recorded)
                row["standing"] = Standing.COUNTED.value
        case happened.AnnotationDeleted() | happened.AnnotationRestored():
            row["live"] = int(isinstance(event, happened.AnnotationRestored))
        case happened.AnnotationReviewed():
            row["standing"] = STANDING_AFTER[event.action].value
            verdicts.append(_verdict(event, recorded))
            if event.action is RejectAction.RETURN:
                returned.append(_returned(event, recorded, len(returned) + 1))
        case happened.ReviewWithdrawn():
            row["standing"] = event.standing.value
            verdicts[:] = [verdict for verdict in verdicts if verdict["review"] != event.review]
            for item in returned:
                item["withdrawn"] = int(item["withdrawn"] or item["review"] == event.review)
        case ReturnGivenUp():
            row["standing"] = Standing.COUNTED.value
            for verdict in verdicts:
                verdict["given_up"] = verdict["given_up"] or verdict["review"] == event.review


def _verdict(event: happened.AnnotationReviewed, recorded: Recorded) -> dict[str, Any]:
    return {
        "review": event.review,
        "reviewer": event.reviewer,
        "verdict": event.verdict.value,
        "action": event.action.value if event.action else None,
        "revision": event.revision,
        "given_up": False,
        "at": microseconds(recorded.recorded_at),
    }


def _returned(event: happened.AnnotationReviewed, recorded: Recorded, number: int) -> Values:
    return {
        "review": event.review,
        "project": event.project,
        "task": event.task,
        "annotation": event.annotation,
        "annotator": event.annotator,
        "reviewer": event.reviewer,
        "number": number,
        "revision": event.revision,
        "comment": event.comment,
        "region": event.region,
        "position": recorded.position,
        "at": microseconds(recorded.recorded_at),
        "answered_revision": None,
        "answered_at": None,
        "withdrawn": 0,
        "status": Status.WAITING.value,
    }


def _answered(returned: Items, event: happened.AnnotationRevised, recorded: Recorded) -> None:
    """It is the latest return that stands that the author answers."""
    for item in _standing(returned)[-1:]:
        item |= {"answered_revision": event.revision, "answered_at": microseconds(recorded.recorded_at)}


def _standing(returned: Items) -> Items:
    return [item for item in returned if not item["withdrawn"]]


def _stand(row: Values, returned: Items) -> None:
    """Where every return stands now: at most one waits."""
    waiting = _standing(returned)[-1:] if row["waiting_since"] is not None else []
    for item in returned:
        if item["withdrawn"]:
            item["status"] = Status.WITHDRAWN.value
        elif item["answered_revision"] is not None:
            item["status"] = Status.ANSWERED.value
        else:
            item["status"] = Status.WAITING.value if item in waiting else Status.CLOSED.value


def _judge(row: Values, verdicts: Sequence[dict[str, Any]]) -> None:
    judged = [
        Judged(
            Verdict(verdict["verdict"]),
            RejectAction(verdict["action"]) if verdict["action"] else None,
            verdict["revision"],
            verdict["given_up"],
        )
        for verdict in verdicts
    ]
    first = verdicts[0] if verdicts else None
    row["outcome"] = outcome(judged, row["revision"]).value
    row["returns"] = loops(judged)
    row["first_verdict"] = first["verdict"] if first else None
    row["first_reviewer"] = first["reviewer"] if first else None
    row["first_at"] = first["at"] if first else None


def _wait(rows: Rows, row: Values, recorded: Recorded) -> None:
    """Begin or end the wait for the author. A revision of what a reviewer fixed ends none."""
    now = row["latest_at"] = max(row["latest_at"], microseconds(recorded.recorded_at))
    waits = bool(row["live"]) and row["standing"] == Standing.RETURNED
    if waits and row["waiting_since"] is None:
        row["waiting_since"] = now
    elif not waits and row["waiting_since"] is not None:
        rows.put(
            stage_wait,
            {
                "position": recorded.position,
                "project": row["project"],
                "task": row["task"],
                "annotation": row["annotation"],
                "annotator": row["annotator"],
                "since": row["waiting_since"],
                "until": now,
            },
        )
        row["waiting_since"] = None
