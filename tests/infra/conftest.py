"""A provider and a browser for those who sign in as people do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests import servers
from tools.services.keycloak import Keycloak

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def keycloak() -> Keycloak:
    return servers.keycloak()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Most tests need none, and it takes a while to be imported.
    from tests.infra.browsing import chromium

    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser that has never been anywhere."""
    from tests.infra.browsing import fresh_page

    with fresh_page(browser) as found:
        yield found
