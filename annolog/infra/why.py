"""Why: what the API and the command line answer about a task, and about a person."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime
from itertools import chain
from typing import Any

from annolog.commands.working import no_work, offers
from annolog.domain.ids import task_stream
from annolog.domain.project.limits import limit_of, spent
from annolog.domain.project.state import Project
from annolog.domain.refusals import NotFound
from annolog.domain.task.candidates import Candidate
from annolog.domain.task.why import Considered, considered, what_binds
from annolog.infra.composition import Installation
from annolog.projections.assignment_queue.queries import Frontiers, SqlAssignmentQueue
from annolog.projections.task_page.decisions import decisions


def why_task(installation: Installation, task: int) -> dict[str, Any]:
    """Who could be given the task and who could not, and why; and every decision about it that was made so far."""
    found = installation.states.task(task)
    if found.project == 0:
        raise NotFound(f"There is no task {task}.")
    project = installation.states.project(found.project)
    now = installation.clock()
    history = installation.log.streams([task_stream(task)])[task_stream(task)]
    return {
        "task": task,
        "project": project.id,
        "state": found.state.value,
        "resolution": found.resolution.value,
        "slots": found.slots,
        "additional": found.additional,
        "people": [_shown(one) for one in considered(found, project, now, _spent(installation, project))],
        "decisions": decisions(history),
    }


def why_person(installation: Installation, project: int, person: int) -> dict[str, Any]:
    """What somebody holds and why they were given it; what would come next, or why nothing would; what binds them."""
    found = installation.states.project(project)
    if person not in found.members:
        raise NotFound(f"Project {project} has no member {person}.")
    now = installation.clock()
    bound = what_binds(found, person, now, _spent(installation, found))
    with installation.log_reader.connect() as connection:
        queue = SqlAssignmentQueue(connection, Frontiers())
        held = list(queue.leased(project, person, now))
        submitted = queue.submitted(project, person)
        waiting = iter(queue.returned(project, person))
        new = (offer.candidate for offer in offers(found, person, queue, now, submitted)) if bound is None else iter(())
        following = next(chain(waiting, new), None)
        nothing = None if bound or held or following else _nothing(found, queue, now)
    return {
        "project": project,
        "person": person,
        "role": found.members[person].role.value,
        "submitted": submitted,
        "limit": limit_of(found),
        "bound": _shown(bound) if bound else None,
        "holds": [_held(installation, task, person) for task in held],
        "next": _next(following),
        "no_work": nothing,
    }


def _nothing(project: Project, queue: SqlAssignmentQueue, now: datetime) -> dict[str, Any]:
    reason, ends = no_work(project, queue, now)
    return {"reason": reason.value, "words": reason.words, "next_expiry": ends.isoformat() if ends else None}


def _next(candidate: Candidate | None) -> dict[str, Any] | None:
    if candidate is None:
        return None
    return {
        "task": candidate.task,
        "lane": candidate.lane.value,
        "rank": candidate.rank,
        "score": candidate.score,
    }


def _held(installation: Installation, task: int, person: int) -> dict[str, Any]:
    """The reservation as it was decided."""
    history = installation.log.streams([task_stream(task)])[task_stream(task)]
    made = [found for found in decisions(history) if found["type"] == "TaskReserved" and found["person"] == person]
    return {"task": task, **made[-1]} if made else {"task": task}


def _spent(installation: Installation, project: Project) -> Set[int]:
    with installation.log_reader.connect() as connection:
        return spent(project, SqlAssignmentQueue(connection, Frontiers()).at_limit)


def _shown(one: Considered) -> dict[str, Any]:
    until = one.until.isoformat() if one.until else None
    return {"person": one.person, "reason": one.reason.value, "words": one.words, "until": until}
