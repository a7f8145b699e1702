"""What every answer tells a browser: to guess nothing, to frame nothing, to keep nothing that is somebody's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from annolog.infra.http.client import client_of

Headers = tuple[tuple[bytes, bytes], ...]

FRAMES = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
# Data, not pages: nothing in it is to be loaded, run or shown.
OF_DATA = f"default-src 'none'; {FRAMES}"
# The page that describes the API is FastAPI's: it starts itself by a script in the page, and loads the rest from here.
OF_DESCRIPTION = (
    "default-src 'none'; connect-src 'self'; "
    "script-src 'unsafe-inline' https://cdn.jsdelivr.net/npm/swagger-ui-dist@5/; "
    "style-src 'unsafe-inline' https://cdn.jsdelivr.net/npm/swagger-ui-dist@5/; "
    f"img-src 'self' data: https://fastapi.tiangolo.com/img/; {FRAMES}"
)
OF_REDOC = (
    "default-src 'none'; connect-src 'self'; worker-src blob:; "
    "script-src 'unsafe-inline' https://cdn.jsdelivr.net/npm/redoc@2/; "
    "style-src 'unsafe-inline' https://fonts.googleapis.com; font-src https://fonts.gstatic.com; "
    f"img-src 'self' data: https://fastapi.tiangolo.com/img/ https://cdn.redoc.ly; {FRAMES}"
)
NOT_KEPT = "no-store"
EVERYWHERE: Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
# For a year from every answer; other names of the domain are not ours to decide about.
ENCRYPTED_ONLY = (b"strict-transport-security", b"max-age=31536000")


@dataclass(frozen=True, slots=True)
class Place:
    """What is said about answers at paths that begin like this, beyond what is said everywhere."""

    prefix: str
    content: str
    cache: str | None = None

    @property
    def headers(self) -> Headers:
        """All that is said there."""
        own = ((b"content-security-policy", self.content.encode()),)
        kept = () if self.cache is None else ((b"cache-control", self.cache.encode()),)
        return (*EVERYWHERE, *own, *kept)


# The first that fits counts, so that pages can be put before what they are beneath.
PLACES = (
    Place("/v1", OF_DATA, NOT_KEPT),
    Place("/docs", OF_DESCRIPTION),
    Place("/redoc", OF_REDOC),
    Place("", OF_DATA),
)


class SecurityHeaders:
    """Adds to every answer what its place asks for. What an answer says itself stays as it is."""

    def __init__(self, app: ASGIApp, places: Sequence[Place] = PLACES) -> None:
        self._app = app
        self._places = tuple((place.prefix, place.headers) for place in places)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and complete its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        found = self._headers_at(scope["path"])
        wanted = (*found, ENCRYPTED_ONLY) if client_of(scope).scheme == "https" else found

        async def completing(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = list(message.get("headers", ()))
                names = {name.lower() for name, _ in said}
                message["headers"] = said + [header for header in wanted if header[0] not in names]
            await send(message)

        await self._app(scope, receive, completing)

    def _headers_at(self, path: str) -> Headers:
        return next((headers for prefix, headers in self._places if _is_within(path, prefix)), EVERYWHERE)


def _is_within(path: str, prefix: str) -> bool:
    return path.startswith(prefix) and (len(path) == len(prefix) or not prefix or path[len(prefix)] == "/")
