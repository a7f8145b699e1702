"""What a reviewer asks: what to judge next, to leave it, and to judge all annotations of many tasks alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, Literal

from pydantic import Field

from annolog.commands.annotating import TaskCommand, decided, must_be_open
from annolog.commands.command import Append, Command, Decision, handles, left_out
from annolog.commands.ports import ReviewQueue
from annolog.commands.scope import Scope
from annolog.domain.access.data_fields import concealed_from
from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import sees_verdicts
from annolog.domain.ids import IdKind, task_stream
from annolog.domain.people.state import Person
from annolog.domain.project.state import Project
from annolog.domain.refusals import NotFound, NoWork, WrongState
from annolog.domain.task import review_stream, second_review
from annolog.domain.task.events import RejectAction, TaskEvent, Verdict
from annolog.domain.task.kinds import ReviewStage
from annolog.domain.task.review_stream import left_to_judge
from annolog.domain.task.reviewing import Judgement
from annolog.domain.task.state import Annotation, SecondReview, SecondVerdict, Task

MOST_TASKS = 1_000
MOST_PASSED = 100
# Tasks that others took a moment before, or that hold nothing for this reviewer after all. Beyond so many it is not
# worth looking on.
MOST_CANDIDATES = 1_000


class RequestReview(Command):
    """Get the next annotation to judge. What one has before one already comes again, but for tasks that one passes by
    this time.
    """

    remembered = False
    project: int
    passing: list[int] = Field(default_factory=list, max_length=MOST_PASSED)


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
    project = scope.project(command.project, Permission.REVIEW)
    must_be_open(project, scope, new_work=False)

    def task_of(id: int) -> Task:
        task: Task = scope.states.get(task_stream(id)).state
        return task

    passing = frozenset(command.passing)
    for task, found in to_judge(project, scope.person, scope.reviews, task_of, scope.now):
        if task.id not in passing:
            return _given(task, found, project, scope)
    raise NoWork("Nothing waits for a verdict of this person.", facts={"reason": "nothing_to_review"})


def to_judge(
    project: Project, person: Person, queue: ReviewQueue, task_of: Callable[[int], Task], now: datetime
) -> Iterator[tuple[Task, Annotation | SecondReview]]:
    """What may be handed to a reviewer, the first that comes first."""
    reviewer = person.id
    for stage, id in _candidates(project, person, queue, now):
        task = task_of(id)
        if review_stream.is_held_by_another(task, reviewer, now):
            continue
        if stage is ReviewStage.FIRST:
            left = left_to_judge(task, reviewer, project.settings, hidden=_hidden(task, project, person))
            if left:
                yield task, left[0]
        elif stage is ReviewStage.SECOND and sees_verdicts(person, project):
            continue
        elif waiting := second_review.asked_of(task, reviewer, stage):
            held = task.review_hold.review if task.review_hold else None
            same = (found for found in waiting if found.review == held)
            yield task, next(same, waiting[0])


def _candidates(
    project: Project, person: Person, queue: ReviewQueue, now: datetime
) -> Iterator[tuple[ReviewStage, int]]:
    """What one has before one, then what two disagree about, then what nobody has judged, then what is judged again."""
    reviewer = person.id
    for stage, id in queue.held(project.id, reviewer, now):
        yield ReviewStage(stage), id
    adjudication = queue.to_review_again(project.id, reviewer, ReviewStage.ADJUDICATION, now)
    yield from ((ReviewStage.ADJUDICATION, id) for id in islice(adjudication, MOST_CANDIDATES))
    waiting = queue.to_review(project.id, reviewer, project.settings.review, now)
    yield from ((ReviewStage.FIRST, id) for id in islice(waiting, MOST_CANDIDATES))
    if not sees_verdicts(person, project):
        again = queue.to_review_again(project.id, reviewer, ReviewStage.SECOND, now)
        yield from ((ReviewStage.SECOND, id) for id in islice(again, MOST_CANDIDATES))


def _hidden(task: Task, project: Project, person: Person) -> set[int]:
    return set() if sees_verdicts(person, project) else second_review.hidden_from(task, person.id)


def _given(task: Task, found: Annotation | SecondReview, project: Project, scope: Scope) -> Decision:
    again = found if isinstance(found, SecondReview) else None
    annotation = found.id if isinstance(found, Annotation) else found.annotation
    stage = again.stage if again and again.stage else ReviewStage.FIRST
    held = task.review_hold
    wanted = (scope.person.id, annotation, again.review if again else None)
    same = held is not None and (held.reviewer, held.annotation, held.review) == wanted
    events: list[TaskEvent] = []
    if held is None or not same or held.expires_at <= scope.now:
        reserved = review_stream.hold(task, scope.person.id, annotation, scope.now, again)
        events, expires_at = [reserved], reserved.expires_at
    else:
        expires_at = held.expires_at
    answer: dict[str, Any] = {
        "stage": stage.value,
        "task": task.id,
        "project": project.id,
        "data": dict(task.data),
        "annotation": annotation,
        "revision": found.revision,
        "result": found.text.result,
        "expires_at": expires_at.isoformat(),
        "config_version": project.config_version,
    }
    if again:
        answer["review"] = again.review
    if not _hidden(task, project, scope.person):
        # How far the task is would tell what became of what is judged again.
        answer["state"] = task.state.value
    if again and again.second:
        answer["verdicts"] = _both(task, again, again.second)
    shown = concealed_from(scope.person, project, at_work=True).of(answer)
    return Decision([Append(task_stream(task.id), events)], shown)


def _both(task: Task, again: SecondReview, second: SecondVerdict) -> list[dict[str, Any]]:
    """What the two said, the first before the second and without names. A fix comes with its result."""
    annotation = task.annotations[again.annotation]
    first = next(review for review in annotation.reviews if review.id == again.review)
    fixed = annotation.result if first.verdict is Verdict.FIXED else None
    said = ((first.verdict, first.action, fixed), (second.verdict, second.action, second.result))
    return [
        {"verdict": verdict.value, "action": action.value if action else None, "result": result}
        for verdict, action, result in said
    ]


@handles(ReleaseReview)
def release_review(command: ReleaseReview, scope: Scope) -> Decision:
    """The task may come back to the same person later."""
    task, _ = scope.task(command.task, Permission.REVIEW)
    return decided(task, [*review_stream.release(task, scope.person.id)])


@handles(ReviewTasks)
def review_tasks(command: ReviewTasks, scope: Scope) -> Decision:
    """For reviewers and managers. What they may not judge is left as it is, and counted."""
    project = scope.project(command.project, Permission.REVIEW)
    must_be_open(project, scope, new_work=False)
    ids = list(dict.fromkeys(command.tasks))
    scope.states.warm([task_stream(id) for id in ids])
    judgement = Judgement(command.verdict, command.action, command.comment, in_bulk=True)
    appends: list[Append] = []
    counts: Counter[str] = Counter()
    refused: list[dict[str, Any]] = []
    for id in ids:
        task: Task = scope.states.get(task_stream(id)).state
        if task.project != project.id:
            raise NotFound(f"There is no task {id} in project {project.id}.")
        if review_stream.is_held_by_another(task, scope.person.id, scope.now):
            counts["held"] += 1
            refused.append(left_out(id, WrongState("Another reviewer has it before them.")))
            continue
        hidden = _hidden(task, project, scope.person)
        events = review_stream.judge_alike(
            task,
            scope.person.id,
            lambda: scope.id(IdKind.REVIEW),
            judgement,
            project.settings,
            lambda person: scope.may_annotate(person, project),
            hidden,
        )
        counts["reviewed"] += sum(event.type_name() == "AnnotationReviewed" for event in events)
        counts["changed" if events else "left"] += 1
        if not events:
            refused.append(left_out(id, NoWork("Nothing waits for a verdict of this person.")))
        appends.append(Append(task_stream(id), events))
    refusing = {found["task"] for found in refused}
    told = {"changed_tasks": [id for id in ids if id not in refusing], "refused": refused}
    names = ("changed", "reviewed", "left", "held")
    return Decision(appends, {"tasks": len(ids)} | {name: counts[name] for name in names} | told)
