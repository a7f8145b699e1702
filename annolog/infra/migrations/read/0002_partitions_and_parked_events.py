"""A bookmark for each partition of the log, and a place for events that a reader could not deal with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Everything there is has followed the whole log so far, which is partition -1."""
    op.rename_table("bookmark", "bookmark_before")
    op.create_table(
        "bookmark",
        sa.Column("reader", Text, primary_key=True, comment="a read model, or a reaction"),
        sa.Column("partition", sa.Integer, primary_key=True, comment="-1 for the whole log"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("next_offset", sa.BigInteger, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("moved_at", sa.BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
    )
    op.execute(
        "INSERT INTO bookmark (reader, partition, version, next_offset, position, moved_at)"
        " SELECT projector, -1, version, 0, position, 0 FROM bookmark_before"
    )
    op.drop_table("bookmark_before")
    op.create_table(
        "parked",
        sa.Column("reader", Text, primary_key=True, comment="a read model, or a reaction"),
        sa.Column("position", sa.BigInteger, primary_key=True),
        sa.Column("place", Text, nullable=False, comment="what waits behind it: a project, or a stream without one"),
        sa.Column("stream", Text, nullable=False),
        sa.Column("type", Text, nullable=False),
        sa.Column("error", Text, nullable=False),
        sa.Column("waits", sa.Integer, nullable=False, comment="1 if later events of the place wait"),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("parked_at", sa.BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
    )
