"""Judging an annotation: accept, fix and accept, reject, and taking a verdict back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from annolog.domain.project.settings import Distribution, Settings
from annolog.domain.refusals import Fault as FieldFault
from annolog.domain.refusals import InvalidInput, NotAssigned, NotFound, OwnWork, StaleVersion, WrongState
from annolog.domain.task.annotating import Work, live_annotation, must_have_room, revision_of
from annolog.domain.task.events import (
    AnnotationReviewed,
    RejectAction,
    ReviewWithdrawn,
    RevisionCause,
    Standing,
    TaskEvent,
    Verdict,
)
from annolog.domain.task.evolve import standing_after
from annolog.domain.task.lifecycle import is_finished, settled
from annolog.domain.task.state import Annotation, Review, Task
from annolog.domain.task.times import known_of
from annolog.domain.time.bounds import Claim, Held, held
from annolog.domain.time.notes import TimeNote


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reviewer decided. A fix comes with the corrected work, a rejection with what is to follow.

    The comment may be about one region of the work. In bulk no comment is asked for: the same words for hundreds of
    people would tell nobody anything.
    """

    verdict: Verdict
    action: RejectAction | None = None
    comment: str = ""
    region: str | None = None
    fix: Work | None = None
    fix_agreement: float | None = None
    started_at: datetime | None = None
    review_time: float | None = None
    active_time: float | None = None
    time_notes: tuple[TimeNote, ...] = ()
    in_bulk: bool = False


def time_of(task: Task, reviewer: int, annotation: int, claim: Claim, now: datetime, *, vouched: bool = False) -> Held:
    """How long a review took, from opening the annotation to judging it, within what is possible."""
    return held(claim, known_of(task, (reviewer, annotation), now), now, vouched=vouched, lead="review_time")


def review(
    task: Task,
    reviewer: int,
    annotation: int,
    review_id: int,
    judgement: Judgement,
    settings: Settings,
    *,
    author_stays: bool,
    expected_revision: int | None = None,
) -> list[TaskEvent]:
    """Judge the latest revision of somebody else's annotation. To an author who has left nothing is returned."""
    found = live_annotation(task, annotation)
    must_be_reviewable(task, reviewer, found, settings)
    if expected_revision is not None and expected_revision != found.revision:
        raise StaleVersion(f"Annotation {annotation} is at revision {found.revision}, not {expected_revision}.")
    action = action_of(judgement, settings, author_stays=author_stays)
    must_be_about_something(judgement, annotation, found.result)
    reviewed = AnnotationReviewed(
        project=task.project,
        task=task.id,
        review=review_id,
        annotation=annotation,
        annotator=found.annotator,
        revision=found.revision,
        reviewer=reviewer,
        verdict=judgement.verdict,
        action=action,
        comment=judgement.comment,
        region=judgement.region,
        started_at=judgement.started_at,
        review_time=judgement.review_time,
        active_time=judgement.active_time,
        time_notes=list(judgement.time_notes),
        fix_agreement=judgement.fix_agreement,
    )
    events: list[TaskEvent] = [reviewed]
    if judgement.fix is not None:
        events.append(
            revision_of(task, found, reviewer, judgement.fix, RevisionCause.FIXED_IN_REVIEW, review=review_id)
        )
    return settled(task, events, settings)


def must_be_reviewable(task: Task, reviewer: int, found: Annotation, settings: Settings) -> None:
    """Refuse one's own work, what is out of review, and what is for other reviewers, or too early."""
    if found.annotator == reviewer:
        raise OwnWork("Nobody reviews their own annotation.")
    if found.id == task.ground_truth:
        raise WrongState("The ground truth of a task is not reviewed.")
    if found.standing is Standing.PASSED_ON:
        raise WrongState(f"Annotation {found.id} was passed on and is out of review.")
    if task.reviewers and reviewer not in task.reviewers:
        raise NotAssigned(f"Task {task.id} is assigned to other reviewers.")
    if settings.review.only_assigned and reviewer not in task.reviewers:
        raise NotAssigned(f"Task {task.id} is assigned to no reviewer, and this project asks for one.")
    if settings.review.only_finished and not is_finished(task, settings):
        raise WrongState(f"Task {task.id} is not finished, and this project reviews finished tasks only.")


def returns(judgement: Judgement, settings: Settings) -> bool:
    """Whether the author is to work on it again: where nothing is said, if that is what the project does by default."""
    action = judgement.action or settings.review.default_reject_action
    return judgement.verdict is Verdict.REJECTED and action is RejectAction.RETURN


def _allowed(settings: Settings, *, author_stays: bool) -> Sequence[RejectAction]:
    """What may follow a rejection. Where all would be returned, the work of who has left can be taken out still."""
    allowed = settings.review.allowed_reject_actions
    if author_stays:
        return allowed
    impossible = {RejectAction.RETURN}
    if settings.assignment.distribution is Distribution.MANUAL:
        impossible.add(RejectAction.PASS_ON)
    return [action for action in allowed if action not in impossible] or [RejectAction.REMOVE]


