"""Sums by quarters of an hour, UTC days and ever, for dashboards: a read model of its own, filled at the next start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Id, Text

revision = "0010"
down_revision = "0009"

SLICE = (
    *("submitted", "updated", "fixed_and_accepted", "accepted", "rejected"),
    *("verdict_accepted", "verdict_fixed", "verdict_rejected"),
    *("timed", "lead_time", "active_timed", "active_time", "regions"),
    *("submissions", "revisions", "skips", "regions_created", "annotating_time", "annotating_active_time"),
    *("received_accepted", "received_fixed", "received_rejected", "worth"),
    *("given_accepted", "given_fixed", "given_rejected", "reviews_timed", "review_time", "tasks_done"),
)
LABEL = (
    *("labelled", "uses", "verdict_accepted", "verdict_fixed", "verdict_rejected"),
    *("timed", "lead_time", "active_timed", "active_time"),
)


def upgrade() -> None:
    """Three tables that were not there."""
    _annotation()
    _sums("dashboard_slice", (), SLICE)
    _sums("dashboard_label", ("control", "label"), LABEL)


def _annotation() -> None:
    op.create_table(
        "dashboard_annotation",
        sa.Column("annotation", Id, autoincrement=False, nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False, comment="whose it is"),
        sa.Column("action", Text, nullable=False, comment="the last one"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="of the last action; microseconds since 1970, UTC"),
        sa.Column("verdict", Text, nullable=False, comment="the latest, empty for none"),
        sa.Column("live", sa.Integer(), nullable=False),
        sa.Column("timed", sa.Integer(), nullable=False),
        sa.Column(
            "lead_time", sa.BigInteger(), nullable=False, comment="microseconds over all revisions by the annotator"
        ),
        sa.Column("active_timed", sa.Integer(), nullable=False),
        sa.Column(
            "active_time", sa.BigInteger(), nullable=False, comment="microseconds over all revisions by the annotator"
        ),
        sa.Column("regions", sa.Integer(), nullable=False),
        sa.Column("labels", Text, nullable=False, comment="JSON: control, label, items that carry it"),
        sa.Column(
            "actions", Text, nullable=False, comment="JSON: review or 0, action, when; what may be the last one again"
        ),
        sa.PrimaryKeyConstraint("annotation"),
    )
    op.create_index(
        "ix_dashboard_annotation_at",
        "dashboard_annotation",
        ["project", "at", "live", "timed", "person", "lead_time"],
        unique=False,
    )


def _sums(name: str, keys: tuple[str, ...], summed: tuple[str, ...]) -> None:
    op.create_table(
        name,
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column(
            "grain",
            sa.Integer(),
            nullable=False,
            comment="0 a quarter of an hour, 1 a day of UTC, 2 ever, 3 seven days",
        ),
        sa.Column("person", sa.BigInteger(), nullable=False, comment="0 for everybody"),
        sa.Column(
            "quarter", sa.Integer(), nullable=False, comment="with which the time begins, counted from 1970, UTC"
        ),
        *(sa.Column(key, Text, nullable=False) for key in keys),
        *(sa.Column(column, sa.BigInteger(), nullable=False) for column in summed),
        sa.PrimaryKeyConstraint("project", "grain", "person", "quarter", *keys),
        sqlite_with_rowid=False,
    )
