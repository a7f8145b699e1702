"""What was done with a task, as the board's fold keeps it between events.

Total: an event about an annotation or a comment that nobody heard of changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from annolog.domain.task import comment_events as saying
from annolog.domain.task import events as happened
from annolog.domain.task.events import COMPARED, STANDING_AFTER, RevisionCause
from annolog.domain.task.judging_time import JUDGING, judging_time
from annolog.projections.engine.moments import microseconds_of

Answer = dict[str, Any]
Result = list[dict[str, Any]]


@dataclass(slots=True)
class Work:
    """Answers by annotation, comments by id, and who has to do with the task. Times in microseconds.

    `measured` is what metrics of the project's own, by digest, said about the answers that are there now.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    skips: list[int] = field(default_factory=list)
    comments: dict[str, tuple[int, bool]] = field(default_factory=dict)
    predictions: list[tuple[str, float | None]] = field(default_factory=list)
    assignees: list[int] = field(default_factory=list)
    reviewers: list[int] = field(default_factory=list)
    measured: dict[str, float | None] = field(default_factory=dict)
    truth: int | None = None
    reviewed_at: int | None = None
    commented_at: int | None = None
    review_time: int = 0
    review_active_time: int = 0

    @classmethod
    def read(cls, text: str) -> Work:
        """The work as it was stored."""
        return cls(**orjson.loads(text))

    def stored(self) -> dict[str, Any]:
        """The work as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}

    def as_text(self) -> str:
        """The work as it is stored."""
        return orjson.dumps(self.stored(), option=orjson.OPT_NON_STR_KEYS).decode()

    @property
    def live(self) -> list[Answer]:
        """The annotations that were not deleted."""
        return [answer for answer in self.answers.values() if not answer["deleted"]]

    @property
    def compared(self) -> list[Answer]:
        """The answers that agreement compares."""
        return [answer for answer in self.live if answer["counts"] and answer["id"] != self.truth]


ValuesOf = Callable[[Result], dict[str, str]]


def change(work: Work, event: object, now: int, values_of: ValuesOf) -> bool:
    """Let the event have happened; whether the answers have to be compared anew."""
    if isinstance(event, JUDGING):
        spent = judging_time(event)
        work.review_time += microseconds_of(spent.review_time)
        work.review_active_time += microseconds_of(spent.active_time)
    changed = _change(work, event, now, values_of)
    if isinstance(event, happened.AgreementMeasured):
        work.measured[event.digest] = event.score
        return True
    if changed:
        # What a metric of the project's own said was about the answers before.
        work.measured.clear()
    return changed


def _change(work: Work, event: object, now: int, values_of: ValuesOf) -> bool:
    match event:
        case happened.AnnotationSubmitted():
            work.answers[str(event.annotation)] = _submitted(event, now, values_of)
            work.skips = [person for person in work.skips if person != event.annotator]
            return True
        case (
            happened.AnnotationRevised()
            | happened.AnnotationDeleted()
            | happened.AnnotationRestored()
            | happened.AnnotationReviewed()
            | happened.ReviewWithdrawn()
        ):
            answer = work.answers.get(str(event.annotation))
            if answer is None:
                return False
            _reconsidered(work, answer, event, now, values_of)
            return True
        case happened.GroundTruthSet() | happened.GroundTruthCleared():
            work.truth = event.annotation if isinstance(event, happened.GroundTruthSet) else None
            return True
        case _:
            _around(work, event, now)
            return False


def _reconsidered(
    work: Work,
    answer: Answer,
    event: happened.AnnotationRevised
    | happened.AnnotationDeleted
    | happened.AnnotationRestored
    | happened.AnnotationReviewed
    | happened.ReviewWithdrawn,
    now: int,
    values_of: ValuesOf,
) -> None:
    match event:
        case happened.AnnotationRevised():
            _revised(answer, event, values_of)
        case happened.AnnotationDeleted() | happened.AnnotationRestored():
            answer["deleted"] = isinstance(event, happened.AnnotationDeleted)
        case _:
            _reviewed(work, answer, event, now)


def _submitted(event: happened.AnnotationSubmitted, now: int, values_of: ValuesOf) -> Answer:
    return {
        "id": event.annotation,
        "annotator": event.annotator,
        "result": event.result,
        "values": values_of(event.result),
        "submitted_at": now,
        "lead_time": None if event.lead_time is None else microseconds_of(event.lead_time),
        "active_time": microseconds_of(event.active_time),
        "verdict": "",
        "counts": True,
        "deleted": False,
    }


def _revised(answer: Answer, event: happened.AnnotationRevised, values_of: ValuesOf) -> None:
    answer["result"], answer["values"] = event.result, values_of(event.result)
    if event.because is RevisionCause.FIXED_IN_REVIEW:
        return
    answer["counts"], answer["verdict"] = True, ""
    if event.lead_time is not None:
        answer["lead_time"] = (answer["lead_time"] or 0) + microseconds_of(event.lead_time)
    answer["active_time"] += microseconds_of(event.active_time)


def _reviewed(
    work: Work, answer: Answer, event: happened.AnnotationReviewed | happened.ReviewWithdrawn, now: int
) -> None:
    if isinstance(event, happened.AnnotationReviewed):
        answer["verdict"], answer["counts"] = event.verdict.value, STANDING_AFTER[event.action] in COMPARED
        work.reviewed_at = now
    else:
        answer["verdict"] = event.previous.value if event.previous else ""
        answer["counts"] = event.standing in COMPARED


def _around(work: Work, event: object, now: int) -> None:
    match event:
        case happened.AnnotationSkipped(person=person):
            work.skips.append(person)
        case happened.SkipWithdrawn(person=person):
            _leave(work.skips, person)
        case happened.AnnotatorAssigned(person=person):
            _join(work.assignees, person)
        case happened.AnnotatorUnassigned(person=person):
            _leave(work.assignees, person)
        case happened.ReviewerAssigned(person=person):
            _join(work.reviewers, person)
        case happened.ReviewerUnassigned(person=person):
            _leave(work.reviewers, person)
        case saying.CommentAdded(comment=comment, author=author, parent=parent):
            # A thread is resolved as a whole, by what began it: an answer is never unresolved by itself.
            work.comments[str(comment)] = (author, parent is not None)
            work.commented_at = now
        case saying.CommentResolved(comment=comment) | saying.CommentReopened(comment=comment):
            if str(comment) in work.comments:
                author, _ = work.comments[str(comment)]
                work.comments[str(comment)] = (author, isinstance(event, saying.CommentResolved))
        case saying.CommentDeleted(comment=comment):
            work.comments.pop(str(comment), None)
        case happened.PredictionRecorded(model_version=version, score=score):
            work.predictions.append((version, score))


def _join(people: list[int], person: int) -> None:
    if person not in people:
        people.append(person)


def _leave(people: list[int], person: int) -> None:
    if person in people:
        people.remove(person)
