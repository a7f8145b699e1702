"""Tasks that wait for a judgement, or for somebody to review them."""

from __future__ import annotations

import orjson
from sqlalchemy import Connection, select

from annolog.domain.task.events import TaskState
from annolog.projections.board.tables import board


def full(connection: Connection, project: int) -> list[int]:
    """Unfinished tasks with as many answers and skips as they have room for, by id. Looks at every unfinished task."""
    table = board.c
    query = select(table.task).where(
        table.project == project,
        table.deleted == 0,
        table.state == TaskState.ANNOTATION_IN_PROGRESS.value,
        table.annotation_count + table.skip_count >= table.overlap,
    )
    return [task for (task,) in connection.execute(query.order_by(table.task))]


def reviewed_by(connection: Connection, project: int, person: int) -> list[int]:
    """Tasks that this person is to review, by id. Looks at every task that has a reviewer."""
    table = board.c
    query = select(table.task, table.reviewers).where(
        table.project == project, table.deleted == 0, table.reviewer_count > 0
    )
    return [task for task, people in connection.execute(query.order_by(table.task)) if person in orjson.loads(people)]
