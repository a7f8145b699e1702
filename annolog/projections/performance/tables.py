"""The tables of annotator performance."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table

from annolog.projections.engine.columns import Id, Text

metadata = MetaData()

performance_person = Table(
    "performance_person",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("submitted", Integer, nullable=False, comment="live annotations"),
    Column("skipped", Integer, nullable=False),
    Column("revised", Integer, nullable=False),
    Column("lead_time", BigInteger, nullable=False, comment="microseconds over live annotations"),
    Column("active_time", BigInteger, nullable=False, comment="microseconds over live annotations"),
    Column("timed", Integer, nullable=False, comment="live annotations with a lead time"),
    Column("reviewed", Integer, nullable=False, comment="annotations whose latest verdict stands"),
    Column("accepted", Integer, nullable=False, comment="by latest verdict"),
    Column("fixed", Integer, nullable=False, comment="by latest verdict"),
    Column("rejected", Integer, nullable=False, comment="by latest verdict"),
    Column("review_actions", Integer, nullable=False, comment="reviews of this person's work, all of them"),
    Column("performance", BigInteger, nullable=False, comment="trillionths; sum over review actions"),
    Column("reviews_given", Integer, nullable=False),
    Column("review_time", BigInteger, nullable=False, comment="microseconds spent reviewing"),
    Column("review_active_time", BigInteger, nullable=False, comment="microseconds at work reviewing"),
    Column("last_active_at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
)

performance_annotation = Table(
    "performance_annotation",
    metadata,
    Column("annotation", Id, primary_key=True, autoincrement=False),
    Column("project", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("live", Integer, nullable=False),
    Column("timed", Integer, nullable=False),
    Column("lead_time", BigInteger, nullable=False, comment="microseconds over all revisions by the annotator"),
    Column("active_time", BigInteger, nullable=False),
    Column("verdict", Text, nullable=False, comment="the latest, empty for none"),
)
Index(
    "ix_performance_annotation_lead_time",
    *(performance_annotation.c[name] for name in ("project", "person", "live", "timed", "lead_time")),
)
