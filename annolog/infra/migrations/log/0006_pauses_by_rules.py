"""Any number of rules may pause the same person: what ends by itself is kept a person, not a cause."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Text

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """The queue is built anew at the next start, and fills the table."""
    # With the table goes its index, whose name tells whether it was built anew since.
    op.drop_table("queue_pause")
    op.create_table(
        "queue_pause",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("pauses", Text, nullable=False, comment="JSON: cause and rule -> when it ends by itself"),
        sa.Column(
            "until", sa.BigInteger(), nullable=False, comment="when the first of them ends, in microseconds since 1970"
        ),
        sa.PrimaryKeyConstraint("project", "person"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_queue_pause_until", "queue_pause", ["until"], unique=False)
