"""Which task a reviewer might look at next: what is for anybody by indexes in the orders there are, what is assigned to
the reviewer by their assignments.

What is assigned to others costs nothing. What others have before them, and what only its author is left to judge, is
passed over row by row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from heapq import merge

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
ANYBODYS = "review_task t WHERE t.reviewers = 0"
OWN = "review_assigned a JOIN review_task t ON t.task = a.task WHERE a.person = ?"


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
        pages = [self._pages(OWN, [reviewer], project, reviewer, rules.order, now, stage)]
        if not rules.only_assigned:
            pages.append(self._pages(ANYBODYS, [], project, reviewer, rules.order, now, stage))
        return (place[-1] for place in merge(*pages))

    def _pages(
        self,
        source: str,
        named: Sequence[int],
        project: int,
        reviewer: int,
        order: ReviewOrder,
        now: datetime,
        stage: int,
    ) -> Iterator[tuple[int, ...]]:
        columns = [f"t.{column}" for column in COLUMNS[order]]
        places, marks = ", ".join(columns), ", ".join("?" * len(columns))
        sql = (
            f"SELECT {places} FROM {source} AND t.project = ? AND t.stage = {stage} AND ({places}) > ({marks})"  # noqa: S608
            " AND t.sole <> ? AND (t.held_until IS NULL OR t.held_until <= ? OR t.held_by = ?)"
            f" ORDER BY {places} LIMIT {PAGE}"
        )
        after: Sequence[int] = (-1,) * len(columns)
        while rows := self._rows(sql, *named, project, *after, reviewer, microseconds(now), reviewer):
            yield from (tuple(row) for row in rows)
            after = rows[-1]

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
