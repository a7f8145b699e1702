"""One person as the organization knows them, and what may be done about it."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any

from nicegui import ui

from annolog.infra.web.door import Refusal
from annolog.infra.web.frame import Frame, page
from annolog.infra.web.pages.activity import Entries
from annolog.infra.web.pages.people.erasing import certificate, erase
from annolog.infra.web.pages.people.roles import STANDINGS, pair_of, role_choice, role_in_words, sent
from annolog.infra.web.pages.people.tabs import tabs
from annolog.infra.web.pages.people.tokens import Tokens
from annolog.infra.web.parts.cards import card, grid, heading
from annolog.infra.web.parts.sending import attempt, button, confirm
from annolog.infra.web.parts.windows import field, window
from annolog.infra.web.parts.words import Words, badge, block
from annolog.infra.web.viewer import Viewer, name_of

LATEST = 8
ENDS = (
    "Every session and token of theirs ends at once, and nobody acts on their behalf any more. What they hold is given"
    " up to others. What they did stays, and they can be let in again."
)


@page("/people/{person}", "Person", here="people")
async def one_person(frame: Frame, person: int) -> None:
    """Who they are, what they are, what speaks for them, and what they did of note."""
    await Person(frame.viewer, person).show()


class Person:
    """The page of one person, which is shown anew once something about them has changed."""

    def __init__(self, viewer: Viewer, id: int) -> None:
        self._viewer = viewer
        self._id = id
        self._path = f"/v1/people/{id}"
        self._place = block("div", "an-stack")
        self._known: Mapping[str, Any] = {}

    def _may(self, treatment: str) -> bool:
        return treatment in self._known["may"]

    async def show(self) -> None:
        """Show them as they are now."""
        self._known = await self._viewer.door.get(self._path)
        ui.page_title(f"{name_of(self._known)} · Annolog")
        self._place.clear()
        with self._place:
            await self._content()

    async def _content(self) -> None:
        known = self._known
        called, number = name_of(known), f"number {known['person']}"
        with heading(called, number if called == known["handle"] else f"{known['handle']} · {number}"):
            words, mark = STANDINGS[known["standing"]]
            badge(words, mark)
            self._actions()
        tabs(self._viewer, "people")
        if known["erased"]:
            if self._viewer.may("erase_people"):
                await certificate(self._viewer, self._id)
            return
        with grid():
            self._who()
            await self._what()
        if self._may("issue_tokens"):
            own = self._id == self._viewer.person and not self._viewer.may("issue_tokens")
            tokens = Tokens(
                self._viewer, "/v1/me/tokens" if own else f"{self._path}/tokens", name_of(known), issues=True
            )
            await tokens.show()
        if self._viewer.may("read_activity"):
            with card("Latest activity") as actions:
                with actions:
                    ui.link("All of it", f"/activity?person={self._id}").classes("an-link")
                found = await self._viewer.door.get("/v1/activity", person=self._id, limit=LATEST)
                await Entries(self._viewer).show(found["activity"])
        if self._may("erase"):
            erase(self._viewer, self._known, self.show)

    def _actions(self) -> None:
        if self._may("approve"):
            button("Approve", self._approve, kind="primary")
        if self._may("reactivate"):
            button("Reactivate", self._reactivate)
        if self._may("deactivate"):
            button("Deactivate", self._deactivate, kind="danger")

    def _who(self) -> None:
        known = self._known
        with card("Known by", "Kept sealed; shown to those who may see people.") as actions:
            if self._may("revise"):
                with actions:
                    button("Correct", self._revise)
            facts(
                {
                    "Name": known["name"],
                    "E-mail": known["email"],
                    "Handle": known["handle"],
                    "Kind": "Service account: a program" if known["service"] else "Person",
                }
            )

    async def _what(self) -> None:
        known = self._known
        with card("What they are"):
            if not self._may("change_role"):
                facts({"Role": role_in_words(known)})
            else:
                gives = (await self._viewer.door.get("/v1/roles"))["gives"]
                with block("div", "an-beside"):
                    choice = role_choice(gives, pair_of(known))
                    button("Change role", lambda: self._change_role(choice))
            with block("div", "an-actions"):
                if self._may("end_sessions"):
                    button("End sessions", self._end_sessions)
                if self._may("remove_password"):
                    button("Remove password", self._remove_password)

    async def _do(self, asking: Awaitable[Any], done: str) -> None:
        if await attempt(asking, done) is not None:
            await self._again()

    async def _again(self) -> None:
        try:
            await self.show()
        except Refusal:
            # Whoever made themselves less may not look any more: the page itself says so.
            ui.navigate.reload()

    async def _approve(self) -> None:
        await self._do(self._viewer.door.post(f"{self._path}/approve"), "They may sign in now.")

    async def _reactivate(self) -> None:
        await self._do(self._viewer.door.post(f"{self._path}/reactivate"), "They may come in again.")

    async def _deactivate(self) -> None:
        if await confirm(f"Deactivate {name_of(self._known)}?", ENDS, "Deactivate"):
            await self._do(self._viewer.door.post(f"{self._path}/deactivate"), "They are out.")

    async def _end_sessions(self) -> None:
        words = "They are signed out in every browser. They may sign in again; tokens go on."
        if await confirm(f"End every session of {name_of(self._known)}?", words, "End sessions"):
            await self._do(self._viewer.door.post(f"{self._path}/sign-out"), "Signed out everywhere.")

    async def _remove_password(self) -> None:
        words = "They are signed out everywhere and cannot sign in by a password any more. Tokens and providers go on."
        if await confirm(f"Remove the password of {name_of(self._known)}?", words, "Remove"):
            await self._do(self._viewer.door.delete(f"{self._path}/password"), "The password is gone.")

    async def _change_role(self, choice: ui.select) -> None:
        if choice.value is not None:
            body = sent(choice.value)
            words = f"What they may do changes at once: they become {role_in_words(body).lower()}."
            if await confirm(f"Change the role of {name_of(self._known)}?", words, "Change role", kind="primary"):
                await self._do(self._viewer.door.put(f"{self._path}/role", body), "The role has changed.")

    async def _revise(self) -> None:
        await revise(self._viewer, self._known, self._again)


def facts(known: Mapping[str, Any]) -> None:
    """What there is to know, a line each."""
    with block("dl", "an-known"):
        for name, value in known.items():
            Words("dt", name)
            Words("dd", str(value) if value else "–")


async def revise(viewer: Viewer, known: Mapping[str, Any], again: Any) -> None:
    """Correct name and e-mail of somebody, or of oneself."""
    with window("Correct name and e-mail") as dialog:
        name = field("Name", str(known["name"] or ""), most=200)
        email = field("E-mail", str(known["email"] or ""), most=320)
        Words("p", "Left empty, it is not known any more.", "an-note")

        async def ask() -> None:
            body = {"name": name.value or "", "email": email.value or ""}
            fields = {"name": name, "email": email}
            asking = viewer.door.put(f"/v1/people/{known['person']}", body)
            if await attempt(asking, "Corrected.", fields) is not None:
                dialog.close()
                await again()

        dialog.ending("Save", ask)
