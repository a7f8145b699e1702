"""The tables of the review queue. They live beside the log and move in the same transaction as the events."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table

from annolog.projections.engine.columns import Id, Text

metadata = MetaData()

review_task = Table(
    "review_task",
    metadata,
    Column("task", Id, primary_key=True, autoincrement=False),
    Column("project", BigInteger, nullable=False),
    Column("stage", Integer, nullable=False, comment="0 to be reviewed, 1 with answers and not finished, 2 neither"),
    Column("place", BigInteger, nullable=False, comment="in an order that is shuffled"),
    Column("annotator", BigInteger, nullable=False, comment="who answered first, of those to be judged"),
    Column("sole", BigInteger, nullable=False, comment="who answered all that is to be judged, 0 if several"),
    Column("state", Text, nullable=False),
    Column("annotations", Text, nullable=False, comment="JSON: annotation -> annotator, judged, deleted"),
    Column("ground_truth", BigInteger, comment="the annotation that is the ground truth"),
    Column("deleted", Integer, nullable=False),
    Column("awaited", Integer, nullable=False, comment="1 while its agreement has yet to say whether it is reviewed"),
    Column("reviewers", Integer, nullable=False, comment="how many it is assigned to"),
    Column("held_by", BigInteger, comment="the reviewer who has it before them"),
    Column("held_for", BigInteger, comment="the annotation they have before them"),
    Column("held_until", BigInteger, comment="in microseconds since 1970"),
    Column("held_stage", Text, comment="which verdict they are asked for"),
    Column("held_review", BigInteger, comment="the first review, where they are asked for a later one"),
)

review_again = Table(
    "review_again",
    metadata,
    Column("review", Id, primary_key=True, autoincrement=False, comment="the first one"),
    Column("project", BigInteger, nullable=False),
    Column("task", BigInteger, nullable=False),
    Column("stage", Text, nullable=False, comment="which verdict is waited for; gone with the row once none is"),
    Column("annotator", BigInteger, nullable=False),
    Column("reviewer", BigInteger, nullable=False),
    Column("second_reviewer", BigInteger, nullable=False, comment="0 before there is one"),
)

review_assigned = Table(
    "review_assigned",
    metadata,
    Column("person", BigInteger, primary_key=True),
    Column("task", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)

review_quota = Table(
    "review_quota",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("quota", Text, primary_key=True, comment="its name, see domain.task.routing"),
    Column("tasks", Integer, nullable=False, comment="tasks, or reviews, it has had"),
    sqlite_with_rowid=False,
)

task = review_task.c


def _partial(name: str, condition: Any, *columns: Column[Any]) -> Index:
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


# What is assigned is found by whom it is assigned to.
_partial("ix_review_task_task", task.reviewers == 0, task.project, task.stage, task.task)
_partial("ix_review_task_place", task.reviewers == 0, task.project, task.stage, task.place, task.task)
_partial("ix_review_task_annotator", task.reviewers == 0, task.project, task.stage, task.annotator, task.task)
Index("ix_review_again", review_again.c.project, review_again.c.stage, review_again.c.review)
_partial("ix_review_task_held", task.held_by.is_not(None), task.held_by, task.project)
_partial("ix_review_task_awaited", task.awaited == 1, task.project, task.task)
