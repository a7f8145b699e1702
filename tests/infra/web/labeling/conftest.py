"""One server for all tests that label on the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.infra.web.site import Site, serving


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server for these tests alone; each has a project and people of its own."""
    with serving(tmp_path_factory.mktemp("work")) as found:
        yield found
