"""How tests read a dashboard."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
from playwright.sync_api import Locator, Page, expect


def figure(page: Page, key: str) -> Locator:
    """The value of a figure."""
    return page.locator(f"[data-figure={key}] .an-figure-value")


def rows_of(page: Page, chart: str) -> list[tuple[str, dict[str, str]]]:
    """What a chart shows as a table: of each row where it leads, and its cells."""
    page.get_by_role("button", name=f"Show {chart} as a table").click()
    dialog = page.get_by_role("dialog", name=chart)
    expect(dialog.locator("tbody tr").first).to_be_visible()
    names = dialog.locator("th").all_inner_texts()
    found = []
    for row in dialog.locator("tbody tr").all():
        link = row.locator("a")
        target = str(link.get_attribute("href")) if link.count() else ""
        found.append((target, dict(zip(names, row.locator("td").all_inner_texts(), strict=True))))
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    return found


def filter_of(target: str) -> dict[str, Any]:
    """The filter in an address of the board."""
    parts = urlsplit(target)
    assert parts.path.endswith("/tasks")
    found: dict[str, Any] = orjson.loads(parse_qs(parts.query)["filters"][0])
    return found


def drawn(page: Page, chart: str) -> None:
    """Wait until a chart has something to show."""
    page.wait_for_function(
        """name => {
            const found = document.querySelector(`figure[aria-label="${name}"] .nicegui-echart`);
            const { series } = (found && window.getElement(+found.id.slice(1)).chart?.getOption()) || {};
            return series?.some((one) => one.data?.length);
        }""",
        arg=chart,
    )
