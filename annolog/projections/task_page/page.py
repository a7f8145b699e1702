"""A task's history as a page: its annotations with every revision, reviews, comments, and who holds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.flags import flag_after
from annolog.projections.task_page import comments, reviews
from annolog.projections.task_page.step import Page, Step, Steps


def task_page(history: Sequence[Recorded]) -> Page | None:
    """The task after its history; None for a history that does not begin with an import."""
    if not history or not isinstance(history[0].event, happened.TaskImported):
        return None
    page = _imported(history[0])
    for recorded in history[1:]:
        _fold(page, recorded)
        page["version"] = recorded.version
        page["position"] = recorded.position
        page["updated_at"] = recorded.recorded_at.isoformat()
    page["annotations"] = list(page["annotations"].values())
    page["comments"] = list(page["comments"].values())
    page["reservations"] = list(page["reservations"].values())
    return page


def timeline(history: Iterable[Recorded]) -> list[Page]:
    """Every event of the history with its envelope, oldest first."""
    return [presented(recorded) for recorded in history]


def presented(recorded: Recorded) -> Page:
    """One recorded event as JSON values."""
    return {
        "position": recorded.position,
        "id": str(recorded.id),
        "stream": recorded.stream,
        "version": recorded.version,
        "type": recorded.type,
        "schema_version": recorded.event.schema_version,
        "recorded_at": recorded.recorded_at.isoformat(),
        "actor": recorded.actor,
        "on_behalf_of": recorded.on_behalf_of,
        "command_id": str(recorded.command_id),
        "correlation_id": str(recorded.correlation_id),
        "causation_id": str(recorded.causation_id) if recorded.causation_id else None,
        "project": recorded.project,
        "data": recorded.event.model_dump(mode="json", exclude_none=True),
    }


def cut(history: Iterable[Recorded], as_of: int | datetime | None) -> list[Recorded]:
    """The history as it was at a position of the log, or at a time."""
    if as_of is None:
        return list(history)
    if isinstance(as_of, int):
        return [recorded for recorded in history if recorded.position <= as_of]
    return [recorded for recorded in history if recorded.recorded_at <= as_of]


def _imported(recorded: Recorded) -> Page:
    event = recorded.event
    assert isinstance(event, happened.TaskImported)
    return {
        "id": event.task,
        "project": event.project,
        "version": recorded.version,
        "position": recorded.position,
        "state": happened.TaskState.CREATED.value,
        "data": event.data,
        "meta": event.meta,
        "allow_skip": event.allow_skip,
        "overlap": event.slots,
        "additional_slots": 0,
        "import_id": event.import_id,
        "line": event.line,
        "created_at": recorded.recorded_at.isoformat(),
        "updated_at": recorded.recorded_at.isoformat(),
        "deleted": False,
        "flag": None,
        "ground_truth": None,
        "assignees": [],
        "reviewers": [],
        "reservations": {},
        "annotations": {},
        "skips": [],
        "comments": {},
        "predictions": [],
        "state_history": [],
    }


def _fold(page: Page, recorded: Recorded) -> None:
    step = STEPS.get(type(recorded.event))
    if step is not None:
        step(page, recorded, recorded.event)


def _reserved(page: Page, recorded: Recorded, event: happened.TaskReserved) -> None:
    page["reservations"][event.person] = {
        "person": event.person,
        "lease": event.lease,
        "since": recorded.recorded_at.isoformat(),
        "expires_at": event.expires_at.isoformat(),
        "why": event.why.model_dump(mode="json"),
    }


def _extended(page: Page, recorded: Recorded, event: happened.ReservationExtended) -> None:
    page["reservations"][event.person]["expires_at"] = event.expires_at.isoformat()


def _released(page: Page, recorded: Recorded, event: happened.ReservationReleased) -> None:
    page["reservations"].pop(event.person, None)


def _submitted(page: Page, recorded: Recorded, event: happened.AnnotationSubmitted) -> None:
    page["reservations"].pop(event.annotator, None)
    page["annotations"][event.annotation] = {
        "id": event.annotation,
        "annotator": event.annotator,
        "revision": 1,
        "result": event.result,
        "lead_time": event.lead_time,
        "active_time": event.active_time,
        "config_version": event.config_version,
        "created_at": recorded.recorded_at.isoformat(),
        "updated_at": recorded.recorded_at.isoformat(),
        "origin": event.origin,
        "surplus": event.surplus,
        "prediction": event.prediction,
        "ground_truth": False,
        "deleted": False,
        "standing": happened.Standing.COUNTED.value,
        "reviews": [],
        "second_reviews": [],
        "revisions": [_revision(recorded, 1, event.result, event.annotator, None, None)],
    }


def _revision(
    recorded: Recorded, revision: int, result: object, by: int, because: str | None, review: int | None
) -> Page:
    return {
        "revision": revision,
        "result": result,
        "by": by,
        "because": because,
        "review": review,
        "recorded_at": recorded.recorded_at.isoformat(),
    }


def _revised(page: Page, recorded: Recorded, event: happened.AnnotationRevised) -> None:
    annotation = page["annotations"][event.annotation]
    fixed = event.because is happened.RevisionCause.FIXED_IN_REVIEW
    annotation["revision"] = event.revision
    annotation["result"] = event.result
    annotation["updated_at"] = recorded.recorded_at.isoformat()
    annotation["config_version"] = event.config_version
    if not fixed:
        annotation["standing"] = happened.Standing.COUNTED.value
        for name, more in (("lead_time", event.lead_time), ("active_time", event.active_time)):
            if more is not None:
                annotation[name] = (annotation[name] or 0) + more
    # Events from before revisions named their review: both a return and a fix are of the latest.
    of_review = event.because is not happened.RevisionCause.OWN_UPDATE and annotation["reviews"]
    review = event.review or (annotation["reviews"][-1]["id"] if of_review else None)
    revision = _revision(recorded, event.revision, event.result, event.by, event.because.value, review)
    annotation["revisions"].append(revision)
    for reviewed in annotation["reviews"]:
        if reviewed["id"] == review:
            reviewed["answered_by_revision"] = event.revision


def _skipped(page: Page, recorded: Recorded, event: happened.AnnotationSkipped) -> None:
    page["reservations"].pop(event.person, None)
    page["skips"].append(
        {
            "person": event.person,
            "mode": event.mode.value,
            "comment": event.comment,
            "skipped_at": recorded.recorded_at.isoformat(),
        }
    )


def _deleted_annotation(page: Page, recorded: Recorded, event: happened.AnnotationDeleted) -> None:
    page["annotations"][event.annotation]["deleted"] = True


def _restored_annotation(page: Page, recorded: Recorded, event: happened.AnnotationRestored) -> None:
    page["annotations"][event.annotation]["deleted"] = False


def _truth(page: Page, recorded: Recorded, event: happened.GroundTruthSet) -> None:
    page["ground_truth"] = event.annotation
    page["annotations"][event.annotation]["ground_truth"] = True


def _no_truth(page: Page, recorded: Recorded, event: happened.GroundTruthCleared) -> None:
    page["ground_truth"] = None
    page["annotations"][event.annotation]["ground_truth"] = False


def _slot(page: Page, recorded: Recorded, event: happened.SlotAdded) -> None:
    page["overlap"] = event.slots
    page["additional_slots"] += event.evidence is not None
    _flagged(page, recorded, event)


def _overlap(page: Page, recorded: Recorded, event: happened.OverlapSet) -> None:
    page["overlap"] = event.slots


def _flagged(page: Page, recorded: Recorded, event: happened.TaskEvent) -> None:
    page["flag"] = flag_after(page["flag"] or "", event) or None


def _skip_withdrawn(page: Page, recorded: Recorded, event: happened.SkipWithdrawn) -> None:
    page["skips"] = [skip for skip in page["skips"] if skip["person"] != event.person]


def _state(page: Page, recorded: Recorded, event: happened.TaskStateChanged) -> None:
    page["state"] = event.state.value
    _flagged(page, recorded, event)
    page["state_history"].append(
        {
            "previous": event.previous.value,
            "state": event.state.value,
            "cause": event.cause,
            "at": recorded.recorded_at.isoformat(),
            "by": recorded.person,
        }
    )


def _related(name: str, *, joins: bool) -> Step:
    def step(page: Page, recorded: Recorded, event: Any) -> None:
        others = [person for person in page[name] if person != event.person]
        page[name] = [*others, event.person] if joins else others

    return step


def _existence(page: Page, recorded: Recorded, event: happened.TaskDeleted | happened.TaskRestored) -> None:
    page["deleted"] = isinstance(event, happened.TaskDeleted)


def _data(page: Page, recorded: Recorded, event: happened.TaskDataRevised) -> None:
    page["data"] = event.data


def _predicted(page: Page, recorded: Recorded, event: happened.PredictionRecorded) -> None:
    page["predictions"].append(event.model_dump(mode="json", exclude={"project", "task"}))


STEPS: Steps = {
    **reviews.STEPS,
    **comments.STEPS,
    happened.TaskReserved: _reserved,
    happened.ReservationExtended: _extended,
    happened.ReservationReleased: _released,
    happened.AnnotationSubmitted: _submitted,
    happened.AnnotationRevised: _revised,
    happened.AnnotationSkipped: _skipped,
    happened.AnnotationDeleted: _deleted_annotation,
    happened.AnnotationRestored: _restored_annotation,
    happened.GroundTruthSet: _truth,
    happened.GroundTruthCleared: _no_truth,
    happened.SlotAdded: _slot,
    happened.OverlapSet: _overlap,
    happened.AgreementReached: _flagged,
    happened.TaskFeasible: _flagged,
    happened.SkipWithdrawn: _skip_withdrawn,
    happened.TaskExhausted: _flagged,
    happened.TaskInfeasible: _flagged,
    happened.TaskStateChanged: _state,
    happened.AnnotatorAssigned: _related("assignees", joins=True),
    happened.AnnotatorUnassigned: _related("assignees", joins=False),
    happened.ReviewerAssigned: _related("reviewers", joins=True),
    happened.ReviewerUnassigned: _related("reviewers", joins=False),
    happened.TaskDeleted: _existence,
    happened.TaskRestored: _existence,
    happened.TaskDataRevised: _data,
    happened.PredictionRecorded: _predicted,
}
