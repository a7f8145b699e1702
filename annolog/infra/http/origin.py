"""Whether a request that rides on a session's cookie was made by our own pages, or by somebody else's."""

from __future__ import annotations

from collections.abc import Mapping, Set

from starlette.types import ASGIApp, Receive, Scope, Send

from annolog.domain.refusals import ForeignOrigin
from annolog.infra.http.client import client_of
from annolog.infra.http.problems import problem
from annolog.infra.peers import origin_of

# Pages before an API elsewhere say so. Whoever else does is led to a page that may not be there.
PAGES_HEADER = "annolog-pages"
SESSION_COOKIE = "annolog_session"
# By which a browser ends its session at a provider; it outlives ours.
PROVIDER_COOKIE = "annolog_signed_on"
# Why somebody was not let in, for the page to sign in on: in an address anybody could put words into our mouth.
REFUSED_COOKIE = "annolog_not_let_in"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# A page of another place cannot send one of these schemes without being asked first whether it may. What a browser
# adds by itself, as it does with names and passwords, vouches for nothing.
TOKEN_SCHEMES = ("bearer", "token")


def rides_on_a_session(headers: Mapping[str, str]) -> bool:
    """Whether a browser would have sent this by itself: with a session's cookie and without a token."""
    scheme = headers.get("authorization", "").strip().partition(" ")[0].lower()
    return scheme not in TOKEN_SCHEMES and _has_session(headers.get("cookie", ""))


def why_foreign(method: str, headers: Mapping[str, str], own: str | None, allowed: Set[str]) -> str | None:
    """Why a request is refused as somebody else's, or None. Names of headers are in lower case.

    A browser says itself whether a request comes from where it goes to, and no page can make it say otherwise. One
    that does not say is asked for the origin, then for the page before; who tells neither is not believed.
    """
    if method in SAFE_METHODS or not rides_on_a_session(headers):
        return None
    told = headers.get("origin") or headers.get("referer")
    origin = origin_of(told) if told else None
    if origin is not None and origin in allowed:
        return None
    site = headers.get("sec-fetch-site")
    if site is not None:
        return None if site in ("same-origin", "none") else f"The browser says that it comes from elsewhere: {site}."
    if told is None:
        return "It has a session's cookie, but neither Origin nor Referer."
    return None if origin is not None and origin == own else "It comes from another origin than this."


class OwnOrigin:
    """Refuses what changes something, rides on a session's cookie, and was made by a page of somebody else's.

    WebSockets begin with a GET that carries cookies, and no browser asks before: all of them are checked.
    """

    def __init__(self, app: ASGIApp, allowed: Set[str]) -> None:
        self._app = app
        self._allowed = frozenset(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        why = self._why(scope) if scope["type"] in ("http", "websocket") else None
        if why is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            # Closed before it is accepted, it is answered with 403.
            await send({"type": "websocket.close", "code": 1008, "reason": "foreign-origin"})
        else:
            await problem(ForeignOrigin(why), scope["path"])(scope, receive, send)

    def _why(self, scope: Scope) -> str | None:
        method = "CONNECT" if scope["type"] == "websocket" else scope["method"]
        if method in SAFE_METHODS or not any(name == b"cookie" for name, _ in scope["headers"]):
            return None
        headers = _joined(scope)
        own = origin_of(f"{client_of(scope).scheme}://{headers.get('host', '')}")
        return why_foreign(method, headers, own, self._allowed)


def _joined(scope: Scope) -> dict[str, str]:
    """The headers by name. One that comes twice is both in one, which is then no origin at all."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        found[key] = f"{found[key]}; {text}" if key in found else text
    return found


def _has_session(cookies: str) -> bool:
    names = {pair.partition("=")[0].strip() for pair in cookies.split(";")}
    return not names.isdisjoint((SESSION_COOKIE, PROVIDER_COOKIE))
