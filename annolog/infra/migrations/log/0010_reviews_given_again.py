"""Reviews that are given again, and which verdict a reviewer who has a task before them is asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Id, Text

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """The queue is built from the log at the next start: its projector has another version."""
    op.create_table(
        "review_again",
        sa.Column("review", Id, primary_key=True, autoincrement=False, comment="the first one"),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("task", sa.BigInteger(), nullable=False),
        sa.Column("stage", Text, nullable=False, comment="which verdict is waited for; gone with the row once none is"),
        sa.Column("annotator", sa.BigInteger(), nullable=False),
        sa.Column("reviewer", sa.BigInteger(), nullable=False),
        sa.Column("second_reviewer", sa.BigInteger(), nullable=False, comment="0 before there is one"),
    )
    op.create_index("ix_review_again", "review_again", ["project", "stage", "review"], unique=False)
    op.add_column("review_task", sa.Column("held_stage", Text, comment="which verdict they are asked for"))
    op.add_column(
        "review_task",
        sa.Column("held_review", sa.BigInteger(), comment="the first review, where they are asked for a later one"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("review_quota", "tasks", comment="tasks, or reviews, it has had")
