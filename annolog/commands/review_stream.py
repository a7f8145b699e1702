"""What a reviewer asks: what to judge next, to leave it, and to judge all annotations of many tasks alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from annolog.commands.annotating import TaskCommand, decided, must_be_open
from annolog.commands.command import Append, Command, Decision, handles
from annolog.commands.scope import Scope
from annolog.domain.access import Action
from annolog.domain.ids import IdKind, task_stream
from annolog.domain.project.state import Project
from annolog.domain.refusals import NotFound, NoWork
from annolog.domain.task import review_stream, reviewing
from annolog.domain.task.events import RejectAction, TaskEvent, Verdict
from annolog.domain.task.evolve import fold
from annolog.domain.task.review_stream import left_to_judge
from annolog.domain.task.reviewing import Judgement
from annolog.domain.task.state import Annotation, Task

MOST_TASKS = 1_000
# Tasks that others took a moment before, or in which all is one's own. Beyond so many it is not worth looking on.
MOST_CANDIDATES = 1_000


class RequestReview(Command):
    """Get the next annotation to judge. What one has before one already comes again."""

    remembered = False
    project: int


class ReleaseReview(TaskCommand):
    """Leave a task that one was given to review to others."""


class ReviewTasks(Command):
    """Judge alike whatever waits for a verdict in these tasks. No comment is asked for with a rejection."""

    project: int
    tasks: list[int] = Field(min_length=1, max_length=MOST_TASKS)
    verdict: Literal[Verdict.ACCEPTED, Verdict.REJECTED]
    action: RejectAction | None = None
    comment: str = Field(default="", max_length=10_000)


@handles(RequestReview)
def request_review(command: RequestReview, scope: Scope) -> Decision:
    """For reviewers and managers; never their own work, nor what another has before them."""
    project = scope.project(command.project, Action.REVIEW)
    must_be_open(project, scope, new_work=True)
    reviewer = scope.person.id
    for id in _candidates(project, scope):
        task: Task = scope.states.get(task_stream(id)).state
        if review_stream.is_held_by_another(task, reviewer, scope.now):
            continue
        found = next(iter(left_to_judge(task, reviewer, project.settings)), None)
        if found is not None:
            return _given(task, found, project, scope)
    raise NoWork("Nothing waits for a verdict of this person.", facts={"reason": "nothing_to_review"})


def _candidates(project: Project, scope: Scope) -> Iterator[int]:
    reviewer = scope.person.id
    yield from scope.reviews.held(project.id, reviewer, scope.now)
    waiting = scope.reviews.to_review(project.id, reviewer, project.settings.review, scope.now)
    for passed, id in enumerate(waiting):
        if passed == MOST_CANDIDATES:
            return
        yield id


def _given(task: Task, annotation: Annotation, project: Project, scope: Scope) -> Decision:
    held = task.review_hold
    same = held is not None and (held.reviewer, held.annotation) == (scope.person.id, annotation.id)
    events: list[TaskEvent] = []
    if held is None or not same or held.expires_at <= scope.now:
        reserved = review_stream.hold(task, scope.person.id, annotation.id, scope.now)
        events, expires_at = [reserved], reserved.expires_at
    else:
        expires_at = held.expires_at
    answer: dict[str, Any] = {
        "task": task.id,
        "project": project.id,
        "data": dict(task.data),
        "annotation": annotation.id,
        "revision": annotation.revision,
        "result": annotation.result,
        "expires_at": expires_at.isoformat(),
        "state": task.state.value,
        "config_version": project.config_version,
    }
    return Decision([Append(task_stream(task.id), events)], answer)


@handles(ReleaseReview)
def release_review(command: ReleaseReview, scope: Scope) -> Decision:
    """The task may come back to the same person later."""
    task, _ = scope.task(command.task, Action.REVIEW)
    return decided(task, [*review_stream.release(task, scope.person.id)])


@handles(ReviewTasks)
def review_tasks(command: ReviewTasks, scope: Scope) -> Decision:
    """For reviewers and managers. What they may not judge is left as it is, and counted."""
    project = scope.project(command.project, Action.REVIEW)
    must_be_open(project, scope, new_work=False)
    ids = list(dict.fromkeys(command.tasks))
    scope.states.warm([task_stream(id) for id in ids])
    appends: list[Append] = []
    counts: Counter[str] = Counter()
    for id in ids:
        task: Task = scope.states.get(task_stream(id)).state
        if task.project != project.id:
            raise NotFound(f"There is no task {id} in project {project.id}.")
        if review_stream.is_held_by_another(task, scope.person.id, scope.now):
            counts["held"] += 1
            continue
        events = _judged(task, command, project, scope)
        counts["reviewed"] += sum(event.type_name() == "AnnotationReviewed" for event in events)
        counts["changed" if events else "left"] += 1
        appends.append(Append(task_stream(id), events))
    names = ("changed", "reviewed", "left", "held")
    return Decision(appends, {"tasks": len(ids)} | {name: counts[name] for name in names})


def _judged(task: Task, command: ReviewTasks, project: Project, scope: Scope) -> list[TaskEvent]:
    """The verdicts on whatever waits for one; each is decided on what the one before it left."""
    judgement = Judgement(command.verdict, command.action, command.comment, in_bulk=True)
    person, settings = scope.person.id, project.settings
    happened: list[TaskEvent] = []
    waiting = [found.id for found in left_to_judge(task, person, settings)]
    for id in waiting:
        # A verdict before may have made the task one that is not judged any further, such as one that needs answers.
        if id not in {found.id for found in left_to_judge(task, person, settings, again=True)}:
            continue
        events = reviewing.review(task, person, id, scope.id(IdKind.REVIEW), judgement, settings)
        task = fold(task, events)
        happened += events
    return happened
