"""The dashboard in a browser at a million tasks: how long until its figures are there, its charts, and all of it.

`python -m benchmarks dashboard_page [tasks]`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from playwright.sync_api import Browser, Page

from benchmarks.board import MANY
from benchmarks.board_page import build, settled
from benchmarks.measures import Figure, percentile, show
from tests.infra.browsing import chromium
from tests.infra.web.site import Site, serving, sign_in

ROUNDS = 7
FIGURE = "[data-figure=submissions] .an-figure-value"
DRAWN = """name => {
    const found = document.querySelector(`figure[aria-label="${name}"] .nicegui-echart`);
    const { series } = (found && window.getElement(+found.id.slice(1)).chart?.getOption()) || {};
    return series?.some((one) => one.data?.length);
}"""
FAST, SLOW = "Tasks by state", "Agreement of tasks"


def opened(page: Page, url: str) -> tuple[float, float, float, float]:
    """Seconds from asking for the page to its figures, to an answer to a click, to the first charts and to the last."""
    started = perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_selector(FIGURE)
    figures = perf_counter() - started
    page.get_by_text("Custom", exact=True).click()
    page.get_by_role("button", name="Show", exact=True).wait_for()
    clicked = perf_counter() - started
    page.wait_for_function(DRAWN, arg=FAST)
    fast = perf_counter() - started
    page.wait_for_function(DRAWN, arg=SLOW)
    return figures, clicked, fast, perf_counter() - started


def again_and_again(browser: Browser, site: Site, url: str) -> list[tuple[float, float, float, float]]:
    """The first time in a browser that has loaded nothing yet, then warm."""
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    sign_in(context, site, "owner")
    try:
        page = context.new_page()
        page.set_default_timeout(120_000)
        return [opened(page, url) for _ in range(ROUNDS + 1)]
    finally:
        context.close()


def main() -> None:
    """Print it."""
    many = int(sys.argv[2]) if len(sys.argv) > 2 else MANY
    with TemporaryDirectory() as place:
        project = build(Path(place), many)
        with serving(Path(place)) as site, chromium() as browser:
            settled(site)
            first, *warm = again_and_again(browser, site, f"{site.url}/projects/{project}")
    middle = [percentile([one[column] for one in warm], 0.5) * 1000 for column in range(4)]
    figures = [
        Figure("the very first time: figures", first[0] * 1000, "ms"),
        Figure("the very first time: all charts, the slowest with them", first[3] * 1000, "ms"),
        Figure("figures", middle[0], "ms", "< 1,000"),
        Figure("an answer to a click", middle[1], "ms", "< 1,000"),
        Figure("charts of sums", middle[2], "ms"),
        Figure("charts of every task", middle[3], "ms"),
    ]
    show(f"The dashboard at {many:,} tasks", "python -m benchmarks dashboard_page", figures)
