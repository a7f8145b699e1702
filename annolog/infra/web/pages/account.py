"""Oneself: what one is known by, how one signs in, where one is signed in, and how pages look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from zoneinfo import available_timezones

from nicegui import ui

from annolog.infra.web.door import Refusal
from annolog.infra.web.frame import THEMES, Frame, page
from annolog.infra.web.pages.people.person import facts, revise
from annolog.infra.web.pages.people.roles import role_in_words
from annolog.infra.web.pages.people.tokens import Tokens
from annolog.infra.web.parts.cards import card, grid, heading
from annolog.infra.web.parts.plain_tables import plain_table
from annolog.infra.web.parts.sending import attempt, button, confirm, refuse
from annolog.infra.web.parts.windows import field
from annolog.infra.web.parts.words import Words, badge, block, moment, sentence
from annolog.infra.web.viewer import Viewer, name_of

AS_THE_BROWSER = ""
WAYS = {"password": "Password", "sign_on": "Single sign-on", "invitation": "Invitation"}


@page("/account", "My account")
async def account(frame: Frame) -> None:
    """The viewer's own page; everybody has one."""
    viewer = frame.viewer
    me = await viewer.door.get("/v1/me")
    with heading(name_of(me), viewer.organization_name):
        pass
    with grid():
        _known_by(viewer, me)
        _looks(viewer)
    with grid():
        sessions = Sessions(viewer)
        await sessions.show()
        if not me["service"]:
            _password(viewer)
    tokens = Tokens(viewer, "/v1/me/tokens", "", issues=viewer.may("issue_own_tokens") or viewer.may("issue_tokens"))
    await tokens.show()


def _known_by(viewer: Viewer, me: Mapping[str, Any]) -> None:
    async def again() -> None:
        ui.navigate.reload()

    with card("Known by", "Shown to those who may see people, and kept sealed.") as actions:
        with actions:
            button("Correct", lambda: revise(viewer, me, again))
        known = {"Name": me["name"], "E-mail": me["email"], "Handle": me["handle"], "Role": role_in_words(me)}
        facts(known | {"Number": me["person"]})


def _looks(viewer: Viewer) -> None:
    with card("How pages look", "Kept in this browser."):
        themes = {"auto": "As the system has it", "light": "Light", "dark": "Dark"}
        theme = ui.select(themes, value=viewer.theme if viewer.theme in THEMES else "auto", label="Theme")
        zones = {AS_THE_BROWSER: "The browser's", **{name: name for name in sorted(available_timezones())}}
        zone = ui.select(zones, value=viewer.zone if viewer.zone in zones else "", label="Time zone", with_input=True)
        for one in (theme, zone):
            one.props("outlined dense")

        def themed(event: Any) -> None:
            # Only ever one of ours goes into what the browser runs.
            if event.value in THEMES:
                _ = ui.run_javascript(f"annolog.setTheme('{event.value}')")

        def zoned(event: Any) -> None:
            if event.value in zones:
                _ = ui.run_javascript(f"annolog.setZone('{event.value}')")

        theme.on_value_change(themed)
        zone.on_value_change(zoned)


def _password(viewer: Viewer) -> None:
    with card("Password", "Another one signs you out everywhere, here too."):
        old = field("Password until now", kind="password", note="empty if you have none")
        new = field("New password", kind="password")
        again = field("New password again", kind="password")
        old.props("autocomplete=current-password")
        for one in (new, again):
            one.props("autocomplete=new-password")

        async def ask() -> None:
            for one in (old, new, again):
                one.error = None
            if new.value != again.value:
                again.error = "The two passwords differ."
                return
            try:
                await viewer.door.post("/v1/me/password", {"old": old.value or None, "new": new.value or ""})
            except Refusal as refusal:
                _say(refusal, old, new)
                return
            ui.navigate.to("/sign-in")

        with block("div", "an-actions"):
            button("Change password", ask, kind="primary")


def _say(refusal: Refusal, old: ui.input, new: ui.input) -> None:
    """Say at the field that is wrong. That the old password is wrong has the status of who is not signed in."""
    if refusal.status == 401:
        old.error = refusal.detail
    elif refusal.wrong:
        new.error = refusal.wrong[0].message
    else:
        refuse(refusal)


class Sessions:
    """Where one is signed in; what was left open elsewhere is ended here."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        with card("Where you are signed in") as actions:
            with actions:
                button("Sign out everywhere", self._everywhere)
            self._place = block("div", "an-scroll")

    async def show(self) -> None:
        """Show them as they are now."""
        rows = (await self._viewer.door.get("/v1/me/sessions"))["sessions"]
        self._place.clear()
        with self._place, plain_table("By", "Since", "Last used", classes="an-sessions", acts=True):
            self._rows(rows)

    def _rows(self, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in sorted(rows, key=lambda one: (not one["here"], one["begun_at"])):
            with block("tr"):
                with block("td"):
                    way = WAYS.get(row["method"], sentence(row["method"]))
                    Words("span", f"{way} ({row['provider']})" if row["provider"] else way)
                Words("td", moment(row["begun_at"], self._viewer.zone), "an-nowrap")
                Words("td", moment(row["seen_at"], self._viewer.zone), "an-nowrap")
                with block("td", "an-right"):
                    if row["here"]:
                        badge("This browser", "good")
                    else:
                        label = f"End the session that began {moment(row['begun_at'], self._viewer.zone)}"
                        button("End", partial(self._end, row), label=label).classes("an-button-tiny")

    async def _end(self, row: Mapping[str, Any]) -> None:
        await attempt(self._viewer.door.delete(f"/v1/me/sessions/{row['session']}"), "That browser is signed out.")
        await self.show()

    async def _everywhere(self) -> None:
        words = "You are signed out in every browser, in this one too. Tokens go on."
        if await confirm("Sign out everywhere?", words, "Sign out everywhere"):
            path = f"/v1/people/{self._viewer.person}/sign-out"
            if await attempt(self._viewer.door.post(path)) is not None:
                ui.navigate.to("/sign-in")
