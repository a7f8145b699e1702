"""What a manager asks about who works on which task, and what the reassignment rule asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from annolog.commands.annotating import TaskCommand, decided
from annolog.commands.command import Append, Command, Decision, handles, left_out
from annolog.commands.scope import Scope
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import project_stream, task_stream
from annolog.domain.project.budget import labels_left
from annolog.domain.project.events import CoverageSet, LabelsGranted, SettingsChanged
from annolog.domain.project.limits import spent
from annolog.domain.project.settings import MOST_SLOTS
from annolog.domain.project.state import Project
from annolog.domain.refusals import Fault, InvalidInput, NotFound
from annolog.domain.task import distribution, experts, feasibility, reassignment
from annolog.domain.task.events import SlotAdded, TaskEvent
from annolog.domain.task.evidence import Evidence
from annolog.domain.task.evolve import fold
from annolog.domain.task.lifecycle import restated
from annolog.domain.task.state import Task

MOST_TASKS = 1_000


class AssignTasks(Command):
    """Make tasks these people's to annotate, or to review; or take that back."""

    project: int
    tasks: list[int] = Field(min_length=1, max_length=MOST_TASKS)
    people: list[int] = Field(min_length=1, max_length=100)
    as_reviewers: bool = False
    unassign: bool = False


class AddSlot(TaskCommand):
    """Ask one more person."""

    reason: str = Field(default="manual", min_length=1, max_length=1_000)


class TakeBackSlots(TaskCommand):
    """Ask for so many people fewer, as far as nobody fills a slot. Sent by the service that follows rules."""

    slots: int = Field(ge=1, le=MOST_SLOTS)
    reason: str = Field(max_length=1_000)


class SetOverlap(Command):
    """Ask for another number of people on these tasks."""

    project: int
    tasks: list[int] = Field(min_length=1, max_length=MOST_TASKS)
    slots: int = Field(ge=1, le=MOST_SLOTS)
    covered: bool | None = Field(default=None, description="Whether they get the project's overlap; as before if none.")
    cause: str = Field(default="manual", max_length=1_000)


class ReconsiderTasks(Command):
    """Look where these tasks stand by the settings of now. Sent by the service that follows settings."""

    project: int
    tasks: list[int] = Field(min_length=1, max_length=MOST_TASKS)


class DeleteTasks(Command):
    """Take tasks out of the project's work."""

    project: int
    tasks: list[int] = Field(min_length=1, max_length=MOST_TASKS)
    reason: str = Field(default="", max_length=1_000)


class RestoreTasks(Command):
    """Take a deletion of tasks back."""

    project: int
    tasks: list[int] = Field(min_length=1, max_length=MOST_TASKS)


class AssessAgreement(TaskCommand):
    """Judge the answers by the reassignment rule. Sent by the service that watches agreement."""

    evidence: Evidence


