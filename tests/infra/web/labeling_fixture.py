"""A small server with a page for the labeling component alone, under the policy that all pages have.

Run as a program it says where it listens: `/bench` is an empty page into which a test mounts the component, `/element`
shows it as pages do, `/picture.png` is an image of 400 by 200 pixels.
"""

from __future__ import annotations

import struct
import zlib
from typing import Any

import uvicorn
from fastapi import FastAPI, Response
from nicegui import app as nicegui_app
from nicegui import core, ui

from annolog.infra.web import pages
from annolog.infra.web.mounting import STATIC, behind_policy
from annolog.infra.web.parts.labeling import Labeling
from annolog.infra.web.parts.words import Words

WIDTH, HEIGHT = 400, 200
CONFIG = """<View><Text name="text" value="$text"/><Choices name="mood" toName="text"><Choice value="good"/>
<Choice value="bad"/></Choices></View>"""
HOSTILE = ":alert(1)"


def picture() -> bytes:
    """A grey PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xb4" * WIDTH for _ in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def serve() -> None:
    """Serve until told to end."""
    app = FastAPI()

    @app.get("/picture.png")
    def image() -> Response:
        return Response(picture(), media_type="image/png")

    @ui.page("/bench")
    def bench() -> None:
        ui.query(".nicegui-content").classes("an-page")
        Words("h1", "Bench")
        ui.element("div").props["id"] = "bench"

    @ui.page("/element")
    def element() -> None:
        ui.query(".nicegui-content").classes("an-page")
        Words("h1", "Element")
        heard = Words("p", "").props("id=heard")

        def changed(result: list[dict[str, Any]]) -> None:
            heard.text = str([item["value"] for item in result])

        data = {"text": "Fine weather", HOSTILE: HOSTILE, ":onclick": "window.ran = 1"}
        shown = Labeling(CONFIG, data, readonly=False, on_change=changed)

        async def ask() -> None:
            heard.text = f"asked: {[item['value'] for item in await shown.result()]}"

        ui.button("Ask", on_click=ask)
        ui.button("Other", on_click=lambda: shown.show(CONFIG, {"text": "Rain"}))

    pages.register()
    nicegui_app.add_static_files("/static", STATIC)
    ui.run_with(app, title="Bench", dark=None, tailwind=False, reconnect_timeout=60, gzip_middleware_factory=None)
    app.router.routes.pop()
    app.mount("", behind_policy(core.app, ("https:",)))
    config = uvicorn.Config(app, port=0, log_level="info")
    uvicorn.Server(config).run()


if __name__ == "__main__":
    serve()
