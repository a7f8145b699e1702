"""One workspace: the projects inside and, for who manages it, the people who belong to it."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

from nicegui import ui

from annolog.infra.web.frame import Frame, page
from annolog.infra.web.pages.people.roles import Pair, pair_of, role_choice, sent
from annolog.infra.web.pages.workspaces.describing import colour_mark, describe
from annolog.infra.web.pages.workspaces.joining import add_members
from annolog.infra.web.pages.workspaces.moving import move_in, move_out
from annolog.infra.web.parts.cards import card, empty, heading
from annolog.infra.web.parts.plain_tables import plain_table
from annolog.infra.web.parts.sending import attempt, button, confirm
from annolog.infra.web.parts.words import Words, badge, block, counted, state_badge
from annolog.infra.web.viewer import Viewer, name_of

MOST = 1000
EFFECT = (
    "Nothing in it changes any more: its projects leave the lists, can be looked at and exported, and everything else"
    " about them is refused. Nobody loses anything, and it can be taken out of the archive at any time."
)
EFFECT_OF_RETURN = "Its projects are in the lists again, and people go on working in them where they stopped."


@page("/workspaces/{id}", "Workspace", here="workspaces")
async def workspace(frame: Frame, id: int) -> None:
    """What is in it."""
    await OneWorkspace(frame.viewer, id).show()


class OneWorkspace:
    """The page of a workspace, shown anew once something has changed."""

    def __init__(self, viewer: Viewer, id: int) -> None:
        self._viewer = viewer
        self._path = f"/v1/workspaces/{id}"
        self._id = id
        self._place = block("div", "an-stack")
        self._known: Mapping[str, Any] = {}

    @property
    def _manages(self) -> bool:
        return "manage_workspace" in self._known["permissions"]

    async def show(self) -> None:
        """Show it as it is now."""
        self._known = known = await self._viewer.door.get(self._path)
        found = await self._viewer.door.get("/v1/projects", archived="true", limit=MOST)
        inside = [row for row in found["projects"] if row["workspace"] == self._id]
        elsewhere = [row for row in found["projects"] if row["workspace"] != self._id]
        ui.page_title(f"{known['title']} · Annolog")
        self._place.clear()
        with self._place:
            with heading(str(known["title"]), counted(len(inside), "project")):
                colour_mark(known["colour"])
                if known["archived"]:
                    badge("Archived", "warning")
                if self._manages:
                    self._actions()
            if known["description"]:
                Words("p", str(known["description"]), "an-wrap an-keeps-lines")
            self._projects(inside, elsewhere)
            if self._manages:
                self._members(known["members"])

    def _actions(self) -> None:
        button("Describe", lambda: describe(self._viewer, self._known, lambda _: self.show()))
        if self._known["archived"]:
            button("Take out of the archive", self._unarchive, kind="primary")
        else:
            button("Archive", self._archive)

    async def _do(self, asking: Awaitable[Any], done: str) -> None:
        if await attempt(asking, done) is not None:
            await self.show()

    async def _archive(self) -> None:
        if await confirm(f"Archive {self._known['title']}?", EFFECT, "Archive"):
            await self._do(self._viewer.door.post(f"{self._path}/archive"), "Archived.")

    async def _unarchive(self) -> None:
        title = f"Take {self._known['title']} out of the archive?"
        if await confirm(title, EFFECT_OF_RETURN, "Take out", kind="primary"):
            await self._do(self._viewer.door.post(f"{self._path}/unarchive"), "It is worked in again.")

    def _projects(self, inside: Sequence[Mapping[str, Any]], elsewhere: Sequence[Mapping[str, Any]]) -> None:
        opens = self._manages and not self._known["archived"]
        with card("Projects") as actions:
            if opens and elsewhere:
                with actions:
                    button("Move a project here", lambda: move_in(self._viewer, self._id, elsewhere, self.show))
            if not inside:
                empty("No project in it yet", "Move one here." if opens else "", "folder_open")
                return
            with block("table", "an-plain-table"), block("tbody"):
                for row in inside:
                    with block("tr"):
                        with block("td", "an-wrap"):
                            ui.link(str(row["title"]), f"/projects/{row['project']}").classes("an-link")
                        with block("td"):
                            state_badge(str(row["state"]))
                        Words("td", counted(row["tasks"], "task"))
                        with block("td", "an-right"):
                            if opens:
                                self._mover(row)

    def _mover(self, row: Mapping[str, Any]) -> None:
        label = f"Move {row['title']} elsewhere"
        button("Move", lambda: move_out(self._viewer, row, self.show), label=label).classes("an-button-tiny")

    def _members(self, members: Sequence[Mapping[str, Any]]) -> None:
        gives = self._known["gives"]
        note = "They belong to every project inside, as what they are here."
        with card(f"Members ({len(members)})", note) as actions:
            with actions:
                button("Add members", self._add)
            if not members:
                empty("Nobody belongs to it yet", "Owners and administrators need not be in it.", "group")
                return
            with block("div", "an-scroll an-tall"), plain_table("Member", "Handle", "As", acts=True):
                for row in members:
                    self._member(row, gives)

    def _member(self, row: Mapping[str, Any], gives: Sequence[Mapping[str, Any]]) -> None:
        with block("tr"):
            with block("td", "an-wrap"):
                if self._viewer.may("see_people"):
                    ui.link(name_of(row), f"/people/{row['person']}").classes("an-link")
                else:
                    Words("span", name_of(row))
            Words("td", str(row.get("handle", "")), "an-wrap")
            with block("td"):
                offered = [*gives] if pair_of(row) in map(pair_of, gives) else [row, *gives]
                choice = role_choice(offered, pair_of(row), "").classes("an-filter")
                choice.props["aria-label"] = f"Role of {name_of(row)}"
                choice.on_value_change(lambda event: self._change(row, event.value))
            with block("td", "an-right"):
                label = f"Remove {name_of(row)}"
                button("Remove", lambda: self._remove(row), label=label).classes("an-button-tiny")

    async def _change(self, row: Mapping[str, Any], pair: Pair) -> None:
        body = {"members": [{"person": row["person"], **sent(pair)}]}
        done = f"{name_of(row)} is {pair[1] or pair[0]} here now."
        await attempt(self._viewer.door.post(f"{self._path}/members", body), done)
        await self.show()

    async def _remove(self, row: Mapping[str, Any]) -> None:
        words = (
            "They belong no longer to the projects inside, and what they hold there is given up. Projects that they"
            " were added to one by one stay theirs."
        )
        if await confirm(f"Remove {name_of(row)}?", words, "Remove"):
            await self._do(self._viewer.door.delete(f"{self._path}/members/{row['person']}"), "Removed.")

    async def _add(self) -> None:
        await add_members(self._viewer, self._path, self._known, self.show)
