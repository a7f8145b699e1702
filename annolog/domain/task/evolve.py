"""How facts change a task. Total: an event it does not know changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import reduce
from typing import TypeVar

from annolog.domain.event import Event
from annolog.domain.task import comment_events as saying
from annolog.domain.task import events as happened
from annolog.domain.task import review_events as reviewing
from annolog.domain.task.events import Standing
from annolog.domain.task.kinds import WAITING, ReviewStage
from annolog.domain.task.state import (
    Annotation,
    Comment,
    Lease,
    Resolution,
    Review,
    ReviewHold,
    SecondReview,
    SecondVerdict,
    Task,
)

Held = TypeVar("Held")

# What these bring back to review was drawn for it before, and is not drawn again.
OF_REVIEW = frozenset(
    event.type_name() for event in (happened.AnnotationReviewed, happened.ReviewWithdrawn, reviewing.ReturnGivenUp)
)


def fold(task: Task, events: Iterable[Event]) -> Task:
    """The task after a history."""
    return reduce(evolve, events, task)


def evolve(task: Task, event: Event) -> Task:
    """The task once `event` has happened."""
    match event:
        case happened.AnnotationSubmitted() | happened.AnnotationRevised() | happened.AnnotationSkipped():
            return _answered(task, event)
        case happened.TaskReserved() | happened.ReservationExtended() | happened.ReservationReleased():
            return _reserved(task, event)
        case happened.TaskStateChanged(state=state):
            return _moved(task, state, event.cause)
        case happened.TaskImported():
            return replace(
                task,
                project=event.project,
                data=event.data,
                allow_skip=event.allow_skip,
                slots=event.slots,
                covered=event.covered,
                draw=event.draw,
            )
        case happened.AnnotationReviewed() | happened.ReviewWithdrawn():
            return _reviewed(task, event)
        case reviewing.ReturnGivenUp():
            return _given_up(task, event)
        case happened.AnnotationDeleted() | happened.AnnotationRestored():
            return _deleted(task, event)
        case happened.SlotAdded() | happened.OverlapSet():
            return _slots(task, event)
        case happened.PreferenceEnded():
            return replace(task, wanted=None, wanted_until=None)
        case happened.SlotKept(people=people):
            return replace(task, wanted=frozenset(people), wanted_until=None)
        case happened.TaskDoubted():
            return replace(task, resolution=Resolution.DOUBTED)
        case happened.AgreementReached():
            return replace(task, resolution=Resolution.REACHED)
        case happened.TaskExhausted(reason=reason):
            over = reason == happened.OVER_BUDGET
            return replace(task, resolution=Resolution.OVER_BUDGET if over else Resolution.EXHAUSTED)
        case happened.TaskInfeasible():
            return replace(task, resolution=Resolution.INFEASIBLE)
        case happened.TaskFeasible():
            return replace(task, resolution=Resolution.PENDING)
        case _:
            return _around(task, event)


def _around(task: Task, event: Event) -> Task:
    match event:
        case happened.GroundTruthSet(annotation=annotation):
            return replace(task, ground_truth=annotation, resolution=_reopened(task))
        case happened.GroundTruthCleared():
            return replace(task, ground_truth=None, resolution=_reopened(task))
        case happened.SkipWithdrawn(person=person):
            return replace(task, skips=_without(task.skips, person), resolution=_reopened(task))
        case happened.AnnotatorAssigned(person=person):
            return replace(task, assigned=task.assigned | {person})
        case happened.AnnotatorUnassigned(person=person):
            return replace(task, assigned=task.assigned - {person})
        case happened.ReviewerAssigned(person=person):
            return replace(task, reviewers=task.reviewers | {person})
        case happened.ReviewerUnassigned(person=person):
            return replace(task, reviewers=task.reviewers - {person})
        case happened.TaskDataRevised(data=data):
            return replace(task, data=data)
        case happened.TaskDeleted():
            return replace(task, deleted=True, leases={})
        case happened.TaskRestored():
            return replace(task, deleted=False)
        case happened.FeedbackGiven(person=person, attempt=attempt):
            return replace(task, feedback={**task.feedback, person: attempt})
        case saying.CommentAdded() | saying.CommentResolved() | saying.CommentReopened() | saying.CommentDeleted():
            return replace(task, comments=_said(task, event))
        case _:
            return _on_its_way_to_review(task, event)


def _on_its_way_to_review(task: Task, event: Event) -> Task:
    match event:
        case reviewing.ReviewRouted(sampled=sampled):
            return replace(task, sampled=sampled, awaits_routing=False)
        case reviewing.ReviewRoutingAwaited():
            return replace(task, awaits_routing=True)
        case reviewing.ReviewReserved(reviewer=reviewer, annotation=annotation, expires_at=expires_at):
            return replace(task, review_hold=ReviewHold(reviewer, annotation, expires_at, event.review))
        case reviewing.ReviewReleased():
            return replace(task, review_hold=None)
        case _:
            return _reviewed_again(task, event)


def _reviewed_again(task: Task, event: Event) -> Task:
    match event:
        case reviewing.SecondReviewRequested(review=id):
            annotation = task.annotations[event.annotation]
            found = SecondReview(
                id,
                event.annotation,
                event.annotator,
                event.reviewer,
                event.verdict,
                event.revision,
                annotation.text,
            )
        case reviewing.SecondReviewGiven(review=id):
            said = SecondVerdict(event.reviewer, event.verdict, event.action, event.result)
            found = replace(task.second_reviews[id], second=said, stage=None)
        case reviewing.AdjudicationRequested(review=id):
            found = replace(task.second_reviews[id], stage=ReviewStage.ADJUDICATION)
        case reviewing.ReviewAdjudicated(review=id):
            found = replace(task.second_reviews[id], stage=None, adjudicated=True)
        case reviewing.SecondReviewCalledOff(review=id):
            found = replace(task.second_reviews[id], stage=None)
        case _:
            return task
    hold = task.review_hold
    kept = None if hold and hold.review == id else hold
    return replace(task, second_reviews={**task.second_reviews, id: found}, review_hold=kept)


def _said(
    task: Task,
    event: saying.CommentAdded | saying.CommentResolved | saying.CommentReopened | saying.CommentDeleted,
) -> Mapping[int, Comment]:
    id = event.comment
    match event:
        case saying.CommentDeleted():
            return _without(task.comments, id)
        case saying.CommentAdded(parent=parent, annotation=annotation):
            about = task.annotations.get(annotation) if annotation is not None else None
            # Events of the first shape do not say whose annotation it is, and answer answers.
            before = task.comments.get(parent) if parent is not None else None
            comment = Comment(
                id,
                event.author,
                root=before.root if before else parent or id,
                annotation=annotation,
                region=event.region,
                draft=event.draft,
                annotator=about.annotator if about else event.annotator,
                mentions=frozenset(event.mentions),
            )
            return {**task.comments, id: comment}
        case _:
            resolved = isinstance(event, saying.CommentResolved)
            return {**task.comments, id: replace(task.comments[id], resolved=resolved)}


def _moved(task: Task, state: happened.TaskState, cause: str) -> Task:
    if state not in WAITING:
        return replace(task, state=state, resolution=_settled(task))
    # What a reviewer sent back comes back to review. What else is finished anew is decided anew.
    if cause in OF_REVIEW:
        # Where that was not decided yet, it is: a reviewer has it in hand.
        sampled = True if task.awaits_routing else task.sampled
        return replace(task, state=state, sampled=sampled, awaits_routing=False)
    return replace(task, state=state, sampled=None, awaits_routing=False)


def _answered(
    task: Task, event: happened.AnnotationSubmitted | happened.AnnotationRevised | happened.AnnotationSkipped
) -> Task:
    match event:
        case happened.AnnotationSubmitted(annotation=id, annotator=who):
            annotation = Annotation(id, who, event.result, event.config_version, surplus=event.surplus)
            return replace(
                task,
                annotations={**task.annotations, id: annotation},
                leases=_without(task.leases, who),
                skips=_without(task.skips, who),
                resolution=_reopened(task),
            )
        case happened.AnnotationRevised(annotation=id, revision=revision, because=because):
            annotation = task.annotations[id]
            fixed = because is happened.RevisionCause.FIXED_IN_REVIEW
            standing = annotation.standing if fixed else Standing.COUNTED
            revised = replace(
                annotation,
                result=event.result,
                config_version=event.config_version,
                revision=revision,
                standing=standing,
            )
            # What a reviewer put right needs no further annotator's opinion.
            resolution = task.resolution if fixed else _reopened(task)
            return replace(task.with_annotation(revised), resolution=resolution)
        case happened.AnnotationSkipped(person=who, mode=mode):
            return replace(
                task, skips={**task.skips, who: mode}, leases=_without(task.leases, who), resolution=_reopened(task)
            )


def _reserved(
    task: Task, event: happened.TaskReserved | happened.ReservationExtended | happened.ReservationReleased
) -> Task:
    who = event.person
    if isinstance(event, happened.ReservationReleased):
        left = event.reason is happened.ReleaseReason.LEFT
        lapsed = task.lapsed if left else task.lapsed | {who}
        return replace(task, leases=_without(task.leases, who), lapsed=lapsed)
    lease = Lease(event.lease, who, event.expires_at)
    return replace(task, leases={**task.leases, who: lease}, lapsed=task.lapsed - {who})


def _reviewed(task: Task, event: happened.AnnotationReviewed | happened.ReviewWithdrawn) -> Task:
    annotation = task.annotations[event.annotation]
    if isinstance(event, happened.AnnotationReviewed):
        review = Review(
            event.review,
            event.reviewer,
            event.revision,
            event.verdict,
            event.action,
            event.fix_agreement,
            event.adjudicates,
            event.comment,
            event.region,
            annotation.text if event.verdict is happened.Verdict.FIXED else None,
        )
        reviews = (*annotation.reviews, review)
        standing = standing_after(review)
    else:
        reviews = tuple(review for review in annotation.reviews if review.id != event.review)
        standing = event.standing
    locked_out = task.locked_out - {annotation.annotator}
    if standing is Standing.PASSED_ON:
        locked_out |= {annotation.annotator}
    changed = task.with_annotation(replace(annotation, reviews=reviews, standing=standing))
    hold = task.review_hold
    if hold and hold.annotation == annotation.id and hold.review is None:
        changed = replace(changed, review_hold=None)
    # A verdict that leaves the answers as they are leaves the rule's judgement of them.
    resolution = task.resolution if changed.compared == task.compared else _reopened(task)
    return replace(changed, locked_out=locked_out, resolution=resolution)


def _given_up(task: Task, event: reviewing.ReturnGivenUp) -> Task:
    annotation = task.annotations[event.annotation]
    reviews = tuple(replace(one, given_up=one.given_up or one.id == event.review) for one in annotation.reviews)
    return task.with_annotation(replace(annotation, reviews=reviews, standing=Standing.COUNTED))


def standing_after(latest: Review | None) -> Standing:
    """What an annotation counts for once this review is its latest."""
    return happened.STANDING_AFTER[latest.action if latest else None]


def _deleted(task: Task, event: happened.AnnotationDeleted | happened.AnnotationRestored) -> Task:
    annotation = task.annotations[event.annotation]
    gone = isinstance(event, happened.AnnotationDeleted)
    changed = replace(task.with_annotation(replace(annotation, deleted=gone)), resolution=_reopened(task))
    # Whose answer stands again has not skipped the task, whatever they did in between.
    return changed if gone else replace(changed, skips=_without(task.skips, annotation.annotator))


def _slots(task: Task, event: happened.SlotAdded | happened.OverlapSet) -> Task:
    if isinstance(event, happened.OverlapSet):
        return replace(task, slots=event.slots, covered=event.covered, resolution=_reopened(task))
    additional = task.additional + (event.evidence is not None)
    return replace(
        task,
        slots=event.slots,
        additional=additional,
        wanted=frozenset(event.wanted) if event.wanted else None,
        wanted_until=event.wanted_until,
        resolution=Resolution.PENDING,
    )


def _reopened(task: Task) -> Resolution:
    """Other answers are judged anew. That nobody is left stays said until somebody is, or the task is finished."""
    return task.resolution if task.resolution is Resolution.INFEASIBLE else Resolution.PENDING


def _settled(task: Task) -> Resolution:
    """A task that is finished needs nobody."""
    return Resolution.PENDING if task.resolution is Resolution.INFEASIBLE else task.resolution


def _without(items: Mapping[int, Held], key: int) -> Mapping[int, Held]:
    if key not in items:
        return items
    return {other: value for other, value in items.items() if other != key}
