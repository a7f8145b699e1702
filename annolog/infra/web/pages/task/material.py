"""What is to be judged: the task's data as its labeling config shows it, with anybody's answer in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from nicegui import ui

from annolog.infra.web.pages.task.facts import Context, Facts
from annolog.infra.web.parts.cards import card
from annolog.infra.web.parts.labeling import Labeling
from annolog.infra.web.parts.words import Words, block

NOTHING = "none"


class Material:
    """The card with the task itself. Whose answer is in it is chosen here, or by `choose`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._facts: Facts | None = None
        self._shown: bytes = b""
        with card("The task", classes="an-material") as actions:
            with actions:
                self._choice = ui.select({NOTHING: "without answers"}, value=NOTHING, label="Show it")
                self._choice.props("outlined dense options-dense").classes("an-task-choice")
                self._choice.on_value_change(self._draw)
            self._labeling: Labeling | None = None
            self._place = block("div")
            self._hidden = Words("p", "", "an-note")
            with block("details", "an-fold"):
                with block("summary"):
                    Words("span", "Data and meta as they were imported")
                self._raw = Words("pre", "", "an-raw")

    def show(self, facts: Facts) -> None:
        """Follow the facts."""
        self._facts = facts
        options = {NOTHING: "without answers"} | {key: words for key, words, _ in self._answers()}
        if options != self._choice.options:
            value = self._choice.value if self._choice.value in options else NOTHING
            self._choice.set_options(options, value=value)
        self._draw()

    def choose(self, key: str) -> None:
        """Show this answer: `annotation:<id>` or `prediction:<id>`."""
        self._choice.value = key

    def _answers(self) -> list[tuple[str, str, Sequence[Mapping[str, Any]]]]:
        assert self._facts is not None
        who = self._context.speaker.who
        found = [
            (f"annotation:{one['id']}", f"as {who(one.get('annotator'))} answered", one.get("result") or ())
            for one in self._facts.annotations
        ]
        found += [
            (
                f"prediction:{one['prediction']}",
                f"as model {one.get('model_version')} predicted",
                one.get("result") or (),
            )
            for one in self._facts.page.get("predictions") or ()
        ]
        return found

    def _draw(self) -> None:
        if self._facts is None:
            return
        data = self._facts.page.get("data") or {}
        result = next((result for key, _, result in self._answers() if key == self._choice.value), ())
        shown = orjson.dumps([data, list(result)])
        if shown == self._shown:
            return
        self._shown = shown
        config = str(self._context.place.shown.get("label_config") or "")
        if self._labeling is None:
            with self._place:
                self._labeling = Labeling(config, data, result, readonly=True)
        else:
            self._labeling.show(config, data, result)
        hidden = self._context.place.rights.get("hidden_fields") or ()
        self._hidden.text = f"Kept from you: {', '.join(hidden)}." if hidden else ""
        whole = {"data": data, "meta": self._facts.page.get("meta") or {}}
        self._raw.text = orjson.dumps(whole, option=orjson.OPT_INDENT_2).decode()
