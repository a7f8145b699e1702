"""A server for the stories, each of which is told twice: by mouse and by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.infra.web.site import Site, serving
from tests.infra.web.stories.hands import Hand, Keyboard, Mouse


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Each story has a project and people of its own in it."""
    with serving(tmp_path_factory.mktemp("stories")) as found:
        yield found


@pytest.fixture(params=[Mouse, Keyboard], ids=["mouse", "keyboard"])
def way(request: pytest.FixtureRequest) -> type[Hand]:
    """How everybody in the story works."""
    found: type[Hand] = request.param
    return found
