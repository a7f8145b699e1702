"""The tables of project progress."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table

from annolog.projections.engine.columns import Id, Text

metadata = MetaData()

progress_project = Table(
    "progress_project",
    metadata,
    Column("project", BigInteger, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
    Column("published", Integer, nullable=False),
    Column("configured", Integer, nullable=False, comment="1 once the labeling config asks something"),
    Column("tasks", Integer, nullable=False, comment="deleted ones not counted"),
    Column("created", Integer, nullable=False),
    Column("annotation_in_progress", Integer, nullable=False),
    Column("needs_review", Integer, nullable=False),
    Column("review_in_progress", Integer, nullable=False),
    Column("completed", Integer, nullable=False),
    Column("annotations", Integer, nullable=False, comment="live ones"),
    Column("skips", Integer, nullable=False),
    Column("reviews", Integer, nullable=False),
    Column("reassigned", Integer, nullable=False, comment="tasks that got a slot for low agreement"),
    Column("exhausted", Integer, nullable=False, comment="tasks at the limit of additional people"),
    Column("infeasible", Integer, nullable=False, comment="tasks that nobody is left for"),
)

progress_task = Table(
    "progress_task",
    metadata,
    Column("task", Id, primary_key=True, autoincrement=False),
    Column("project", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("deleted", Integer, nullable=False),
    Column("reassigned", Integer, nullable=False),
    Column("flag", Text, nullable=False, comment="empty, exhausted or infeasible"),
)

Index(
    "ix_progress_task_flag",
    progress_task.c.project,
    progress_task.c.flag,
    progress_task.c.task,
    sqlite_where=progress_task.c.flag != "",
    postgresql_where=progress_task.c.flag != "",
)

progress_day = Table(
    "progress_day",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("day", Text, primary_key=True, comment="UTC, as 2026-11-24"),
    Column("tasks_completed", Integer, nullable=False),
    Column("submitted", Integer, nullable=False),
    Column("revised", Integer, nullable=False),
    Column("skipped", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("fixed", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("lead_time", BigInteger, nullable=False, comment="microseconds"),
    Column("active_time", BigInteger, nullable=False, comment="microseconds"),
    Column("review_time", BigInteger, nullable=False, comment="microseconds"),
    Column("review_active_time", BigInteger, nullable=False, comment="microseconds"),
)