def action_of(judgement: Judgement, settings: Settings, *, author_stays: bool) -> RejectAction | None:
    """What follows the verdict, checked against what the project allows and against who is there to follow it."""
    rules = settings.review
    if (judgement.verdict is Verdict.FIXED) is not (judgement.fix is not None):
        raise _wrong("/result", "a result goes with the verdict fixed, and only with it")
    if judgement.verdict is not Verdict.REJECTED:
        if judgement.action is not None:
            raise _wrong("/action", "an action goes with the verdict rejected only")
        return None
    if rules.comment_on_reject and not judgement.in_bulk and not judgement.comment.strip():
        raise _wrong("/comment", "this project asks for a comment with every rejection")
    action = judgement.action or rules.default_reject_action
    allowed = _allowed(settings, author_stays=author_stays)
    if not author_stays and action is RejectAction.RETURN:
        left = " or ".join(action.value for action in allowed)
        raise _wrong("/action", f"its author has left the project, so it cannot be returned to them: say {left}")
    if action is RejectAction.PASS_ON and settings.assignment.distribution is Distribution.MANUAL:
        raise _wrong("/action", "pass_on needs automatic distribution")
    if action not in allowed:
        raise _wrong("/action", f"this project does not allow {action.value}")
    return action


def must_be_about_something(judgement: Judgement, annotation: int, judged: Iterable[Mapping[str, Any]]) -> None:
    """A region is one of the work that is judged, and there is something said about it."""
    if judgement.region is None:
        return
    if not judgement.comment.strip():
        raise _wrong("/region", "a region goes with a comment about it")
    if all(item.get("id") != judgement.region for item in judged):
        raise _wrong("/region", f"annotation {annotation} has no region {judgement.region}")


def _wrong(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(f"{pointer}: {message}", faults=[FieldFault(pointer, message)])


def why_returned(task: Task, annotation: Annotation) -> dict[str, Any]:
    """What the author of a returned annotation is to know: the reviewer's words, the region they are about, and what
    else is said about the annotation and not resolved. Who reviewed it is not among that.
    """
    latest = annotation.reviews[-1]
    open_comments = [
        {"comment": said.id, "region": said.region}
        for said in task.comments.values()
        if said.annotation == annotation.id and said.id == said.root and not said.resolved
    ]
    return {
        "review": latest.id,
        "revision": latest.revision,
        "comment": latest.comment,
        "region": latest.region,
        "comments": open_comments,
    }


def _judges_the_same(before: Review, after: Review) -> bool:
    """Whether nothing was revised between two reviews, nor by the later one, and the earlier one still holds."""
    if before.given_up:
        return False
    judged = before.revision + (before.verdict is Verdict.FIXED)
    return judged == after.revision and after.verdict is not Verdict.FIXED


def unfixed(task: Task, annotation: Annotation, known: Review, by: int) -> list[TaskEvent]:
    """What the annotation said before a fix, if it says now what the fix made of it.

    `by` is a reviewer, also where a manager takes back what was said of their own work: their own revision it is not.
    """
    if known.before is None or annotation.revision != known.revision + 1:
        return []
    work = Work(known.before.result, known.before.config_version)
    return [revision_of(task, annotation, by, work, RevisionCause.FIXED_IN_REVIEW, review=known.id)]


def withdraw(
    task: Task, review_id: int, reviewer: int, now: datetime, settings: Settings, *, manages: bool
) -> list[TaskEvent]:
    """Take a review back: one's own, or anybody's for who manages the project. Only the latest of an annotation.

    Its fix is undone. The verdict before it holds again if nothing was revised since that; otherwise what there is now
    was not judged.
    What was passed on stays so once somebody else has the slot.
    """
    for annotation in task.live:
        for known in annotation.reviews:
            if known.id != review_id:
                continue
            if known.reviewer != reviewer and not manages:
                raise NotFound(f"Task {task.id} has no review {review_id} of this person.")
            if known.adjudicates is not None:
                raise WrongState("What was adjudicated stands; judge the annotation anew.")
            if annotation.reviews[-1].id != review_id:
                raise WrongState("A later review of the same annotation stands; withdraw that first.")
            if (again := task.second_reviews.get(review_id)) and again.adjudicated:
                raise WrongState("The review was adjudicated, and what was adjudicated stands.")
            before = annotation.reviews[-2] if len(annotation.reviews) > 1 else None
            if annotation.standing is Standing.PASSED_ON:
                must_have_room(task, annotation.annotator, now, settings)
            stands = before is not None and _judges_the_same(before, known)
            withdrawn = ReviewWithdrawn(
                project=task.project,
                task=task.id,
                review=review_id,
                annotation=annotation.id,
                annotator=annotation.annotator,
                reviewer=known.reviewer,
                verdict=known.verdict,
                fix_agreement=known.fix_agreement,
                standing=standing_after(before if stands else None),
                previous=before.verdict if before else None,
                stands=stands,
            )
            return settled(task, [withdrawn, *unfixed(task, annotation, known, known.reviewer)], settings)
    raise NotFound(f"Task {task.id} has no review {review_id}.")
