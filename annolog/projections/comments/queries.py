"""What was said in a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, or_, select

from annolog.projections.comments.tables import comment, comment_mention
from annolog.projections.engine.moments import moment
from annolog.projections.reviewers.queries import hidden

MOMENTS = ("created_at", "edited_at", "resolved_at")
COLUMNS = (
    "comment",
    "project",
    "task",
    "annotation",
    "annotator",
    "draft",
    "region",
    "parent",
    "author",
    "text",
    "classification",
    "mentions",
    "resolved",
    "resolved_by",
    "resolved_at",
    "created_at",
    "edited_at",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which comments; None is any. `seen_by` is an annotator, who does not see all of them.

    `unseen_by` may have to judge some work a second time, and does not see what reviewers said of it before.
    """

    task: int | None = None
    annotation: int | None = None
    author: int | None = None
    resolved: bool | None = None
    mentioned: int | None = None
    classification: str | None = None
    seen_by: int | None = None
    unseen_by: int | None = None


def comments_of(
    connection: Connection, project: int, wanted: Wanted, after: int = 0, limit: int = 100
) -> list[dict[str, Any]]:
    """Comments of a project by their id, which is the order in which they were made. An answer is as resolved as its
    thread.
    """
    table = comment.c
    root = comment.alias("root")
    # Of a thread whose beginning was withdrawn nothing is left to be done.
    resolved = select(root.c.resolved).where(root.c.comment == table.root).scalar_subquery()
    query = select(comment, resolved.label("thread_resolved"))
    query = query.where(table.project == project, table.comment > after, *_conditions(wanted, resolved))
    rows = connection.execute(query.order_by(table.comment).limit(limit)).mappings()
    return [_presented(row) for row in rows]


def _conditions(wanted: Wanted, resolved: Any) -> list[ColumnElement[bool]]:
    table = comment.c
    exact = ("task", "annotation", "author", "classification")
    found = [table[name] == value for name in exact if (value := getattr(wanted, name)) is not None]
    if wanted.resolved is not None:
        done = or_(resolved.is_(True), resolved.is_(None))
        found.append(done if wanted.resolved else resolved.is_(False))
    if wanted.mentioned is not None:
        found.append(table.comment.in_(_mentioning(wanted.mentioned)))
    if wanted.seen_by is not None:
        found.append(_seen_by(wanted.seen_by))
    if wanted.unseen_by is not None:
        own = or_(table.author == wanted.unseen_by, table.annotator == wanted.unseen_by)
        found.append(or_(own, ~hidden(table.task, wanted.unseen_by)))
    return found


def _mentioning(person: int) -> Any:
    return select(comment_mention.c.comment).where(comment_mention.c.person == person)


def _seen_by(person: int) -> ColumnElement[bool]:
    """What is about the person's own work, and the threads that they wrote or are mentioned in."""
    other = comment.alias("other")
    drawn_in = select(other.c.root).where(
        or_(other.c.author == person, other.c.comment.in_(_mentioning(person))),
        other.c.project == comment.c.project,
    )
    return or_(comment.c.annotator == person, comment.c.root.in_(drawn_in))


def _presented(row: Mapping[Any, Any]) -> dict[str, Any]:
    times = {name: None if row[name] is None else moment(row[name]).isoformat() for name in MOMENTS}
    found = {
        **row,
        **times,
        "parent": None if row["root"] == row["comment"] else row["root"],
        "mentions": orjson.loads(row["mentions"]),
        "draft": bool(row["draft"]),
        "resolved": row["thread_resolved"] is None or bool(row["thread_resolved"]),
    }
    return {name: found[name] for name in COLUMNS}
