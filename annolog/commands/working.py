"""Asking for work: which task somebody gets next, and keeping or leaving it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from annolog.commands.annotating import (
    TaskCommand,
    decided,
    must_be_open,
    must_be_within_limit,
)
from annolog.commands.command import Append, Command, Decision, handles
from annolog.commands.ports import AssignmentQueue
from annolog.commands.scope import Scope
from annolog.domain.access.data_fields import concealed_from
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import IdKind, project_stream, task_stream
from annolog.domain.project import members
from annolog.domain.project.evaluation import is_evaluated_next
from annolog.domain.project.settings import Distribution
from annolog.domain.project.state import Project
from annolog.domain.refusals import AlreadyAnnotated, NotAssigned, NotFound, NoWork, SlotTaken
from annolog.domain.task import distribution, preferences
from annolog.domain.task.candidates import Candidate, Lane
from annolog.domain.task.events import ReleaseReason, TaskReserved
from annolog.domain.task.evidence import ReservationReason
from annolog.domain.task.ground_truth import serves_as_evaluation
from annolog.domain.task.no_work import NoWorkReason, why_no_work
from annolog.domain.task.reviewing import why_returned
from annolog.domain.task.state import Task

# How many tasks that turn out to be taken are passed over before the answer is that there is no work.
MOST_CANDIDATES = 1_000
# In these a task that is full is so for everybody.
COMMON = frozenset({Lane.STARTED, Lane.FRESH})


class RequestWork(Command):
    """Give me a task of this project and keep its slot for me."""

    project: int


class ReserveTask(TaskCommand):
    """Give me this very task and keep its slot for me."""


class ExtendReservation(TaskCommand):
    """I am still at work."""


class ReleaseTask(TaskCommand):
    """I leave the task to others."""


class ReleaseLapsed(Command):
    """End reservations that have run out, in the order of their time, and pauses and preferences whose time is over."""

    remembered = False

    limit: int = 500


@dataclass(frozen=True, slots=True)
class Offer:
    """A task that may be handed out, and whether it needs a slot."""

    candidate: Candidate
    beyond_slots: bool = False


@handles(RequestWork)
def request_work(command: RequestWork, scope: Scope) -> Decision:
    """Returned work first, then what one holds already, then what is assigned, ground truth, the queue, own skips."""
    project = scope.project(command.project, Permission.ANNOTATE)
    person = scope.person.id
    for candidate in scope.queue.returned(project.id, person):
        task = _task(scope, candidate.task)
        if distribution.is_returned_to(task, person):
            must_be_open(project, scope, new_work=False)
            return _handed_out(task, scope, returned=True)
    must_be_open(project, scope, new_work=True)
    for held in scope.in_hand(project.id):
        return _handed_out(held, scope)
    must_be_within_limit(project, scope)
    passed: list[int] = []
    for offer in offers(project, person, scope.queue, scope.now, scope.submitted(project.id)):
        common = offer.candidate.lane in COMMON
        if common and offer.candidate.task in scope.meanwhile.filled:
            passed.append(offer.candidate.task)
            continue
        task = _task(scope, offer.candidate.task)
        try:
            events = distribution.reserve(
                task,
                person,
                scope.id(IdKind.LEASE),
                scope.now,
                _why(offer.candidate, project),
                project.settings,
                beyond_slots=offer.beyond_slots,
            )
        except (SlotTaken, AlreadyAnnotated, NotAssigned, NotFound) as refusal:
            passed.append(task.id)
            if common and isinstance(refusal, SlotTaken):
                scope.meanwhile.filled.add(task.id)
            continue
        reserved = next(event for event in events if isinstance(event, TaskReserved))
        answer = _answer(task, scope, reserved.lease, reserved.expires_at.isoformat(), offer.candidate.lane)
        return Decision([Append(task_stream(task.id), events)], answer)
    raise _refused(project, scope, [_task(scope, id) for id in passed])


def _task(scope: Scope, id: int) -> Task:
    found: Task = scope.states.get(task_stream(id)).state
    return found


def offers(project: Project, person: int, queue: AssignmentQueue, now: datetime, answered: int) -> Iterator[Offer]:
    """What may be handed to somebody who is to have new work, the first that their task lets them have.

    `answered` is how many annotations they have in the project.
    """
    settings = project.settings
    yield from map(Offer, queue.assigned(project.id, person))
    if settings.assignment.distribution is Distribution.AUTOMATIC:
        onboarding = settings.evaluates and queue.evaluated(project.id, person) < settings.evaluation.onboarding_tasks
        if onboarding or is_evaluated_next(settings, project.id, person, answered):
            yield from (Offer(candidate, beyond_slots=True) for candidate in queue.ground_truth(project.id, person))
        yield from map(Offer, queue.wanted(project.id, person))
        if settings.evaluates and settings.evaluation.continuous_every is not None:
            # Tests come when they are drawn, and what nobody has drawn comes when nothing else is left.
            yield from map(Offer, _first(queue.open(project, person, tests=False)))
        yield from map(Offer, _first(queue.open(project, person)))
        # Leases that ran out since the sweeper last looked: nobody should be told that there is no work for that.
        yield from map(Offer, queue.overdue(project.id, now))
    yield from map(Offer, queue.skipped(project.id, person))


def _first(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    for passed, candidate in enumerate(candidates):
        if passed == MOST_CANDIDATES:
            return
        yield candidate


def _why(candidate: Candidate, project: Project) -> ReservationReason:
    rules = project.settings.assignment
    return ReservationReason(
        policy=rules.sampling.value if candidate.lane is Lane.FRESH else candidate.lane.value,
        lane=candidate.lane.value,
        rank=candidate.rank,
        seed=rules.seed,
        score=candidate.score,
        settings_version=project.settings_version,
    )


def _handed_out(task: Task, scope: Scope, *, returned: bool = False) -> Decision:
    person = scope.person.id
    lease = task.leases.get(person)
    expires_at = lease.expires_at.isoformat() if lease else None
    lane = Lane.RETURNED if returned else Lane.HELD
    answer = _answer(task, scope, lease.id if lease else None, expires_at, lane)
    annotation = task.annotation_of(person)
    if annotation is not None:
        answer |= {"annotation": annotation.id, "revision": annotation.revision}
        if returned:
            answer["returned"] = why_returned(task, annotation)
    return Decision(answer=answer)


def _answer(task: Task, scope: Scope, lease: int | None, expires_at: str | None, lane: Lane) -> dict[str, Any]:
    project: Project = scope.states.get(project_stream(task.project)).state
    return {
        "task": task.id,
        "project": project.id,
        "data": concealed_from(scope.person, project, at_work=True).data(dict(task.data)),
        "lease": lease,
        "expires_at": expires_at,
        "lane": lane.shown.value,
        "config_version": project.config_version,
        "allow_skip": task.allow_skip and project.settings.assignment.skipping,
    }


def no_work(
    project: Project, queue: AssignmentQueue, now: datetime, passed: Sequence[Task] = ()
) -> tuple[NoWorkReason, datetime | None]:
    """Why somebody who may work was offered nothing, and when to ask again, if that is known.

    `passed` are the tasks that the queue had open and that others of the same commit took a moment before.
    """
    taken = [lease.expires_at for task in passed for lease in task.leases.values() if lease.expires_at > now]
    ends = min([*taken, *filter(None, [queue.next_expiry(project.id, now)])], default=None)
    kept, opens = queue.kept_until(project.id)
    reason = why_no_work(
        project,
        any_tasks=next(iter(queue.tasks(project.id, 0, 1)), None) is not None,
        any_open=not taken and queue.is_open(project.id),
        any_kept=kept,
        next_expiry=ends,
    )
    return reason, {NoWorkReason.HELD: ends, NoWorkReason.KEPT: opens}.get(reason)


def _refused(project: Project, scope: Scope, passed: Sequence[Task]) -> NoWork:
    """The reason in words, and as facts by which a program knows when to ask again."""
    reason, ends = no_work(project, scope.queue, scope.now, passed)
    facts = {"reason": reason.value} | ({"next_expiry": ends.isoformat()} if ends else {})
    return NoWork(reason.words, facts=facts)


@handles(ReserveTask)
def reserve_task(command: ReserveTask, scope: Scope) -> Decision:
    """For who picks from a list instead of taking what comes."""
    task, project = scope.task(command.task, Permission.ANNOTATE)
    must_be_open(project, scope, new_work=True)
    must_be_within_limit(project, scope, task)
    person = scope.person.id
    why = ReservationReason(policy=Lane.PICKED.value, lane=Lane.PICKED.value, settings_version=project.settings_version)
    events = distribution.reserve(
        task,
        person,
        scope.id(IdKind.LEASE),
        scope.now,
        why,
        project.settings,
        beyond_slots=serves_as_evaluation(task, project.settings),
    )
    reserved = [event for event in events if isinstance(event, TaskReserved)]
    if not reserved:
        return _handed_out(task, scope)
    answer = _answer(task, scope, reserved[0].lease, reserved[0].expires_at.isoformat(), Lane.PICKED)
    return Decision([Append(task_stream(task.id), events)], answer)


@handles(ExtendReservation)
def extend_reservation(command: ExtendReservation, scope: Scope) -> Decision:
    """Sent by annotation pages while somebody works."""
    task, project = scope.task(command.task, Permission.ANNOTATE)
    must_be_open(project, scope, new_work=False)
    extended = distribution.extend(task, scope.person.id, scope.now, project.settings)
    return decided(task, [extended], expires_at=extended.expires_at.isoformat())


@handles(ReleaseTask)
def release_task(command: ReleaseTask, scope: Scope) -> Decision:
    """The task may come back to the same person later."""
    task, _ = scope.task(command.task, Permission.ANNOTATE)
    return decided(task, distribution.release(task, scope.person.id, ReleaseReason.LEFT))


@handles(ReleaseLapsed)
def release_lapsed(command: ReleaseLapsed, scope: Scope) -> Decision:
    """Sent by the sweeper. A reservation that was extended meanwhile is left alone."""
    scope.must_be_system()
    appends: list[Append] = []
    lapsed = [*scope.queue.lapsed(scope.now, command.limit), *scope.queue.lapsed_preferences(scope.now, command.limit)]
    released = 0
    for id in dict.fromkeys(lapsed):
        task = _task(scope, id)
        expired = distribution.expired(task, scope.now)
        released += len(expired)
        appends.append(Append(task_stream(id), [*expired, *preferences.lapsed(task, scope.now)]))
    resumed = 0
    for id in scope.queue.lapsed_pauses(scope.now, command.limit):
        project: Project = scope.states.get(project_stream(id)).state
        ended = members.end_lapsed_pauses(project, scope.now)
        appends.append(Append(project_stream(id), ended))
        resumed += len(ended)
    return Decision(appends, {"released": released, "resumed": resumed})
