"""Reviews that are given again without being seen, and what a third person makes of two verdicts.

A second review measures reviewers: it holds no task open and changes nothing by itself. What is asked for is called off
as soon as there is nothing left that it could be about, so that nothing waits for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from annolog.domain.event import Event
from annolog.domain.project.settings import Adjudication, ReviewSettings, Settings
from annolog.domain.project.state import Project
from annolog.domain.refusals import NotFound, OwnWork, SlotTaken, WrongState
from annolog.domain.task.annotating import live_annotation, must_have_room, revision_of
from annolog.domain.task.distribution import must_exist
from annolog.domain.task.events import (
    AnnotationDeleted,
    AnnotationReviewed,
    AnnotationRevised,
    GroundTruthSet,
    RejectAction,
    ReviewWithdrawn,
    RevisionCause,
    Standing,
    TaskEvent,
)
from annolog.domain.task.evolve import evolve, fold
from annolog.domain.task.kinds import ReviewStage
from annolog.domain.task.lifecycle import settled
from annolog.domain.task.review_events import (
    AdjudicationRequested,
    ReturnGivenUp,
    ReviewAdjudicated,
    SecondReviewCalledOff,
    SecondReviewGiven,
    SecondReviewRequested,
)
from annolog.domain.task.reviewing import Judgement, action_of, must_be_about_something, unfixed
from annolog.domain.task.routing import Counted, next_place, start_of
from annolog.domain.task.state import SecondReview, Task

# All reviews of a project are counted in one quota, so that a changed share goes on where the other one ended.
QUOTA = "second_review"
# After these a review may be drawn, or what was asked for may have lost what it is about.
FOLLOWED: frozenset[type[Event]] = frozenset(
    {AnnotationReviewed, ReviewWithdrawn, ReturnGivenUp, AnnotationDeleted, AnnotationRevised, GroundTruthSet}
)


def is_first(event: Event) -> bool:
    """Whether the event is a review that may be given again: any but one that an adjudication came to."""
    return isinstance(event, AnnotationReviewed) and event.adjudicates is None


def may_judge(found: SecondReview, person: int) -> bool:
    """Whether this person may say what is waited for: neither the annotator nor anybody who has judged it already."""
    others = {found.annotator, found.reviewer} | ({found.second.reviewer} if found.second else set())
    return person not in others


def asked_of(task: Task, person: int, stage: ReviewStage) -> list[SecondReview]:
    """What of a task is waited for at this stage and may come from this person, oldest first."""
    if not task.exists:
        return []
    return [
        found for _, found in sorted(task.second_reviews.items()) if found.stage is stage and may_judge(found, person)
    ]


def hidden_from(task: Task, person: int) -> set[int]:
    """The annotations whose verdict this person must not see, as they may be the one who judges without seeing it."""
    waiting = (found for found in task.second_reviews.values() if found.stage is ReviewStage.SECOND)
    return {found.annotation for found in waiting if may_judge(found, person)}


def must_be_unseen(task: Task, person: int, annotation: int) -> None:
    """Refuse a plain verdict of somebody who may be asked for a second one: only that would be independent."""
    if annotation in hidden_from(task, person):
        raise WrongState(f"Annotation {annotation} is reviewed a second time; it comes with what is next to review.")


def with_second_reviews(task: Task, events: Sequence[TaskEvent], project: Project, counted: Counted) -> list[TaskEvent]:
    """The events of a decision, with the reviews among them that are to be given again, and what need not be any more.

    The request stands before the revision that a fix comes with: what is judged again is what the first saw.
    """
    happened: list[TaskEvent] = []
    reviews = counted(QUOTA)
    for event in events:
        happened.append(event)
        task = evolve(task, event)
        if isinstance(event, AnnotationReviewed) and is_first(event):
            requested = _drawn(event, reviews, project)
            reviews += 1
            happened += requested
            task = fold(task, requested)
    causes = [event.type_name() for event in events if type(event) in FOLLOWED]
    return [*happened, *_called_off(task, causes[-1] if causes else events[-1].type_name())]


def _drawn(event: AnnotationReviewed, before: int, project: Project) -> list[SecondReviewRequested]:
    rules = project.settings.review
    quota = f"{QUOTA}:{rules.seed}"
    place = next_place(before, rules.second_review_percent, start_of(event.project, quota))
    if not place.sampled:
        return []
    return [
        SecondReviewRequested(
            project=event.project,
            task=event.task,
            review=event.review,
            annotation=event.annotation,
            annotator=event.annotator,
            revision=event.revision,
            reviewer=event.reviewer,
            verdict=event.verdict,
            percent=rules.second_review_percent,
            quota=quota,
            quota_reviews=place.number,
            quota_sampled=place.sampled_so_far,
            seed=rules.seed,
            settings_version=project.settings_version,
        )
    ]


def _called_off(task: Task, cause: str) -> Iterable[SecondReviewCalledOff]:
    for found in task.second_reviews.values():
        if found.stage is None or _is_there(task, found):
            continue
        yield SecondReviewCalledOff(
            project=task.project,
            task=task.id,
            review=found.review,
            annotation=found.annotation,
            stage=found.stage,
            cause=cause,
        )


def _is_there(task: Task, found: SecondReview) -> bool:
    """Whether there is still what is to be judged.

    A second review is of a revision that stays what it was, whatever becomes of the annotation; otherwise those that
    were sent back, and are revised soon, would be missing where reviewers are compared. An adjudication decides what
    holds, so it needs a verdict that does.
    """
    annotation = task.annotations[found.annotation]
    if annotation.deleted or all(review.id != found.review for review in annotation.reviews):
        return False
    return found.stage is ReviewStage.SECOND or _holds(task, found)


def _holds(task: Task, found: SecondReview) -> bool:
    annotation = task.annotations[found.annotation]
    latest = annotation.reviews[-1].id if annotation.reviews else None
    stands = latest == found.review and annotation.verdict is not None
    return stands and not annotation.deleted and annotation.id != task.ground_truth


def give(task: Task, reviewer: int, review: int, judgement: Judgement, project: Project) -> list[TaskEvent]:
    """Judge again what another reviewer judged, and have a third person asked where the project wants one."""
    found = _asked(task, reviewer, review, ReviewStage.SECOND)
    must_be_about_something(judgement, found.annotation, found.text.result)
    settings = project.settings
    place: dict[str, Any] = {
        "project": task.project,
        "task": task.id,
        "review": review,
        "annotation": found.annotation,
    }
    given = SecondReviewGiven(
        **place,
        annotator=found.annotator,
        revision=found.revision,
        first_reviewer=found.reviewer,
        first_verdict=found.verdict,
        reviewer=reviewer,
        verdict=judgement.verdict,
        agrees=judgement.verdict is found.verdict,
        # By itself it changes nothing, so it does not matter who is there to follow it.
        action=action_of(judgement, settings, author_stays=True),
        comment=judgement.comment,
        region=judgement.region,
        result=judgement.fix.result if judgement.fix else None,
        **_timed(judgement),
    )
    if not (_goes_on(settings.review, agree=given.agrees) and _holds(task, found)):
        return [given]
    asked = AdjudicationRequested(
        **place,
        annotator=found.annotator,
        reviewer=found.reviewer,
        second_reviewer=reviewer,
        agree=given.agrees,
        settings_version=project.settings_version,
    )
    return [given, asked]


def _timed(judgement: Judgement) -> dict[str, Any]:
    return {
        "started_at": judgement.started_at,
        "review_time": judgement.review_time,
        "active_time": judgement.active_time,
        "time_notes": list(judgement.time_notes),
    }


def _goes_on(rules: ReviewSettings, *, agree: bool) -> bool:
    if rules.adjudication is Adjudication.ON_DISAGREEMENT:
        return not agree
    return rules.adjudication is Adjudication.ALWAYS


def adjudicate(
    task: Task,
    adjudicator: int,
    review: int,
    review_id: int,
    judgement: Judgement,
    project: Project,
    now: datetime,
    *,
    author_stays: bool,
) -> list[TaskEvent]:
    """Settle what two reviewers said. What the first did not say is given to the annotation as any review is.

    `review_id` is the id of that review, if there is one. A slot that went to somebody else since stays theirs.
    """
    found = _asked(task, adjudicator, review, ReviewStage.ADJUDICATION)
    assert found.second is not None
    must_be_about_something(judgement, found.annotation, found.text.result)
    action = action_of(judgement, project.settings, author_stays=author_stays)
    overturns = _says_otherwise(task, found, judgement, action)
    applied = overturns and _can_change(task, found, now, project.settings)
    settled_by = ReviewAdjudicated(
        project=task.project,
        task=task.id,
        review=review,
        annotation=found.annotation,
        annotator=found.annotator,
        reviewer=found.reviewer,
        first_verdict=found.verdict,
        second_reviewer=found.second.reviewer,
        second_verdict=found.second.verdict,
        adjudicator=adjudicator,
        verdict=judgement.verdict,
        action=action,
        comment=judgement.comment,
        region=judgement.region,
        result=judgement.fix.result if judgement.fix else None,
        overturns=overturns,
        applied=applied,
    )
    if not applied:
        return [settled_by.model_copy(update=_timed(judgement))]
    changes = _overturned(task, settled_by, found, review_id, judgement, project)
    return settled(task, [settled_by, *changes], project.settings)


def _says_otherwise(task: Task, found: SecondReview, judgement: Judgement, action: RejectAction | None) -> bool:
    """Another verdict, another thing to follow a rejection, or another fix."""
    if judgement.verdict is not found.verdict:
        return True
    annotation = task.annotations[found.annotation]
    if judgement.fix is not None:
        return judgement.fix.result != annotation.result
    return annotation.reviews[-1].action is not action


def _overturned(
    task: Task,
    settled_by: ReviewAdjudicated,
    found: SecondReview,
    review_id: int,
    judgement: Judgement,
    project: Project,
) -> list[TaskEvent]:
    adjudicator = settled_by.adjudicator
    judged = live_annotation(task, found.annotation)
    # A fix does not stand, so what was fixed is there again.
    events = unfixed(task, judged, judged.reviews[-1], adjudicator)
    annotation = live_annotation(fold(task, events), found.annotation)
    events.append(
        AnnotationReviewed(
            project=task.project,
            task=task.id,
            review=review_id,
            annotation=annotation.id,
            annotator=annotation.annotator,
            revision=annotation.revision,
            reviewer=adjudicator,
            verdict=judgement.verdict,
            action=settled_by.action,
            comment=judgement.comment,
            region=judgement.region,
            **_timed(judgement),
            fix_agreement=judgement.fix_agreement,
            adjudicates=found.review,
        )
    )
    if judgement.fix is not None:
        fix = revision_of(task, annotation, adjudicator, judgement.fix, RevisionCause.FIXED_IN_REVIEW, review=review_id)
        events.append(fix)
    return events


def _can_change(task: Task, found: SecondReview, now: datetime, settings: Settings) -> bool:
    if task.annotations[found.annotation].standing is not Standing.PASSED_ON:
        return True
    try:
        must_have_room(task, found.annotator, now, settings)
    except SlotTaken:
        return False
    return True


def _asked(task: Task, person: int, review: int, stage: ReviewStage) -> SecondReview:
    must_exist(task)
    found = task.second_reviews.get(review)
    if found is None or found.stage is not stage:
        raise NotFound(f"Task {task.id} asks for no {_WORDS[stage]} of review {review}.")
    if not may_judge(found, person):
        raise OwnWork("Who annotated or judged it is not asked again: that takes somebody else.")
    return found


_WORDS = {ReviewStage.SECOND: "second opinion", ReviewStage.ADJUDICATION: "adjudication"}
