"""The tables of the burndown."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table

from annolog.projections.engine.columns import Id, Text

metadata = MetaData()

burndown_task = Table(
    "burndown_task",
    metadata,
    Column("task", Id, primary_key=True, autoincrement=False),
    Column("project", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("deleted", Integer, nullable=False),
)

# Counts that only grow: a sum that passed through negative numbers could come to nothing and leave its row behind.
# The offset of every time zone there is now is a whole number of quarters, so hours and days of any can be added up.
burndown_change = Table(
    "burndown_change",
    metadata,
    Column("project", BigInteger, primary_key=True, autoincrement=False),
    Column("quarter", BigInteger, primary_key=True, autoincrement=False, comment="quarters of an hour since 1970, UTC"),
    Column("state", Text, primary_key=True),
    Column("came", Integer, nullable=False, comment="tasks that came into the state"),
    Column("went", Integer, nullable=False, comment="tasks that left it"),
    Column("entered", Integer, nullable=False, comment="those of `came` that came from another state"),
)
