"""In which state tasks and projects were when and why, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select

from annolog.projections.engine.moments import moment
from annolog.projections.reviewers.queries import hidden
from annolog.projections.stages.tables import stage_change, stage_project_change, stage_return, stage_task

RETURN_COLUMNS = (
    "review",
    "task",
    "annotation",
    "annotator",
    "reviewer",
    "number",
    "revision",
    "comment",
    "region",
    "status",
    "at",
    "answered_revision",
    "answered_at",
    "position",
)


@dataclass(frozen=True, slots=True)
class Changes:
    """Which changes of state; None is any. Moments are microseconds since 1970: `since` belongs to it, `until` not."""

    since: int | None = None
    until: int | None = None
    state: str | None = None
    previous: str | None = None
    transition: str | None = None
    cause: str | None = None
    by: int | None = None
    after: int = 0
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Returns:
    """Which returned work; None is any. Moments are those of the return, as in `Changes`.

    `unseen_by` may have to judge some work a second time, and does not see what was said of it.
    """

    annotator: int | None = None
    reviewer: int | None = None
    task: int | None = None
    status: str | None = None
    since: int | None = None
    until: int | None = None
    after: int = 0
    limit: int = 100
    unseen_by: int | None = None


def task_changes(connection: Connection, task: int, wanted: Changes) -> list[dict[str, Any]]:
    """The changes of a task's state, the oldest first, beginning with its import."""
    return _changes(connection, stage_change, stage_change.c.task == task, wanted)


def project_changes(connection: Connection, project: int, wanted: Changes) -> list[dict[str, Any]]:
    """The changes of a project's state, the oldest first, beginning with its creation."""
    return _changes(connection, stage_project_change, stage_project_change.c.project == project, wanted)


def _changes(connection: Connection, table: Table, whose: ColumnElement[bool], wanted: Changes) -> list[dict[str, Any]]:
    exact = ("state", "previous", "transition", "cause", "by")
    found = [table.c[name] == value for name in exact if (value := getattr(wanted, name)) is not None]
    query = select(table).where(whose, table.c.position > wanted.after, *found, *_between(table, wanted))
    rows = connection.execute(query.order_by(table.c.position).limit(wanted.limit)).mappings()
    return [_presented(row) for row in rows]


def _between(table: Table, wanted: Changes | Returns) -> list[ColumnElement[bool]]:
    found = []
    if wanted.since is not None:
        found.append(table.c.at >= wanted.since)
    if wanted.until is not None:
        found.append(table.c.at < wanted.until)
    return found


def _presented(row: Mapping[Any, Any]) -> dict[str, Any]:
    """`previous_microseconds` is how long the state before it had lasted."""
    before = row["previous_since"]
    return {
        "position": row["position"],
        "task": row["task"],
        "state": row["state"],
        "previous": row["previous"],
        "previous_microseconds": None if before is None else row["since"] - before,
        "transition": row["transition"],
        "reason": row["reason"],
        "cause": row["cause"],
        "cause_position": row["cause_position"],
        "triggered_by": row["by"],
        "at": moment(row["at"]).isoformat(),
    }


def returned_work(connection: Connection, project: int, wanted: Returns) -> list[dict[str, Any]]:
    """What reviewers sent back, the oldest first. Of a task that was deleted nothing waits."""
    table = stage_return.c
    exact = ("annotator", "reviewer", "task", "status")
    found = [table[name] == value for name in exact if (value := getattr(wanted, name)) is not None]
    query = select(stage_return, stage_task.c.deleted).join(stage_task, stage_task.c.task == table.task)
    query = query.where(table.project == project, table.position > wanted.after, *found)
    if wanted.unseen_by is not None:
        query = query.where(~hidden(table.task, wanted.unseen_by))
    if wanted.status == "waiting":
        query = query.where(stage_task.c.deleted == 0)
    query = query.where(*_between(stage_return, wanted)).order_by(table.position).limit(wanted.limit)
    return [_returned(row) for row in connection.execute(query).mappings()]


def _returned(row: Mapping[Any, Any]) -> dict[str, Any]:
    answered = row["answered_at"]
    found = {
        **row,
        "at": moment(row["at"]).isoformat(),
        "answered_at": None if answered is None else moment(answered).isoformat(),
        "status": "closed" if row["deleted"] and row["status"] == "waiting" else row["status"],
    }
    return {name: found[name] for name in RETURN_COLUMNS}
