"""Drafts are looked for by whose they are."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Until then they were asked for by their task alone."""
    op.create_index("ix_draft_person", "draft", ["person"], unique=False)
