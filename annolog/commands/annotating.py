"""What an annotator asks: to submit, revise, skip; and what a manager asks of an annotation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import AwareDatetime, Field

from annolog.commands.command import Append, Command, Decision, handles
from annolog.commands.ports import Draft
from annolog.commands.scope import Scope
from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import is_exempt, waits_for_publication, works_at_any_time
from annolog.domain.ids import IdKind, task_stream
from annolog.domain.labeling import validate_result
from annolog.domain.project.limits import limit_of
from annolog.domain.project.state import Project
from annolog.domain.refusals import LeaseLost, NotPublished, Paused, SlotTaken
from annolog.domain.task import annotating, feedback
from annolog.domain.task.annotating import Work
from annolog.domain.task.distribution import is_returned_to
from annolog.domain.task.events import FeedbackGiven, TaskEvent
from annolog.domain.task.ground_truth import serves_as_evaluation
from annolog.domain.task.state import Task
from annolog.domain.time.bounds import Claim


class TaskCommand(Command):
    """An intention about one task."""

    task: int

    def about(self) -> str:
        """The task's stream."""
        return task_stream(self.task)


class Answering(TaskCommand):
    """An answer: Label Studio result items, and how long they took, in seconds."""

    result: list[dict[str, Any]]
    started_at: AwareDatetime | None = None
    lead_time: float | None = Field(default=None, ge=0, lt=10**9, allow_inf_nan=False)
    active_time: float | None = Field(default=None, ge=0, lt=10**9, allow_inf_nan=False)


class SubmitAnnotation(Answering):
    """Answer a task."""

    lease: int | None = None
    prediction: int | None = None


class ReviseAnnotation(Answering):
    """Change one's own answer."""

    annotation: int
    expected_revision: int | None = None


class SkipTask(TaskCommand):
    """Pass over a task."""

    comment: str = Field(default="", max_length=10_000)
    lead_time: float | None = Field(default=None, ge=0, lt=10**9, allow_inf_nan=False)


class DeleteAnnotation(TaskCommand):
    """Make an annotation count for nothing."""

    annotation: int
    reason: str = Field(default="", max_length=10_000)


class RestoreAnnotation(TaskCommand):
    """Take a deletion back."""

    annotation: int


def must_be_open(project: Project, scope: Scope, *, new_work: bool) -> None:
    """Refuse work in a project that is not published, or by somebody who is paused; managers work at any time.

    A flexible pause leaves what is not new work: revising, commenting, reviewing. So does being at one's limit.
    """
    if waits_for_publication(scope.person, project):
        raise NotPublished(f"Project {project.id} is not published.")
    if works_at_any_time(scope.person, project):
        return
    pause = project.members[scope.person.id].pause(scope.now)
    if pause is not None and (new_work or pause.kind.value == "full"):
        until = f" until {pause.until.isoformat()}" if pause.until else ""
        raise Paused(
            f"Paused{until}: {pause.reason or 'no reason given'}",
            facts={
                "kind": pause.kind.value,
                "cause": pause.cause.value,
                "until": pause.until.isoformat() if pause.until else None,
                **({"rule": pause.rule} if pause.rule else {}),
            },
        )


def must_be_within_limit(project: Project, scope: Scope, task: Task | None = None) -> None:
    """Refuse new work to who has done as much in the project as one person may, with what is in hand already.

    `task` is the one that is asked for: what is in hand of it is not counted twice.
    """
    limit = limit_of(project)
    if limit is None or is_exempt(scope.person, project):
        return
    submitted = scope.submitted(project.id)
    held = sum(task is None or other.id != task.id for other in scope.in_hand(project.id))
    if submitted + held >= limit:
        raise Paused(
            f"Paused: the limit of {limit} annotations a person is reached.",
            facts={
                "kind": "flexible",
                "cause": "limit",
                "limit": limit,
                "submitted": submitted,
                "held": held,
                "until": None,
            },
        )


def work_of(command: Answering, task: Task, project: Project, scope: Scope, prediction: int | None = None) -> Work:
    """The answer, checked against the labeling config, and the time it took, held to what is possible."""
    validate_result(project.config, command.result)
    claim = Claim(command.started_at, command.lead_time, command.active_time)
    spent = annotating.time_of(task, scope.person.id, claim, scope.now, vouched=scope.vouches)
    return Work(
        command.result,
        project.config_version,
        spent.started_at,
        spent.lead_time,
        spent.active_time,
        prediction,
        spent.notes,
    )


