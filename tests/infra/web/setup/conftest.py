"""One server for all tests that set projects up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.infra.web.site import Site, Visit, visiting


@pytest.fixture
def manager(browser: Browser, place: Site) -> Iterator[Visit]:
    """The owner of it at their browser."""
    with visiting(browser, place) as visit:
        yield visit
