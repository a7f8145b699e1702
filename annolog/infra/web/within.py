"""Asking an application in this process, with no more around it than a request is: pages ask very often."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote

import httpx
from starlette.types import ASGIApp, Message, Scope

HOST = "annolog.internal"


async def within(
    app: ASGIApp, method: str, target: str, headers: Mapping[str, str], content: bytes | None, address: str
) -> httpx.Response:
    """What the application answers to a client at this address; a defect in it is an answer of 500, as from afar."""
    path, _, query = target.partition("?")
    body = content or b""
    sent = [(b"host", HOST.encode()), (b"content-length", str(len(body)).encode())]
    sent += [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "headers": sent,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode("ascii"),
        "query_string": query.encode("ascii"),
        "server": (HOST, 80),
        "client": (address, 0),
        "root_path": "",
    }
    given = False
    status, answered, pieces, whole = 500, list[tuple[bytes, bytes]](), list[bytes](), False

    async def receive() -> Message:
        nonlocal given
        if given:
            return {"type": "http.disconnect"}
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, answered, whole
        if message["type"] == "http.response.start":
            status, answered = message["status"], list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            pieces.append(message.get("body", b""))
            whole = not message.get("more_body", False)

    try:
        await app(scope, receive, send)
    except Exception:
        # The application has answered and logged it itself; what it raises besides is for servers. An answer that broke
        # off is none.
        if not whole:
            raise
    # Nothing in it is packed.
    return httpx.Response(status, headers=answered, content=b"".join(pieces))
