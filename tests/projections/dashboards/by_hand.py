"""Every measure made of the raw events alone, with polars and without any fold."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl

from annolog.domain.measures.measure import MEASURES
from annolog.domain.measures.question import fits
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.events import RevisionCause, TaskState, Verdict
from annolog.domain.task.review_events import ReviewAdjudicated, SecondReviewGiven
from tests.projections.dashboards.formulas import FORMULAS
from tests.projections.dashboards.history import P

Judged = happened.AnnotationReviewed | SecondReviewGiven | ReviewAdjudicated
Own = happened.AnnotationSubmitted | happened.AnnotationRevised
SPANS = {"day": "1d", "week": "1w", "month": "1mo", "year": "1y"}
COLUMNS = sorted({name for measure in MEASURES for name in measure.uses})
# One by one, for medians: of an annotation, and of a verdict.
SINGLE = ("one_time", "one_review_time")
SCHEMA: dict[str, Any] = {
    "at": pl.Datetime("us", "UTC"),
    "person": pl.Int64,
    "control": pl.String,
    "label": pl.String,
    **dict.fromkeys(SINGLE, pl.Int64),
    **dict.fromkeys(COLUMNS, pl.Int64),
}
ACTIONS = {Verdict.ACCEPTED: "accepted", Verdict.FIXED: "fixed_and_accepted", Verdict.REJECTED: "rejected"}


def facts_of(events: list[Recorded]) -> list[dict[str, Any]]:
    """Every fact with its time, its person, and what it adds; and for each label of an annotation the same."""
    withdrawn = {found.event.review for found in events if isinstance(found.event, happened.ReviewWithdrawn)}
    facts: list[dict[str, Any]] = []
    by_annotation: dict[int, list[Recorded]] = {}
    for recorded in events:
        event = recorded.event
        facts += [{"at": recorded.recorded_at, **fact} for fact in _of_event(event, withdrawn)]
        if (annotation := getattr(event, "annotation", None)) is not None:
            by_annotation.setdefault(annotation, []).append(recorded)
    for history in by_annotation.values():
        facts += _standing(history)
    return facts


def _of_event(event: object, withdrawn: set[int]) -> list[dict[str, Any]]:
    match event:
        case happened.AnnotationSkipped():
            return [{"person": event.person, "skips": 1}]
        case happened.TaskStateChanged(state=TaskState.COMPLETED):
            return [{"person": None, "tasks_done": 1}]
        case happened.AnnotationSubmitted():
            created = {"submissions": 1, "regions_created": _regions(event.result)}
            return [{"person": event.annotator, **created, **_worked(event)}]
        case happened.AnnotationRevised() if event.because is not RevisionCause.FIXED_IN_REVIEW:
            return [{"person": event.annotator, "revisions": 1, **_worked(event)}]
        case happened.AnnotationReviewed():
            return [*_judging(event, event.reviewer), *_review(event, withdrawn)]
        case SecondReviewGiven():
            return _judging(event, event.reviewer)
        case ReviewAdjudicated():
            return _judging(event, event.adjudicator)
    return []


def _judging(event: Judged, person: int) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = []
    if event.review_time is not None:
        time = _micro(event.review_time)
        facts.append({"person": person, "reviews_timed": 1, "review_time": time, "one_review_time": time})
    if event.active_time is not None:
        active = _micro(event.active_time)
        facts.append({"person": person, "reviews_active_timed": 1, "review_active_time": active})
    return facts


def _review(event: happened.AnnotationReviewed, withdrawn: set[int]) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = []
    if event.review not in withdrawn:
        shares = {Verdict.ACCEPTED: 1.0, Verdict.REJECTED: 0.0, Verdict.FIXED: event.fix_agreement or 0.0}
        worth = round(shares[event.verdict] * 10**12)
        facts.append({"person": event.annotator, f"received_{event.verdict}": 1, "worth": worth})
        facts.append({"person": event.reviewer, f"given_{event.verdict}": 1})
    return facts


def _standing(history: list[Recorded]) -> list[dict[str, Any]]:
    """What an annotation adds, in the end, at its last action; with a further row for every label."""
    events = [recorded.event for recorded in history]
    gone = {event.review for event in events if isinstance(event, happened.ReviewWithdrawn)}
    ends = [event for event in events if isinstance(event, happened.AnnotationDeleted | happened.AnnotationRestored)]
    if ends and isinstance(ends[-1], happened.AnnotationDeleted):
        return []
    texts = [event for event in events if isinstance(event, Own)]
    own = [event for event in texts if getattr(event, "because", None) is not RevisionCause.FIXED_IN_REVIEW]
    reviews = [event for event in events if isinstance(event, happened.AnnotationReviewed) and event.review not in gone]
    last = next(found for found in reversed(history) if found.event in own or found.event in reviews)
    if isinstance(last.event, happened.AnnotationReviewed):
        action = ACTIONS[last.event.verdict]
    else:
        action = "submitted" if last.event is own[0] else "updated"
    row: dict[str, Any] = {
        "at": last.recorded_at,
        "person": own[0].annotator,
        "timed": int(any(event.lead_time is not None for event in own)),
        "lead_time": sum(_micro(event.lead_time) for event in own),
        "active_timed": int(any(event.active_time is not None for event in own)),
        "active_time": sum(_micro(event.active_time) for event in own),
    }
    if reviews:
        row[f"verdict_{reviews[-1].verdict}"] = 1
    said = texts[-1].result
    labels = [
        {**row, "control": control, "label": label, "labelled": 1, "uses": uses}
        for (control, label), uses in _uses(said).items()
    ]
    time = {"one_time": row["lead_time"]} if row["timed"] else {}
    return [{**row, action: 1, "regions": _regions(said), **time}, *labels]


def _micro(time: float | None) -> int:
    return round((time or 0.0) * 10**6)


def _worked(event: Own) -> dict[str, int]:
    return {"annotating_time": _micro(event.lead_time), "annotating_active_time": _micro(event.active_time)}


def _regions(said: list[dict[str, Any]]) -> int:
    drawn = {item["id"] for item in said if item["type"] == "labels"}
    return len(drawn) + sum(item["type"] == "relation" for item in said)


def _uses(said: list[dict[str, Any]]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for item in said:
        labels = item["value"].get(item["type"], []) if item["type"] in ("choices", "labels") else []
        if item["type"] == "taxonomy":
            labels = [" / ".join(path) for path in item["value"]["taxonomy"]]
        for label in labels:
            found[item["from_name"], label] = found.get((item["from_name"], label), 0) + 1
    return found


def expected(
    facts: list[dict[str, Any]], by: list[str], zone: str, first: datetime, last: datetime
) -> list[dict[str, Any]]:
    """Every measure of every segment."""
    frame = pl.DataFrame([{name: fact.get(name) for name in SCHEMA} for fact in facts], schema=SCHEMA)
    frame = frame.filter(pl.col("at").is_between(first.astimezone(UTC), last.astimezone(UTC), closed="left"))
    frame = frame.filter(pl.col("label").is_not_null() == ("label" in by))
    if "person" in by:
        frame = frame.filter(pl.col("person").is_not_null())
    chosen = [measure for measure in MEASURES if fits(measure, by)]
    sums = [pl.col(name).fill_null(0).sum() for name in COLUMNS] + [pl.col(name).median() for name in SINGLE]
    grouped = frame.group_by(*_keys(by, zone)).agg(*sums) if by else frame.select(*sums)
    found = [
        {name: row[name] for name in names(by)} | {measure.key: FORMULAS[measure.key](row) for measure in chosen}
        for row in grouped.iter_rows(named=True)
        if not by or any(row[name] for measure in chosen for name in measure.uses)
    ]
    return sorted(found, key=lambda row: [row[name] for name in names(by)])


def _keys(by: list[str], zone: str) -> list[pl.Expr]:
    local = pl.col("at").dt.convert_time_zone(zone).dt.date()
    made = {name: local.dt.truncate(every).cast(pl.String).alias(name) for name, every in SPANS.items()}
    made["project"] = pl.lit(P).cast(pl.Int64).alias("project")
    return [made.get(name, pl.col(name)) for name in names(by)]


def names(by: list[str]) -> list[str]:
    """The columns of segments."""
    return [key for name in by for key in (("control", "label") if name == "label" else (name,))]
