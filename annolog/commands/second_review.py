"""What second reviewers and adjudicators ask; and which reviews are given again, decided with the review itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from annolog.commands.annotating import decided, must_be_open
from annolog.commands.command import Append, Decision, handles
from annolog.commands.reviewing import Judging, judgement_of
from annolog.commands.routing import Quotas
from annolog.commands.scope import Scope
from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import sees_verdicts
from annolog.domain.ids import IdKind, project_stream, task_stream
from annolog.domain.project.state import Project
from annolog.domain.refusals import Forbidden
from annolog.domain.task import second_review
from annolog.domain.task.events import TaskEvent
from annolog.domain.task.reviewing import Judgement
from annolog.domain.task.state import Task
from annolog.domain.task.times import OWN


class JudgeAgain(Judging):
    """A verdict on what somebody else has judged. `review` is the first review."""

    review: int


class GiveSecondReview(JudgeAgain):
    """Judge without having seen it what another reviewer judged."""


class AdjudicateReview(JudgeAgain):
    """Settle what two reviewers said."""


@handles(GiveSecondReview)
def give_second_review(command: GiveSecondReview, scope: Scope) -> Decision:
    """For reviewers. Who manages the project sees all verdicts, so they are not asked."""
    task, project = scope.task(command.task, Permission.REVIEW)
    must_be_open(project, scope, new_work=False)
    if sees_verdicts(scope.person, project):
        raise Forbidden("Who manages a project sees every verdict, and gives no second one.")
    judgement = _judgement(command, task, project, scope)
    events = second_review.give(task, scope.person.id, command.review, judgement, project)
    return decided(task, events, review=command.review)


@handles(AdjudicateReview)
def adjudicate_review(command: AdjudicateReview, scope: Scope) -> Decision:
    """For reviewers and managers who have not judged it yet."""
    task, project = scope.task(command.task, Permission.REVIEW)
    must_be_open(project, scope, new_work=False)
    judgement = _judgement(command, task, project, scope)
    id = scope.id(IdKind.REVIEW)
    asked = task.second_reviews.get(command.review)
    events = second_review.adjudicate(
        task,
        scope.person.id,
        command.review,
        id,
        judgement,
        project,
        scope.now,
        author_stays=asked is None or scope.may_annotate(asked.annotator, project),
    )
    return decided(task, events, review=command.review)


def _judgement(command: JudgeAgain, task: Task, project: Project, scope: Scope) -> Judgement:
    """On what the first reviewer saw. What is not asked for is refused by the rules."""
    asked = task.second_reviews.get(command.review)
    annotation, judged = (asked.annotation, asked.text) if asked else (OWN, None)
    return judgement_of(command, task, annotation, judged, project, scope)


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
