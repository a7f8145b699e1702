"""What lies before somebody: their part of one task, and all that waits for them in their projects."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from annolog.commands.ports import Draft
from annolog.commands.review_stream import to_judge
from annolog.commands.working import offers
from annolog.domain.access.data_fields import concealed_from, concealed_of
from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import is_archived, may, waits_for_publication, works_at_any_time
from annolog.domain.people.state import Person
from annolog.domain.project.data_fields import Concealment
from annolog.domain.project.limits import limit_of, spent
from annolog.domain.project.state import Project
from annolog.domain.task.distribution import is_returned_to
from annolog.domain.task.reviewing import why_returned
from annolog.domain.task.state import Task
from annolog.domain.task.why import what_binds
from annolog.infra.composition import Installation
from annolog.projections.assignment_queue.queries import Frontiers, SqlAssignmentQueue
from annolog.projections.review_queue.queries import SqlReviewQueue

MOST_IN_A_LIST = 100
MOST_LETTERS = 160


def part_of(installation: Installation, task: Task, project: Project, person: Person, seen: dict[str, Any]) -> Any:
    """A person's part of a task: what it takes to begin the work, or to go on with it. `seen` is its page as they see
    it.
    """
    now = installation.clock()
    rules, lease = project.settings.assignment, task.leases.get(person.id)
    held = lease if lease is not None and lease.expires_at > now else None
    own, draft = task.annotation_of(person.id), installation.log.draft(task.id, person.id)
    found = [one for one in seen["annotations"] if own is not None and one["id"] == own.id]
    returned = why_returned(task, own) if own is not None and is_returned_to(task, person.id) else None
    return {
        "task": task.id,
        "project": project.id,
        "data": seen["data"],
        "config_version": project.config_version,
        "reservation": {"lease": held.id, "expires_at": held.expires_at.isoformat()} if held else None,
        "allow_skip": task.allow_skip and rules.skipping and not task.has_touched(person.id),
        "comment_on_skip": rules.comment_on_skip,
        "annotation": found[0] | {"returned": returned} if found else None,
        "draft": shown_draft(draft, concealed_of(task, person, project, now)) if draft else None,
        "predictions": seen["predictions"],
        "comments": seen["comments"],
        "deleted": task.deleted,
    }


def shown_draft(draft: Draft, concealed: Concealment) -> dict[str, Any]:
    """A draft as its author sees it."""
    return {
        "result": concealed.quoting(draft.result),
        "lead_time": draft.lead_time,
        "reason": draft.reason,
        "saved_at": draft.saved_at.isoformat() if draft.saved_at else None,
    }


def work_of(installation: Installation, person: Person, projects: Iterable[int]) -> dict[str, Any]:
    """All that waits for somebody in these projects: returned work with what was said of it, what is assigned to them
    or in their hands, drafts, and how each project stands to them.
    """
    found = [installation.states.project(id) for id in projects]
    open_to_them = [one for one in found if _works_in(person, one) and not is_archived(person, one)]
    with installation.log_reader.connect() as connection:
        queue, reviews = SqlAssignmentQueue(connection, Frontiers()), SqlReviewQueue(connection)
        rows = [_of_project(installation, one, person, queue, reviews) for one in open_to_them]
    drafts = installation.log.drafts_of(person.id, MOST_IN_A_LIST)
    there = {row["project"]: row for row in rows}
    return {
        "person": person.id,
        "returned": [one for row in rows for one in row.pop("returned_work")],
        "assigned": [one for row in rows for one in row.pop("assigned_work")],
        "drafts": [_draft(installation, draft, person) for draft in drafts if draft.project in there],
        "projects": rows,
    }


def awaits_verdict(installation: Installation, project: Project, person: Person) -> bool:
    """Whether there is something in the project that this person would be given to review."""
    with installation.log_reader.connect() as connection:
        return _to_review(installation, project, person, SqlReviewQueue(connection))


def _to_review(installation: Installation, project: Project, person: Person, reviews: SqlReviewQueue) -> bool:
    if not may(Permission.REVIEW, person, project):
        return False
    found = to_judge(project, person, reviews, installation.states.task, installation.clock())
    return next(found, None) is not None


def _works_in(person: Person, project: Project) -> bool:
    return may(Permission.ANNOTATE, person, project) or may(Permission.REVIEW, person, project)


def _of_project(
    installation: Installation, project: Project, person: Person, queue: SqlAssignmentQueue, reviews: SqlReviewQueue
) -> Any:
    now, id = installation.clock(), project.id
    member = project.members.get(person.id)
    waiting = [one.task for one in islice(queue.returned(id, person.id), MOST_IN_A_LIST)]
    assigned = [one.task for one in islice(queue.assigned(id, person.id), MOST_IN_A_LIST)]
    held = list(queue.leased(id, person.id, now))
    submitted = queue.submitted(id, person.id)
    free = works_at_any_time(person, project)
    bound = None if free else what_binds(project, person.id, now, spent(project, queue.at_limit))
    is_open = not waits_for_publication(person, project)
    works = is_open and may(Permission.ANNOTATE, person, project)
    new = offers(project, person.id, queue, now, submitted) if works and bound is None else iter(())
    return {
        "project": id,
        "title": project.title,
        "role": member.role.value if member else None,
        "published": project.published,
        "returned": len(waiting),
        "assigned": len(assigned),
        "held": len(held),
        "submitted": submitted,
        "limit": limit_of(project),
        "bound": {"reason": bound.reason.value, "words": bound.words} if bound else None,
        "has_work": works and bool(waiting or held or next(new, None)),
        "to_review": is_open and _to_review(installation, project, person, reviews),
        "returned_work": [row for task in waiting if (row := _returned(installation, project, task, person))],
        "assigned_work": [_brief(installation.states.task(task), project, person) for task in assigned],
    }


def _returned(installation: Installation, project: Project, id: int, person: Person) -> dict[str, Any] | None:
    task = installation.states.task(id)
    annotation = task.annotation_of(person.id)
    if annotation is None or not is_returned_to(task, person.id):
        return None
    why = why_returned(task, annotation)
    return _brief(task, project, person) | {"annotation": annotation.id, "returned": why}


def _brief(task: Task, project: Project, person: Person) -> dict[str, Any]:
    """A task in a list: which, and its first words, as far as they may be seen by who works on it."""
    data = concealed_from(person, project, at_work=True).data(dict(task.data))
    words = next((value for value in data.values() if isinstance(value, str) and _is_said(value)), "")
    return {"task": task.id, "project": project.id, "words": words[:MOST_LETTERS]}


def _is_said(value: str) -> bool:
    """Whether it says something to people, as an image that is written out in letters does not."""
    return bool(value.strip()) and not value.startswith("data:")


def _draft(installation: Installation, draft: Draft, person: Person) -> dict[str, Any]:
    task, project = installation.states.task(draft.task), installation.states.project(draft.project)
    at = draft.saved_at.isoformat() if draft.saved_at else None
    answered = task.annotation_of(person.id) is not None
    return _brief(task, project, person) | {"reason": draft.reason, "saved_at": at, "answered": answered}
