"""A server with four weeks of work that nobody changes, and one in which each test has a project of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.infra.web.conftest import Crowd
from tests.infra.web.month import a_month
from tests.infra.web.site import Visit, serving, visiting


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """Four weeks of work, with reviews, and tasks left. Nobody changes what is in it."""
    folder = tmp_path_factory.mktemp("month")
    project = a_month(folder)
    with serving(folder) as site:
        yield Crowd(site, project)


@pytest.fixture
def manager(browser: Browser, month: Crowd) -> Iterator[Visit]:
    """The owner of that server at their browser."""
    with visiting(browser, month.site) as visit:
        yield visit
