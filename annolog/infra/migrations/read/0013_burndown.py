"""Tasks by state over time, a read model of its own; and active and review time of the days of progress.

Both are filled at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Id, Text

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Nothing is there yet that the burndown could be made from, and days are made anew."""
    op.drop_table("progress_day")
    counts = ("tasks_completed", "submitted", "revised", "skipped", "accepted", "fixed", "rejected")
    times = ("lead_time", "active_time", "review_time")
    op.create_table(
        "progress_day",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("day", Text, nullable=False, comment="UTC, as 2026-11-24"),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        *(sa.Column(name, sa.BigInteger(), nullable=False, comment="microseconds") for name in times),
        sa.PrimaryKeyConstraint("project", "day"),
    )
    op.create_table(
        "burndown_task",
        sa.Column("task", Id, autoincrement=False, nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("state", Text, nullable=False),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("task"),
    )
    op.create_table(
        "burndown_change",
        sa.Column("project", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "quarter",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="quarters of an hour since 1970, UTC",
        ),
        sa.Column("state", Text, nullable=False),
        sa.Column("came", sa.Integer(), nullable=False, comment="tasks that came into the state"),
        sa.Column("went", sa.Integer(), nullable=False, comment="tasks that left it"),
        sa.Column("entered", sa.Integer(), nullable=False, comment="those of `came` that came from another state"),
        sa.PrimaryKeyConstraint("project", "quarter", "state"),
    )
