"""Where every webhook stands."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Text

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """There were no webhooks before."""
    op.create_table(
        "webhook_delivery",
        sa.Column("webhook", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="what concerns it up to here is delivered"),
        sa.Column("delivered", sa.BigInteger(), nullable=False, comment="how many events, repetitions included"),
        sa.Column("delivered_at", sa.BigInteger(), comment="the latest; microseconds since 1970, UTC"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="failed ones since the latest delivery"),
        sa.Column("failing_since", sa.BigInteger(), comment="microseconds since 1970, UTC"),
        sa.Column("next_attempt_at", sa.BigInteger(), comment="microseconds since 1970, UTC"),
        sa.Column("last_status", sa.Integer(), comment="of HTTP; empty if none came back"),
        sa.Column("last_error", Text, nullable=False),
    )
