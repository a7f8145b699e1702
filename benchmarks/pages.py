"""What open pages cost the server: a hundred dashboards of one project, into which work comes in all the while.

`python -m benchmarks pages [dashboards]`. The same load runs first without any page, in the same process. One of
the dashboards is open in Chromium, to see that what is sent moves figures; what the browser uses does not count.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio import FIRST_COMPLETED
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import perf_counter

import httpx

from benchmarks.http import TOKEN, Server, prepare
from benchmarks.measures import Figure, show
from benchmarks.open_page import OpenPage
from benchmarks.workload import answer_of
from tests.infra.browsing import chromium

DASHBOARDS, PEOPLE = 100, 20
TASKS = 5_000
EVENTS_A_SECOND = 50
SECONDS, SETTLING = 30.0, 10.0
PASSWORD = "measured all the same"
FIGURE = "[data-figure=submissions] .an-figure-value"
# Every text that the figure of submitted annotations has while somebody looks.
WATCHING = """figure => {
    window.seen = [figure.textContent];
    const look = () => { if (figure.textContent !== seen.at(-1)) seen.push(figure.textContent); };
    new MutationObserver(look).observe(figure, { childList: true, characterData: true, subtree: true });
}"""
TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(process: int) -> float:
    """What a process has used of processors, in itself and for itself in the system."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Work:
    """Answers at a steady pace, so many events a second, from people who take turns."""

    def __init__(self, server: Server, project: int, people: list[int]) -> None:
        self._server, self._people = server, people
        self._answers = self._endless(project)
        self._client = httpx.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60)
        self.events_an_answer = 0.0

    def _endless(self, project: int) -> Iterator[tuple[int, int]]:
        for number in count():
            yield 1 + number // 2, self._people[number % len(self._people)]

    def _position(self) -> int:
        return int(self._server.client.get("/readyz").json()["position"])

    async def _answer(self) -> None:
        task, person = next(self._answers)
        body = {"result": answer_of("yes" if task % 3 else "no"), "lead_time": 12.5}
        headers = {"Annolog-On-Behalf-Of": str(person)}
        (await self._client.post(f"/v1/tasks/{task}/annotations", json=body, headers=headers)).raise_for_status()

    async def calibrate(self) -> None:
        """Find out how many events an answer is."""
        before = self._position()
        for _ in range(40):
            await self._answer()
        await asyncio.sleep(1)
        self.events_an_answer = (self._position() - before) / 40

    async def go_on(self, seconds: float) -> tuple[float, float]:
        """Work so long; the server's share of a core meanwhile, and events a second."""
        pause = self.events_an_answer / EVENTS_A_SECOND
        began, used, before = perf_counter(), processor_seconds(self._server.process.pid), self._position()
        # People do not wait for each other: however long an answer takes, the next one comes in its time.
        async with asyncio.TaskGroup() as people:
            for turn in range(1, round(seconds / pause) + 1):
                people.create_task(self._answer())
                await asyncio.sleep(max(0.0, began + turn * pause - perf_counter()))
        taken = perf_counter() - began
        share = (processor_seconds(self._server.process.pid) - used) / taken
        return share, (self._position() - before) / taken


def sessions(server: Server, project: int) -> list[dict[str, str]]:
    """Managers of the project at their browsers: the cookies of each."""
    found = []
    registered = server.post("/v1/people", {"people": [{"handle": f"manager {n}"} for n in range(PEOPLE)]})["people"]
    members = [{"person": one["person"], "role": "manager"} for one in registered]
    server.post(f"/v1/projects/{project}/members", {"members": members})
    for number, one in enumerate(registered):
        secret = server.post(f"/v1/people/{one['person']}/tokens", {"label": "measured"})["secret"]
        with httpx.Client(base_url=server.url, timeout=60) as client:
            headers = {"Authorization": f"Bearer {secret}"}
            client.post("/v1/me/password", json={"new": PASSWORD}, headers=headers).raise_for_status()
            body = {"name": f"manager {number}", "password": PASSWORD}
            client.post("/v1/sign-in", json=body, headers={"Sec-Fetch-Site": "same-origin"}).raise_for_status()
            found.append(dict(client.cookies))
    return found


def watched(url: str, cookies: dict[str, str], there: Event, enough: Event) -> list[str]:
    """Look at the dashboard in Chromium until it is enough; what stood at the annotations that were submitted."""
    try:
        with chromium() as browser, browser.new_context(viewport={"width": 1360, "height": 900}) as context:
            context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
            page = context.new_page()
            page.goto(url)
            page.wait_for_selector(FIGURE).evaluate(WATCHING)
            there.set()
            enough.wait()
            seen: list[str] = page.evaluate("window.seen")
            return seen
    finally:
        # Who waits for it waits no longer if it failed.
        there.set()


async def measured(server: Server, dashboards: int) -> list[Figure]:
    """Without pages, with pages and work, with pages and none."""
    project, people, _ = prepare(server, 2, TASKS)
    work = Work(server, project, people)
    await work.calibrate()
    await work.go_on(SETTLING)
    without, rate = await work.go_on(SECONDS)
    cookies = sessions(server, project)
    pages = [OpenPage(server.url, f"/projects/{project}", cookies[n % PEOPLE]) for n in range(1, dashboards)]
    staying = []
    opening = perf_counter()
    for page in pages:
        ready = asyncio.Event()
        staying.append(asyncio.create_task(page.stay(ready)))
        await asyncio.wait([staying[-1], asyncio.create_task(ready.wait())], return_when=FIRST_COMPLETED)
    opened = (perf_counter() - opening) / len(pages)
    there, enough = Event(), Event()
    url = f"{server.url}/projects/{project}"
    watching = asyncio.create_task(asyncio.to_thread(watched, url, cookies[0], there, enough))
    await asyncio.wait([watching, asyncio.create_task(asyncio.to_thread(there.wait))], return_when=FIRST_COMPLETED)
    await work.go_on(SETTLING)
    told = sum(page.characters for page in pages)
    beside, rate_beside = await work.go_on(SECONDS)
    told = sum(page.characters for page in pages) - told
    enough.set()
    seen = await watching
    await asyncio.sleep(SETTLING)
    before = processor_seconds(server.process.pid)
    await asyncio.sleep(SECONDS)
    idle = (processor_seconds(server.process.pid) - before) / SECONDS
    assert not [task for task in staying if task.done()], "every page is still open"
    for task in staying:
        task.cancel()
    await asyncio.gather(*staying, return_exceptions=True)
    return [
        Figure("without pages: of a core", without * 100, "%", "", f"{rate:.0f} events/s"),
        Figure(f"{dashboards} dashboards open: of a core", beside * 100, "%", "", f"{rate_beside:.0f} events/s"),
        Figure("  beyond that without pages", (beside - without) * 100, "%", "< 20"),
        Figure(
            "  times the annotations submitted moved in Chromium", len(seen) - 1, "", "", f"{seen[0]} to {seen[-1]}"
        ),
        Figure("  sent to a page", told / len(pages) / SECONDS / 1024, "KiB/s"),
        Figure(f"{dashboards} dashboards open, nothing recorded: of a core", idle * 100, "%"),
        Figure("opening one, one after the other", opened * 1000, "ms"),
    ]


def main() -> None:
    """Print it."""
    dashboards = int(sys.argv[2]) if len(sys.argv) > 2 else DASHBOARDS
    with TemporaryDirectory() as folder:
        server = Server(Path(folder), 8978)
        try:
            show("Open dashboards", "python -m benchmarks pages", asyncio.run(measured(server, dashboards)))
        finally:
            server.stop()
