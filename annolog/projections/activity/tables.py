"""The tables of people's activity."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, MetaData, Table

from annolog.projections.engine.columns import Id, Text

metadata = MetaData()

activity_entry = Table(
    "activity_entry",
    metadata,
    Column("position", Id, primary_key=True, autoincrement=False, comment="of the event in the log"),
    Column("organization", BigInteger, nullable=False, comment="0 for an attempt that was about none"),
    Column("at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
    Column("person", BigInteger, comment="who did it; 0 for the system itself, empty for nobody known"),
    Column("on_behalf_of", BigInteger),
    Column("action", Text, nullable=False, comment="a stable word"),
    Column("kind", Text, nullable=False, comment="what it was done to: person, token, project, ..."),
    Column("subject", BigInteger, comment="which, where it has a number"),
    Column("project", BigInteger),
    Column("address", Text, nullable=False, comment="where from, as the event has it"),
    Column("command", Text, nullable=False, comment="the command that it came of"),
    Column("detail", Text, nullable=False, comment="JSON"),
)
Index("ix_activity_entry_organization", activity_entry.c.organization, activity_entry.c.position)
Index("ix_activity_entry_person", activity_entry.c.organization, activity_entry.c.person, activity_entry.c.position)
Index("ix_activity_entry_action", activity_entry.c.organization, activity_entry.c.action, activity_entry.c.position)
Index("ix_activity_entry_project", activity_entry.c.project, activity_entry.c.position)

# Where commands came from: said after they were answered, and by an event that no project has.
activity_place = Table(
    "activity_place",
    metadata,
    Column("command", Text, primary_key=True),
    Column("person", BigInteger, nullable=False),
    Column("address", Text, nullable=False, comment="as the event has it"),
)

# To which organization events belong that do not say so.
activity_project = Table(
    "activity_project",
    metadata,
    Column("project", BigInteger, primary_key=True, autoincrement=False),
    Column("organization", BigInteger, nullable=False),
)
activity_person = Table(
    "activity_person",
    metadata,
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("organization", BigInteger, nullable=False),
)
activity_token = Table(
    "activity_token",
    metadata,
    Column("token", BigInteger, primary_key=True, autoincrement=False),
    Column("organization", BigInteger, nullable=False),
    Column("last_used", BigInteger, comment="microseconds since 1970, UTC; empty if it never was"),
)
