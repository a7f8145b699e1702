"""How reviewers judge: a read model of its own, filled at the next start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Id, Text

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Nothing is there yet that could be kept."""
    op.create_table(
        "reviewer_verdicts",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("reviewer", sa.BigInteger(), nullable=False),
        sa.Column("annotator", sa.BigInteger(), nullable=False),
        sa.Column(
            "accepted", sa.Integer(), nullable=False, comment="first reviews that were not withdrawn, by verdict"
        ),
        sa.Column("fixed", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("project", "reviewer", "annotator"),
    )
    op.create_table(
        "reviewer_figures",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("reviewer", sa.BigInteger(), nullable=False),
        sa.Column("second_reviews", sa.Integer(), nullable=False, comment="second reviews they gave"),
        sa.Column("second_reviewed", sa.Integer(), nullable=False, comment="their first reviews that were given again"),
        sa.Column("agreed", sa.Integer(), nullable=False, comment="of both, those with two like verdicts"),
        sa.Column("adjudicated", sa.Integer(), nullable=False, comment="of both, those that a third person settled"),
        sa.Column(
            "overturned", sa.Integer(), nullable=False, comment="of these, those with another verdict than theirs"
        ),
        sa.Column("adjudications", sa.Integer(), nullable=False, comment="what they settled for others"),
        sa.PrimaryKeyConstraint("project", "reviewer"),
    )
    op.create_table(
        "reviewer_pair",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("one", sa.BigInteger(), nullable=False, comment="the lower id"),
        sa.Column("other", sa.BigInteger(), nullable=False),
        sa.Column("verdict", Text, nullable=False, comment="of the one"),
        sa.Column("other_verdict", Text, nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("project", "one", "other", "verdict", "other_verdict"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "second_review",
        sa.Column("review", Id, primary_key=True, autoincrement=False, comment="the first one"),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("task", sa.BigInteger(), nullable=False),
        sa.Column("annotation", sa.BigInteger(), nullable=False),
        sa.Column("annotator", sa.BigInteger(), nullable=False),
        sa.Column(
            "waiting", Text, nullable=False, comment="second, adjudication, or empty where nothing is waited for"
        ),
        sa.Column("reviewer", sa.BigInteger(), nullable=False),
        sa.Column("verdict", Text, nullable=False),
        sa.Column("second_reviewer", sa.BigInteger(), nullable=False, comment="0 before there is one"),
        sa.Column("second_verdict", Text, nullable=False),
        sa.Column("adjudicator", sa.BigInteger(), nullable=False, comment="0 before there is one"),
        sa.Column("adjudicated_verdict", Text, nullable=False),
    )
    op.create_index("ix_second_review_task", "second_review", ["task", "waiting"], unique=False)
    op.create_index("ix_second_review_project", "second_review", ["project", "waiting"], unique=False)
