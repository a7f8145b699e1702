"""One server for all tests of the pages by which an organization is run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.infra.web.admin.office import Office
from tests.infra.web.site import Visit, serving, visiting


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with serving(folder) as site:
        yield Office(site, folder)


@pytest.fixture
def owner(browser: Browser, office: Office) -> Iterator[Visit]:
    with visiting(browser, office.site) as visit:
        yield visit
