"""Each story is told twice: by mouse and by keyboard alone."""

from __future__ import annotations

import pytest

from tests.infra.web.stories.hands import Hand, Keyboard, Mouse


@pytest.fixture(params=[Mouse, Keyboard], ids=["mouse", "keyboard"])
def way(request: pytest.FixtureRequest) -> type[Hand]:
    """How everybody in the story works."""
    found: type[Hand] = request.param
    return found
