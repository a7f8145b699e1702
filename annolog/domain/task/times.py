"""When things of one task took place: what its history tells together with when it was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from annolog.domain.event import Event
from annolog.domain.task import events as happened
from annolog.domain.task import review_events as reviewing
from annolog.domain.task.interaction_events import InteractionsRecorded
from annolog.domain.task.state import Task, Times
from annolog.domain.time.attention import Watch, placed
from annolog.domain.time.bounds import Known

# A person's own work on the task, as against the annotations of others that they look at.
OWN = 0
# A person, and the annotation of somebody else that they judge, or `OWN`.
Piece = tuple[int, int]


def dated(task: Task, event: Event, at: datetime) -> Task:
    """What follows from when an event was recorded; the task is as it stands after the event."""
    times = task.times
    match event:
        case happened.TaskImported():
            changed = replace(times, imported=at)
        case happened.TaskReserved(person=person):
            # Who comes back to what they left without an answer has had it since the first time.
            changed = replace(times, opened={(person, OWN): at, **times.opened})
        case InteractionsRecorded():
            changed = _heard(task, event, at)
        case happened.AnnotationSubmitted(annotation=annotation, annotator=person):
            written = {**times.written, annotation: at}
            changed = replace(_answered(times, (person, OWN), at), written=written)
        case happened.AnnotationRevised(annotator=person, by=by) if person == by:
            changed = _answered(times, (person, OWN), at)
        case happened.AnnotationReviewed(reviewer=person, annotation=annotation):
            changed = _answered(times, (person, annotation), at)
        case (
            reviewing.SecondReviewGiven(reviewer=person, annotation=annotation)
            | reviewing.ReviewAdjudicated(adjudicator=person, annotation=annotation)
        ):
            changed = _answered(times, (person, annotation), at)
        case happened.AnnotationSkipped(person=person):
            after = _answered(times, (person, OWN), at)
            opened = {piece: since for piece, since in after.opened.items() if piece != (person, OWN)}
            changed = replace(after, opened=opened)
        case _:
            return task
    return replace(task, times=changed)


def _answered(times: Times, piece: Piece, at: datetime) -> Times:
    watch = times.watches.get(piece)
    watches: Mapping[Piece, Watch] = {**times.watches, piece: watch.answered(at)} if watch else times.watches
    return replace(times, opened={**times.opened, piece: at}, watches=watches)


def _heard(task: Task, event: InteractionsRecorded, at: datetime) -> Times:
    piece = piece_of(task, event.person, event.annotation)
    watch = task.times.watches.get(piece, Watch())
    signs, _ = placed(event.interactions, at, floor_of(task, piece, event.session))
    heard = watch.heard(event.session, event.sequence, signs)
    return replace(task.times, watches={**task.times.watches, piece: heard})


def piece_of(task: Task, person: int, annotation: int | None) -> Piece:
    """What somebody works on who looks at an annotation, or at the bare task."""
    found = task.annotations.get(annotation) if annotation is not None else None
    return (person, found.id) if found is not None and found.annotator != person else (person, OWN)


def open_since(task: Task, piece: Piece) -> datetime | None:
    """Since when the person can have had it open: their reservation, or what they last did; or since it exists."""
    _, annotation = piece
    begun = task.times.written.get(annotation, task.times.imported)
    return task.times.opened.get(piece, begun)


def floor_of(task: Task, piece: Piece, session: str) -> datetime | None:
    """Before which nothing that a page tells can have taken place."""
    watch = task.times.watches.get(piece, Watch())
    page = watch.sessions.get(session)
    return max(filter(None, [open_since(task, piece), watch.since, page.at if page else None]), default=None)


def known_of(task: Task, piece: Piece, now: datetime) -> Known:
    """What the log knows of the time of a piece of work."""
    watch = task.times.watches.get(piece)
    return Known(task.times.imported, open_since(task, piece), watch.spent(now) if watch else None)
