"""Reviewers' active time, second reviews and adjudications among times; medians of the times of judging."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Id, Text

revision = "0014"
down_revision = "0013"

OVER_ALL = "microseconds over all revisions by the annotator"


def upgrade() -> None:
    """Their projectors have another version, so the figures are filled from the log at the next start."""
    _add("performance_person", "review_active_time", "microseconds at work reviewing")
    _add("progress_day", "review_active_time", "microseconds")
    for column in ("reviews_active_timed", "review_active_time"):
        _add("dashboard_slice", column)
    op.add_column("board", sa.Column("review_active_time_total", sa.Float(), nullable=False, server_default="0"))
    _performance_annotation()
    _dashboard_annotation()
    _dashboard_review()


def _performance_annotation() -> None:
    # Tables that were rebuilt have indexes of other names, so those that get others are made anew.
    op.drop_table("performance_annotation")
    op.create_table(
        "performance_annotation",
        sa.Column("annotation", Id, autoincrement=False, nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.Integer(), nullable=False),
        sa.Column("timed", sa.Integer(), nullable=False),
        sa.Column("lead_time", sa.BigInteger(), nullable=False, comment=OVER_ALL),
        sa.Column("active_time", sa.BigInteger(), nullable=False),
        sa.Column("verdict", Text, nullable=False, comment="the latest, empty for none"),
        sa.PrimaryKeyConstraint("annotation"),
    )
    columns = ["project", "person", "live", "timed", "lead_time"]
    op.create_index("ix_performance_annotation_lead_time", "performance_annotation", columns, unique=False)


def _dashboard_annotation() -> None:
    op.drop_table("dashboard_annotation")
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
        sa.Column("lead_time", sa.BigInteger(), nullable=False, comment=OVER_ALL),
        sa.Column("active_timed", sa.Integer(), nullable=False),
        sa.Column("active_time", sa.BigInteger(), nullable=False, comment=OVER_ALL),
        sa.Column("regions", sa.Integer(), nullable=False),
        sa.Column("labels", Text, nullable=False, comment="JSON: control, label, items that carry it"),
        sa.Column(
            "actions", Text, nullable=False, comment="JSON: review or 0, action, when; what may be the last one again"
        ),
        sa.PrimaryKeyConstraint("annotation"),
    )
    _index("dashboard_annotation", "at", ["project", "at", "live", "timed", "person", "lead_time"])
    _index("dashboard_annotation", "time", ["project", "live", "timed", "lead_time", "at"])
    _index("dashboard_annotation", "person", ["project", "person", "live", "timed", "lead_time", "at"])


def _dashboard_review() -> None:
    op.create_table(
        "dashboard_review",
        sa.Column("position", Id, autoincrement=False, nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False, comment="who judged"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"),
        sa.Column("review_time", sa.BigInteger(), nullable=False, comment="microseconds"),
        sa.PrimaryKeyConstraint("position"),
    )
    _index("dashboard_review", "at", ["project", "at", "person", "review_time"])
    _index("dashboard_review", "time", ["project", "review_time", "at"])
    _index("dashboard_review", "person", ["project", "person", "review_time", "at"])


def _index(table: str, name: str, columns: list[str]) -> None:
    op.create_index(f"ix_{table}_{name}", table, columns, unique=False)


def _add(table: str, column: str, comment: str | None = None) -> None:
    op.add_column(table, sa.Column(column, sa.BigInteger(), nullable=False, server_default="0", comment=comment))
