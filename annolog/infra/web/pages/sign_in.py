"""Where one comes in: by a password, by a provider of single sign-on, or by an invitation."""

from __future__ import annotations

from urllib.parse import quote, unquote

from fastapi import Request
from fastapi.responses import RedirectResponse
from nicegui import core, ui

from annolog.infra.http.client import client_of
from annolog.infra.http.origin import REFUSED_COOKIE
from annolog.infra.identity.sealed_state import own_path
from annolog.infra.web.door import Door, Refusal
from annolog.infra.web.frame import THEMES
from annolog.infra.web.parts.words import Words, block
from annolog.infra.web.viewer import THEME_COOKIE, Viewer, viewer_of


@ui.page("/")
async def start(request: Request) -> RedirectResponse:
    """The first page there is for who comes: their work, for who only annotates."""
    viewer = await viewer_of(request)
    if viewer is None:
        return RedirectResponse("/sign-in", 303)
    return RedirectResponse("/my-work" if await _only_annotates(viewer) else "/projects", 303)


async def _only_annotates(viewer: Viewer) -> bool:
    if viewer.role != "member":
        return False
    roles = {row["role"] for row in (await viewer.door.get("/v1/me/work"))["projects"]}
    return roles == {"annotator"}


@ui.page("/sign-in", title="Sign in · Annolog")
async def sign_in(request: Request, return_to: str = "/") -> RedirectResponse | None:
    """Name and password, and the providers beside them; and why the one who comes back from there was not let in."""
    wanted, failed = own_path(return_to), unquote(request.cookies.get(REFUSED_COOKIE, ""))
    if not failed and await viewer_of(request):
        return RedirectResponse(wanted, 303)
    try:
        found = await Door(core.app.state.api, None, client_of(request.scope).address).get("/v1/sign-on")
        providers = found["providers"]
    except Refusal as refusal:
        providers, failed = [], failed or refusal.detail
    with _door(request, "Sign in"):
        _wrong(failed)
        with block("form", "", data_door="/v1/sign-in", autocomplete="on"):
            _field("Name", "name", "text", "username", "email or handle")
            _field("Password", "password", "password", "current-password")
            with block("details"):
                with block("summary", "an-note"):
                    Words("span", "Organization (only where several share this server)")
                _field("Organization", "organization", "number", "off", required=False)
            with block("button", "", type="submit"):
                Words("span", "Sign in")
        for provider in providers:
            path = f"/v1/sign-on/{quote(provider['provider'], safe='')}?return_to={quote(wanted, safe='')}"
            ui.link(f"Continue with {provider['title']}", path).classes("an-provider")
    return None


@ui.page("/join", title="Join · Annolog")
async def join(request: Request, invitation: str = "") -> None:
    """Accept an invitation: choose a name and a password."""
    with _door(request, "Join"):
        Words("p", "You were invited. Choose how you sign in from now on.", "an-note")
        _wrong("" if invitation else "The link of the invitation is incomplete. Paste its code below.")
        with block("form", "", data_door="/v1/invitations/accept", data_repeat="1"):
            _field("Invitation", "secret", "text", "off", value=invitation)
            _field("Name to sign in by", "handle", "text", "username")
            _field("Password", "password", "password", "new-password")
            _field("Password again", "repeated", "password", "new-password")
            with block("button", "", type="submit"):
                Words("span", "Join")


def _door(request: Request, title: str) -> ui.element:
    ui.dark_mode(THEMES.get(request.cookies.get(THEME_COOKIE, "auto")))
    ui.query(".nicegui-content").classes("an-page")
    with block("div", "an-door"), block("div", "an-door-card") as card:
        with block("div", "an-brand"):
            Words("span", "", "an-mark").props("aria-hidden=true")
            Words("span", "Annolog")
        Words("h1", title)
    return card


def _wrong(text: str) -> None:
    Words("div", text, "an-wrong").props("role=alert")


def _field(
    label: str, name: str, kind: str, autocomplete: str, note: str = "", value: str = "", required: bool = True
) -> None:
    with block("label"):
        Words("span", label)
        found = block("input", "an-input", name=name, type=kind, autocomplete=autocomplete, placeholder=note)
        if value:
            found.props["value"] = value
        if required:
            found.props["required"] = True
