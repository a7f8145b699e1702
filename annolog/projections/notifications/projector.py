"""How events become what people are told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import Table

from annolog.domain.notifications.telling import (
    TELLING,
    Conversations,
    Members,
    Reason,
    Thread,
    thread_of,
    told,
)
from annolog.domain.project.events import MemberAdded, MemberRemoved, MemberRoleChanged, ProjectRole
from annolog.domain.recorded import Recorded
from annolog.domain.task.comment_events import CommentAdded
from annolog.domain.task.events import AnnotationReviewed, AnnotatorAssigned, ReviewerAssigned, Verdict
from annolog.projections.engine.moments import microseconds
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rows import Key, Rows, Values
from annolog.projections.notifications.tables import (
    notification,
    notification_conversation,
    notification_members,
    notification_thread,
)

LEFT = ""


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The project's people, the conversation, and what the same command has told the person already."""
    event: Any = recorded.event
    if isinstance(event, AnnotationReviewed) and event.verdict is not Verdict.REJECTED:
        return
    yield notification_members, (event.project,)
    if isinstance(event, CommentAdded):
        yield notification_conversation, (event.task, event.annotation or 0)
        if event.parent is not None:
            yield notification_thread, (event.parent,)
    elif isinstance(event, AnnotatorAssigned | ReviewerAssigned):
        yield notification, (event.person, _cause(recorded))


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event: who belongs to the project, or whom it is told to."""
    event: Any = recorded.event
    match event:
        case MemberAdded(person=person, role=role) | MemberRoleChanged(person=person, new=role):
            _is_now(rows, event.project, person, role.value)
        case MemberRemoved(person=person):
            _is_now(rows, event.project, person, LEFT)
        case AnnotationReviewed(verdict=Verdict.ACCEPTED | Verdict.FIXED):
            return
        case CommentAdded():
            _said(rows, recorded, event)
        case _:
            for person, reason in told(event, recorded.person, _members(rows, event.project)).items():
                _tell(rows, recorded, person, reason)


def _is_now(rows: Rows, project: int, person: int, role: str) -> None:
    row = rows.ensure(notification_members, {"project": project, "roles": "{}"})
    roles = orjson.loads(row["roles"]) | {str(person): role}
    row["roles"] = orjson.dumps(roles, option=orjson.OPT_SORT_KEYS).decode()


def _members(rows: Rows, project: int) -> Members:
    row = rows.find(notification_members, project)
    roles = orjson.loads(row["roles"]) if row else {}
    return Members(
        {int(person): ProjectRole(role) for person, role in roles.items() if role != LEFT},
        frozenset(int(person) for person, role in roles.items() if role == LEFT),
    )


def _said(rows: Rows, recorded: Recorded, event: CommentAdded) -> None:
    answered = _thread(rows.find(notification_thread, event.parent)) if event.parent is not None else None
    place = {"task": event.task, "annotation": event.annotation or 0, "project": event.project, "authors": "{}"}
    row = rows.ensure(notification_conversation, place)
    conversations = Conversations({name: tuple(people) for name, people in orjson.loads(row["authors"]).items()})
    authors = conversations.about_the_same(event, answered)
    members = _members(rows, event.project)
    for person, reason in told(event, recorded.person, members, authors, answered).items():
        _tell(rows, recorded, person, reason)
    row["authors"] = orjson.dumps(dict(conversations.with_(event, answered).authors)).decode()
    thread = thread_of(event, answered)
    if event.parent is not None:
        # In events of the first shape answers answer answers, so an answer has a row as well; what that knows of the
        # thread is how it was when the answer was written, and who answered it.
        _remember(rows, event, event.parent, thread)
    _remember(rows, event, event.comment, thread)


def _remember(rows: Rows, event: CommentAdded, comment: int, thread: Thread) -> None:
    people = orjson.dumps(thread.people).decode()
    row = {"comment": comment, "project": event.project, "root": thread.root, "beginner": thread.beginner}
    rows.put(notification_thread, row | {"people": people})


def _thread(row: Values | None) -> Thread | None:
    return Thread(row["root"], row["beginner"], tuple(orjson.loads(row["people"]))) if row else None


def _cause(recorded: Recorded) -> str:
    """What makes one notification: an event, save that what somebody is assigned by one command is told once."""
    if isinstance(recorded.event, AnnotatorAssigned | ReviewerAssigned):
        return f"{recorded.type} {recorded.command_id} {recorded.project}"
    return str(recorded.position)


def _tell(rows: Rows, recorded: Recorded, person: int, reason: Reason) -> None:
    event = recorded.event
    cause = _cause(recorded)
    known = rows.change(notification, person, cause)
    if known is not None:
        known["tasks"] += 1
        return
    task = getattr(event, "task", None)
    words = next((getattr(event, name) for name in ("words", "reason") if hasattr(event, name)), "")
    if isinstance(event, AnnotationReviewed):
        words = event.comment
    rows.put(
        notification,
        {
            "person": person,
            "cause": cause,
            "position": recorded.position,
            "project": recorded.project,
            "reason": reason.value,
            "task": task,
            "tasks": 0 if task is None else 1,
            "annotation": getattr(event, "annotation", None),
            "comment": event.comment if isinstance(event, CommentAdded) else None,
            "firing": getattr(event, "firing", None),
            "actor": recorded.person,
            "words": words,
            "at": microseconds(recorded.recorded_at),
        },
    )


notifications = Projector(
    name="notifications",
    version=1,
    tables=(notification, notification_members, notification_conversation, notification_thread),
    interests=frozenset({*TELLING, MemberAdded, MemberRemoved, MemberRoleChanged}),
    touches=touches,
    apply=apply,
)
