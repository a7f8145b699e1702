"""The tables of agreement. Scores are integers in trillionths, so that what is taken out again leaves no residue.

Sums of scores are kept by definition of agreement: those of the one in force and of a proposed one move with every
answer, those of earlier ones stay as they were when they were replaced. What people said is the same by any of them.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table

from annolog.projections.engine.columns import Id, Text

metadata = MetaData()

agreement_project = Table(
    "agreement_project",
    metadata,
    Column("project", BigInteger, primary_key=True, autoincrement=False),
    Column("label_config", Text, nullable=False),
    Column("label_config_before", Text, nullable=False, comment="before the latest change"),
    Column("definition", Integer, nullable=False, comment="the one in force"),
    Column("settings", Text, nullable=False, comment="its settings, as JSON"),
    Column("definitions", Integer, nullable=False, comment="how many there were"),
    Column("proposal", Integer, comment="the definition that is proposed"),
    Column("proposal_settings", Text, comment="its settings, as JSON"),
    Column("proposal_computed", BigInteger, nullable=False, comment="up to which task"),
    Column("answers", Integer, nullable=False, comment="answers that are compared, over all tasks"),
    Column("changed", BigInteger, nullable=False, comment="position of their latest change"),
    Column("history", Text, nullable=False, comment="JSON: every definition there was"),
)

agreement_task = Table(
    "agreement_task",
    metadata,
    Column("task", Id, primary_key=True, autoincrement=False),
    Column("project", BigInteger, nullable=False),
    Column("answers", Text, nullable=False, comment="JSON: annotation -> what is known of it"),
    Column("predictions", Text, nullable=False, comment="JSON: model version -> values"),
    Column("measured", Text, nullable=False, comment="JSON: definition -> what its own metric said"),
    Column("truth", BigInteger, comment="the annotation that is the ground truth"),
    Column("compared", Integer, nullable=False, comment="answers that are compared"),
    Column("day", Text, nullable=False, comment="of the latest change of what is compared, in UTC"),
    Column("winners", Text, nullable=False, comment="JSON: dimension -> what most people said"),
    Column("definition", Integer, comment="of the scores that follow"),
    Column("pairwise", BigInteger, comment="trillionths; null under two answers"),
    Column("consensus", BigInteger, comment="trillionths; null where it is not defined"),
    Column("score", BigInteger, comment="trillionths, by the methodology of the definition"),
    Column("other_definition", Integer),
    Column("other_pairwise", BigInteger),
    Column("other_consensus", BigInteger),
    Column("other_score", BigInteger),
)
Index("ix_agreement_task_project", agreement_task.c.project, agreement_task.c.task)

agreement_total = Table(
    "agreement_total",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("definition", Integer, primary_key=True),
    Column("dimension", Text, primary_key=True, comment="empty for all of them, weighted"),
    Column("tasks", Integer, nullable=False, comment="tasks with at least two answers"),
    Column("pairwise", BigInteger, nullable=False),
    Column("consensus_tasks", Integer, nullable=False),
    Column("consensus", BigInteger, nullable=False),
)

agreement_label = Table(
    "agreement_label",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("definition", Integer, primary_key=True),
    Column("dimension", Text, primary_key=True),
    Column("label", Text, primary_key=True),
    Column("tasks", Integer, nullable=False, comment="tasks in which anybody used the label"),
    Column("score", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

agreement_pair = Table(
    "agreement_pair",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("definition", Integer, primary_key=True),
    Column("dimension", Text, primary_key=True, comment="empty for all of them, if there are several"),
    Column("one", BigInteger, primary_key=True, comment="the person with the lower id"),
    Column("other", BigInteger, primary_key=True),
    Column("tasks", Integer, nullable=False, comment="tasks both answered"),
    Column("score", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

agreement_pattern = Table(
    "agreement_pattern",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("dimension", Text, primary_key=True),
    Column("day", Text, primary_key=True, comment="of the latest answer, in UTC"),
    Column("pattern", Text, primary_key=True, comment="JSON: every answer and how many gave it"),
    Column("units", Integer, nullable=False, comment="tasks that were answered like this"),
    sqlite_with_rowid=False,
)

agreement_person = Table(
    "agreement_person",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("definition", Integer, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("consensus_tasks", Integer, nullable=False, comment="tasks with at least two answers"),
    Column("consensus", BigInteger, nullable=False, comment="how much of the majority this person was"),
    Column("truth_tasks", Integer, nullable=False, comment="tasks with a ground truth"),
    Column("truth", BigInteger, nullable=False, comment="agreement with it"),
)
