"""A key for each person, and the secrets of the vault itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Nothing personal was recorded before."""
    op.create_table(
        "person_key",
        sa.Column("person", BigId, primary_key=True, autoincrement=False),
        sa.Column("key", sa.LargeBinary(), comment="as `keyring` keeps it; none once it is destroyed"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="in microseconds since 1970"),
        sa.Column("forgotten_at", sa.BigInteger(), comment="when the key was destroyed, in microseconds since 1970"),
    )
    op.create_table(
        "vault_secret",
        sa.Column("name", Text, primary_key=True),
        sa.Column("key", sa.LargeBinary(), nullable=False, comment="as `keyring` keeps it"),
    )
