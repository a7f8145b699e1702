"""Pages into an application: beside the API in one process, or alone before an API elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from nicegui import app as nicegui_app
from nicegui import core, ui
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Scope

from annolog.infra.settings import MOST_BODY_BYTES
from annolog.infra.web import pages
from annolog.infra.web.content_policy import ContentPolicy
from annolog.infra.web.door import Api
from annolog.infra.web.frame import failed, not_there
from annolog.infra.web.full_editor import FullEditor
from annolog.infra.web.packets import PagePacket
from annolog.infra.web.shared import SharedAnswers

# What is no page keeps its own answers, also to what it does not know.
NO_PAGES = ("/v1", "/scim", "/api", "/problems", "/docs", "/redoc", "/openapi.json", "/livez", "/readyz", "/metrics")
STATIC = Path(__file__).parent / "static"
# Small files are not worth it; more effort than this costs more time than a local network.
COMPRESSED_FROM_BYTES = 1_000
EFFORT = 4
RECONNECT_SECONDS = 20.0
ANYWHERE_ENCRYPTED = ("https:",)


class PagesMount(Mount):
    """Every path that is not the API's."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the path is one of a page, or of what pages are made of."""
        path: str = scope["path"]
        if any(path == place or path.startswith(f"{place}/") for place in NO_PAGES):
            return Match.NONE, {}
        return super().matches(scope)


def attach(
    app: FastAPI,
    api: Api,
    media: Sequence[str] = (),
    full_editor: Path | None = None,
    most_body_bytes: int = MOST_BODY_BYTES,
) -> None:
    """Serve the pages from an application, asking this API. Once in a process: NiceGUI has one set of pages.

    `media` is from where what tasks show may come; from any place that encrypts, if none is named. `full_editor` is the
    folder of Label Studio's editor, if that is not where `make editor` puts it; its answers are no larger than a body.
    """
    pages.register()
    # Routes that browsers come to by themselves lead back to pages, where there are any.
    app.state.pages = True
    # A path whose number is none is that of no page either.
    core.app.add_exception_handler(404, not_there)
    core.app.add_exception_handler(RequestValidationError, not_there)
    nicegui_app.on_page_exception(failed)
    # These paths name no version, so each is asked for again; the answer is empty as long as nothing has changed.
    nicegui_app.add_static_files("/static", STATIC, max_cache_age=0)
    core.app.state.api = api
    core.app.state.shared = SharedAnswers()
    core.app.state.full_editor = FullEditor(full_editor, most_body_bytes)
    core.app.state.full_editor.serve(core.app, media, ANYWHERE_ENCRYPTED)
    core.sio.packet_class = PagePacket
    ui.run_with(
        app,
        title="Annolog",
        favicon=STATIC / "favicon.svg",
        language="en-US",
        dark=None,
        tailwind=False,
        binding_refresh_interval=None,
        reconnect_timeout=RECONNECT_SECONDS,
        gzip_middleware_factory=None,
        show_welcome_message=False,
    )
    # Quasar would draw a nameless bar for every request like the one that begins a page's connection.
    core.app.config.quasar_config["loadingBar"]["skipHijack"] = True
    # NiceGUI has mounted itself last.
    app.router.routes.pop()
    app.router.routes.append(PagesMount("", app=behind_policy(core.app, media or ANYWHERE_ENCRYPTED)))


def behind_policy(app: ASGIApp, media: Sequence[str]) -> ASGIApp:
    """Pages with their policy, compressed on their way out."""
    return GZipMiddleware(ContentPolicy(app, media), COMPRESSED_FROM_BYTES, EFFORT)
