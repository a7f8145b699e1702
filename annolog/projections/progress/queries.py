"""How far a project is, and what was done on which day."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from annolog.domain.project.lifecycle import project_state
from annolog.domain.task.events import TaskState
from annolog.projections.engine.moments import MICROSECONDS, moment
from annolog.projections.progress.tables import progress_day, progress_project, progress_task

STATES = [state.value for state in TaskState]


def project_progress(connection: Connection, project: int) -> dict[str, Any] | None:
    """Counts of tasks by state and of work done, and the project's state. None for a project not seen yet."""
    row = connection.execute(select(progress_project).where(progress_project.c.project == project)).mappings().first()
    return presented(dict(row)) if row else None


def project_ids(connection: Connection) -> list[int]:
    """Every project, by id."""
    return list(connection.execute(select(progress_project.c.project).order_by(progress_project.c.project)).scalars())


def flagged(connection: Connection, project: int, flag: str) -> list[int]:
    """The tasks of a project that carry a flag, by id."""
    query = select(progress_task.c.task).where(
        progress_task.c.project == project, progress_task.c.flag == flag, progress_task.c.deleted == 0
    )
    return [task for (task,) in connection.execute(query.order_by(progress_task.c.task))]


def days(connection: Connection, project: int) -> list[dict[str, Any]]:
    """What was done on each UTC day, the first day first; times in seconds."""
    query = select(progress_day).where(progress_day.c.project == project).order_by(progress_day.c.day)
    times = ("lead_time", "active_time", "review_time", "review_active_time")
    rows = connection.execute(query).mappings()
    return [{**row, **{name: row[name] / MICROSECONDS for name in times}} for row in rows]


def presented(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the progress of projects as it is shown."""
    states = {state: row.pop(state) for state in STATES}
    tasks = row["tasks"]
    return {
        **row,
        "created_at": moment(row["created_at"]).isoformat(),
        "published": bool(row["published"]),
        "configured": bool(row["configured"]),
        "tasks_by_state": states,
        "completed_share": states[TaskState.COMPLETED] / tasks if tasks else None,
        "state": _state(row, states),
    }


def _state(row: dict[str, Any], states: dict[str, int]) -> str:
    tasks = {TaskState(state): count for state, count in states.items()}
    return project_state(tasks, published=bool(row["published"]), configured=bool(row["configured"])).value
