"""Why somebody is given the work they are given, or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from annolog.infra.web.pages.team.crowd import if_shown
from annolog.infra.web.parts.cards import card, empty
from annolog.infra.web.parts.words import Words, badge, block, counted, moment, sentence
from annolog.infra.web.viewer import ProjectPlace

LANES = {
    "returned": "a reviewer sent it back to them",
    "held": "they hold it already",
    "assigned": "it was assigned to them by hand",
    "ground_truth": "its truth is known, and they are being evaluated",
    "wanted": "it wants somebody like them",
    "started": "others have begun it and it is not done",
    "fresh": "nobody has begun it",
    "skipped": "they skipped it and see it again",
    "picked": "they picked it",
}


class Reasons:
    """What somebody holds, what comes next, and what keeps them from work."""

    def __init__(self, place: ProjectPlace, person: int) -> None:
        self._place, self._person = place, person
        self._shown: Any = ()
        with card("Work now", "What they hold, what would come next, and what stands in the way."):
            self._body = block("div", "an-reasons")

    async def refresh(self) -> None:
        """Look once more."""
        answer = await if_shown(self._place.shared(f"/annotators/{self._person}/why", 5.0))
        found = answer.value if answer else None
        if found == self._shown:
            return
        self._shown = found
        self._body.clear()
        with self._body:
            if found is None:
                empty("They do not belong to the project", "Whoever is no member is given no work.", "person_off")
            else:
                self._say(found)

    def _say(self, found: Mapping[str, Any]) -> None:
        limit = found["limit"]
        spent = counted(found["submitted"], "annotation")
        Words("p", f"{spent} of at most {limit:,}" if limit is not None else f"{spent}, without a limit", "an-note")
        if bound := found["bound"]:
            self._line("Kept from work", "warning", f"{sentence(bound['words'])}.", bound["until"])
        for held in found["holds"]:
            self._line("Holds", "info", "", held.get("expires_at"), held["task"])
        if coming := found["next"]:
            why = LANES.get(coming["lane"], coming["lane"])
            self._line("Next", "good", f"because {why}", None, coming["task"])
        if nothing := found["no_work"]:
            self._line("No work", "plain", nothing["words"], nothing["next_expiry"])
        if not bound and not found["holds"] and not coming and not nothing:
            Words("p", "Nothing to say just now.", "an-note")

    def _line(self, title: str, kind: str, words: str, until: str | None, task: int | None = None) -> None:
        with block("div", "an-reason"):
            badge(title, kind)
            with block("span", "an-reason-words"):
                if task is not None:
                    ui.link(f"Task {task}", f"/tasks/{task}").classes("an-link")
                Words("span", words)
                if until:
                    Words("span", f"until {moment(until, self._place.viewer.zone)}", "an-note")
