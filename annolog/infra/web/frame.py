"""What is around every page: who is signed in, where one is and can go, and what there is if it cannot be shown."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import Client, ui

from annolog.infra.web.bell import Bell
from annolog.infra.web.door import Refusal
from annolog.infra.web.parts.cards import empty
from annolog.infra.web.parts.sending import refuse
from annolog.infra.web.parts.words import Words, block
from annolog.infra.web.search import search_button
from annolog.infra.web.viewer import ProjectPlace, Viewer, viewer_of

logger = logging.getLogger(__name__)

DEFECT = "Something went wrong here. Nothing was written that was not confirmed."
THEMES: dict[str, bool | None] = {"light": False, "dark": True, "auto": None}


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go: its key, words and icon, the path, the keys that lead there, and the right it takes; where
    several are named, any of them.
    """

    key: str
    words: str
    icon: str
    path: str
    hotkey: str = ""
    needs: str = ""


# Everywhere, in this order. A new page of the organization is put here.
OF_ORGANIZATION = (
    Link("my-work", "My work", "task_alt", "/my-work", "g h"),
    Link("projects", "Projects", "folder_open", "/projects", "g p"),
    Link("people", "People and access", "group", "/people", "g m", "see_people invite_people"),
    Link("workspaces", "Workspaces", "workspaces", "/workspaces", "g w"),
    Link("system", "System", "monitor_heart", "/system", "g y", "read_log"),
)
# In a project, in this order; the path goes on after the project's own. A new page of a project is put here.
OF_PROJECT = (
    Link("label", "Label", "edit_note", "/label", "g l", "annotate"),
    Link("review", "Review", "fact_check", "/review", "g r", "review"),
    Link("dashboard", "Dashboard", "insights", "", "g d"),
    Link("tasks", "Tasks", "table_rows", "/tasks", "g t", "see_quality"),
    Link("team", "Team", "diversity_3", "/people", "g a"),
    Link("policies", "What-if", "alt_route", "/policies", "g i", "configure"),
    Link("settings", "Settings", "tune", "/settings", "g s", "see_settings"),
)


class Frame:
    """The frame of one page, into which its content goes."""

    def __init__(self, viewer: Viewer, title: str, here: str = "") -> None:
        self.viewer = viewer
        self._here = here
        ui.context.client.on_exception(self._failed)
        ui.page_title(f"{title} · Annolog")
        ui.dark_mode(THEMES.get(viewer.theme))
        ui.colors(primary="#1f6fb2", negative="#b3261e", positive="#1d7a4c", warning="#8a5a00")
        ui.query(".nicegui-content").classes("an-page")
        with block("div", "an-shell"):
            with block("header", "an-top"):
                self._top()
            with block("nav", "an-side", aria_label="Main", id="an-side"):
                self._side()
            self.main = block("div", "an-main", id="an-main", tabindex="-1")

    def _top(self) -> None:
        with ui.link(target="#an-main").classes("an-skip"):
            Words("span", "Skip to content")
        block("button", "an-menu", type="button", aria_label="Menu", aria_expanded="false", aria_controls="an-side")
        with ui.link(target="/").classes("an-brand").props('aria-label="Annolog, start page"'):
            Words("span", "", "an-mark").props("aria-hidden=true")
            Words("span", "Annolog")
        self.crumbs = block("div", "an-crumbs")
        block("div", "an-space")
        search_button()
        Bell(self.viewer)
        _theme_button()
        help_button = block("button", "an-icon-button", type="button", aria_label="Keyboard help", data_help="")
        with help_button:
            Words("span", "?")
        self._account()

    def _account(self) -> None:
        viewer = self.viewer
        with block("details", "an-account"):
            with block("summary", "an-icon-button", aria_label=f"Account of {viewer.name}"):
                Words("span", viewer.name[:1].upper(), "an-avatar")
            with block("div", "an-account-menu"):
                Words("strong", viewer.name)
                Words("span", f"{viewer.role} · {viewer.organization_name}", "an-note")
                ui.link("My account", "/account")
                block("hr")
                sign_out = block("button", "an-link-button", type="button", data_sign_out="")
                with sign_out:
                    Words("span", "Sign out")

    def _side(self) -> None:
        self._project_links = block("div", "an-links")
        with block("div", "an-links"):
            Words("div", self.viewer.organization_name, "an-links-title")
            for link in OF_ORGANIZATION:
                if not link.needs or any(map(self.viewer.may, link.needs.split())):
                    _link(link, link.path, link.key == self._here)

    def _failed(self, error: Exception) -> None:
        """Tell whoever did something that it went wrong; what was a defect is logged besides."""
        with self.main:
            if isinstance(error, Refusal):
                refuse(error)
            else:
                ui.notify(DEFECT, type="negative", close_button="Dismiss", timeout=0)

    def of_project(self, place: ProjectPlace, key: str) -> None:
        """Say in which project one is, and lead to its other pages."""
        path = f"/projects/{place.id}"
        with self.crumbs:
            ui.link("Projects", "/projects").classes("an-crumb")
            Words("span", "/", "an-crumb-slash").props("aria-hidden=true")
            ui.link(place.title, path).classes("an-crumb an-crumb-project")
        with self._project_links:
            Words("div", place.title, "an-links-title an-links-project")
            for link in OF_PROJECT:
                there = link.key != "review" or place.reviews or link.key == key
                if there and (not link.needs or place.may(link.needs)):
                    _link(link, f"{path}{link.path}", link.key == key)


