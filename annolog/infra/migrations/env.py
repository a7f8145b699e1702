"""Run by Alembic: the revisions of a history, on the connection of whoever asked for it."""

from __future__ import annotations

from alembic import context

attributes = context.config.attributes
context.configure(connection=attributes["connection"], version_table=attributes["version_table"])
context.run_migrations()
