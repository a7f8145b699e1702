"""How unsure models are of tasks, and the order of the queue by it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """The queue is built anew at the next start, and fills all of it."""
    op.add_column(
        "queue_task",
        sa.Column("score", sa.Float(), nullable=True, comment="of the latest prediction, if that has one"),
    )
    op.add_column(
        "queue_task",
        sa.Column(
            "doubt", sa.BigInteger(), nullable=True, comment="the place by that score, see domain.task.uncertainty"
        ),
    )
    op.add_column(
        "queue_project",
        sa.Column(
            "predicted",
            sa.BigInteger(),
            nullable=False,
            server_default="0",
            comment="position of the latest prediction that moved a task",
        ),
    )
    condition = "open = 1 AND stage = 1 AND doubt IS NOT NULL"
    op.create_index(
        "ix_queue_task_doubt",
        "queue_task",
        ["project", "covered", "doubt"],
        unique=False,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )
