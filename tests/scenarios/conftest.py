from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import Backend, World, proven_world


@pytest.fixture(
    params=[
        pytest.param(Backend.EMBEDDED, id="embedded"),
        pytest.param(Backend.SCALED_OUT, id="scaled out", marks=pytest.mark.services),
    ]
)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with proven_world(tmp_path, request.param) as found:
        yield found
