"""What second reviewers and adjudicators ask; and which reviews are given again, decided with the review itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from pydantic import AwareDatetime, Field

from annolog.commands.annotating import TaskCommand, decided, must_be_open
from annolog.commands.command import Append, Decision, handles
from annolog.commands.reviewing import kept_of
from annolog.commands.routing import Quotas
from annolog.commands.scope import Scope
from annolog.domain.access import Action, allowed
from annolog.domain.ids import IdKind, project_stream, task_stream
from annolog.domain.labeling import validate_result
from annolog.domain.people.state import Person
from annolog.domain.project.state import Project
from annolog.domain.refusals import Forbidden
from annolog.domain.task import second_review
from annolog.domain.task.annotating import Work
from annolog.domain.task.events import RejectAction, TaskEvent, Verdict
from annolog.domain.task.reviewing import Judgement, time_of
from annolog.domain.task.state import Task
from annolog.domain.time.bounds import Claim


class JudgeAgain(TaskCommand):
    """A verdict on what somebody else has judged. `review` is the first review."""

    review: int
    verdict: Verdict
    action: RejectAction | None = None
    comment: str = Field(default="", max_length=10_000)
    result: list[dict[str, Any]] | None = None
    started_at: AwareDatetime | None = None
    review_time: float | None = Field(default=None, ge=0, lt=10**9, allow_inf_nan=False)
    active_time: float | None = Field(default=None, ge=0, lt=10**9, allow_inf_nan=False)


class GiveSecondReview(JudgeAgain):
    """Judge without having seen it what another reviewer judged."""


class AdjudicateReview(JudgeAgain):
    """Settle what two reviewers said."""


def sees_verdicts(person: Person, project: Project) -> bool:
    """Whether nothing is hidden from the person, so that nobody would call their second review independent."""
    return Action.MANAGE_PROJECT in allowed(person, project)


@handles(GiveSecondReview)
def give_second_review(command: GiveSecondReview, scope: Scope) -> Decision:
    """For reviewers. Who manages the project sees all verdicts, so they are not asked."""
    task, project = scope.task(command.task, Action.REVIEW)
    must_be_open(project, scope, new_work=False)
    if sees_verdicts(scope.person, project):
        raise Forbidden("Who manages a project sees every verdict, and gives no second one.")
    judgement = _judgement(command, scope, project, None)
    events = second_review.give(task, scope.person.id, command.review, judgement, project)
    return decided(task, events, review=command.review)


@handles(AdjudicateReview)
def adjudicate_review(command: AdjudicateReview, scope: Scope) -> Decision:
    """For reviewers and managers who have not judged it yet."""
    task, project = scope.task(command.task, Action.REVIEW)
    must_be_open(project, scope, new_work=False)
    known = task.second_reviews.get(command.review)
    kept = None
    if known is not None and command.result is not None:
        kept = kept_of(known.text.result, command.result, project)
    judgement = _judgement(command, scope, project, kept)
    id = scope.id(IdKind.REVIEW)
    events = second_review.adjudicate(task, scope.person.id, command.review, id, judgement, project, scope.now)
    return decided(task, events, review=command.review)


def _judgement(command: JudgeAgain, scope: Scope, project: Project, kept: float | None) -> Judgement:
    fix = None
    if command.result is not None:
        validate_result(project.config, command.result)
        fix = Work(command.result, project.config_version)
    task, _ = scope.task(command.task, Action.REVIEW)
    asked = task.second_reviews.get(command.review)
    claim = Claim(command.started_at, command.review_time, command.active_time)
    spent = time_of(task, scope.person.id, asked.annotation if asked else 0, claim, scope.now, vouched=scope.vouches)
    return Judgement(
        command.verdict,
        command.action,
        command.comment,
        fix=fix,
        fix_agreement=kept,
        started_at=spent.started_at,
        review_time=spent.lead_time,
        active_time=spent.active_time,
        time_notes=spent.notes,
    )


def with_second_reviews(decision: Decision, scope: Scope) -> Decision:
    """The decision, with the reviews in it that are to be given again, and what need not be any more."""
    if not any(type(event) in second_review.FOLLOWED for append in decision.appends for event in append.events):
        return decision
    quotas: dict[int, Quotas] = {}
    return replace(decision, appends=[_followed(append, scope, quotas) for append in decision.appends])


def _followed(append: Append, scope: Scope, quotas: dict[int, Quotas]) -> Append:
    events = [event for event in append.events if isinstance(event, TaskEvent)]
    if append.fresh or not any(type(event) in second_review.FOLLOWED for event in events):
        return append
    id = events[0].project
    project: Project = scope.states.get(project_stream(id)).state
    task: Task = scope.states.get(task_stream(events[0].task)).state
    draws = project.settings.review.second_review_percent > 0
    if not draws and not task.second_reviews:
        return append
    counted = quotas.setdefault(id, Quotas(scope, id, Counter()))
    happened = second_review.with_second_reviews(task, events, project, counted)
    counted.own[second_review.QUOTA] += sum(second_review.is_first(event) for event in events)
    return replace(append, events=happened)
