"""Bodies are counted as they come in, whatever their header says."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from annolog.domain.refusals import TooLarge
from annolog.infra.http.problems import problem

IMPORT = re.compile(r"^/v1/projects/\d+/imports$")


class BodyLimit:
    """Refuses a body that is larger than a request of its kind may be. Imports may be larger than others."""

    def __init__(self, app: ASGIApp, most: int, most_of_imports: int) -> None:
        self._app = app
        self._most = most
        self._most_of_imports = most_of_imports

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        most = self._most_of_imports if IMPORT.match(scope["path"]) else self._most
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if announced.isdigit() and int(announced) > most:
            await self._refuse(scope, receive, send, most)
            return
        counted, answered = 0, False

        async def counting() -> Message:
            nonlocal counted
            message = await receive()
            counted += len(message.get("body", b""))
            if counted > most:
                raise TooLarge(f"The body is larger than {most:,} bytes.", facts={"most_bytes": most})
            return message

        async def noting(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self._app(scope, counting, noting)
        except TooLarge:
            if answered:
                raise
            await self._refuse(scope, receive, send, most)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, most: int) -> None:
        refusal = TooLarge(f"The body is larger than {most:,} bytes.", facts={"most_bytes": most})
        await problem(refusal, scope["path"])(scope, receive, send)
