"""A browser as people have it, at Keycloak's form."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tools.services.realm import password_of

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's."""
    found = shutil.which("chromium")
    assert found is not None, "chromium is needed to sign in as people do: apt-get install chromium"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield running
        running.close()


@contextmanager
def fresh_page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that has never been anywhere."""
    with browser.new_context() as context:
        found = context.new_page()
        found.set_default_timeout(30_000)
        yield found


def type_in(page: Page, person: str, password: str | None = None) -> None:
    """Fill in Keycloak's form."""
    page.fill("#username", person)
    page.fill("#password", password_of(person) if password is None else password)
    page.click("#kc-login")
