"""Every command with who may ask it, and how it is asked: the table by which roles are tried."""

from __future__ import annotations

from tests.commands.commands_table import organization, projects, reviews, tasks
from tests.commands.commands_table.asked import DIGEST, ROLES, Table

__all__ = ["DIGEST", "ORGANIZATION_WIDE", "ROLES", "TABLE"]

# World: task 1 is Bob's, 2 and 3 are free. An example is right in every respect but, perhaps, who asks.
ROOMS = (organization, projects, tasks, reviews)
TABLE: Table = {kind: told for room in ROOMS for kind, told in room.TABLE.items()}
ORGANIZATION_WIDE = {kind for room in ROOMS for kind in room.ORGANIZATION_WIDE}
