"""What every test shares: how hard Hypothesis tries, and the servers."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests import servers

# On a shared machine a slow example is noise, never a finding: no profile has a deadline.
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("thorough", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        servers.begin(needed="not services" not in config.option.markexpr)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        servers.end()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Playwright leaves an event loop running in the thread that has used it, and a browser takes the machine from tests
    # in which something is due in time: whatever needs a browser comes last.
    items.sort(key=lambda item: "browser" in item.fixturenames)


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """An empty database."""
    with servers.database() as url:
        yield url
