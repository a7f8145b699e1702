"""How pages ask: the API, in the name of who looks, so that a page can show and do only what its viewer may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx
import orjson
from starlette.types import ASGIApp

from annolog.infra.http.origin import SESSION_COOKIE
from annolog.infra.web.within import HOST, within
from annolog.infra.web.written import Written

# Where nothing is meant by an address: the API is this process.
HERE = f"http://{HOST}"
PATIENCE = httpx.Timeout(60.0, connect=5.0)
MIN_POSITION = "min_position"


def forgetful_client(url: str, patience: httpx.Timeout) -> httpx.AsyncClient:
    """A client of a server, for requests of many people: no cookie that one is given is sent along with another's."""
    nothing_kept = CookieJar(DefaultCookiePolicy(allowed_domains=()))
    return httpx.AsyncClient(base_url=url, timeout=patience, cookies=nothing_kept)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one field: a JSON Pointer into what was sent, and why."""

    pointer: str
    message: str

    @property
    def field(self) -> str:
        """The last part of the pointer."""
        return self.pointer.rpartition("/")[2]


class Refusal(Exception):
    """The API said no; `detail` is for people, `code` and `status` for pages, `wrong` for the fields of a form."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", ""))
        self.detail = str(problem.get("detail") or problem.get("title") or "The server did not say why.")
        self.problem = dict(problem)
        self.wrong = [
            Wrong(str(error.get("pointer", "")), str(error.get("detail", ""))) for error in problem.get("errors", ())
        ]
        super().__init__(self.detail)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API answered: its value, and the position of the log that it is as of."""

    value: Any
    position: int
    headers: Mapping[str, str] = field(default_factory=dict)


class Api:
    """Where the API is: an application in this process, or a server elsewhere."""

    def __init__(self, app: ASGIApp | None = None, url: str = HERE) -> None:
        self._app = app
        self.url = url
        self.written = Written()
        self._far = None if app is not None else forgetful_client(url, PATIENCE)

    async def request(
        self, method: str, path: str, headers: Mapping[str, str], content: bytes | None, address: str
    ) -> httpx.Response:
        """Ask, as a client at this address. Raises a refusal where nobody answers."""
        if self._app is not None:
            # The address is the viewer's, so that limits and the activity log mean the right one.
            return await within(self._app, method, path, headers, content, address or "127.0.0.1")
        assert self._far is not None
        try:
            return await self._far.request(
                method, path, headers={**headers, "X-Forwarded-For": address}, content=content
            )
        except httpx.HTTPError as trouble:
            detail = f"The API at {self.url} cannot be reached: {trouble}"
            raise Refusal(503, {"code": "unavailable", "detail": detail}) from trouble

    async def close(self) -> None:
        """Let go of connections."""
        if self._far is not None:
            await self._far.aclose()


class Door:
    """The API as one viewer finds it."""

    def __init__(self, api: Api, session: str | None, address: str = "") -> None:
        self._api = api
        self._address = address
        # Where in the log the newest of what was written through this door stands.
        self.written = 0
        self._session = session or ""
        # Origin and site are those of our own pages, on whose behalf this is asked.
        self._headers = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}
        if session:
            self._headers["Cookie"] = f"{SESSION_COOKIE}={session}"

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        version: int | None = None,
        **parameters: Any,
    ) -> Answer:
        """Ask anything. Parameters that are None are left out; raises `Refusal`.

        A query waits for what the same session has written, as long as the API has patience.
        """
        headers = dict(self._headers)
        content = None
        if body is not None:
            content = orjson.dumps(body)
            headers["Content-Type"] = "application/json"
        if method == "POST":
            headers["Idempotency-Key"] = key or str(uuid4())
        if version is not None:
            headers["If-Match"] = f'"v{version}"'
        given = {name: value for name, value in parameters.items() if value is not None}
        written = self._api.written
        if method != "GET":
            answer = await self._send(method, path, given, headers, content)
            written.note(self._session, answer.position)
            self.written = max(self.written, answer.position)
            return answer
        position = written.unseen_by(self._session)
        if not position or MIN_POSITION in given:
            return await self._send(method, path, given, headers, None)
        try:
            answer = await self._send(method, path, given | {MIN_POSITION: position}, headers, None)
        except Refusal as refusal:
            if refusal.code != "behind":
                raise
            # What is known by now is worth more than nothing; the rest is seen later.
            written.forget(self._session)
            return await self._send(method, path, given, headers, None)
        written.seen(self._session, answer.position)
        return answer

    async def _send(
        self, method: str, path: str, given: Mapping[str, Any], headers: Mapping[str, str], content: bytes | None
    ) -> Answer:
        target = f"{path}?{urlencode(given, doseq=True)}" if given else path
        response = await self._api.request(method, target, headers, content, self._address)
        value = orjson.loads(response.content) if _is_json(response) else None
        if response.status_code >= 400:
            raise Refusal(response.status_code, value if isinstance(value, dict) else {"detail": response.text[:500]})
        return Answer(value, int(response.headers.get("x-position", 0)), response.headers)

    async def get(self, path: str, **parameters: Any) -> Any:
        """The value of a query."""
        return (await self.ask("GET", path, **parameters)).value

    async def post(self, path: str, body: Any = None, **more: Any) -> Any:
        """What a command came to. The same `key` is the same command, however often it is sent."""
        return (await self.ask("POST", path, {} if body is None else body, **more)).value

    async def put(self, path: str, body: Any = None, **more: Any) -> Any:
        """What a command came to."""
        return (await self.ask("PUT", path, {} if body is None else body, **more)).value

    async def delete(self, path: str, **more: Any) -> Any:
        """What a command came to."""
        return (await self.ask("DELETE", path, **more)).value


def _is_json(response: httpx.Response) -> bool:
    kind: str = response.headers.get("content-type", "")
    return bool(response.content) and kind.partition(";")[0].endswith("json")
