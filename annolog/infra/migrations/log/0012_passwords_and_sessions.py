"""Hashes of passwords and digests of sessions, beside the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Text

revision = "0012"
down_revision = "0011"

AT = "microseconds since 1970, UTC"


def upgrade() -> None:
    """Until then people came in by tokens alone."""
    op.create_table(
        "password",
        sa.Column("person", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("hash", Text, nullable=False, comment="Argon2id, with its parameters"),
        sa.Column("changed_at", sa.BigInteger(), nullable=False, comment=AT),
    )
    op.create_table(
        "session",
        sa.Column("digest", Text, primary_key=True, comment="SHA-256 of what the browser sends, in hex"),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("method", Text, nullable=False),
        sa.Column("provider", Text, nullable=False, comment="empty unless an identity provider said who it is"),
        sa.Column(
            "provider_session", Text, nullable=False, comment="what the provider calls its own, empty if it says none"
        ),
        sa.Column("begun_at", sa.BigInteger(), nullable=False, comment=AT),
        sa.Column("seen_at", sa.BigInteger(), nullable=False, comment="when something was last asked with it, about"),
    )
    op.create_index("ix_session_person", "session", ["person"], unique=False)
