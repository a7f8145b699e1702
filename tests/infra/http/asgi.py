"""One request through a piece of middleware, without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope


@dataclass
class Answered:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def code(self) -> str:
        found: str = orjson.loads(self.body)["code"]
        return found


def scope_of(
    path: str = "/v1/projects",
    headers: Mapping[str, str] | list[tuple[str, str]] | None = None,
    *,
    method: str = "GET",
    peer: str | None = "192.0.2.1",
    scheme: str = "http",
    kind: str = "http",
) -> Scope:
    pairs = headers.items() if isinstance(headers, Mapping) else headers or []
    return {
        "type": kind,
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "scheme": scheme,
        "client": (peer, 50_000) if peer else None,
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs],
    }


async def through(app: ASGIApp, scope: Scope, receive: Receive | None = None) -> Answered:
    """What comes back through the middleware."""
    found = Answered()

    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def note(message: Message) -> None:
        if message["type"] == "http.response.start":
            found.status = message["status"]
            for name, value in message["headers"]:
                assert name.decode() not in found.headers, f"{name!r} is said twice"
                found.headers[name.decode()] = value.decode()
        elif message["type"] == "http.response.body":
            found.body += message.get("body", b"")
        else:
            found.body += repr(message).encode()

    await app(scope, receive or nothing, note)
    return found


def ask(app: ASGIApp, scope: Scope) -> Answered:
    return asyncio.run(through(app, scope))


def saying(status: int = 200, headers: Mapping[str, str] | None = None) -> ASGIApp:
    """An application that always says the same."""
    return PlainTextResponse("so", status, headers=dict(headers or {}))
