"""A browser as people have it, at Keycloak's form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tools.chromium import chromium
from tools.services.realm import password_of

__all__ = ["chromium", "fresh_page", "type_in"]


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
