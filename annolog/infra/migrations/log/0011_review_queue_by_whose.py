"""The review queue finds at once what is for anybody, and passes over what only its author is left to judge."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Id, Text

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """The queue is built from the log at the next start: its projector has another version."""
    # A table that was rebuilt has indexes of other names, so it is made anew with all it has.
    op.drop_table("review_task")
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
        sa.Column(
            "sole", sa.BigInteger(), nullable=False, comment="who answered all that is to be judged, 0 if several"
        ),
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
        sa.Column("held_stage", Text, comment="which verdict they are asked for"),
        sa.Column("held_review", sa.BigInteger(), comment="the first review, where they are asked for a later one"),
    )
    _index("task", ["project", "stage", "task"], "reviewers = 0")
    _index("place", ["project", "stage", "place", "task"], "reviewers = 0")
    _index("annotator", ["project", "stage", "annotator", "task"], "reviewers = 0")
    _index("held", ["held_by", "project"], "held_by IS NOT NULL")
    _index("awaited", ["project", "task"], "awaited = 1")


def _index(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(
        f"ix_review_task_{name}", "review_task", columns, unique=False, sqlite_where=where, postgresql_where=where
    )