class Doubt(BaseModel):
    """A task that waits for the label budget, and what it was measured to be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: int
    evidence: Evidence


class GrantAnswers(Command):
    """Ask for one more answer to each of these tasks, the first ones first, as far as the label budget goes.

    Sent by the service that plans it.
    """

    project: int
    doubts: list[Doubt] = Field(min_length=1, max_length=MOST_TASKS)


class JudgeFeasibility(Command):
    """Say of these tasks whether there is anybody left for their free slots. Sent by the service that watches that."""

    project: int
    tasks: list[int] = Field(min_length=1, max_length=MOST_TASKS)


class KeepForExperts(Command):
    """Keep the slots of these tasks that are for experts for those there are now. Sent by the service that follows
    who they are.
    """

    project: int
    tasks: list[int] = Field(min_length=1, max_length=MOST_TASKS)


class GiveUpWork(Command):
    """Let these tasks wait no longer for somebody who left, annotates no more, is paused, or has done all they may."""

    project: int
    person: int
    tasks: list[int] = Field(min_length=1, max_length=MOST_TASKS)


def _managed(
    scope: Scope, project: int, tasks: list[int], permission: Permission = Permission.CONFIGURE
) -> tuple[Project, list[Task]]:
    """The project and its tasks, warm; a task of another project is not found."""
    managed = scope.project(project, permission)
    scope.states.warm([task_stream(id) for id in tasks])
    found: list[Task] = [scope.states.get(task_stream(id)).state for id in dict.fromkeys(tasks)]
    for task in found:
        if task.project != managed.id:
            raise NotFound(f"There is no task {task.id} in project {managed.id}.")
    return managed, found


def _changed(decided: dict[int, list[TaskEvent]], refused: Sequence[dict[str, Any]] = ()) -> Decision:
    changed = [task for task, events in decided.items() if events]
    appends = [Append(task_stream(task), decided[task]) for task in changed]
    answer = {"tasks": list(decided), "changed": len(changed), "changed_tasks": changed, "refused": list(refused)}
    return Decision(appends, answer)


def _gone(tasks: list[Task]) -> list[dict[str, Any]]:
    return [left_out(task.id, NotFound(f"Task {task.id} was deleted.")) for task in tasks if not task.exists]


@handles(AssignTasks)
def assign_tasks(command: AssignTasks, scope: Scope) -> Decision:
    """Whoever is given something must be a member of the project who may do it; it may be taken from anybody."""
    permission = Permission.ASSIGN_REVIEWERS if command.as_reviewers else Permission.ASSIGN_ANNOTATORS
    project, tasks = _managed(scope, command.project, command.tasks, permission)
    for person in command.people:
        if command.unassign:
            continue
        if person not in project.members:
            raise NotFound(f"Project {project.id} has no member {person}.")
        if not scope.may_annotate(person, project):
            message = f"person {person} only looks at this project"
            raise InvalidInput(f"/people: {message}", faults=[Fault("/people", message)])
    decided_events: dict[int, list[TaskEvent]] = {}
    for task in tasks:
        if not task.exists:
            continue
        state, events = task, []
        for person in command.people:
            following = _assignment(state, person, project, command)
            events += following
            state = fold(state, following)
        decided_events[task.id] = events
    return _changed(decided_events, _gone(tasks))


def _assignment(task: Task, person: int, project: Project, command: AssignTasks) -> list[TaskEvent]:
    if command.as_reviewers:
        decide = distribution.unassign_reviewer if command.unassign else distribution.assign_reviewer
    else:
        decide = distribution.unassign_annotator if command.unassign else distribution.assign_annotator
    return decide(task, person, project.settings)


@handles(AddSlot)
def add_slot(command: AddSlot, scope: Scope) -> Decision:
    """For managers."""
    task, project = scope.task(command.task, Permission.CHANGE_OVERLAP)
    events = reassignment.add_slot(task, command.reason, project.settings)
    return decided(task, events, slots=reassignment.slots_with_one_more(task))


@handles(TakeBackSlots)
def take_back_slots(command: TakeBackSlots, scope: Scope) -> Decision:
    """What is free is told at the moment of deciding, so nobody loses a slot they have just taken."""
    scope.must_be_system()
    task, project = scope.task(command.task, Permission.CONFIGURE)
    return decided(task, distribution.take_back_slots(task, command.slots, command.reason, project.settings, scope.now))


@handles(SetOverlap)
def set_overlap(command: SetOverlap, scope: Scope) -> Decision:
    """For managers, and for the service that carries a changed overlap to every task."""
    project, tasks = _managed(scope, command.project, command.tasks, Permission.CHANGE_OVERLAP)
    decided_events: dict[int, list[TaskEvent]] = {}
    change = 0
    for task in tasks:
        if task.exists:
            covered = task.covered if command.covered is None else command.covered
            change += covered - task.covered
            decided_events[task.id] = distribution.set_overlap(
                task, command.slots, command.cause, project.settings, covered=covered
            )
    decision = _changed(decided_events, _gone(tasks))
    if change == 0:
        return decision
    note = CoverageSet(project=project.id, covered=project.covered + change)
    return Decision([*decision.appends, Append(project_stream(project.id), [note])], decision.answer)


@handles(ReconsiderTasks)
def reconsider_tasks(command: ReconsiderTasks, scope: Scope) -> Decision:
    """What has moved is announced."""
    scope.must_be_system()
    project, tasks = _managed(scope, command.project, command.tasks)
    cause = SettingsChanged.type_name()
    return _changed({task.id: restated(task, cause, project.settings) for task in tasks if task.exists})


@handles(DeleteTasks)
def delete_tasks(command: DeleteTasks, scope: Scope) -> Decision:
    """For managers. History stays."""
    _, tasks = _managed(scope, command.project, command.tasks, Permission.DELETE_TASKS)
    return _changed({task.id: distribution.delete(task, command.reason) for task in tasks if task.exists})


@handles(RestoreTasks)
def restore_tasks(command: RestoreTasks, scope: Scope) -> Decision:
    """For managers."""
    _, tasks = _managed(scope, command.project, command.tasks, Permission.DELETE_TASKS)
    return _changed({task.id: distribution.restore(task) for task in tasks})


@handles(AssessAgreement)
def assess_agreement(command: AssessAgreement, scope: Scope) -> Decision:
    """The task decides; the service only brings what it measured."""
    scope.must_be_system()
    task, project = scope.task(command.task, Permission.CONFIGURE)
    asked = reassignment.whom_to_ask(task, command.evidence, project, scope.now, spent(project, scope.queue.at_limit))
    return decided(task, reassignment.assess(task, command.evidence, asked, project.settings, project.definition))


@handles(GrantAnswers)
def grant_answers(command: GrantAnswers, scope: Scope) -> Decision:
    """Those that the budget does not reach stay with the answers they have. What was answered meanwhile gets none."""
    scope.must_be_system()
    project, tasks = _managed(scope, command.project, [doubt.task for doubt in command.doubts])
    known = {task.id: task for task in tasks}
    left, at_limit = labels_left(project), spent(project, scope.queue.at_limit)
    decided_events: dict[int, list[TaskEvent]] = {}
    granted = 0
    for doubt in command.doubts:
        task = known[doubt.task]
        if not task.exists:
            continue
        if left is not None and granted >= left:
            decided_events[task.id] = reassignment.give_in(task, doubt.evidence, project.settings)
            continue
        asked = reassignment.whom_to_ask(task, doubt.evidence, project, scope.now, at_limit)
        events = reassignment.grant(task, doubt.evidence, asked, project.settings, project.definition)
        granted += any(isinstance(event, SlotAdded) for event in events)
        decided_events[task.id] = events
    decision = _changed(decided_events)
    if not granted:
        return decision
    note = LabelsGranted(project=project.id, count=granted, granted=project.granted + granted)
    return Decision([*decision.appends, Append(project_stream(project.id), [note])], decision.answer)


@handles(JudgeFeasibility)
def judge_feasibility(command: JudgeFeasibility, scope: Scope) -> Decision:
    """The service only names the tasks that may have nobody left; each looks for itself."""
    scope.must_be_system()
    project, tasks = _managed(scope, command.project, command.tasks)
    at_limit = spent(project, scope.queue.at_limit)
    return _changed({task.id: feasibility.judge(task, project, scope.now, at_limit) for task in tasks if task.exists})


@handles(KeepForExperts)
def keep_for_experts(command: KeepForExperts, scope: Scope) -> Decision:
    """The service only names the tasks; who is an expert is told at the moment of deciding."""
    scope.must_be_system()
    project, tasks = _managed(scope, command.project, command.tasks)
    return _changed({task.id: experts.keep(task, project) for task in tasks if task.exists})


@handles(GiveUpWork)
def give_up_work(command: GiveUpWork, scope: Scope) -> Decision:
    """What the person answered stays."""
    scope.must_be_system()
    project, tasks = _managed(scope, command.project, command.tasks)
    person = command.person
    leaves = not scope.may_annotate(person, project)
    away = leaves or (person in project.members and project.is_away(person, scope.now))
    if not away and project.annotates(person) and person not in spent(project, scope.queue.at_limit):
        # They are back, and may hold something again: what is asked late takes nothing from them.
        return _changed({})
    decided_events = {
        task.id: distribution.give_up(task, person, project.settings, leaves=leaves, away=away)
        for task in tasks
        if task.exists
    }
    return _changed(decided_events)
