"""A server with pages, as people have it: a process of its own, and its owner's way in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import httpx
from playwright.sync_api import BrowserContext

from annolog.infra.identity.ways_in import new_token

ROOT = Path(__file__).resolve().parent.parent
RUN = "from annolog.infra.cli.main import run; run()"
PASSWORD = "correct horse battery staple"
START_SECONDS = 60
# One for all that is asked: to make one takes longer than most answers. It keeps no connection to a server that ends.
DOOR = httpx.Client(timeout=60, limits=httpx.Limits(max_keepalive_connections=0))


@dataclass
class Site:
    """A running server: where it is, and its owner's token."""

    url: str
    token: str
    people: dict[str, int] = field(default_factory=dict)

    def ask(self, method: str, path: str, who: int | None = None, **more: Any) -> Any:
        """The API, as its owner or on somebody's behalf."""
        response = self._answer(method, path, who, **more)
        return response.json() if response.content else None

    def head(self) -> int:
        """How far the log is: a query that waits for this position sees whatever was done, also in a browser."""
        found = self._answer("GET", "/v1/me/rights", None).headers
        return int(found["X-Position"]) + int(found["X-Lag"])

    def _answer(self, method: str, path: str, who: int | None, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} | dict(more.pop("headers", {}))
        if who is not None:
            headers["Annolog-On-Behalf-Of"] = str(who)
        response = DOOR.request(method, f"{self.url}{path}", headers=headers, **more)
        assert response.status_code < 300, response.text
        return response

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
    with running("serve", "--data-dir", str(folder), *more, environment=known) as url:
        yield Site(url, token)


@contextmanager
def running(*command: str, fails: bool = False, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """A process of ours that serves; gives its address. Unless it may fail, it has to end without having failed."""
    plain = {"PYTHONUNBUFFERED": "1", "PATH": "/usr/bin:/bin", "NO_COLOR": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, *command, "--port", "0"],
        cwd=ROOT,
        env=plain | dict(environment or {}),
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


def sign_in(context: BrowserContext, site: Site, handle: str) -> None:
    """Have a browser's session begin without going through the form."""
    if handle == "owner" and "owner" not in site.people:
        site.ask("POST", "/v1/me/password", json={"new": PASSWORD})
        site.people["owner"] = site.ask("GET", "/v1/me")["person"]
    answer = context.request.post(
        f"{site.url}/v1/sign-in", data={"name": handle, "password": PASSWORD}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.ok, answer.text()
