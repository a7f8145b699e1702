"""What a reviewer asks: to judge an annotation, to take a verdict back, to say what is true."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime, Field

from annolog.commands.annotating import TaskCommand, decided, must_be_open
from annolog.commands.command import Decision, handles
from annolog.commands.scope import Scope
from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import may, sees_verdicts
from annolog.domain.agreement.task_agreement import task_agreement
from annolog.domain.ids import IdKind
from annolog.domain.labeling import comparable_values, validate_result
from annolog.domain.project.state import Project
from annolog.domain.task import ground_truth, reviewing, second_review
from annolog.domain.task.annotating import Work
from annolog.domain.task.events import RejectAction, Verdict
from annolog.domain.task.reviewing import Judgement
from annolog.domain.task.state import Task, Text
from annolog.domain.time.bounds import Claim


class Judging(TaskCommand):
    """A verdict. A fix comes with the corrected result, a rejection with what is to follow."""

    verdict: Verdict
    action: RejectAction | None = None
    comment: str = Field(default="", max_length=10_000)
    region: str | None = Field(default=None, max_length=1_000)
    result: list[dict[str, Any]] | None = None
    started_at: AwareDatetime | None = None
    review_time: float | None = Field(default=None, ge=0, lt=10**9, allow_inf_nan=False)
    active_time: float | None = Field(default=None, ge=0, lt=10**9, allow_inf_nan=False)


class ReviewAnnotation(Judging):
    """Judge somebody else's annotation."""

    annotation: int
    expected_revision: int | None = None


class WithdrawReview(TaskCommand):
    """Take a review back."""

    review: int


class SetGroundTruth(TaskCommand):
    """This annotation is what is true for the task."""

    annotation: int


class ClearGroundTruth(TaskCommand):
    """The task has no ground truth any more."""


@handles(ReviewAnnotation)
def review_annotation(command: ReviewAnnotation, scope: Scope) -> Decision:
    """For reviewers and managers, never about their own work."""
    task, project = scope.task(command.task, Permission.REVIEW)
    must_be_open(project, scope, new_work=False)
    if not sees_verdicts(scope.person, project):
        second_review.must_be_unseen(task, scope.person.id, command.annotation)
    # What is not there is refused by the rules; until then there is nothing that a fix could have kept.
    found = task.annotations.get(command.annotation)
    judged = found.text if found else None
    judgement = judgement_of(command, task, command.annotation, judged, project, scope)
    review = scope.id(IdKind.REVIEW)
    events = reviewing.review(
        task,
        scope.person.id,
        command.annotation,
        review,
        judgement,
        project.settings,
        expected_revision=command.expected_revision,
        author_stays=found is None or scope.may_annotate(found.annotator, project),
    )
    return decided(task, events, annotation=command.annotation, review=review)


def judgement_of(
    command: Judging, task: Task, annotation: int, judged: Text | None, project: Project, scope: Scope
) -> Judgement:
    """The verdict on what was `judged` of an annotation: its fix checked against the labeling config, and how much of
    the original that kept; the time it took, held to what is possible.
    """
    fix = kept = None
    if command.result is not None:
        validate_result(project.config, command.result)
        fix = Work(command.result, project.config_version)
        kept = kept_of(judged.result, command.result, project) if judged else None
    claim = Claim(command.started_at, command.review_time, command.active_time)
    spent = reviewing.time_of(task, scope.person.id, annotation, claim, scope.now, vouched=scope.vouches)
    return Judgement(
        command.verdict,
        command.action,
        command.comment,
        command.region,
        fix=fix,
        fix_agreement=kept,
        started_at=spent.started_at,
        review_time=spent.lead_time,
        active_time=spent.active_time,
        time_notes=spent.notes,
    )


def kept_of(original: list[dict[str, Any]], fixed: list[dict[str, Any]], project: Project) -> float | None:
    """How much of the original a fix kept: the agreement of the two, by the project's metrics."""
    answers = {number: comparable_values(project.config, result) for number, result in enumerate((original, fixed))}
    return task_agreement(answers, project.config, project.settings.agreement).pairwise


@handles(WithdrawReview)
def withdraw_review(command: WithdrawReview, scope: Scope) -> Decision:
    """One's own; for managers anybody's."""
    task, project = scope.task(command.task, Permission.REVIEW)
    must_be_open(project, scope, new_work=False)
    manages = may(Permission.CHANGE_ANSWERS, scope.person, project)
    events = reviewing.withdraw(task, command.review, scope.person.id, scope.now, project.settings, manages=manages)
    return decided(task, events, review=command.review)


@handles(SetGroundTruth)
def set_ground_truth(command: SetGroundTruth, scope: Scope) -> Decision:
    """For reviewers and managers."""
    task, project = scope.task(command.task, Permission.SET_GROUND_TRUTH)
    must_be_open(project, scope, new_work=False)
    events = ground_truth.set_ground_truth(task, command.annotation, project.settings)
    return decided(task, events, annotation=command.annotation)


@handles(ClearGroundTruth)
def clear_ground_truth(command: ClearGroundTruth, scope: Scope) -> Decision:
    """For reviewers and managers."""
    task, project = scope.task(command.task, Permission.SET_GROUND_TRUTH)
    must_be_open(project, scope, new_work=False)
    return decided(task, ground_truth.clear_ground_truth(task, project.settings))
