"""A server with pages, as people have it: a process of its own, real data in it, and browsers that look."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import httpx
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from annolog.infra.composition import Installation
from annolog.infra.identity.ways_in import new_token
from annolog.infra.replay.dataset import load
from annolog.infra.replay.local_door import LocalDoor
from annolog.infra.replay.plan import Plan
from annolog.infra.replay.run import replay
from annolog.infra.settings import InstallationSettings

ROOT = Path(__file__).parents[3]
RUN = "from annolog.infra.cli.main import run; run()"
PASSWORD = "correct horse battery staple"
START_SECONDS = 60
PATIENCE_MS = 20_000
# Whoever looks waits as long for what should be there as for a page.
expect.set_options(timeout=PATIENCE_MS)
# What axe calls worse than these is a barrier to somebody.
TOLERATED = ("minor", "moderate")


@dataclass
class Site:
    """A running server: where it is, and its owner's token."""

    url: str
    token: str
    people: dict[str, int] = field(default_factory=dict)

    def ask(self, method: str, path: str, who: int | None = None, **more: Any) -> Any:
        """The API, as its owner or on somebody's behalf."""
        headers = {"Authorization": f"Bearer {self.token}"} | dict(more.pop("headers", {}))
        if who is not None:
            headers["Annolog-On-Behalf-Of"] = str(who)
        response = httpx.request(method, f"{self.url}{path}", headers=headers, timeout=60, **more)
        assert response.status_code < 300, response.text
        return response.json() if response.content else None

    def person(self, handle: str, role: str = "member") -> int:
        """Somebody with a password."""
        if handle in self.people:
            return self.people[handle]
        body = {"people": [{"handle": handle, "role": role}]}
        id: int = self.ask("POST", "/v1/people", json=body)["people"][0]["person"]
        token = self.ask("POST", f"/v1/people/{id}/tokens", json={"label": "test"})["secret"]
        self.ask("POST", "/v1/me/password", json={"new": PASSWORD}, headers={"Authorization": f"Bearer {token}"})
        self.people[handle] = id
        return id

    def member(self, project: int, handle: str, role: str) -> int:
        """Somebody with a password who belongs to a project."""
        id = self.person(handle)
        members = {"members": [{"person": id, "role": role}]}
        self.ask("POST", f"/v1/projects/{project}/members", json=members)
        return id


@contextmanager
def serving(folder: Path, *more: str, **environment: str) -> Iterator[Site]:
    """`annolog serve` over a folder, on a free port; ended by its own signal."""
    token = new_token()
    known = {"ANNOLOG_BOOTSTRAP_TOKEN": token, "ANNOLOG_TRUSTED_PROXIES": "127.0.0.0/8"} | environment
    with _running("serve", "--data-dir", str(folder), *more, **known) as url:
        yield Site(url, token)


@contextmanager
def paging(site: Site, *, fails: bool = False) -> Iterator[Site]:
    """`annolog pages` before a server, as people find that; it may fail where that is what is tested."""
    with _running("pages", "--api", site.url, fails=fails) as url:
        yield Site(url, site.token, site.people)


@contextmanager
def _running(*command: str, fails: bool = False, **environment: str) -> Iterator[str]:
    """A process of ours that serves; gives its address."""
    plain = {"PYTHONUNBUFFERED": "1", "PATH": "/usr/bin:/bin", "NO_COLOR": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, *command, "--port", "0"],
        cwd=ROOT,
        env=plain | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: Queue[str] = Queue()
    said: list[str] = []
    assert process.stdout is not None

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            lines.put(line)
        lines.put("")

    listening = Thread(target=listen, daemon=True)
    listening.start()
    try:
        yield _announced(lines, said)
    finally:
        process.terminate()
        process.wait(30)
        listening.join(10)
        process.stdout.close()
    assert fails or not [line for line in said if "Traceback" in line], "".join(said)


def _announced(lines: Queue[str], said: list[str]) -> str:
    while line := lines.get(timeout=START_SECONDS):
        if " at http://" in line:
            return line.split(" at ", 1)[1].split()[0].rstrip(",")
    raise AssertionError(f"the server did not start: {''.join(said)}")


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


def sign_in(context: BrowserContext, site: Site, handle: str) -> None:
    """Have a browser's session begin without going through the form."""
    if handle == "owner" and "owner" not in site.people:
        site.ask("POST", "/v1/me/password", json={"new": PASSWORD})
        site.people["owner"] = site.ask("GET", "/v1/me")["person"]
    answer = context.request.post(
        f"{site.url}/v1/sign-in", data={"name": handle, "password": PASSWORD}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.ok, answer.text()
