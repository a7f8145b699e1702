"""The tables of skills. What was right is kept in trillionths, so that what is taken out again leaves no residue."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table

from annolog.projections.engine.columns import Id, Text

metadata = MetaData()

skill_project = Table(
    "skill_project",
    metadata,
    Column("project", BigInteger, primary_key=True, autoincrement=False),
    Column("label_config", Text, nullable=False),
    Column("settings", Text, nullable=False, comment="of agreement, those in force, as JSON"),
    Column("label_config_before", Text, nullable=False, comment="before the latest change of either"),
    Column("settings_before", Text, nullable=False),
    Column("day", Text, nullable=False, comment="of the latest answer to any task, in UTC; empty for none"),
)

skill_task = Table(
    "skill_task",
    metadata,
    Column("task", Id, primary_key=True, autoincrement=False),
    Column("project", BigInteger, nullable=False),
    Column("answers", Text, nullable=False, comment="JSON: annotation -> what is known of it"),
    Column("truth", BigInteger, comment="the annotation that is the ground truth"),
)
Index("ix_skill_task_project", skill_task.c.project, skill_task.c.task)

skill_day = Table(
    "skill_day",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("source", Text, primary_key=True, comment="ground_truth, consensus or review"),
    Column("dimension", Text, primary_key=True, comment="empty for all of them"),
    Column("label", Text, primary_key=True, comment="empty for all of them"),
    Column("day", Text, primary_key=True, comment="on which the person last gave the answer, in UTC"),
    Column("right", BigInteger, nullable=False, comment="trillionths"),
    Column("total", Integer, nullable=False, comment="answers"),
    sqlite_with_rowid=False,
)
