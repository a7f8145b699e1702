"""A server for the board's tests, with a project of each test's own and one with many tasks."""

from __future__ import annotations

import pytest

from tests.infra.web.board.desk import MANY, Desk
from tests.infra.web.site import Site


@pytest.fixture(scope="session")
def many(place: Site) -> Desk:
    """More tasks than the board asks for at once."""
    found = Desk(place)
    found.have(*({"text": f"text {number}"} for number in range(MANY)))
    return found


@pytest.fixture
def desk(place: Site) -> Desk:
    return Desk(place)
