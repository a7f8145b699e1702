"""The board's page in a browser at a million tasks: how long until its rows are there and it answers to the hand."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any

import httpx
from playwright.sync_api import Browser, Page

from annolog.infra.composition import NOTHING, Installation
from annolog.infra.settings import InstallationSettings
from benchmarks.board import ANSWERED, MANY
from benchmarks.measures import Figure, percentile, show
from benchmarks.workload import project_with, run_all, submissions
from tests.infra.browsing import chromium
from tests.infra.web.site import Site, serving, sign_in

ROUNDS = 5
FIRST_ROW = ".ag-row .an-link"
LOW: dict[str, Any] = {"items": [{"filter": "agreement", "operator": "less", "value": 0.5}]}
RARE: dict[str, Any] = {"items": [{"filter": "data.text", "operator": "contains", "value": "no such words"}]}


def build(folder: Path, many: int) -> int:
    """A project of so many tasks, some of which are answered by two people; its id."""
    with Installation(InstallationSettings(data_dir=folder), parts=NOTHING) as found:
        project, people = project_with(found, many, 3, overlap=3)
        tasks = random.Random(1).sample(range(1, many + 1), min(ANSWERED, many // 2))
        run_all(found, list(submissions(tasks, people[:2])), in_flight=256)
        found.projections.catch_up()
    return project


def settled(site: Site) -> None:
    """Wait until what follows from events by itself is done: it would work beside what is measured."""
    while any(
        line.startswith("annolog_lag_events{") and float(line.rsplit(" ", 1)[1]) > 0
        for line in httpx.get(f"{site.url}/metrics").text.splitlines()
    ):
        sleep(1)


def opened(page: Page, url: str) -> tuple[float, float]:
    """Seconds from asking for the page to its first row, and until a click has opened something."""
    started = perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_selector(FIRST_ROW)
    rows = perf_counter() - started
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("dialog", name="Columns").wait_for()
    return rows, perf_counter() - started


def cold(browser: Browser, site: Site, url: str) -> tuple[float, float]:
    """The same in a browser that has loaded nothing yet."""
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    sign_in(context, site, "owner")
    try:
        return opened(context.new_page(), url)
    finally:
        context.close()


def warm(browser: Browser, site: Site, url: str) -> list[tuple[float, float]]:
    """The same again and again in one browser."""
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    sign_in(context, site, "owner")
    try:
        page = context.new_page()
        opened(page, url)
        return [opened(page, url) for _ in range(ROUNDS)]
    finally:
        context.close()


def busy(browser: Browser, site: Site, url: str) -> float:
    """The median of the seconds of a processor that the page takes until then, whoever else uses it."""
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    sign_in(context, site, "owner")
    try:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        taken = []
        for _ in range(ROUNDS):
            opened(page, url)
            metrics = session.send("Performance.getMetrics")["metrics"]
            taken.append(next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration"))
        return percentile(taken, 0.5)
    finally:
        context.close()


def scrolled(browser: Browser, site: Site, url: str) -> float:
    """The 95th percentile of the seconds from a jump of two blocks to the rows there."""
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    sign_in(context, site, "owner")
    try:
        page = context.new_page()
        opened(page, url)
        page.keyboard.press("Escape")
        taken = []
        for block in range(1, 41):
            started = perf_counter()
            page.evaluate(
                "top => { document.querySelector('.ag-grid-viewport, .ag-body-viewport').scrollTop = top }",
                block * 3_800,
            )
            page.wait_for_selector(f".ag-row[row-index='{block * 100 + 5}'] .an-link")
            taken.append(perf_counter() - started)
        return percentile(taken, 0.95)
    finally:
        context.close()


def asked(site: Site, path: str, body: dict[str, Any]) -> float:
    """Milliseconds of a question to the API."""
    started = perf_counter()
    site.ask("POST", path, json=body)
    return (perf_counter() - started) * 1000


def main() -> None:
    many = int(sys.argv[2]) if len(sys.argv) > 2 else MANY
    with TemporaryDirectory() as place:
        project = build(Path(place), many)
        with serving(Path(place)) as site, chromium() as browser:
            tasks = f"/v1/projects/{project}/tasks"
            url = f"{site.url}/projects/{project}/tasks"
            settled(site)
            colds = [cold(browser, site, url) for _ in range(ROUNDS)]
            warms = warm(browser, site, url)
            contested = warm(browser, site, f"{url}?view=contested")
            figures = [
                Figure("cold: first row", percentile([rows for rows, _ in colds], 0.5) * 1000, "ms"),
                Figure("cold: a dialog open after a click", percentile([all for _, all in colds], 0.5) * 1000, "ms"),
                Figure("warm: first row", percentile([rows for rows, _ in warms], 0.5) * 1000, "ms", "< 1000"),
                Figure("warm: a dialog open", percentile([all for _, all in warms], 0.5) * 1000, "ms", "< 1000"),
                Figure("warm: the most contested tasks", percentile([rows for rows, _ in contested], 0.5) * 1000, "ms"),
                Figure("warm: processor time of the page", busy(browser, site, url) * 1000, "ms"),
                Figure("scrolling to rows not loaded yet, p95", scrolled(browser, site, url) * 1000, "ms"),
                Figure("count, all", asked(site, f"{tasks}/count", {"up_to": 10_000_000}), "ms"),
                Figure("count, stopped at 10,000", asked(site, f"{tasks}/count", {}), "ms"),
                Figure("count by an index", asked(site, f"{tasks}/count", {"filters": LOW, "up_to": 10_000_000}), "ms"),
                Figure("count of words no task has", asked(site, f"{tasks}/count", {"filters": RARE}), "ms"),
                Figure(
                    "preview of deleting all",
                    asked(site, f"{tasks}/delete", {"filters": {"items": []}, "preview": True}),
                    "ms",
                ),
            ]
    show(f"Board's page at {many:,} tasks", "python -m benchmarks board_page", figures)
