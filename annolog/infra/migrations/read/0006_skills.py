"""The measured skills of people: a read model of its own, filled from the log at the next start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Id, Text

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nothing is there yet that it could be made from."""
    op.create_table(
        "skill_project",
        sa.Column("project", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("label_config", Text, nullable=False),
        sa.Column("settings", Text, nullable=False, comment="of agreement, those in force, as JSON"),
        sa.Column("label_config_before", Text, nullable=False, comment="before the latest change of either"),
        sa.Column("settings_before", Text, nullable=False),
        sa.Column("day", Text, nullable=False, comment="of the latest answer to any task, in UTC; empty for none"),
        sa.PrimaryKeyConstraint("project"),
    )
    op.create_table(
        "skill_task",
        sa.Column("task", Id, autoincrement=False, nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("answers", Text, nullable=False, comment="JSON: annotation -> what is known of it"),
        sa.Column("truth", sa.BigInteger(), nullable=True, comment="the annotation that is the ground truth"),
        sa.PrimaryKeyConstraint("task"),
    )
    op.create_index("ix_skill_task_project", "skill_task", ["project", "task"], unique=False)
    op.create_table(
        "skill_day",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("source", Text, nullable=False, comment="ground_truth, consensus or review"),
        sa.Column("dimension", Text, nullable=False, comment="empty for all of them"),
        sa.Column("label", Text, nullable=False, comment="empty for all of them"),
        sa.Column("day", Text, nullable=False, comment="on which the person last gave the answer, in UTC"),
        sa.Column("right", sa.BigInteger(), nullable=False, comment="trillionths"),
        sa.Column("total", sa.Integer(), nullable=False, comment="answers"),
        sa.PrimaryKeyConstraint("project", "person", "source", "dimension", "label", "day"),
        sqlite_with_rowid=False,
    )
