from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import Backend, World, world_in


@pytest.fixture(
    params=[
        pytest.param(Backend.EMBEDDED, id="embedded"),
        pytest.param(Backend.POSTGRESQL, id="postgresql", marks=pytest.mark.services),
    ]
)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path, request.param) as found:
        # Nothing but the test sends commands: what arrives together, or finds the bus full, is counted here.
        found.installation.sweeper.stop()
        yield found
