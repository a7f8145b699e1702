"""The full Label Studio editor, where it is installed (`make editor`): a page of its own, to be framed by ours.

It is others' code that shows what strangers wrote, so its page is a sandbox: whatever runs there has no origin, and
with it no session, no cookies, no storage and no way to the page around it but messages. It runs its own two scripts
and no other of this server, and evaluates no text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

STATIC = Path(__file__).parent / "static"
USUAL = STATIC / "label-studio"
PAGE = "/label-studio-editor"
BUILT = {"main.js": "text/javascript", "main.css": "text/css"}
OURS = {"frame.js": "text/javascript", "frame.css": "text/css"}
# A file is asked for together with what is in it, so another one has another address.
KEPT = "public, max-age=31536000, immutable"
NAMED = re.compile(r"[a-zA-Z0-9.-]+(:[0-9]{1,5})?")
MARKUP = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Label Studio editor</title>
<link rel="stylesheet" href="{main.css}"><link rel="stylesheet" href="{frame.css}">
<script src="{frame.js}"></script><script src="{main.js}" defer></script></head>
<body><main id="label-studio"></main></body>
</html>
"""


class FullEditor:
    """The editor in its folder, or in none."""

    def __init__(self, folder: Path | None, most_bytes: int) -> None:
        self._folder = folder or USUAL
        self._most_bytes = most_bytes

    @property
    def is_installed(self) -> bool:
        """Whether somebody fetched it."""
        return all((self._folder / name).is_file() for name in BUILT)

    @property
    def limits(self) -> dict[str, int] | None:
        """What a page has to know of it: how large an answer may be. None where it is not installed."""
        return {"mostBytes": self._most_bytes} if self.is_installed else None

    def serve(self, app: FastAPI, media: Sequence[str], anywhere: Sequence[str]) -> None:
        """Have the page, and what it is made of, in an application. Without named media, images are from `anywhere`."""

        def page(request: Request) -> Response:
            if not self.is_installed:
                return Response(status_code=404)
            said = {"Content-Security-Policy": policy(request.headers.get("host", ""), media, anywhere)}
            said |= {"X-Frame-Options": "SAMEORIGIN", "Cache-Control": "no-cache", "Vary": "Host"}
            return HTMLResponse(self._markup(), headers=said)

        def file(name: str) -> Response:
            kind = (BUILT | OURS).get(name)
            if kind is None or not self._path(name).is_file():
                return Response(status_code=404)
            # A page without an origin is another's, so what is only for our own pages would not load in it.
            told = {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": KEPT}
            return FileResponse(self._path(name), media_type=kind, headers=told)

        app.add_api_route(PAGE, page, include_in_schema=False)
        app.add_api_route(f"{PAGE}/{{name}}", file, include_in_schema=False)

    def _path(self, name: str) -> Path:
        return (STATIC / "full_editor" if name in OURS else self._folder) / name

    def _markup(self) -> str:
        markup = MARKUP
        for name in BUILT | OURS:
            path = self._path(name)
            markup = markup.replace(f"{{{name}}}", f"{PAGE}/{name}?{_digest(path, path.stat().st_mtime_ns)}")
        return markup


@lru_cache(maxsize=8)
def _digest(path: Path, changed: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:16]


def policy(host: str, media: Sequence[str], anywhere: Sequence[str]) -> str:
    """What the page may do at this host. `media` is from where tasks' images, sounds, videos and series may come."""
    places = " ".join(media or anywhere)
    return (
        # `allow-forms`: without it no form says that somebody wants to send it, and the editor listens to that. None is
        # ever sent, which `form-action` sees to.
        "sandbox allow-scripts allow-forms; default-src 'none'; "
        f"script-src {_scripts(host)}; "
        "style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data: blob: {places}; media-src 'self' data: blob: {places}; "
        # Sounds and series of numbers are read, not just shown. Who may read may also send: only to who was named.
        f"connect-src {' '.join(['data:', 'blob:', *media])}; "
        "font-src data:; form-action 'none'; frame-ancestors 'self'; base-uri 'none'"
    )


def _scripts(host: str) -> str:
    """The page's own scripts by address: this server has others. A nonce could be read by who is in the frame."""
    # A policy knows no numeric address of version 6.
    if not NAMED.fullmatch(host):
        return "'self'"
    return " ".join(f"{host}{PAGE}/{name}" for name, kind in (BUILT | OURS).items() if kind == "text/javascript")
