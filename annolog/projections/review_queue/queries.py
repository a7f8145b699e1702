"""Which task a reviewer might look at next, by indexes in the orders there are.

What is assigned to others is passed over row by row: the cost grows with how much of that comes first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from annolog.domain.project.settings import ReviewOrder, ReviewSettings
from annolog.domain.task.kinds import ReviewStage
from annolog.projections.engine.moments import microseconds
from annolog.projections.engine.statements import Row, execute
from annolog.projections.review_queue.projector import TO_REVIEW, UNFINISHED

# How many tasks are looked at together; most requests take the first.
PAGE = 8
COLUMNS = {
    ReviewOrder.TASK: ("task",),
    ReviewOrder.RANDOM: ("place", "task"),
    ReviewOrder.BY_ANNOTATOR: ("annotator", "task"),
}
MINE = "EXISTS (SELECT 1 FROM review_assigned a WHERE a.person = ? AND a.task = t.task)"


class SqlReviewQueue:
    """The review queue as of the transaction that the connection is in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _rows(self, sql: str, *parameters: object) -> Sequence[Row]:
        rows: Sequence[Row] = execute(self._connection, sql, parameters).fetchall()
        return rows

    def held(self, project: int, reviewer: int, now: datetime) -> Sequence[tuple[str, int]]:
        """The tasks that the reviewer has before them and at which stage, the one that ends first before others."""
        rows = self._rows(
            "SELECT held_stage, task FROM review_task WHERE held_by = ? AND project = ? AND held_until > ?"
            " ORDER BY held_until LIMIT 100",
            reviewer,
            project,
            microseconds(now),
        )
        return [(row[0], row[1]) for row in rows]

    def to_review_again(self, project: int, reviewer: int, stage: ReviewStage, now: datetime) -> Iterator[int]:
        """Tasks with something that waits at a later stage and might come to the reviewer, what waits longest first."""
        sql = (
            "SELECT a.review, a.task FROM review_again a JOIN review_task t ON t.task = a.task"
            " WHERE a.project = ? AND a.stage = ? AND a.review > ? AND t.deleted = 0"
            " AND a.annotator <> ? AND a.reviewer <> ? AND a.second_reviewer <> ?"
            " AND (t.held_until IS NULL OR t.held_until <= ? OR t.held_by = ?) ORDER BY a.review LIMIT ?"
        )
        after = 0
        others = (reviewer, reviewer, reviewer)
        while rows := self._rows(sql, project, stage.value, after, *others, microseconds(now), reviewer, PAGE):
            yield from (row[1] for row in rows)
            after = rows[-1][0]

    def to_review(self, project: int, reviewer: int, rules: ReviewSettings, now: datetime) -> Iterator[int]:
        """Tasks that might come to the reviewer, in the project's order; finished ones before others."""
        yield from self._in_order(project, reviewer, rules, now, TO_REVIEW)
        if not rules.only_finished:
            yield from self._in_order(project, reviewer, rules, now, UNFINISHED)

    def _in_order(self, project: int, reviewer: int, rules: ReviewSettings, now: datetime, stage: int) -> Iterator[int]:
        columns = COLUMNS[rules.order]
        order, marks = ", ".join(columns), ", ".join("?" * len(columns))
        whose = MINE if rules.only_assigned else f"(t.reviewers = 0 OR {MINE})"
        sql = (
            f"SELECT {order} FROM review_task t WHERE project = ? AND stage = {stage} AND ({order}) > ({marks})"  # noqa: S608
            f" AND (held_until IS NULL OR held_until <= ? OR held_by = ?) AND {whose} ORDER BY {order} LIMIT {PAGE}"
        )
        after: Sequence[int] = (-1,) * len(columns)
        while rows := self._rows(sql, project, *after, microseconds(now), reviewer, reviewer):
            yield from (row[-1] for row in rows)
            after = tuple(rows[-1])

    def awaited(self, project: int, after: int, limit: int) -> Sequence[int]:
        """Tasks whose agreement has yet to say whether they are reviewed, by id."""
        rows = self._rows(
            "SELECT task FROM review_task WHERE awaited = 1 AND project = ? AND task > ? ORDER BY task LIMIT ?",
            project,
            after,
            limit,
        )
        return [row[0] for row in rows]

    def quota(self, project: int, name: str) -> int:
        """How many tasks, or reviews, a quota of the project has had."""
        rows = self._rows("SELECT tasks FROM review_quota WHERE project = ? AND quota = ?", project, name)
        return rows[0][0] if rows else 0
