"""Everything that has happened to the task, in plain words: what caused what, and what decisions rested on."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from nicegui import ui

from annolog.infra.web.pages.task.facts import Context, Facts
from annolog.infra.web.pages.task.past import address
from annolog.infra.web.parts.cards import card
from annolog.infra.web.parts.words import Words, block, counted, moment
from annolog.infra.web.telling.history import Line, lines
from annolog.infra.web.telling.told import About

EVERYTHING = "everything"


class Timeline:
    """The card with the history. What is new is added at its end, so that what somebody unfolded stays so."""

    def __init__(self, context: Context, filters: str, order: Sequence[str]) -> None:
        self._context, self._filters, self._order = context, filters, order
        self._shown: set[int] = set()
        with card(
            "Timeline", "Everything that happened, oldest first; what an event caused stands under it."
        ) as actions:
            with actions:
                options = {EVERYTHING: "Everything"} | {about.name.lower(): about.value for about in About}
                choice = ui.select(options, value=EVERYTHING, label="Show").props("outlined dense options-dense")
                choice.classes("an-task-choice").on_value_change(lambda event: self._narrow(str(event.value)))
            self._note = Words("p", "", "an-note")
            self._list = block("ol", "an-timeline", data_about=EVERYTHING)
        self._told: list[Line] = []

    def show(self, facts: Facts) -> None:
        """Follow the history."""
        if "history" in facts.kept:
            self._note.text = facts.kept["history"]
        self._told = lines(facts.events, self._context.speaker)
        new = [line for line in self._told if line.position not in self._shown]
        if not new:
            return
        by_position = {line.position: line for line in self._told}
        with self._list:
            for line in new:
                self._shown.add(line.position)
                self._line(line, by_position.get(line.cause or 0))
        self._count()

    def _narrow(self, about: str) -> None:
        self._list.props["data-about"] = about
        self._list.update()
        self._count()

    def _count(self) -> None:
        about = str(self._list.props["data-about"])
        count = sum(1 for line in self._told if about in (EVERYTHING, line.told.about.name.lower()))
        self._note.text = counted(count, "event")

    def _line(self, line: Line, cause: Line | None) -> None:
        about = line.told.about.name.lower()
        with block("li", f"an-event an-depth-{line.depth}", id=f"event-{line.position}", data_about=about):
            Words("p", line.told.sentence, "an-event-words")
            with block("div", "an-event-meta"):
                Words("span", f"#{line.position}", "an-mono")
                Words("time", moment(line.at, self._context.zone, seconds=True))
                if not line.told.sentence.startswith(line.by):
                    Words("span", line.by)
                if cause is not None:
                    how = "at once with" if line.together else "caused by"
                    link = ui.link(f"{how} #{cause.position}", f"#event-{cause.position}").classes("an-link")
                    link.tooltip(cause.told.sentence)
                elif line.elsewhere:
                    Words("span", "caused by an event outside of this task")
                self._more(line)

    def _as_of(self, line: Line) -> str:
        return address(self._context.task, str(line.position), self._filters, self._order)

    def _more(self, line: Line) -> None:
        words = "What it rested on" if line.told.evidence else "As recorded"
        with block("details", "an-fold an-event-more") as more:
            with block("summary"):
                Words("span", words)
                Words("span", f" of event {line.position}", "an-visually-hidden")
            body = block("div", "an-event-body")

        def unfolded() -> None:
            # Most of it nobody unfolds, so it is not sent before.
            if body.default_slot.children:
                return
            with body:
                if line.told.evidence:
                    with block("dl", "an-evidence"):
                        for name, value in line.told.evidence:
                            Words("dt", name)
                            Words("dd", value)
                ui.link("The task as of this event", self._as_of(line)).classes("an-link")
                raw = orjson.dumps(dict(line.event), option=orjson.OPT_INDENT_2).decode()
                Words("pre", raw, "an-raw").props("tabindex=0")

        more.on("toggle", unfolded)
