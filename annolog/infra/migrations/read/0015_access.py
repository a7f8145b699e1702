"""Who is in which project: a read model of its own, filled from the log at the next start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Text

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Two tables, found by organization, by workspace and by person."""
    op.create_table(
        "access_project",
        sa.Column("project", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organization", sa.BigInteger(), nullable=False),
        sa.Column("workspace", sa.BigInteger(), nullable=False, comment="0 for none"),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("project"),
    )
    op.create_index("ix_access_project_organization", "access_project", ["organization", "project"], unique=False)
    op.create_index("ix_access_project_workspace", "access_project", ["workspace", "project"], unique=False)
    op.create_table(
        "access_member",
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("project", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", Text, nullable=False),
        sa.Column("source", Text, nullable=False, comment="project, workspace or groups"),
        sa.PrimaryKeyConstraint("person", "project"),
    )
