"""The review queue, and how far the quotas of review are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Id, Text

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """The queue is built from the log at the next start."""
    op.create_table(
        "review_task",
        sa.Column("task", Id, primary_key=True, autoincrement=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column(
            "stage",
            sa.Integer(),
            nullable=False,
            comment="0 to be reviewed, 1 with answers and not finished, 2 neither",
        ),
        sa.Column("place", sa.BigInteger(), nullable=False, comment="in an order that is shuffled"),
        sa.Column("annotator", sa.BigInteger(), nullable=False, comment="who answered first, of those to be judged"),
        sa.Column("state", Text, nullable=False),
        sa.Column("annotations", Text, nullable=False, comment="JSON: annotation -> annotator, judged, deleted"),
        sa.Column("ground_truth", sa.BigInteger(), comment="the annotation that is the ground truth"),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.Column(
            "awaited",
            sa.Integer(),
            nullable=False,
            comment="1 while its agreement has yet to say whether it is reviewed",
        ),
        sa.Column("reviewers", sa.Integer(), nullable=False, comment="how many it is assigned to"),
        sa.Column("held_by", sa.BigInteger(), comment="the reviewer who has it before them"),
        sa.Column("held_for", sa.BigInteger(), comment="the annotation they have before them"),
        sa.Column("held_until", sa.BigInteger(), comment="in microseconds since 1970"),
    )
    op.create_table(
        "review_assigned",
        sa.Column("person", sa.BigInteger(), primary_key=True),
        sa.Column("task", sa.BigInteger(), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "review_quota",
        sa.Column("project", sa.BigInteger(), primary_key=True),
        sa.Column("quota", Text, primary_key=True, comment="its name, see domain.task.routing"),
        sa.Column("tasks", sa.Integer(), nullable=False, comment="tasks it has had"),
        sqlite_with_rowid=False,
    )
    _index("task", ["project", "stage", "task"])
    _index("place", ["project", "stage", "place", "task"])
    _index("annotator", ["project", "stage", "annotator", "task"])
    _index("held", ["held_by", "project"], "held_by IS NOT NULL")
    _index("awaited", ["project", "task"], "awaited = 1")
    # Of a version that no projector has, so that it is built anew.
    op.execute("DELETE FROM hot_version WHERE reader = 'review_queue'")
    op.execute("INSERT INTO hot_version (reader, version) VALUES ('review_queue', 0)")


def _index(name: str, columns: list[str], condition: str | None = None) -> None:
    op.create_index(
        f"ix_review_task_{name}",
        "review_task",
        columns,
        unique=False,
        sqlite_where=None if condition is None else sa.text(condition),
        postgresql_where=None if condition is None else sa.text(condition),
    )
