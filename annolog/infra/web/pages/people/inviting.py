"""How people come in: by a link that lets one person in, or because somebody makes them known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from nicegui import ui

from annolog.infra.web.pages.people.roles import role_choice, role_in_words, sent
from annolog.infra.web.parts.cards import card
from annolog.infra.web.parts.plain_tables import plain_table
from annolog.infra.web.parts.sending import attempt, button, confirm
from annolog.infra.web.parts.windows import field, shown_once, window
from annolog.infra.web.parts.words import Words, block, counted, moment, sentence
from annolog.infra.web.viewer import Viewer

DAYS = {1: "One day", 3: "Three days", 7: "A week", 14: "Two weeks", 30: "Thirty days"}
USUALLY = 7
LONGEST_HANDLE = 200
Again = Callable[[], Awaitable[None]]


class OpenInvitations:
    """The links by which somebody may still come in; hidden while there are none."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._place = block("div")

    async def show(self) -> None:
        """Show them as they are now."""
        found = (await self._viewer.door.get("/v1/invitations"))["invitations"]
        titles: dict[int, str] = {}
        rows = [row for row in found if row["open"]]
        if any(row["workspaces"] for row in rows):
            titles = await _titles(self._viewer)
        self._place.clear()
        if not rows:
            return
        with self._place, card("Open invitations", "Each lets in one person who has its link."):
            self._table(rows, titles)

    def _table(self, rows: Sequence[Mapping[str, Any]], titles: Mapping[int, str]) -> None:
        with block("div", "an-scroll"), plain_table("As", "Workspaces", "Ends", "Approval", acts=True):
            for row in rows:
                self._row(row, titles)

    def _row(self, row: Mapping[str, Any], titles: Mapping[int, str]) -> None:
        places = [f"{titles.get(int(id), f'workspace {id}')} as {role}" for id, role in row["workspaces"].items()]
        with block("tr"):
            Words("td", role_in_words(row))
            Words("td", ", ".join(places) or "–")
            Words("td", moment(row["expires_at"], self._viewer.zone))
            Words("td", "Has to be approved" if row["approval"] else "–")
            with block("td", "an-right"):
                label = f"Take invitation {row['invitation']} back"
                button("Take back", lambda: self._take_back(row["invitation"]), label=label).classes("an-button-tiny")

    async def _take_back(self, invitation: int) -> None:
        words = "Whoever has the link does not come in by it any more."
        if await confirm("Take the invitation back?", words, "Take back"):
            await attempt(
                self._viewer.door.delete(f"/v1/invitations/{invitation}"), "The link lets nobody in any more."
            )
            await self.show()


async def _titles(viewer: Viewer) -> dict[int, str]:
    found = (await viewer.door.get("/v1/workspaces", archived="true"))["workspaces"]
    return {row["workspace"]: str(row["title"]) for row in found}


class _Workspaces:
    """Workspaces that the newcomer is to belong to, a line each."""

    def __init__(self, viewer: Viewer, managed: Mapping[int, str]) -> None:
        self._viewer = viewer
        self._managed = managed
        self._lines: list[tuple[ui.select, ui.select]] = []
        if managed:
            self._place = block("div", "an-fields")
            button("Add to a workspace", self._add, icon="add", kind="quiet").classes("an-start")

    async def _add(self) -> None:
        with self._place, block("div", "an-beside"):
            place = ui.select(dict(self._managed), value=next(iter(self._managed)), label="Workspace")
            role = ui.select([], label="As")
        for one in (place, role):
            one.props("outlined dense")
        self._lines.append((place, role))

        async def chosen() -> None:
            gives = (await self._viewer.door.get(f"/v1/workspaces/{place.value}"))["gives"]
            plain = [row["role"] for row in gives if not row["custom_role"]]
            role.set_options({one: sentence(one) for one in plain}, value="annotator" if "annotator" in plain else None)

        place.on_value_change(chosen)
        await chosen()

    @property
    def chosen(self) -> dict[str, str]:
        """As the API takes them."""
        return {str(place.value): str(role.value) for place, role in self._lines if role.value}


async def invite(viewer: Viewer, again: Again) -> None:
    """Have a link, and show it this once."""
    gives = (await viewer.door.get("/v1/roles"))["gives"]
    managed = await viewer.managed_workspaces()
    with window("Invite somebody") as dialog:
        Words("p", "You get a link for one person. Send it to them yourself; it is shown this once.", "an-note")
        role = role_choice(gives, ("member", ""), "Role in the organization")
        workspaces = _Workspaces(viewer, managed)
        days = ui.select(DAYS, value=USUALLY, label="The link lets in for").props("outlined dense")
        approval = ui.checkbox("Somebody has to approve them once they came")

        async def ask() -> None:
            ends = datetime.now(UTC) + timedelta(days=days.value)
            body = {**sent(role.value), "expires_at": ends.isoformat(), "approval": approval.value}
            found = await attempt(viewer.door.post("/v1/invitations", body | {"workspaces": workspaces.chosen}))
            if found is None:
                return
            # Only the browser knows by which address people come here.
            origin = await ui.run_javascript("location.origin", timeout=10)
            within = counted(days.value, "day")
            words = f"Whoever has this link comes in as {role_in_words(body).lower()}, once, within {within}."
            shown_once("The link of the invitation", words, f"{origin}/join?invitation={found['secret']}", "Link")
            dialog.close()
            await again()

        dialog.ending("Get the link", ask)


async def register(viewer: Viewer) -> None:
    """Make a person or a program known."""
    gives = (await viewer.door.get("/v1/roles"))["gives"]
    with window("Register a person or a program") as dialog:
        handle = field("Handle", most=LONGEST_HANDLE)
        Words("p", "A pseudonym: it stays in the log for ever. Name and e-mail can be erased.", "an-note")
        service = ui.checkbox("A service account: a program with tokens, which never signs in")
        name = field("Name (may be left out)", most=LONGEST_HANDLE)
        email = field("E-mail (may be left out)", most=320)
        role = role_choice(gives, ("member", ""), "Role in the organization")

        async def ask() -> None:
            person = {"handle": handle.value, "service": service.value, **sent(role.value)}
            person |= {key: said.value for key, said in (("name", name), ("email", email)) if said.value}
            fields = {"handle": handle, "name": name, "email": email}
            found = await attempt(viewer.door.post("/v1/people", {"people": [person]}), "Registered.", fields)
            if found is not None:
                dialog.close()
                if viewer.may("see_people"):
                    ui.navigate.to(f"/people/{found['people'][0]['person']}")

        dialog.ending("Register", ask)
