"""The tables of consensus: the models alone. What they make of a task's answers is worked out when somebody asks."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table

from annolog.projections.engine.columns import Text

metadata = MetaData()

consensus_model = Table(
    "consensus_model",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("dimension", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("parameters", Text, nullable=False, comment="JSON"),
    Column("tasks", Integer, nullable=False, comment="tasks it was fitted on"),
    Column("answers", Integer, nullable=False, comment="answers it was fitted on"),
    Column("known", Integer, nullable=False, comment="tasks with a ground truth among them"),
    Column("position", BigInteger, nullable=False, comment="of the log, up to which it looked"),
    Column("fitted_at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
    Column("skills", Text, nullable=False, comment="JSON: person -> true label, label given, expected count"),
    Column("evidence", Text, nullable=False, comment="JSON: why this kind"),
    sqlite_with_rowid=False,
)
