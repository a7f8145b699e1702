"""Who belongs to a project, as what, and whether they may work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from annolog.infra.web.door import Refusal
from annolog.infra.web.frame import Frame
from annolog.infra.web.pages.settings.place import path_of, room
from annolog.infra.web.parts.cards import card, empty
from annolog.infra.web.parts.sending import attempt, button, confirm
from annolog.infra.web.parts.words import Words, badge, block, counted, moment
from annolog.infra.web.viewer import ProjectPlace, name_of

ROLES = {"annotator": "Annotator", "reviewer": "Reviewer", "manager": "Manager", "viewer": "Viewer"}
SOURCES = {"workspace": "by the workspace", "groups": "by the identity provider"}
PAGE = 1000
MOST_SHOWN = 30


class Members:
    """The list of members with a filter, and a way to add to it."""

    def __init__(self, place: ProjectPlace, names: Mapping[int, str]) -> None:
        self.place, self.names = place, names
        self.manages = place.may("manage_members")
        self.wanted, self.most = "", MOST_SHOWN
        self.members: list[dict[str, Any]] = list(place.shown["members"])
        self.list = block("div", "an-members", role="list", aria_label="Members")
        self._end = block("div")
        self.show()

    async def reload(self) -> None:
        """Ask who belongs to the project now."""
        self.place.shown = await self.place.viewer.door.get(f"/v1/projects/{self.place.id}")
        self.members = list(self.place.shown["members"])
        self.show()

    def narrow(self, wanted: str) -> None:
        """Show those whose name or role has these letters in it."""
        self.wanted, self.most = wanted.strip().lower(), MOST_SHOWN
        self.show()

    def called(self, person: int) -> str:
        """What somebody is called."""
        return self.names.get(person, f"person {person}")

    def show(self) -> None:
        """Show the members again."""
        found = [
            member
            for member in self.members
            if self.wanted in self.called(member["person"]).lower() or self.wanted in member["role"]
        ]
        self.list.clear()
        self._end.clear()
        with self.list:
            for member in found[: self.most]:
                self._row(member)
        with self._end:
            if not found:
                note = "Add people below." if not self.wanted else "Nobody has these letters in their name."
                empty("Nobody here", note, "group")
            if len(found) > self.most:
                button(
                    f"Show {counted(len(found) - self.most, 'more person', 'more people')}", self._more, kind="quiet"
                )

    def _more(self) -> None:
        self.most += 10 * MOST_SHOWN
        self.show()

    def _row(self, member: dict[str, Any]) -> None:
        person, name = member["person"], self.called(member["person"])
        with block("div", "an-entry", role="listitem"):
            with block("div", "an-entry-words"):
                ui.link(name, f"/projects/{self.place.id}/people/{person}").classes("an-link an-wrap")
                with block("div", "an-badges"):
                    if words := SOURCES.get(member["source"]):
                        badge(words, "info")
                    if member["custom_role"]:
                        badge(str(member["custom_role"]))
                    for pause in member["pauses"]:
                        until = f" until {moment(pause['until'], self.place.viewer.zone)}" if pause["until"] else ""
                        badge(f"paused{until}", "warning")
                        Words("span", str(pause["reason"]), "an-note an-wrap")
            if not self.manages:
                badge(ROLES.get(member["role"], member["role"]))
                return
            self._controls(member, name)

    def _controls(self, member: dict[str, Any], name: str) -> None:
        person, path = member["person"], f"/v1/projects/{self.place.id}/members"
        door = self.place.viewer.door

        async def change(event: Any) -> None:
            body = {"members": [{"person": person, "role": event.value}]}
            await attempt(door.post(path, body), f"{name} is {ROLES[event.value].lower()} now.")
            await self.reload()

        async def pause() -> None:
            words = "They keep what they did, and are given no work until the pause ends."
            if await confirm(f"Pause {name}?", words, "Pause", kind="primary"):
                await attempt(door.post(f"{path}/{person}/pause", {"kind": "full"}), f"{name} is paused.")
                await self.reload()

        async def resume() -> None:
            await attempt(door.post(f"{path}/{person}/resume"), f"{name} may go on.")
            await self.reload()

        async def remove() -> None:
            words = "Their work stays. What they hold is given up, and skills and pauses end."
            if await confirm(f"Remove {name} from the project?", words, "Remove"):
                await attempt(door.delete(f"{path}/{person}"), f"{name} was removed.")
                await self.reload()

        with block("div", "an-actions"):
            role = ui.select(ROLES, value=member["role"], on_change=change).props("outlined dense").classes("an-role")
            role.props["aria-label"] = f"Role of {name}"
            by_hand = any(one["cause"] == "person" for one in member["pauses"])
            if by_hand:
                button("Resume", resume, kind="quiet", label=f"Resume {name}")
            else:
                button("Pause", pause, kind="quiet", label=f"Pause {name}")
            button("Remove", remove, kind="quiet", label=f"Remove {name}")


async def members(frame: Frame, place: ProjectPlace) -> None:
    """Members, then who could be one."""
    names = await place.names()
    with room(frame, place, "members"):
        with card(counted(len(place.shown["members"]), "member")) as tools:
            found = Members(place, names)
            with tools:
                narrow = ui.input(placeholder="Filter").props('dense outlined clearable aria-label="Filter members"')
                narrow.classes("an-filter")
                narrow.on_value_change(lambda event: found.narrow(event.value or ""))
        if place.may("manage_members"):
            await _adding(place, found)
        if not place.shown["published"]:
            ui.link("Next: publish", path_of(place.id, "general")).classes("an-next")


async def _everybody(place: ProjectPlace) -> list[dict[str, Any]] | None:
    """Everybody of the organization who may come in; None where the viewer may not see who there is."""
    people: list[dict[str, Any]] = []
    after: int | None = 0
    try:
        while after is not None:
            found = await place.viewer.door.get("/v1/people", after=after, limit=PAGE)
            people += found["people"]
            after = found["next"]
    except Refusal as refusal:
        if refusal.status == 403:
            return None
        raise
    return [one for one in people if one.get("standing", "active") == "active"]


async def _adding(place: ProjectPlace, found: Members) -> None:
    with card("Add people", "Members of the workspace belong to it already."):
        people = await _everybody(place)
        if people is None:
            Words("p", "You may not see who is in the organization. Add people by their number.", "an-note")
        options = {one["person"]: name_of(one) for one in people or []}
        with block("div", "an-actions an-adding"):
            chosen: ui.select | ui.input
            if people is None:
                chosen = ui.input("Numbers of people, with commas").props("outlined dense")
            else:
                chosen = ui.select(options, label="People", multiple=True, with_input=True).props(
                    "outlined dense use-chips input-debounce=0"
                )
            chosen.classes("an-newcomers")
            role = ui.select(ROLES, value="annotator", label="Role").props("outlined dense").classes("an-role")

            async def add() -> None:
                ids = _ids(chosen.value)
                if not ids:
                    ui.notify("Choose somebody first.")
                    return
                body = {"members": [{"person": id, "role": role.value} for id in ids]}
                path = f"/v1/projects/{place.id}/members"
                if await attempt(place.viewer.door.post(path, body), "Added.") is not None:
                    chosen.value = [] if people is not None else ""
                    found.names = {**options, **found.names}
                    await found.reload()

            button("Add", add, kind="primary")
        if people is not None and place.viewer.may("invite_people"):
            with block("p", "an-note"):
                Words("span", "Somebody is not there? ")
                ui.link("Invite them", "/people").classes("an-link an-text-link")


def _ids(value: Any) -> list[int]:
    if isinstance(value, str):
        return [int(part) for part in value.replace(",", " ").split() if part.isdecimal()]
    return [int(one) for one in value or ()]
