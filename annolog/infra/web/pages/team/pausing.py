"""Keeping somebody from work for a while, and letting them work again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nicegui import ui

from annolog.infra.web.parts.sending import attempt, button
from annolog.infra.web.parts.windows import window
from annolog.infra.web.parts.words import Words, badge, block, moment, zone_of
from annolog.infra.web.viewer import ProjectPlace

KINDS = {"full": "Everything", "flexible": "New work only"}
CAUSES = {"person": "by hand", "evaluation": "by evaluation", "rule": "by a rule", "account": "with the account"}


class Pausing:
    """The pauses of one member, and what may be done about them."""

    def __init__(self, place: ProjectPlace, person: int, name: str) -> None:
        self._place, self._person, self._name = place, person, name
        self._shown: list[Mapping[str, Any]] | None = None
        self._list = block("div", "an-pauses")

    def buttons(self) -> None:
        """Put the button that begins a pause where one is."""
        if self._place.may("manage_members"):
            button("Pause", self._ask, icon="pause", hotkey="p", label=f"Pause {self._name}"[:200])

    async def refresh(self, seconds: float = 3.0) -> None:
        """Show the pauses that there are, as of so many seconds ago; only who sees settings is told of them."""
        if not self._place.may("see_settings"):
            return
        shown = await self._place.shared("", seconds)
        member = next((one for one in shown.value["members"] if one["person"] == self._person), None)
        pauses = member["pauses"] if member else []
        if pauses == self._shown:
            return
        self._shown = pauses
        self._list.clear()
        with self._list:
            for pause in pauses:
                self._pause(pause)

    def _pause(self, pause: Mapping[str, Any]) -> None:
        with block("div", "an-pause"):
            badge("Paused", "warning")
            until = f"until {moment(pause['until'], self._place.viewer.zone)}" if pause["until"] else "until resumed"
            kind = "from everything" if pause["kind"] == "full" else "from new work"
            cause = CAUSES.get(pause["cause"], pause["cause"])
            Words("span", f"{kind}, {cause}, {until}: {pause['reason'] or 'no reason given'}", "an-pause-words")
            if self._place.may("manage_members") and pause["cause"] in ("person", "rule"):
                button("Resume", lambda: self._resume(pause["rule"]), label=f"Resume {self._name}"[:200])

    def _ask(self) -> None:
        note = "They are kept from work until the pause ends or is resumed; they are shown the reason."
        with window(f"Pause {self._name}", note) as opened:
            kind = ui.select(KINDS, value="full", label="From what").props("outlined dense")
            reason = ui.input("Reason").props("outlined dense maxlength=10000")
            until = ui.input("Until (optional)").props("outlined dense type=datetime-local stack-label")

            async def pause() -> None:
                body = {"kind": kind.value, "reason": reason.value or "", "until": self._moment(until.value)}
                path = f"/v1/projects/{self._place.id}/members/{self._person}/pause"
                asking = self._place.viewer.door.post(path, body)
                if await attempt(asking, f"{self._name} is paused.", {"until": until, "reason": reason}) is not None:
                    opened.close()
                    await self.refresh(0.0)

            opened.ending("Pause", pause, kind="danger")

    def _moment(self, text: str | None) -> str | None:
        """What a field of the browser says, which means a time in the viewer's zone."""
        if not text:
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=zone_of(self._place.viewer.zone)).isoformat()
        except ValueError:
            # The API says what is wrong with it.
            return text

    async def _resume(self, rule: str | None) -> None:
        path = f"/v1/projects/{self._place.id}/members/{self._person}/resume"
        asking = self._place.viewer.door.post(path, None, rule=rule)
        if await attempt(asking, f"{self._name} may work again.") is not None:
            await self.refresh(0.0)
