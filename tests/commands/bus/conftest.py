from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World, world_in


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Trouble of SQLite's own kind, or of the bus; that of PostgreSQL is in tests/faults/postgresql."""
    with world_in(tmp_path) as found:
        # Nothing but the test sends commands: what arrives together, or finds the bus full, is counted here.
        found.installation.sweeper.stop()
        yield found
