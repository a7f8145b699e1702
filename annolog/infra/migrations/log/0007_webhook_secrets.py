"""What webhooks sign with, beside the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Text

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """There were no webhooks before."""
    op.create_table(
        "webhook_secret",
        sa.Column("webhook", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("secret", Text, nullable=False, comment="what it signs with; events only name its fingerprint"),
    )
