"""The full Label Studio editor, where it is installed (`make editor`): a page of its own, to be framed by ours.

It is others' code that shows what strangers wrote, so its page is a sandbox: whatever runs there has no origin, and
with it no session, no cookies, no storage and no way to the page around it but messages. It runs scripts of this server
alone, none of which a page's markup could bring, and evaluates no text.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response

STATIC = Path(__file__).parent / "static"
USUAL = STATIC / "label-studio"
PAGE = "/label-studio-editor"
BUILT = {"main.js": "text/javascript", "main.css": "text/css"}
OURS = {"frame.js": "text/javascript", "frame.css": "text/css"}
# A file is asked for together with what is in it, so another one has another address.
KEPT = "public, max-age=31536000, immutable"
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

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or USUAL

    @property
    def is_installed(self) -> bool:
        """Whether somebody fetched it."""
        return all((self._folder / name).is_file() for name in BUILT)

    def serve(self, app: FastAPI, media: Sequence[str]) -> None:
        """Have the page, and what it is made of, in an application."""
        said = {"Content-Security-Policy": policy(media), "X-Frame-Options": "SAMEORIGIN", "Cache-Control": "no-cache"}

        def page() -> Response:
            return HTMLResponse(self._markup(), headers=said) if self.is_installed else Response(status_code=404)

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


def policy(media: Sequence[str]) -> str:
    """What the page may do. `media` is from where tasks' images, sounds, videos and series may come."""
    places = " ".join(media)
    return (
        # `allow-forms`: without it no form says that somebody wants to send it, and the editor listens to that. None is
        # ever sent, which `form-action` sees to.
        "sandbox allow-scripts allow-forms; default-src 'none'; script-src 'self'; "
        "style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data: blob: {places}; media-src 'self' data: blob: {places}; "
        # Sounds and series of numbers are read, not just shown.
        f"connect-src data: blob: {places}; "
        "font-src data:; form-action 'none'; frame-ancestors 'self'; base-uri 'none'"
    )
