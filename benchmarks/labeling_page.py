"""The labeling page: from the key that hands in a task to the next one on the screen, in Chromium; and fifty people at
once, by clients that send what the page sends. Server, browser and clients share one machine.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import httpx

from annolog.infra.replay.dataset import load
from benchmarks.http import Server
from benchmarks.measures import Figure, percentile, show
from tests.infra.browsing import chromium

COMMAND = "python -m benchmarks labeling_page"
PORT = 8199
PASSWORD = "correct horse battery staple"
PEOPLE = 50
TASKS_OF_ONE = 150
WARMING_UP = 5
SECONDS = 30.0
THINKING_SECONDS = (1.0, 3.0)
CONFIG = (
    '<View><Text name="text" value="$text"/><Text name="hypothesis" value="$hypothesis"/>'
    '<Choices name="label" toName="text"><Choice value="entailed"/><Choice value="not entailed"/></Choices></View>'
)
RESULT = [{"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": ["entailed"]}}]
# From the key to the frame after the one in which the next task was drawn.
WATCHING = """() => {
  window.took = [];
  const root = document.querySelector("#an-work");
  let pressed = 0;
  const heard = (event) => { if (event.ctrlKey && event.key === "Enter") pressed = performance.now(); };
  addEventListener("keydown", heard, true);
  const drawn = () => setTimeout(() => window.took.push(performance.now() - pressed));
  new MutationObserver(() => requestAnimationFrame(drawn))
    .observe(root, { attributes: true, attributeFilter: ["data-task"] });
}"""


def set_up(server: Server, people: int, pairs: int, overlap: int) -> tuple[int, list[str]]:
    """A published project of sentence pairs, and a session of each person."""
    rte = load("rte")
    texts = [rte.texts[task] for task in rte.tasks]
    made = {"title": "measured", "label_config": CONFIG, "settings": {"assignment": {"overlap": overlap}}}
    project = int(str(server.post("/v1/projects", made)["project"]))
    server.post(f"/v1/projects/{project}/imports", [{"data": dict(texts[n % len(texts)])} for n in range(pairs)])
    server.post(f"/v1/projects/{project}/publish", {})
    handles = [f"p{project}-{n}" for n in range(people)]
    made_people: Any = server.post("/v1/people", {"people": [{"handle": handle} for handle in handles]})
    ids = [row["person"] for row in made_people["people"]]
    members = [{"person": id, "role": "annotator"} for id in ids]
    server.post(f"/v1/projects/{project}/members", {"members": members})
    return project, [_session(server, id, handle) for id, handle in zip(ids, handles, strict=True)]


def _session(server: Server, person: int, handle: str) -> str:
    secret = str(server.post(f"/v1/people/{person}/tokens", {"label": "measured"})["secret"])
    bearer = {"Authorization": f"Bearer {secret}"}
    httpx.post(f"{server.url}/v1/me/password", json={"new": PASSWORD}, headers=bearer).raise_for_status()
    came = httpx.post(f"{server.url}/v1/sign-in", json={"name": handle, "password": PASSWORD})
    came.raise_for_status()
    return came.cookies["annolog_session"]


def in_chromium(server: Server, project: int, session: str) -> list[float]:
    """Milliseconds from key to next task, one a task."""
    with chromium() as browser, browser.new_context(viewport={"width": 1360, "height": 900}) as context:
        context.add_cookies([{"name": "annolog_session", "value": session, "url": server.url}])
        page = context.new_page()
        page.goto(f"{server.url}/projects/{project}/label")
        page.wait_for_selector("#an-work[data-task]")
        page.evaluate(WATCHING)
        for done in range(1, TASKS_OF_ONE + 1):
            page.keyboard.press("1")
            page.keyboard.press("Control+Enter")
            page.wait_for_function("count => window.took.length >= count", arg=done, polling=10)
        found: list[float] = page.evaluate("window.took")
    return found[WARMING_UP:]


class Connection:
    """One keep-alive connection with somebody's session, as a browser's."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, session: str) -> None:
        self._reader, self._writer = reader, writer
        self._head = f"Host: 127.0.0.1\r\nCookie: annolog_session={session}\r\nSec-Fetch-Site: same-origin\r\n"

    async def ask(self, method: str, path: str, body: Any = None, key: str = "") -> Any:
        """The value of the answer; raises if it is refused."""
        content = b"" if body is None else json.dumps(body).encode()
        more = f"Idempotency-Key: {key}\r\n" if key else ""
        kind = "Content-Type: application/json\r\n" if content else ""
        head = f"{method} {path} HTTP/1.1\r\n{self._head}{more}{kind}Content-Length: {len(content)}\r\n\r\n"
        self._writer.write(head.encode() + content)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        value = json.loads(await self._reader.readexactly(length))
        if int(answer[9:12]) >= 400:
            raise RuntimeError(f"{method} {path}: {value}")
        return value

    def close(self) -> None:
        """Let go of it."""
        self._writer.close()


