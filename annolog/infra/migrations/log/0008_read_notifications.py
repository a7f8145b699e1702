"""Up to where people have read what they were told, beside the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nobody was told of anything before."""
    op.create_table(
        "notification_mark",
        sa.Column("person", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column(
            "position", sa.BigInteger(), nullable=False, comment="the person has read what they were told up to here"
        ),
    )
