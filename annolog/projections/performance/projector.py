"""How work and reviews add up for each person."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table

from annolog.domain.event import Event
from annolog.domain.measures.worth import worth
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.events import RevisionCause
from annolog.domain.task.judging_time import JUDGING, judging_time
from annolog.domain.task.review_events import ReviewAdjudicated, SecondReviewGiven
from annolog.projections.engine.moments import microseconds, microseconds_of
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rows import Key, Rows, Values, zeros
from annolog.projections.performance.tables import performance_annotation, performance_person

OF_ANNOTATION: frozenset[type[Event]] = frozenset(
    {
        happened.AnnotationSubmitted,
        happened.AnnotationRevised,
        happened.AnnotationDeleted,
        happened.AnnotationRestored,
        happened.AnnotationReviewed,
        happened.ReviewWithdrawn,
    }
)


def people_in(event: object) -> Iterator[int]:
    """Whose figures the event changes."""
    match event:
        case happened.AnnotationSkipped(person=person):
            yield person
        case happened.AnnotationReviewed(annotator=annotator, reviewer=reviewer):
            yield from (annotator, reviewer)
        case happened.ReviewWithdrawn(annotator=annotator, reviewer=reviewer):
            yield from (annotator, reviewer)
        case SecondReviewGiven(reviewer=reviewer) | ReviewAdjudicated(adjudicator=reviewer):
            yield reviewer
        case (
            happened.AnnotationSubmitted(annotator=annotator)
            | happened.AnnotationRevised(annotator=annotator)
            | happened.AnnotationDeleted(annotator=annotator)
            | happened.AnnotationRestored(annotator=annotator)
        ):
            yield annotator


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The people, and the annotation."""
    event = recorded.event
    for person in people_in(event):
        yield performance_person, (recorded.project, person)
    if type(event) in OF_ANNOTATION and not isinstance(event, happened.AnnotationSubmitted):
        yield performance_annotation, (getattr(event, "annotation", 0),)


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event into the figures of the people it is about."""
    event = recorded.event
    for person in people_in(event):
        row = _person(rows, recorded, person)
        if person == recorded.person:
            row["last_active_at"] = microseconds(recorded.recorded_at)
    if isinstance(event, JUDGING):
        spent = judging_time(event)
        reviewer = _person(rows, recorded, spent.reviewer)
        reviewer["review_time"] += microseconds_of(spent.review_time)
        reviewer["review_active_time"] += microseconds_of(spent.active_time)
    match event:
        case happened.AnnotationSkipped(person=person):
            _person(rows, recorded, person)["skipped"] += 1
        case happened.AnnotationSubmitted():
            annotation = rows.put(performance_annotation, _submitted(event))
            _count(_person(rows, recorded, event.annotator), annotation, 1)
        case (
            happened.AnnotationRevised()
            | happened.AnnotationDeleted()
            | happened.AnnotationRestored()
            | happened.AnnotationReviewed()
            | happened.ReviewWithdrawn()
        ):
            found = rows.change(performance_annotation, event.annotation)
            if found is not None:
                person_row = _person(rows, recorded, event.annotator)
                _count(person_row, found, -1)
                _change(rows, recorded, found, person_row)
                _count(person_row, found, 1)


def _person(rows: Rows, recorded: Recorded, person: int) -> Values:
    key = {"project": recorded.project, "person": person}
    found = rows.change(performance_person, *key.values())
    return rows.put(performance_person, zeros(performance_person) | key) if found is None else found


def _submitted(event: happened.AnnotationSubmitted) -> Values:
    return {
        "annotation": event.annotation,
        "project": event.project,
        "person": event.annotator,
        "live": 1,
        "timed": int(event.lead_time is not None),
        "lead_time": microseconds_of(event.lead_time),
        "active_time": microseconds_of(event.active_time),
        "verdict": "",
    }


def _count(person: Values, annotation: Values, step: int) -> None:
    if not annotation["live"]:
        return
    person["submitted"] += step
    person["timed"] += step * annotation["timed"]
    person["lead_time"] += step * annotation["lead_time"]
    person["active_time"] += step * annotation["active_time"]
    if annotation["verdict"]:
        person["reviewed"] += step
        person[annotation["verdict"]] += step


def _change(rows: Rows, recorded: Recorded, annotation: Values, person: Values) -> None:
    event = recorded.event
    match event:
        case happened.AnnotationRevised() if event.because is not RevisionCause.FIXED_IN_REVIEW:
            person["revised"] += 1
            annotation["timed"] |= int(event.lead_time is not None)
            annotation["lead_time"] += microseconds_of(event.lead_time)
            annotation["active_time"] += microseconds_of(event.active_time)
        case happened.AnnotationDeleted() | happened.AnnotationRestored():
            annotation["live"] = int(isinstance(event, happened.AnnotationRestored))
        case happened.AnnotationReviewed():
            annotation["verdict"] = event.verdict.value
            person["review_actions"] += 1
            person["performance"] += worth(event.verdict, event.fix_agreement)
            _person(rows, recorded, event.reviewer)["reviews_given"] += 1
        case happened.ReviewWithdrawn():
            annotation["verdict"] = event.previous.value if event.previous else ""
            person["review_actions"] -= 1
            person["performance"] -= worth(event.verdict, event.fix_agreement)
            _person(rows, recorded, event.reviewer)["reviews_given"] -= 1


performance = Projector(
    name="performance",
    version=3,
    tables=(performance_person, performance_annotation),
    interests=OF_ANNOTATION | {happened.AnnotationSkipped, *JUDGING},
    touches=touches,
    apply=apply,
)
