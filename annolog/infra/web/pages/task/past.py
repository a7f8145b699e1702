"""The task as it was: a slider over everything that has happened to it, and a sign that this is the past."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from nicegui import ui

from annolog.infra.web.pages.task.facts import Context, Facts
from annolog.infra.web.parts.words import Words, block, moment
from annolog.infra.web.telling.history import tell


def address(task: int, as_of: str = "", filters: str = "", order: Sequence[str] = ()) -> str:
    """The page of a task, at a position of the log if one is given, within a board's filter and order."""
    given = [("as_of", as_of), ("filters", filters), *(("order", one) for one in order)]
    query = urlencode([(name, value) for name, value in given if value])
    return f"/tasks/{task}?{query}" if query else f"/tasks/{task}"


class Past:
    """The bar under the heading."""

    def __init__(self, context: Context, filters: str, order: Sequence[str]) -> None:
        self._context, self._filters, self._order = context, filters, order
        self._place = block("div", "an-redrawn")
        self._count = -1

    def show(self, facts: Facts) -> None:
        """Offer every event there is by now."""
        events = facts.all_events
        if len(events) == self._count or (not events and not facts.past):
            return
        self._count = len(events)
        self._place.clear()
        with self._place:
            if facts.past:
                self._banner(facts)
            else:
                with block("details", "an-fold an-past-fold"):
                    with block("summary"):
                        Words("span", "See it as it was")
                    self._slider(facts)

    def _banner(self, facts: Facts) -> None:
        with block("div", "an-past", role="status"):
            ui.icon("history").props("aria-hidden=true")
            with block("div", "an-past-words"):
                Words("strong", f"This is the past: the task as of {self._moment(facts)}.")
                Words("span", "Nothing can be done here, and names and labeling config are those of now.")
            ui.link("Back to now", address(self._context.task, "", self._filters, self._order)).classes("an-link")
            if facts.all_events:
                self._slider(facts)

    def _moment(self, facts: Facts) -> str:
        last = facts.events[-1] if facts.events else None
        if last is None:
            return f"position {facts.as_of}" if facts.as_of.isdecimal() else moment(facts.as_of, self._context.zone)
        return f"{moment(last['recorded_at'], self._context.zone, seconds=True)}, after event #{last['position']}"

    def _slider(self, facts: Facts) -> None:
        events = facts.all_events
        at = len(facts.events) if facts.past else len(events)
        with block("label", "an-time"):
            Words("span", f"Event {at} of {len(events)}", "an-note")
            slider = block("input", "", type="range", min="1", max=str(len(events)), step="1", value=str(at))
            words = Words("span", self._words(facts, at), "an-note an-time-words")
        slider.props["aria-label"] = "Moment of the task's history"

        def moved(event: object) -> None:
            place = _place(event, len(events))
            words.text = self._words(facts, place)

        def chosen(event: object) -> None:
            place = _place(event, len(events))
            as_of = "" if place == len(events) else str(events[place - 1]["position"])
            ui.navigate.to(address(self._context.task, as_of, self._filters, self._order))

        slider.on("input", moved, js_handler="(event) => emit(event.target.value)", throttle=0.1)
        slider.on("change", chosen, js_handler="(event) => emit(event.target.value)")

    def _words(self, facts: Facts, place: int) -> str:
        event = facts.all_events[place - 1]
        when = moment(event["recorded_at"], self._context.zone, seconds=True)
        return f"{when} · {tell(event, self._context.speaker).sentence}"


def _place(event: object, most: int) -> int:
    told = str(getattr(event, "args", ""))
    return min(max(int(told), 1), most) if told.isdecimal() else most
