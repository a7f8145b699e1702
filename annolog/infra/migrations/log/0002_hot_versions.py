"""Which version of its projector wrote a hot read model: where it stands is never in doubt, so it has no bookmark."""

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
    op.execute("INSERT INTO hot_version (reader, version) SELECT projector, version FROM bookmark")
    op.drop_table("bookmark")
