"""Versions of hot read models, which need no bookmark: they stand at the head. And how far the relay has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Keep the versions, drop the bookmarks."""
    op.create_table(
        "hot_version",
        sa.Column("reader", Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False, comment="of the projector that wrote the tables"),
    )
    op.create_table(
        "relay_note",
        sa.Column("topic", Text, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False, comment="every partition has everything up to it"),
        sa.Column("moved_at", sa.BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
    )
    op.execute("INSERT INTO hot_version (reader, version) SELECT projector, version FROM bookmark")
    op.drop_table("bookmark")
