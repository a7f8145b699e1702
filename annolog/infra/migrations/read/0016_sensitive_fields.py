"""The board knows which fields of a project's tasks are sensitive, and keeps them out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Text

revision = "0016"
down_revision = "0015"

NOTHING = '{"rules": {}, "shown": {}}'
COMMENT = "which fields are sensitive, and what shows them, as JSON"


def upgrade() -> None:
    """The board has another version, so it is filled from the log at the next start."""
    op.add_column("board_project", sa.Column("fields", Text, nullable=False, server_default=NOTHING, comment=COMMENT))
