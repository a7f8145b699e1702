"""One server for all tests that set projects up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.infra.web.site import Site, Visit, serving, visiting


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of this module's own, with a project of each test's making."""
    with serving(tmp_path_factory.mktemp("setup")) as found:
        yield found


@pytest.fixture
def manager(browser: Browser, place: Site) -> Iterator[Visit]:
    """The owner of it at their browser."""
    with visiting(browser, place) as visit:
        yield visit
