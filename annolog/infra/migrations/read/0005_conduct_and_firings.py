"""What rules look at, and what they did: filled from the log at the next start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Text

revision = "0005"
down_revision = "0004"

MOMENT = "microseconds since 1970, UTC"


def upgrade() -> None:
    """Two tables that were not there."""
    op.create_table(
        "conduct_person",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False, comment="given, also those deleted since"),
        sa.Column("skips", sa.Integer(), nullable=False),
        sa.Column("skips_in_row", sa.Integer(), nullable=False, comment="since the last answer"),
        sa.Column(
            "recent", Text, nullable=False, comment="JSON: task and microseconds of the latest answers, one by one"
        ),
        sa.PrimaryKeyConstraint("project", "person"),
    )
    op.create_table(
        "rule_firing",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("firing", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("rule", Text, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("inputs", Text, nullable=False, comment="JSON: collector -> number"),
        sa.Column("conditions", Text, nullable=False, comment="JSON"),
        sa.Column("action", Text, nullable=False, comment="JSON"),
        sa.Column("tasks", Text, nullable=False, comment="JSON"),
        sa.Column("annotations", Text, nullable=False, comment="JSON"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment=MOMENT),
        sa.Column("appeal", Text, comment="what the person says"),
        sa.Column("appealed_at", sa.BigInteger(), comment=MOMENT),
        sa.Column("overruled_because", Text),
        sa.Column("overruled_by", sa.BigInteger()),
        sa.Column("overruled_at", sa.BigInteger(), comment=MOMENT),
        sa.PrimaryKeyConstraint("project", "firing"),
    )
    op.create_index("ix_rule_firing_person", "rule_firing", ["project", "person", "firing"], unique=False)
