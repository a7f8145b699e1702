"""The tables of answers by day, and of alarms."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table

from annolog.projections.engine.columns import Id, Text

metadata = MetaData()

drift_answer = Table(
    "drift_answer",
    metadata,
    Column("annotation", Id, primary_key=True, autoincrement=False),
    Column("project", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("task", BigInteger, nullable=False),
    Column("submitted", Text, nullable=False, comment="the day, in UTC"),
    Column("position", BigInteger, nullable=False, comment="of the submission in the log"),
    Column("day", Text, nullable=False, comment="on which the person last gave the answer, in UTC"),
    Column("lead_time", BigInteger, comment="microseconds over all revisions by the annotator; empty if unknown"),
    Column("live", Integer, nullable=False),
)
Index("ix_drift_answer_day", drift_answer.c.project, drift_answer.c.person, drift_answer.c.day)
Index(
    "ix_drift_answer_submitted",
    drift_answer.c.project,
    drift_answer.c.person,
    drift_answer.c.submitted,
    drift_answer.c.position,
)

drift_alarm = Table(
    "drift_alarm",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("alarm", BigInteger, primary_key=True),
    Column("person", BigInteger, nullable=False),
    Column("measure", Text, nullable=False, comment="accuracy, agreement or speed"),
    Column("direction", Text, nullable=False, comment="rise or fall"),
    Column("since", Text, nullable=False, comment="the first day of the change, in UTC"),
    Column("until", Text, nullable=False, comment="the day on which it was certain enough"),
    Column("figures", Text, nullable=False, comment="JSON: day, value and answers of every day looked at"),
    Column("tasks", Text, nullable=False, comment="JSON"),
    Column("at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
    Column("dismissed_because", Text),
    Column("dismissed_by", BigInteger),
    Column("dismissed_at", BigInteger, comment="microseconds since 1970, UTC"),
)
