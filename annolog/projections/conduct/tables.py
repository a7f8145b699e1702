"""The tables of people's conduct and of the firings of rules."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table

from annolog.projections.engine.columns import Text

metadata = MetaData()

conduct_person = Table(
    "conduct_person",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("answers", Integer, nullable=False, comment="given, also those deleted since"),
    Column("skips", Integer, nullable=False),
    Column("skips_in_row", Integer, nullable=False, comment="since the last answer"),
    Column("recent", Text, nullable=False, comment="JSON: task and microseconds of the latest answers, one by one"),
)

rule_firing = Table(
    "rule_firing",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("firing", BigInteger, primary_key=True),
    Column("person", BigInteger, nullable=False),
    Column("rule", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("inputs", Text, nullable=False, comment="JSON: collector -> number"),
    Column("conditions", Text, nullable=False, comment="JSON"),
    Column("action", Text, nullable=False, comment="JSON"),
    Column("tasks", Text, nullable=False, comment="JSON"),
    Column("annotations", Text, nullable=False, comment="JSON"),
    Column("at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
    Column("appeal", Text, comment="what the person says"),
    Column("appealed_at", BigInteger, comment="microseconds since 1970, UTC"),
    Column("overruled_because", Text),
    Column("overruled_by", BigInteger),
    Column("overruled_at", BigInteger, comment="microseconds since 1970, UTC"),
)
Index("ix_rule_firing_person", rule_firing.c.project, rule_firing.c.person, rule_firing.c.firing)
