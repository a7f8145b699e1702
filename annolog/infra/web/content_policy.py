"""What a browser may load and run on our pages. Whatever slips into a page as markup does not run.

Scripts run if they are files of ours or carry the number that this one answer was given; handlers in attributes never
do. Two things are wider than one would like, both because of how NiceGUI's pages work: Vue compiles the components'
templates in the browser (`unsafe-eval`), and elements carry their style in the page (`unsafe-inline`, of styles).
A page that comes with a policy of its own keeps that.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCRIPT = b"<script"
POLICY = b"content-security-policy"


class ContentPolicy:
    """Gives every page a policy of its own, and its scripts the number by which the policy knows them.

    `media` is from where tasks' images, sounds and videos may come beside this server, as sources of a policy.
    """

    def __init__(self, app: ASGIApp, media: Sequence[str]) -> None:
        self._app = app
        self._media = " ".join(media)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; what comes back as HTML is completed."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        pieces: list[bytes] = []

        async def completing(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif start is None:
                await send(message)
            else:
                pieces.append(message.get("body", b""))
                if not message.get("more_body"):
                    await self._send_page(start, b"".join(pieces), send)

        await self._app(scope, receive, completing)

    async def _send_page(self, start: Message, body: bytes, send: Send) -> None:
        nonce = secrets.token_urlsafe(16)
        # What users wrote reaches a page with every `<` escaped, so these are scripts of the page's own.
        body = body.replace(SCRIPT, SCRIPT + f' nonce="{nonce}"'.encode())
        headers = [
            header for header in start["headers"] if header[0].lower() not in (b"content-length", b"cache-control")
        ]
        headers += [
            (b"content-length", str(len(body)).encode()),
            (POLICY, self._policy(nonce).encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _policy(self, nonce: str) -> str:
        return (
            "default-src 'none'; "
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; "
            "style-src 'self' 'unsafe-inline'; "
            f"img-src 'self' data: blob: {self._media}; "
            f"media-src 'self' data: blob: {self._media}; "
            "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
            # Of all that this server has, only the page of the full editor lets itself be framed.
            "frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        )


def _is_page(message: Message) -> bool:
    headers = {name.lower(): value for name, value in message["headers"]}
    return headers.get(b"content-type", b"").startswith(b"text/html") and POLICY not in headers
