"""Tasks by state over time: a read model of its own, filled at the next start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Id, Text

revision = "0013"
down_revision = "0009"


def upgrade() -> None:
    """Nothing is there yet that it could be made from."""
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