def _link(link: Link, path: str, current: bool) -> None:
    with ui.link(target=path).classes("an-side-link") as found:
        ui.icon(link.icon).props("aria-hidden=true")
        Words("span", link.words)
    if link.hotkey:
        found.props["data-hotkey"] = link.hotkey
    if current:
        found.props["aria-current"] = "page"


def _theme_button() -> None:
    with block("button", "an-icon-button", type="button", aria_label="Light or dark", data_theme_button=""):
        ui.icon("contrast").props("aria-hidden=true")


Building = Callable[..., Awaitable[Response | None]]


def page(path: str, title: str, here: str = "") -> Callable[[Building], Callable[..., Any]]:
    """A page at a path for who is signed in. What builds it gets the frame first, then what the path says; it may
    answer with something else instead, such as where to go.

    A refusal while it is built is shown instead of it, with its status; without a session one is led to sign in, and
    from there back.
    """

    def register(build: Building) -> Callable[..., Any]:
        async def shown(request: Request, **given: Any) -> Any:
            try:
                viewer = await viewer_of(request)
            except Refusal as refusal:
                return _outside(refusal)
            if viewer is None:
                return RedirectResponse(f"/sign-in?return_to={quote(_path_of(request), safe='')}", 303)
            frame = Frame(viewer, title, here)
            try:
                with frame.main:
                    return await build(frame, **given)
            except Refusal as refusal:
                if refusal.status == 401:
                    return RedirectResponse(f"/sign-in?return_to={quote(_path_of(request), safe='')}", 303)
                frame.main.clear()
                with frame.main:
                    _refused(refusal)
            return None

        inner = inspect.signature(build, eval_str=True)
        request = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)
        rest = [parameter for name, parameter in inner.parameters.items() if name != "frame"]
        vars(shown)["__signature__"] = inspect.Signature([request, *rest])
        shown.__name__ = build.__name__
        shown.__doc__ = build.__doc__
        ui.page(path, response_timeout=60)(shown)
        return build

    return register


def _path_of(request: Request) -> str:
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def _refused(refusal: Refusal) -> None:
    ui.context.client.status_code = refusal.status
    titles = {403: "Not for you", 404: "There is no such page", 429: "Too much at once", 503: "Not just now"}
    empty(titles.get(refusal.status, "That did not work"), refusal.detail, "block")
    with block("p", "an-center"):
        ui.link("To the projects", "/projects").classes("an-link")


def failed(error: Exception) -> None:
    """What there is instead of a page that could not be built because of a defect of ours."""
    logger.error("a page failed", exc_info=error)
    _outside(Refusal(500, {"detail": DEFECT}))


async def not_there(request: Request, error: Exception) -> Response:
    """The page for a path at which there is none."""
    with Client(ui.page(""), request=request) as client:
        _outside(Refusal(404, {"detail": "Nothing is at this address."}))
    return client.build_response(request, 404)


def _outside(refusal: Refusal) -> None:
    """What there is to say where nobody is known to look."""
    ui.query(".nicegui-content").classes("an-page")
    with block("div", "an-main an-alone"):
        _refused(refusal)
