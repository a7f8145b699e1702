"""How tests write figures of people."""

from __future__ import annotations

from playwright.sync_api import Page


def cells(page: Page, table: str, row: str) -> list[str]:
    found = page.get_by_label(table, exact=True).locator("tbody tr", has=page.get_by_text(row, exact=True))
    return [text.strip() for text in found.first.locator("td").all_inner_texts()]


def percent(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:.0f} %"
