"""Changes that were noticed in somebody's work, and dismissing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from annolog.infra.web.pages.team.crowd import board_path, if_shown
from annolog.infra.web.parts.cards import card, empty
from annolog.infra.web.parts.sending import attempt, button
from annolog.infra.web.parts.windows import window
from annolog.infra.web.parts.words import Words, badge, block, counted, duration, moment, share
from annolog.infra.web.viewer import ProjectPlace

Alarm = Mapping[str, Any]
MEASURES = {"accuracy": "Accuracy against the truth", "agreement": "Agreement with the majority", "speed": "Time taken"}
WENT = {"rise": "rose", "fall": "fell"}
# As many as a filter of the board takes.
MOST_TASKS = 200


class Alarms:
    """A list of alarms about one person, the latest first."""

    def __init__(self, place: ProjectPlace, person: int) -> None:
        self._place, self._person = place, person
        self.found: Sequence[Alarm] = ()
        self._shown: Sequence[Alarm] | None = None
        with card("Changes noticed", "Where accuracy, agreement or speed moved by more than chance."):
            self._list = block("div", "an-alarms")

    async def refresh(self, seconds: float = 5.0) -> None:
        """Look once more, at what is no older than so many seconds."""
        answer = await if_shown(self._place.shared("/drift", seconds, person=self._person, limit=1000))
        self.found = answer.value["alarms"] if answer else []
        if self.found == self._shown:
            return
        self._shown = self.found
        self._list.clear()
        with self._list:
            if not self.found:
                empty("No change was noticed", "It takes some days of work to tell.", "trending_flat")
            for alarm in reversed(self.found):
                self._alarm(alarm)

    def _alarm(self, alarm: Alarm) -> None:
        with block("article", "an-alarm"):
            with block("div", "an-alarm-head"):
                name = MEASURES.get(alarm["measure"], alarm["measure"])
                Words("h3", f"{name} {WENT.get(alarm['direction'], alarm['direction'])} since {alarm['since']}")
                badge("Dismissed" if alarm["dismissed"] else "Open", "plain" if alarm["dismissed"] else "warning")
            Words("p", _told(alarm), "an-note")
            if alarm["dismissed"]:
                when = moment(alarm["dismissed_at"], self._place.viewer.zone)
                Words("p", f"Dismissed on {when}: {alarm['dismissed_because'] or 'no reason given'}", "an-note")
            with block("div", "an-actions"):
                tasks = alarm["tasks"][:MOST_TASKS]
                if tasks:
                    items = [{"filter": "task", "operator": "in_list", "value": tasks}]
                    ui.link(counted(len(alarm["tasks"]), "task"), board_path(self._place.id, items)).classes("an-link")
                if not alarm["dismissed"] and self._place.may("configure"):
                    button("Dismiss", lambda: self._ask(alarm["alarm"]))

    def _ask(self, alarm: int) -> None:
        with window("Dismiss this alarm", "What came after its days is looked at anew.") as opened:
            reason = ui.input("Reason").props("outlined dense maxlength=10000")

            async def dismiss() -> None:
                path = f"/v1/projects/{self._place.id}/drift/{alarm}/dismiss"
                asking = self._place.viewer.door.post(path, {"reason": reason.value or ""})
                if await attempt(asking, "Dismissed.", {"reason": reason}) is not None:
                    opened.close()
                    await self.refresh(0.0)

            opened.ending("Dismiss", dismiss)


def _told(alarm: Alarm) -> str:
    """The mean of the days before, and that of the days of the change."""
    write = duration if alarm["measure"] == "speed" else share
    figures = alarm["figures"]
    before = _mean([one for one in figures if one["day"] < alarm["since"]])
    after = _mean([one for one in figures if alarm["since"] <= one["day"] <= alarm["until"]])
    noticed = f"noticed on {alarm['until']}"
    if before is None or after is None:
        return noticed.capitalize() + "."
    return f"From {write(before)} to {write(after)}, {noticed}."


def _mean(figures: Sequence[Mapping[str, Any]]) -> float | None:
    answers = sum(one["answers"] for one in figures)
    return sum(one["value"] * one["answers"] for one in figures) / answers if answers else None
