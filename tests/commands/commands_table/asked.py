"""Who there is to ask, and how a command of the table is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from annolog.commands.command import Command
from tests.world import World

DIGEST = "0" * 64
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
RULERS = {"owner", "administrator"}
MANAGERS = RULERS | {"manager"}
REVIEWERS = MANAGERS | {"reviewer"}
WORKERS = REVIEWERS | {"annotator"}
EVERYBODY = WORKERS | {"viewer", "stranger"}
NOBODY: set[str] = set()
ROLES = ("owner", "administrator", "manager", "reviewer", "annotator", "viewer", "stranger")

Told = Callable[[World, str], Command]
Table = dict[type[Command], tuple[set[str], Told]]