def decided(task: Task, events: list[TaskEvent], **answer: object) -> Decision:
    """Events of one task, and the answer that names it."""
    return Decision([Append(task_stream(task.id), events)], {"task": task.id, "project": task.project, **answer})


def _told(given: Sequence[FeedbackGiven], project: Project) -> dict[str, Any]:
    tries = project.settings.evaluation.feedback_tries
    if not given:
        return {}
    [one] = given
    hint = one.hint.model_dump()
    return {"feedback": {"right": one.right, "hint": hint, "tries_left": tries + 1 - one.attempt}}


@handles(SubmitAnnotation)
def submit_annotation(command: SubmitAnnotation, scope: Scope) -> Decision:
    """Work that comes too late for its slot, or into a pause, is kept as a draft."""
    task, project = scope.task(command.task, Permission.ANNOTATE)
    work = work_of(command, task, project, scope, command.prediction)
    annotation = scope.id(IdKind.ANNOTATION)
    begun = scope.person.id in task.leases
    try:
        must_be_open(project, scope, new_work=not begun)
        if not begun:
            must_be_within_limit(project, scope, task)
        events = annotating.submit(
            task,
            scope.person.id,
            annotation,
            work,
            scope.now,
            project.settings,
            lease=command.lease,
            exempt=is_exempt(scope.person, project),
            beyond_slots=serves_as_evaluation(task, project.settings),
        )
    except (SlotTaken, LeaseLost, Paused) as late:
        scope.drafts.append(
            Draft(project.id, task.id, scope.person.id, command.result, command.lead_time, reason=late.code)
        )
        late.facts["draft_kept"] = True
        raise
    scope.finished_drafts.append((task.id, scope.person.id))
    person, rules = scope.person.id, project.settings
    given: Sequence[FeedbackGiven] = ()
    if feedback.introduces(task, rules, exempt=is_exempt(scope.person, project)):
        given = feedback.to_first(
            task, person, work.result, project.config, rules, tested=scope.queue.evaluated(project.id, person)
        )
    return decided(task, [*events, *given], annotation=annotation, revision=1, **_told(given, project))


@handles(ReviseAnnotation)
def revise_annotation(command: ReviseAnnotation, scope: Scope) -> Decision:
    """Only the author revises; reviewers fix through a review."""
    task, project = scope.task(command.task, Permission.ANNOTATE)
    person, returned = scope.person.id, is_returned_to(task, scope.person.id)
    must_be_open(project, scope, new_work=not returned)
    work = work_of(command, task, project, scope)
    learning = feedback.goes_on(task, person, project.settings, returned=returned)
    if learning:
        feedback.must_have_tries(task, person, project.settings)
    events = annotating.revise(
        task,
        scope.person.id,
        command.annotation,
        work,
        project.settings,
        expected_revision=command.expected_revision,
    )
    scope.finished_drafts.append((task.id, scope.person.id))
    revision = task.annotations[command.annotation].revision + 1
    given = feedback.give(task, person, work.result, project.config, project.settings) if learning else ()
    return decided(task, [*events, *given], annotation=command.annotation, revision=revision, **_told(given, project))


@handles(SkipTask)
def skip_task(command: SkipTask, scope: Scope) -> Decision:
    """In the mode of the project."""
    task, project = scope.task(command.task, Permission.ANNOTATE)
    must_be_open(project, scope, new_work=not task.leases.get(scope.person.id))
    person, claim = scope.person.id, Claim(lead_time=command.lead_time)
    spent = annotating.time_of(task, person, claim, scope.now, vouched=scope.vouches)
    events = annotating.skip(task, person, command.comment, spent, scope.now, project.settings)
    return decided(task, events)


@handles(DeleteAnnotation)
def delete_annotation(command: DeleteAnnotation, scope: Scope) -> Decision:
    """For managers."""
    task, project = scope.task(command.task, Permission.CHANGE_ANSWERS)
    events = annotating.delete(task, command.annotation, command.reason, project.settings)
    return decided(task, events, annotation=command.annotation)


@handles(RestoreAnnotation)
def restore_annotation(command: RestoreAnnotation, scope: Scope) -> Decision:
    """For managers."""
    task, project = scope.task(command.task, Permission.CHANGE_ANSWERS)
    events = annotating.restore(task, command.annotation, scope.now, project.settings)
    return decided(task, events, annotation=command.annotation)
