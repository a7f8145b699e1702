"""When pauses end by themselves, and how many people have to do with a task."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Text

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """The queue is built anew at the next start, and fills both."""
    op.add_column(
        "queue_task",
        sa.Column(
            "touched",
            sa.Integer(),
            nullable=False,
            server_default="0",
            comment="people who have, or had, to do with it",
        ),
    )
    op.create_index(
        "ix_queue_task_touched",
        "queue_task",
        ["project", "touched", "task"],
        unique=False,
        sqlite_where=sa.text("open = 1"),
        postgresql_where=sa.text("open = 1"),
    )
    op.create_table(
        "queue_pause",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("cause", Text, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False, comment="microseconds since 1970"),
        sa.PrimaryKeyConstraint("project", "person", "cause"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_queue_pause_until", "queue_pause", ["until"], unique=False)
