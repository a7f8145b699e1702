"""Who did what, when and from where: a read model of its own, filled from the log at the next start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Id, Text

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Entries found by organization, person, action and project; and what tells where events belong."""
    op.create_table(
        "activity_entry",
        sa.Column("position", Id, autoincrement=False, nullable=False, comment="of the event in the log"),
        sa.Column("organization", sa.BigInteger(), nullable=False, comment="0 for an attempt that was about none"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"),
        sa.Column("person", sa.BigInteger(), comment="who did it; 0 for the system itself, empty for nobody known"),
        sa.Column("on_behalf_of", sa.BigInteger()),
        sa.Column("action", Text, nullable=False, comment="a stable word"),
        sa.Column("kind", Text, nullable=False, comment="what it was done to: person, token, project, ..."),
        sa.Column("subject", sa.BigInteger(), comment="which, where it has a number"),
        sa.Column("project", sa.BigInteger()),
        sa.Column("address", Text, nullable=False, comment="where from, as the event has it"),
        sa.Column("command", Text, nullable=False, comment="the command that it came of"),
        sa.Column("detail", Text, nullable=False, comment="JSON"),
        sa.PrimaryKeyConstraint("position"),
    )
    for name, columns in (
        ("organization", ["organization", "position"]),
        ("person", ["organization", "person", "position"]),
        ("action", ["organization", "action", "position"]),
        ("project", ["project", "position"]),
    ):
        op.create_index(f"ix_activity_entry_{name}", "activity_entry", columns, unique=False)
    op.create_table(
        "activity_place",
        sa.Column("command", Text, nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("address", Text, nullable=False, comment="as the event has it"),
        sa.PrimaryKeyConstraint("command"),
    )
    for thing in ("project", "person"):
        op.create_table(
            f"activity_{thing}",
            sa.Column(thing, sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("organization", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint(thing),
        )
    used = "microseconds since 1970, UTC; empty if it never was"
    op.create_table(
        "activity_token",
        sa.Column("token", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organization", sa.BigInteger(), nullable=False),
        sa.Column("last_used", sa.BigInteger(), comment=used),
        sa.PrimaryKeyConstraint("token"),
    )
