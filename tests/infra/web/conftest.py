"""A browser, and a server with real work in it, shared by the tests of a worker that leave it as they find it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from tests.infra.browsing import chromium
from tests.infra.web.labeling_bench import Bench, served_component
from tests.infra.web.site import PATIENCE_MS, Site, Visit, replayed, serving, visiting
from tools import editor

TASKS = 60


@dataclass(frozen=True)
class Crowd:
    """A served project of real sentence pairs, which real people answered."""

    site: Site
    project: int


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """Nobody changes what is in it."""
    folder = tmp_path_factory.mktemp("crowd")
    project = replayed(folder, TASKS)
    with serving(folder) as site:
        yield Crowd(site, project)


@pytest.fixture
def owner(browser: Browser, crowd: Crowd) -> Iterator[Visit]:
    """The owner of that server at their browser."""
    with visiting(browser, crowd.site) as visit:
        yield visit


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server for all tests that have a project of their own, and people of their own where these are changed."""
    with serving(tmp_path_factory.mktemp("place")) as found:
        yield found


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with nothing in it, to be changed at will."""
    with serving(tmp_path_factory.mktemp("site")) as found:
        yield found


@pytest.fixture(scope="session")
def full_editor() -> None:
    """It has to be there; where it cannot be had tests that need it fail, they are not passed over."""
    editor.fetch()


@pytest.fixture(scope="session")
def component(browser: Browser) -> Iterator[Bench]:
    """A page with nothing but the labeling component in it."""
    with served_component() as url:
        bench = Bench(browser, url)
        yield bench
        bench.context.close()


@pytest.fixture
def bench(component: Bench) -> Iterator[Bench]:
    """That page for one test, which must not have complained by the end."""
    component.complaints.clear()
    yield component
    assert not component.complaints, component.complaints
