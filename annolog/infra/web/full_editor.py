"""The full Label Studio editor, where it is installed (`make editor`): a page of its own, to be framed by ours.

It is others' code that shows what strangers wrote, so its page is a sandbox: whatever runs there has no origin, and with
it no session, no cookies, no storage and no way to the page around it but messages. It runs scripts of this server alone,
none of which a page's markup could bring, and evaluates no text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response

STATIC = Path(__file__).parent / "static"
BUILD = STATIC / "label-studio"
PAGE = "/label-studio-editor"
FILES = {
    "main.js": (BUILD / "main.js", "text/javascript"),
    "main.css": (BUILD / "main.css", "text/css"),
    "frame.js": (STATIC / "full_editor" / "frame.js", "text/javascript"),
    "frame.css": (STATIC / "full_editor" / "frame.css", "text/css"),
}
KEPT = "public, max-age=3600"
MARKUP = f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Label Studio editor</title>
<link rel="stylesheet" href="{PAGE}/main.css"><link rel="stylesheet" href="{PAGE}/frame.css">
<script src="{PAGE}/frame.js"></script><script src="{PAGE}/main.js" defer></script></head>
<body><main id="label-studio"></main></body>
</html>
"""


def is_installed() -> bool:
    """Whether somebody fetched it."""
    return all((BUILD / name).is_file() for name in ("main.js", "main.css"))


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


def serve(app: FastAPI, media: Sequence[str]) -> None:
    """Have the page, and what it is made of, in an application."""
    said = {"Content-Security-Policy": policy(media), "X-Frame-Options": "SAMEORIGIN", "Cache-Control": "no-cache"}

    def page() -> Response:
        return HTMLResponse(MARKUP, headers=said) if is_installed() else Response(status_code=404)

    def file(name: str) -> Response:
        path, kind = FILES.get(name, (BUILD / "none", ""))
        if not path.is_file():
            return Response(status_code=404)
        # A page without an origin is another's, so what is only for our own pages would not load in it.
        told = {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": KEPT}
        return FileResponse(path, media_type=kind, headers=told)

    app.add_api_route(PAGE, page, include_in_schema=False)
    app.add_api_route(f"{PAGE}/{{name}}", file, include_in_schema=False)
