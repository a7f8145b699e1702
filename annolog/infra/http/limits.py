"""Requests are measured as they come in, whatever their headers say: how large, how long, how slowly."""

from __future__ import annotations

import asyncio
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from annolog.domain.refusals import Refused, TooLarge, TooSlow
from annolog.infra.http.problems import plain, problem

IMPORT = re.compile(r"^/v1/projects/\d+/imports$")

LONGEST_URL_BYTES = 8 * 1024
MOST_HEADERS = 100
MOST_HEADER_BYTES = 32 * 1024

# For a body as a whole, and beyond that a second for so many bytes. Only time spent waiting for the client counts.
BODY_SECONDS = 30.0
SLOWEST_BYTES_PER_SECOND = 1_000

# The rest of such a body is not worth reading, and a connection cannot be used again without reading it.
ENDING = (408, 413)


class HeadLimit:
    """Refuses a URL or headers that are longer than anybody needs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, unless its head is too large."""
        app = self._app
        if scope["type"] == "http":
            headers = scope["headers"]
            url = len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"])
            if url > LONGEST_URL_BYTES:
                title, words = "The URL is too long", f"The URL has more than {LONGEST_URL_BYTES:,} bytes."
                app = plain(414, "url-too-long", title, words, scope["path"][:100])
            elif (
                len(headers) > MOST_HEADERS
                or sum(len(name) + len(value) for name, value in headers) > MOST_HEADER_BYTES
            ):
                title = "The headers are too large"
                words = f"There are more than {MOST_HEADERS} headers, or more than {MOST_HEADER_BYTES:,} bytes of them."
                app = plain(431, "headers-too-large", title, words, scope["path"])
        await app(scope, receive, send)


class BodyLimit:
    """Refuses a body that is larger, or comes more slowly, than one of its kind may. Imports may be larger than
    others.
    """

    def __init__(self, app: ASGIApp, most: int, most_of_imports: int, patience: float = BODY_SECONDS) -> None:
        self._app = app
        self._most = most
        self._most_of_imports = most_of_imports
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        most = self._most_of_imports if IMPORT.match(scope["path"]) else self._most
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        answered = False

        async def noting(message: Message) -> None:
            nonlocal answered
            answered = True
            if message["type"] == "http.response.start" and message["status"] in ENDING:
                message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
            await send(message)

        if announced.isdigit() and int(announced) > most:
            await problem(_too_large(most), scope["path"])(scope, receive, noting)
            return
        counting = CountedBody(receive, most, self._patience)
        try:
            await self._app(scope, counting.receive, noting)
        except (TooLarge, TooSlow) as refusal:
            if answered:
                raise
            await problem(refusal, scope["path"])(scope, receive, noting)


class CountedBody:
    """A body that is counted, and timed, until it is complete."""

    def __init__(self, receive: Receive, most: int, patience: float) -> None:
        self._receive = receive
        self._most = most
        self._left = patience
        self._counted = 0
        self._more = True

    async def receive(self) -> Message:
        """The next piece; refused if it is too much, or takes too long. Waiting for the client to leave is no body."""
        if not self._more:
            return await self._receive()
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(self._left):
                message = await self._receive()
        except TimeoutError:
            raise TooSlow(f"Waited too long, after {self._counted:,} bytes, for the rest of the body.") from None
        piece = len(message.get("body", b""))
        self._counted += piece
        self._left += piece / SLOWEST_BYTES_PER_SECOND - (loop.time() - began)
        self._more = bool(message.get("more_body", False))
        if self._counted > self._most:
            raise _too_large(self._most)
        return message


def _too_large(most: int) -> Refused:
    return TooLarge(f"The body is larger than {most:,} bytes.", facts={"most_bytes": most})
