"""Slots that are kept for certain people, and tasks that wait for the label budget."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """The queue is built anew at the next start, and fills all of it."""
    need = "doubted: how badly an answer is wanted, in trillionths"
    kept = "1 while the free slot is kept for certain people"
    until = "when anybody may have it, in microseconds since 1970"
    op.add_column("queue_task", sa.Column("need", sa.BigInteger(), comment=need))
    op.add_column("queue_task", sa.Column("kept", sa.Integer(), nullable=False, server_default="0", comment=kept))
    op.add_column("queue_task", sa.Column("kept_until", sa.BigInteger(), comment=until))
    _index("ix_queue_task_need", ["project", "need"], "need IS NOT NULL")
    _index("ix_queue_task_kept_until", ["kept_until"], "kept_until IS NOT NULL")
    _index("ix_queue_task_kept", ["project", "task"], "kept = 1")
    op.create_table(
        "queue_wanted",
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("task", sa.BigInteger(), nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column(
            "rank",
            sa.BigInteger(),
            nullable=False,
            comment="position of the event that keeps a slot for the person",
        ),
        sa.PrimaryKeyConstraint("person", "task"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_queue_wanted_rank", "queue_wanted", ["person", "project", "rank"], unique=False)


def _index(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "queue_task", columns, unique=False, sqlite_where=where, postgresql_where=where)
