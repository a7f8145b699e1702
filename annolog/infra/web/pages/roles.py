"""What every role may do, what owners changed about it, and roles of the organization's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from nicegui import ui

from annolog.infra.web.frame import Frame, page
from annolog.infra.web.pages.people.tabs import tabs
from annolog.infra.web.parts.cards import card, heading
from annolog.infra.web.parts.plain_tables import plain_table
from annolog.infra.web.parts.sending import attempt, button, confirm
from annolog.infra.web.parts.windows import field, window
from annolog.infra.web.parts.words import Words, badge, block, counted, sentence
from annolog.infra.web.viewer import Viewer

COLUMNS = {
    "installation": ("owner", "administrator", "member"),
    "organization": ("owner", "administrator", "member"),
    "workspace": ("owner", "administrator", "manager", "reviewer", "annotator", "viewer"),
    "project": ("owner", "administrator", "manager", "reviewer", "annotator", "viewer"),
}
REACHES = {
    "installation": ("In the installation", "Which organizations share it."),
    "organization": ("In the organization", "By what somebody is in it."),
    "workspace": ("In a workspace", "By what somebody is in it; owners and administrators need not be in it."),
    "project": ("In a project", "By what somebody is in it, or in its workspace."),
}
# An owner has everything, so that nobody locks an organization.
LIKE = ("member", "administrator", "manager", "reviewer", "annotator", "viewer")


@page("/roles", "Roles and permissions", here="people")
async def roles(frame: Frame) -> None:
    """A table of permissions by role, with switches for who may change it."""
    viewer = frame.viewer
    with heading("Roles and permissions", "What each role may do here. A change holds from the next request on."):
        pass
    tabs(viewer, "roles")
    await OwnRoles(viewer).show()
    await Matrix(viewer).show()


class Matrix:
    """Every permission by every role. Where it differs from the default that is marked, and can be taken back."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._changes = viewer.may("change_permissions")
        self._place = block("div", "an-stack")

    async def show(self) -> None:
        """Show it as it is now."""
        rows = (await self._viewer.door.get("/v1/permissions"))["permissions"]
        changed = [(row, role) for row in rows for role in _changed(row)]
        self._place.clear()
        with self._place:
            if changed:
                self._reset(changed)
            for reach, columns in COLUMNS.items():
                of_reach = [row for row in rows if row["reach"] == reach]
                if of_reach:
                    with card(*REACHES[reach]), block("div", "an-scroll"):
                        self._table(REACHES[reach][0], of_reach, columns)

    def _reset(self, changed: Sequence[tuple[Mapping[str, Any], str]]) -> None:
        with block("div", "an-strip"):
            Words("span", f"{counted(len(changed), 'permission')} changed from the default.")
            if self._changes:
                button("Reset all to default", lambda: self._reset_all(changed)).classes("an-button-tiny")

    async def _reset_all(self, changed: Sequence[tuple[Mapping[str, Any], str]]) -> None:
        named = ", ".join(f"{row['permission'].replace('_', ' ')} of {role}" for row, role in changed[:8])
        more = f", and {len(changed) - 8} more" if len(changed) > 8 else ""
        if not await confirm("Reset all permissions?", f"Back to the default: {named}{more}.", "Reset all"):
            return
        for row, role in changed:
            path = f"/v1/permissions/{row['permission']}/{role}"
            if await attempt(self._viewer.door.put(path, {"granted": None})) is None:
                break
        await self.show()

    def _table(self, name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
        with block("table", "an-plain-table an-permissions", aria_label=name):
            with block("thead"), block("tr"):
                Words("th", "Permission").props["scope"] = "col"
                for role in columns:
                    Words("th", sentence(role), "an-permissions-role").props["scope"] = "col"
            with block("tbody"):
                for row in rows:
                    with block("tr"):
                        with block("th", scope="row"):
                            Words("div", sentence(row["permission"]))
                            Words("div", str(row["meaning"]), "an-note an-permissions-meaning")
                        for role in columns:
                            with block("td", "an-permissions-role"):
                                self._cell(row, role)

    def _cell(self, row: Mapping[str, Any], role: str) -> None:
        has, changed = role in row["roles"], role in _changed(row)
        label = f"{sentence(row['permission'])}, {role}"
        if self._changes and role in row["changeable"]:
            found = ui.switch(value=has).props("dense")
            found.props["aria-label"] = label
            found.on_value_change(lambda event: self._change(row, role, event.value))
        else:
            mark = Words("span", "✓" if has else "–", "an-yes" if has else "an-no")
            mark.props["role"] = "img"
            mark.props["aria-label"] = f"{label}: {'yes' if has else 'no'}"
        if changed:
            with block("div", "an-changed"):
                badge("changed", "info").props["title"] = "By default: " + ("no" if has else "yes")

    async def _change(self, row: Mapping[str, Any], role: str, wanted: bool) -> None:
        # What is so by default is left to the default, as if nobody had ever said anything.
        granted = None if (role in row["default"]) is wanted else wanted
        path = f"/v1/permissions/{row['permission']}/{role}"
        said = f"{sentence(role)}: {row['permission'].replace('_', ' ')} {'given' if wanted else 'taken away'}."
        await attempt(self._viewer.door.put(path, {"granted": granted}), said)
        await self.show()


def _changed(row: Mapping[str, Any]) -> list[str]:
    return sorted(set(row["roles"]) ^ set(row["default"]))


class OwnRoles:
    """Roles of the organization's own, which are like one that there is but may do something else."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._changes = viewer.may("change_permissions")
        self._place = block("div", "an-stack")

    async def show(self) -> None:
        """Show them as they are now; nothing where there is none, nor anybody who could make one."""
        rows = (await self._viewer.door.get("/v1/roles"))["roles"]
        self._place.clear()
        if not rows and not self._changes:
            return
        with self._place, card("Roles of your own", "Like a role that there is, but exactly what you say.") as actions:
            if self._changes:
                with actions:
                    button("Define a role", lambda: self._define(None), hotkey="n")
            if not rows:
                Words("p", "There are none yet.", "an-note")
                return
            with block("div", "an-scroll"), plain_table("Role", "Like", "May", acts=True):
                for row in rows:
                    self._row(row)

    def _row(self, row: Mapping[str, Any]) -> None:
        with block("tr"):
            with block("td", "an-wrap"):
                Words("strong", str(row["role"]))
                if row["retired"]:
                    Words("span", " ")
                    badge("retired")
            Words("td", str(row["like"]))
            Words("td", ", ".join(one.replace("_", " ") for one in row["permissions"]) or "nothing more", "an-note")
            with block("td", "an-right"):
                if self._changes:
                    change = "Define anew" if row["retired"] else "Change"
                    button(change, lambda: self._define(row), label=f"{change}: {row['role']}").classes(
                        "an-button-tiny"
                    )
                    if not row["retired"]:
                        label = f"Retire {row['role']}"
                        button("Retire", lambda: self._retire(row), label=label).classes("an-button-tiny")

    async def _retire(self, row: Mapping[str, Any]) -> None:
        words = "Nobody is given it any more. Who has it keeps it, with what it opens."
        if await confirm(f"Retire the role {row['role']}?", words, "Retire"):
            asking = self._viewer.door.delete(f"/v1/roles/{quote(str(row['role']), safe='')}")
            await attempt(asking, "Nobody is given it any more.")
            await self.show()

    async def _define(self, known: Mapping[str, Any] | None) -> None:
        described = (await self._viewer.door.get("/v1/permissions"))["permissions"]
        with window("Define a role" if known is None else f"Change {known['role']}", wide=True) as dialog:
            name = field("Name", str(known["role"]) if known else "", most=200)
            like = ui.select(
                {one: sentence(one) for one in LIKE}, value=known["like"] if known else "member", label="Like"
            )
            like.props("outlined dense")
            if known is not None:
                name.disable()
                like.disable()
            Words(
                "p",
                "In the workflow it counts as what it is like. It may be given what that one has or could have.",
                "an-note",
            )
            ticks = block("div", "an-ticks", role="group", aria_label="Permissions")
            boxes: dict[str, ui.checkbox] = {}

            def offer() -> None:
                ticks.clear()
                boxes.clear()
                with ticks:
                    for row in described:
                        if like.value not in (*row["default"], *row["changeable"]):
                            continue
                        has = row["permission"] in known["permissions"] if known else like.value in row["roles"]
                        box = ui.checkbox(sentence(row["permission"]), value=has).props("dense")
                        box.props["title"] = row["meaning"]
                        boxes[row["permission"]] = box

            like.on_value_change(offer)
            offer()

            async def ask() -> None:
                called = (name.value or "").strip()
                if not called or "/" in called or called in (".", ".."):
                    name.error = "A name of its own, without a slash: it is part of an address."
                    return
                body = {"like": like.value, "permissions": [one for one, box in boxes.items() if box.value]}
                asking = self._viewer.door.put(f"/v1/roles/{quote(called, safe='')}", body)
                if await attempt(asking, "The role is there.", {"name": name, "like": like}) is not None:
                    dialog.close()
                    await self.show()

            dialog.ending("Define" if known is None else "Save", ask)
