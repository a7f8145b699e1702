"""A person's agreement with others is added up from pairs when asked for, instead of with every answer."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """The sums are in the table of pairs as well, so nothing is lost."""
    op.drop_column("agreement_person", "pairs")
    op.drop_column("agreement_person", "pairwise")
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("agreement_pair", "dimension", comment="empty for all of them, if there are several")