async def annotator(
    connection: Connection, project: int, name: str, until: float, chance: Random, *, page: bool, thinking: bool
) -> list[float]:
    """Work as the page does, or with the bare API; seconds from handing in to having the next task."""
    task = (await connection.ask("POST", f"/v1/projects/{project}/next"))["task"]
    if page:
        await connection.ask("GET", f"/v1/tasks/{task}/mine")
    times: list[float] = []
    number = 0
    while perf_counter() < until:
        if thinking:
            await asyncio.sleep(chance.uniform(*THINKING_SECONDS))
        if page:
            # A change is saved as a draft before it is handed in.
            await connection.ask("PUT", f"/v1/tasks/{task}/draft", {"result": RESULT, "lead_time": 2.0, "revision": 0})
        number += 1
        started = perf_counter()
        if page:
            seen = [{"kind": "annotation_loaded", "offset_ms": 0}, {"kind": "answer_changed", "offset_ms": 900}]
            told = {"session": f"{name}-{number}", "sequence": 0, "offset_ms": 1000, "interactions": seen}
            await connection.ask("POST", f"/v1/tasks/{task}/interactions", told)
        body = {"result": RESULT, "lead_time": 1.0}
        await connection.ask("POST", f"/v1/tasks/{task}/annotations", body, f"{name}-{task}")
        task = (await connection.ask("POST", f"/v1/projects/{project}/next"))["task"]
        if page:
            await connection.ask("GET", f"/v1/tasks/{task}/mine")
        times.append(perf_counter() - started)
    return times


async def together(
    port: int, project: int, sessions: Sequence[str], seconds: float, *, page: bool, thinking: bool
) -> list[float]:
    """Everybody at once for so many seconds; milliseconds, one a task."""
    connections = [Connection(*await asyncio.open_connection("127.0.0.1", port), session) for session in sessions]
    until = perf_counter() + seconds
    works = [
        annotator(connection, project, f"{page}{thinking}{n}", until, Random(n), page=page, thinking=thinking)
        for n, connection in enumerate(connections)
    ]
    found = await asyncio.gather(*works)
    for connection in connections:
        connection.close()
    return [seconds * 1000 for times in found for seconds in times]


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as folder:
        server = Server(Path(folder), PORT)
        try:
            project, sessions = set_up(server, 1, TASKS_OF_ONE + 10, 1)
            one = in_chromium(server, project, sessions[0])
            project, sessions = set_up(server, PEOPLE, 20_000, 1)
            runs = {
                (page, thinking): asyncio.run(together(PORT, project, sessions, SECONDS, page=page, thinking=thinking))
                for thinking in (True, False)
                for page in (False, True)
            }
        finally:
            server.stop()
    figures = [
        Figure("Chromium: key to next task shown, p50", percentile(one, 0.5), "ms"),
        Figure("Chromium: key to next task shown, p95", percentile(one, 0.95), "ms", "under 150", f"{len(one)} tasks"),
    ]
    for (page, thinking), times in runs.items():
        asking = "what the page sends" if page else "bare API"
        pace = "thinking 1 to 3 s" if thinking else "without a pause"
        note = f"{len(times) / SECONDS:,.0f} tasks/s, p50 {percentile(times, 0.5):,.0f} ms"
        what = f"{PEOPLE} people, {asking}, {pace}, p95"
        figures.append(Figure(what, percentile(times, 0.95), "ms", "under 400" if page and thinking else "", note))
    show("The labeling page", COMMAND, figures)


if __name__ == "__main__":
    main()
