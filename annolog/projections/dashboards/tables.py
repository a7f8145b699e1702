"""The tables of dashboards: every annotation as it stands, and sums by quarters of an hour, by UTC days, and ever."""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table

from annolog.domain.measures import columns
from annolog.projections.engine.columns import Id, Text

metadata = MetaData()

# Whose sums are those of everybody, and what belongs to nobody.
EVERYBODY = 0


class Grain(IntEnum):
    """How much time a row of sums is about."""

    QUARTER = 0
    DAY = 1
    EVER = 2
    WEEK = 3


dashboard_annotation = Table(
    "dashboard_annotation",
    metadata,
    Column("annotation", Id, primary_key=True, autoincrement=False),
    Column("project", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False, comment="whose it is"),
    Column("action", Text, nullable=False, comment="the last one"),
    Column("at", BigInteger, nullable=False, comment="of the last action; microseconds since 1970, UTC"),
    Column("verdict", Text, nullable=False, comment="the latest, empty for none"),
    Column("live", Integer, nullable=False),
    Column("timed", Integer, nullable=False),
    Column("lead_time", BigInteger, nullable=False, comment="microseconds over all revisions by the annotator"),
    Column("active_timed", Integer, nullable=False),
    Column("active_time", BigInteger, nullable=False, comment="microseconds over all revisions by the annotator"),
    Column("regions", Integer, nullable=False),
    Column("labels", Text, nullable=False, comment="JSON: control, label, items that carry it"),
    Column("actions", Text, nullable=False, comment="JSON: review or 0, action, when; what may be the last one again"),
)


dashboard_review = Table(
    "dashboard_review",
    metadata,
    Column("position", Id, primary_key=True, autoincrement=False),
    Column("project", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False, comment="who judged"),
    Column("at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
    Column("review_time", BigInteger, nullable=False, comment="microseconds"),
)


def _index(name: str, table: Table, columns: str) -> None:
    Index(f"ix_{table.name}_{name}", *(table.c[column] for column in columns.split()))


# For medians: the middle time is found by its place among all, by day every time is read.
_index("time", dashboard_annotation, "project live timed lead_time at")
_index("person", dashboard_annotation, "project person live timed lead_time at")
_index("at", dashboard_annotation, "project at live timed person lead_time")
_index("time", dashboard_review, "project review_time at")
_index("person", dashboard_review, "project person review_time at")
_index("at", dashboard_review, "project at person review_time")


def _sums(name: str, keys: tuple[Column[str], ...], summed: tuple[columns.Column, ...]) -> Table:
    return Table(
        name,
        metadata,
        Column("project", BigInteger, primary_key=True),
        Column(
            "grain", Integer, primary_key=True, comment="0 a quarter of an hour, 1 a day of UTC, 2 ever, 3 seven days"
        ),
        Column("person", BigInteger, primary_key=True, comment="0 for everybody"),
        Column("quarter", Integer, primary_key=True, comment="with which the time begins, counted from 1970, UTC"),
        *keys,
        *(Column(column.name, BigInteger, nullable=False) for column in summed),
        sqlite_with_rowid=False,
    )


dashboard_slice = _sums("dashboard_slice", (), columns.SLICE)
dashboard_label = _sums(
    "dashboard_label",
    (Column("control", Text, primary_key=True), Column("label", Text, primary_key=True)),
    columns.LABEL,
)
