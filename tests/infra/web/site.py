"""A server with pages, as people have it: a process of its own, real data in it, and browsers that look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from annolog.infra.composition import Installation
from annolog.infra.replay.dataset import load
from annolog.infra.replay.local_door import LocalDoor
from annolog.infra.replay.plan import Plan
from annolog.infra.replay.run import replay
from annolog.infra.settings import InstallationSettings
from tools.site import PASSWORD, ROOT, Site, running, serving, sign_in

# With what a server is by itself, which the photographer needs too.
__all__ = ["PASSWORD", "ROOT", "Site", "Visit", "paging", "replayed", "serving", "sign_in", "visiting"]

PATIENCE_MS = 20_000
# Whoever looks waits as long for what should be there as for a page.
expect.set_options(timeout=PATIENCE_MS)
# What axe calls worse than these is a barrier to somebody.
TOLERATED = ("minor", "moderate")


@contextmanager
def paging(site: Site, *, fails: bool = False) -> Iterator[Site]:
    """`annolog pages` before a server, as people find that; it may fail where that is what is tested."""
    with running("pages", "--api", site.url, fails=fails) as url:
        yield Site(url, site.token, site.people)


def replayed(folder: Path, tasks: int, title: str = "Sentence pairs") -> int:
    """The first of rte's sentence pairs with all that real people answered, in a project of the folder; its id."""
    whole = load("rte")
    wanted = set(whole.tasks[:tasks])
    some = replace(whole, labels=[label for label in whole.labels if label.task in wanted])
    with Installation(InstallationSettings(data_dir=folder)) as installation:
        return replay(some, Plan(title=title), LocalDoor(installation)).project


MOMENT_MS = 2_000
# Something that fades in or out has other colours meanwhile.
AT_REST = (
    "document.getAnimations().every("
    "one => one.playState !== 'running' || one.effect.getTiming().iterations === Infinity)"
)


class Visit:
    """A browser's page with somebody signed in, which hears every complaint of the console."""

    def __init__(self, site: Site, context: BrowserContext) -> None:
        self.site = site
        self.context = context
        self.complaints: list[str] = []
        self.page: Page = self._new()

    def _new(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def go(self, path: str) -> Page:
        """Open a page and wait until it is there and connected."""
        self.page.goto(f"{self.site.url}{path}")
        expect(self.page.locator("h1").first).to_be_visible()
        self.page.wait_for_function("window.socket?.connected")
        return self.page

    def must_be_open_to_all(self) -> None:
        """Nothing on the page keeps somebody out who cannot see or point, by what axe finds once all is at rest."""
        self.page.wait_for_function(AT_REST)
        worse = self._kept_out()
        if worse:
            # An editor or a chart that is the browser's own making is finished a moment after the page.
            self.page.wait_for_timeout(MOMENT_MS)
            self.page.wait_for_function(AT_REST)
            worse = self._kept_out()
        assert not worse, [(one["id"], one["nodes"][0]["html"], one["nodes"][0]["failureSummary"]) for one in worse]

    def _kept_out(self) -> list[Any]:
        # It would ask for the styles once more, and a bar would show that something loads.
        found = Axe().run(self.page, options={"preload": False}).response["violations"]
        return [one for one in found if one["impact"] not in TOLERATED]

    def must_be_quiet(self) -> None:
        """No page has complained to the console."""
        assert not self.complaints, self.complaints


@contextmanager
def visiting(browser: Browser, site: Site, handle: str | None = "owner", **more: Any) -> Iterator[Visit]:
    """A browser that has never been anywhere, with somebody signed in; None for nobody."""
    context = browser.new_context(viewport={"width": 1360, "height": 900}, **more)
    try:
        if handle is not None:
            sign_in(context, site, handle)
        visit = Visit(site, context)
        yield visit
        visit.must_be_quiet()
    finally:
        context.close()
