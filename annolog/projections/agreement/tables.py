"""The tables of agreement. Scores are integers in billionths, so that what is taken out again leaves no residue."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table

from annolog.projections.engine.columns import Id, Text

metadata = MetaData()

agreement_project = Table(
    "agreement_project",
    metadata,
    Column("project", BigInteger, primary_key=True, autoincrement=False),
    Column("label_config", Text, nullable=False),
    Column("settings", Text, nullable=False, comment="the agreement settings, as JSON"),
    Column("label_config_before", Text, nullable=False, comment="before the latest change"),
    Column("settings_before", Text, nullable=False, comment="before the latest change"),
)

agreement_task = Table(
    "agreement_task",
    metadata,
    Column("task", Id, primary_key=True, autoincrement=False),
    Column("project", BigInteger, nullable=False),
    Column("answers", Text, nullable=False, comment="JSON: annotation -> annotator, revision, counts, values"),
    Column("truth", BigInteger, comment="the annotation that is the ground truth"),
    Column("compared", Integer, nullable=False, comment="answers that are compared"),
    Column("pairwise", BigInteger, comment="billionths; null under two answers"),
    Column("consensus", BigInteger, comment="billionths; null where it is not defined"),
    Column("score", BigInteger, comment="billionths, by the project's methodology"),
    Column("winners", Text, nullable=False, comment="JSON: dimension -> what most people said"),
)
Index("ix_agreement_task_project", agreement_task.c.project, agreement_task.c.task)

agreement_total = Table(
    "agreement_total",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("dimension", Text, primary_key=True, comment="empty for all of them, weighted"),
    Column("tasks", Integer, nullable=False, comment="tasks with at least two answers"),
    Column("pairwise", BigInteger, nullable=False),
    Column("consensus_tasks", Integer, nullable=False),
    Column("consensus", BigInteger, nullable=False),
)

agreement_pair = Table(
    "agreement_pair",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("dimension", Text, primary_key=True, comment="empty for all of them, weighted"),
    Column("one", BigInteger, primary_key=True, comment="the person with the lower id"),
    Column("other", BigInteger, primary_key=True),
    Column("tasks", Integer, nullable=False, comment="tasks both answered"),
    Column("score", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

agreement_coincidence = Table(
    "agreement_coincidence",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("dimension", Text, primary_key=True),
    Column("size", Integer, primary_key=True, comment="answers of the task"),
    Column("one", Text, primary_key=True, comment="an answer, as canonical JSON"),
    Column("other", Text, primary_key=True, comment="another answer to the same task"),
    Column("pairs", Integer, nullable=False, comment="ordered pairs"),
    sqlite_with_rowid=False,
)

agreement_person = Table(
    "agreement_person",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("consensus_tasks", Integer, nullable=False, comment="tasks with at least two answers"),
    Column("consensus", BigInteger, nullable=False, comment="how much of the majority this person was"),
    Column("truth_tasks", Integer, nullable=False, comment="tasks with a ground truth"),
    Column("truth", BigInteger, nullable=False, comment="agreement with it"),
    Column("pairs", Integer, nullable=False, comment="other answers this person's were compared with"),
    Column("pairwise", BigInteger, nullable=False, comment="agreement with them"),
)
