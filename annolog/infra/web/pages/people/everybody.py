"""Everybody in the organization, found by words, role and standing."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from annolog.infra.web.frame import Frame, page
from annolog.infra.web.pages.people.inviting import OpenInvitations, invite, register
from annolog.infra.web.pages.people.roles import STANDINGS, role_in_words
from annolog.infra.web.pages.people.tabs import tabs
from annolog.infra.web.parts.cards import card, empty, heading
from annolog.infra.web.parts.paging import Paging
from annolog.infra.web.parts.sending import button
from annolog.infra.web.parts.tables import Column, Row, Table
from annolog.infra.web.parts.words import sentence
from annolog.infra.web.viewer import Viewer, name_of

ROWS = 50
ANY = ""
ROLES = {ANY: "Any role", "owner": "Owner", "administrator": "Administrator", "member": "Member"}
STANDS = {ANY: "Any standing", **{key: words for key, (words, _) in STANDINGS.items()}}
KINDS = {ANY: "Any kind", "false": "People", "true": "Service accounts"}
COLUMNS = (
    Column("name", "Name", href=lambda row: f"/people/{row['person']}"),
    Column("handle", "Handle"),
    Column("email", "E-mail"),
    Column("role", "Role"),
    Column("standing", "Standing", mark=lambda row: str(row["standing_mark"])),
    Column("kind", "Kind"),
    Column("person", "Number"),
)


@page("/people", "People and access", here="people")
async def people(frame: Frame) -> None:
    """A table of everybody; invitations beside it."""
    viewer = frame.viewer
    sees, invites = viewer.may("see_people"), viewer.may("invite_people")
    if not sees and not invites:
        # The API says why, in the words it has for it.
        await viewer.door.get("/v1/people", limit=1)
    with heading("People and access", "Who comes in here, as what, and how."):
        actions = ui.element("div").classes("an-actions")
    tabs(viewer, "people")
    open_invitations = OpenInvitations(viewer) if invites else None
    everybody = Everybody(viewer) if sees else None
    with actions:
        if viewer.may("register_people"):
            button("Register", lambda: register(viewer), hotkey="r")
        if open_invitations is not None:
            button("Invite", lambda: invite(viewer, open_invitations.show), kind="primary", hotkey="i")
    if open_invitations is not None:
        await open_invitations.show()
    if everybody is not None:
        await everybody.again()


class Everybody:
    """The table, with what is looked for above it."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        with card(f"Everybody in {viewer.organization_name}" if viewer.organization_name else "Everybody") as actions:
            with actions:
                self._text = ui.input(placeholder="Search").props("outlined dense clearable debounce=300")
                self._text.props["aria-label"] = "Search people by handle, name or e-mail"
                self._text.classes("an-filter")
                self._role = self._choice(ROLES, "Role")
                self._standing = self._choice(STANDS, "Standing")
                self._kind = self._choice(KINDS, "Kind")
            self._table = Table("People", COLUMNS, "person", viewer.zone, rows_a_page=0)
            self._none = empty("Nobody fits", "Look for other words, or for any role and standing.", "person_search")
            self._paging = Paging(self._show)
        self._text.on_value_change(self._restart)

    def _choice(self, options: dict[str, str], label: str) -> ui.select:
        found = ui.select(options, value=ANY, on_change=self._restart).props("outlined dense")
        found.props["aria-label"] = label
        return found.classes("an-filter")

    async def _restart(self) -> None:
        await self._paging.restart()

    async def again(self) -> None:
        """Show them as they are now."""
        await self._paging.again()

    async def _show(self, after: int) -> int | None:
        found = await self._viewer.door.get(
            "/v1/people",
            after=after,
            limit=ROWS,
            text=(self._text.value or "").strip() or None,
            role=self._role.value or None,
            standing=self._standing.value or None,
            service=self._kind.value or None,
        )
        rows = [_row(person) for person in found["people"]]
        self._table.show(rows)
        self._table.set_visibility(bool(rows))
        self._none.set_visibility(not rows)
        following: int | None = found["next"]
        return following


def _row(person: dict[str, Any]) -> Row:
    words, mark = STANDINGS.get(person["standing"], (sentence(person["standing"]), "plain"))
    return {
        "person": person["person"],
        "name": name_of(person),
        "handle": person["handle"],
        "email": person["email"],
        "role": role_in_words(person),
        "standing": words,
        "standing_mark": mark,
        "kind": "Service account" if person["service"] else "Person",
    }
