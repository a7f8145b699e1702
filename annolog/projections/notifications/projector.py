"""How events become what people are told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import Table

from annolog.domain.notifications.telling import TELLING, Conversation, Members, Reason, Said, told
from annolog.domain.project.events import MemberAdded, MemberRemoved, MemberRoleChanged, ProjectRole
from annolog.domain.recorded import Recorded
from annolog.domain.task.events import AnnotationReviewed, AnnotatorAssigned, CommentAdded, ReviewerAssigned, Verdict
from annolog.projections.engine.moments import microseconds
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rows import Key, Rows, Values
from annolog.projections.notifications.tables import notification, notification_conversation, notification_members

LEFT = ""


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The project's people, the conversation, and what the same command has told the person already."""
    event: Any = recorded.event
    if isinstance(event, AnnotationReviewed) and event.verdict is not Verdict.REJECTED:
        return
    yield notification_members, (event.project,)
    if isinstance(event, CommentAdded):
        yield notification_conversation, (event.task, event.annotation or 0)
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
        case _:
            conversation = _conversation(rows, event) if isinstance(event, CommentAdded) else Conversation()
            members = _members(rows.find(notification_members, event.project))
            for person, reason in told(event, recorded.person, members, conversation).items():
                _tell(rows, recorded, person, reason)
            if isinstance(event, CommentAdded):
                _remember(rows, event, conversation)


def _is_now(rows: Rows, project: int, person: int, role: str) -> None:
    row = rows.ensure(notification_members, {"project": project, "roles": "{}"})
    roles = orjson.loads(row["roles"]) | {str(person): role}
    row["roles"] = orjson.dumps(roles, option=orjson.OPT_SORT_KEYS).decode()


def _members(row: Values | None) -> Members:
    roles = orjson.loads(row["roles"]) if row else {}
    return Members(
        {int(person): ProjectRole(role) for person, role in roles.items() if role != LEFT},
        frozenset(int(person) for person, role in roles.items() if role == LEFT),
    )


def _conversation(rows: Rows, event: CommentAdded) -> Conversation:
    row = rows.find(notification_conversation, event.task, event.annotation or 0)
    said = orjson.loads(row["said"]) if row else []
    return Conversation([Said(comment, by, root, tuple(names), draft) for comment, by, root, names, draft in said])


def _remember(rows: Rows, event: CommentAdded, conversation: Conversation) -> None:
    place = {"task": event.task, "annotation": event.annotation or 0, "project": event.project, "said": "[]"}
    row = rows.ensure(notification_conversation, place)
    new = [event.comment, event.author, conversation.root_of(event), event.mentions, event.draft]
    row["said"] = orjson.dumps([*orjson.loads(row["said"]), new]).decode()


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
    tables=(notification, notification_members, notification_conversation),
    interests=frozenset({*TELLING, MemberAdded, MemberRemoved, MemberRoleChanged}),
    touches=touches,
    apply=apply,
)
