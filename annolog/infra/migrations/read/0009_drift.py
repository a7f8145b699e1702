"""Answers by day and alarms about changes in people's work: a read model of its own, filled at the next start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Id, Text

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Nothing is there yet that it could be made from."""
    op.create_table(
        "drift_answer",
        sa.Column("annotation", Id, autoincrement=False, nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("task", sa.BigInteger(), nullable=False),
        sa.Column("submitted", Text, nullable=False, comment="the day, in UTC"),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="of the submission in the log"),
        sa.Column("day", Text, nullable=False, comment="on which the person last gave the answer, in UTC"),
        sa.Column(
            "lead_time", sa.BigInteger(), comment="microseconds over all revisions by the annotator; empty if unknown"
        ),
        sa.Column("live", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("annotation"),
    )
    op.create_index("ix_drift_answer_day", "drift_answer", ["project", "person", "day"], unique=False)
    op.create_index(
        "ix_drift_answer_submitted", "drift_answer", ["project", "person", "submitted", "position"], unique=False
    )
    op.create_table(
        "drift_alarm",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("alarm", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("measure", Text, nullable=False, comment="accuracy, agreement or speed"),
        sa.Column("direction", Text, nullable=False, comment="rise or fall"),
        sa.Column("since", Text, nullable=False, comment="the first day of the change, in UTC"),
        sa.Column("until", Text, nullable=False, comment="the day on which it was certain enough"),
        sa.Column("figures", Text, nullable=False, comment="JSON: day, value and answers of every day looked at"),
        sa.Column("tasks", Text, nullable=False, comment="JSON"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"),
        sa.Column("dismissed_because", Text),
        sa.Column("dismissed_by", sa.BigInteger()),
        sa.Column("dismissed_at", sa.BigInteger(), comment="microseconds since 1970, UTC"),
        sa.PrimaryKeyConstraint("project", "alarm"),
    )
