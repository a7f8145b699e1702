"""An office: a server whose people change from test to test, and how tests find their way in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.infra.web.site import Site

HOSTILE = ("<img src=x onerror=alert(1)>", "{{7*7}} ${7*7}", ":alert(1)", "x" * 200, "שלום\u202ealert")


@dataclass(frozen=True)
class Office:
    """A server whose people change from test to test, and where its databases are."""

    site: Site
    folder: Path

    def tell(self, method: str, path: str, who: int | None = None, **more: Any) -> Any:
        return self.site.ask(method, path, who, **more)

    def known(self, person: int) -> dict[str, Any]:
        found: dict[str, Any] = self.tell("GET", f"/v1/people/{person}")
        return found


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def in_window(page: Page, title: str) -> Any:
    found = page.get_by_role("dialog", name=title)
    expect(found).to_be_visible()
    return found


def choose(page: Page, field: Any, option: str) -> None:
    field.click()
    page.get_by_role("option", name=option, exact=True).click()
