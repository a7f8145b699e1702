"""What somebody was told of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from annolog.domain.notifications.telling import Reason
from annolog.projections.comments.tables import comment
from annolog.projections.engine.moments import moment
from annolog.projections.notifications.tables import notification

# Annotators are not shown who reviews them.
UNNAMED = frozenset({Reason.RETURNED, Reason.REJECTED})


def projects_of(connection: Connection, person: int) -> list[int]:
    """The projects that somebody was told something about."""
    query = select(notification.c.project).where(notification.c.person == person).distinct()
    return sorted(connection.execute(query).scalars())


def counts_of(connection: Connection, person: int, projects: Collection[int], read_up_to: int) -> dict[str, int]:
    """How many notifications there are in these projects, and how many of them were not read."""
    table = notification.c
    query = select(func.count()).where(table.person == person, table.project.in_(projects))
    unread = query.where(table.position > read_up_to)
    return {
        "total": connection.execute(query).scalar_one(),
        "unread": connection.execute(unread).scalar_one(),
    }


def notifications_of(
    connection: Connection,
    person: int,
    projects: Collection[int],
    read_up_to: int,
    *,
    unread: bool = False,
    before: int | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """The latest first, and so what was not read before what was. Of a comment that was withdrawn no words are left."""
    table = notification.c
    joined = notification.outerjoin(comment, comment.c.comment == table.comment)
    query = select(notification, comment.c.text).select_from(joined)
    query = query.where(table.person == person, table.project.in_(projects))
    if unread:
        query = query.where(table.position > read_up_to)
    if before is not None:
        query = query.where(table.position < before)
    rows = connection.execute(query.order_by(table.position.desc()).limit(limit)).mappings()
    return [_presented(row, read_up_to) for row in rows]


def _presented(row: Mapping[Any, Any], read_up_to: int) -> dict[str, Any]:
    reason = Reason(row["reason"])
    return {
        "position": row["position"],
        "reason": reason.value,
        "project": row["project"],
        "task": row["task"],
        "tasks": row["tasks"],
        "annotation": row["annotation"],
        "comment": row["comment"],
        "firing": row["firing"],
        "by": None if reason in UNNAMED else row["actor"],
        "words": row["words"] if row["comment"] is None else row["text"],
        "at": moment(row["at"]).isoformat(),
        "read": row["position"] <= read_up_to,
    }
