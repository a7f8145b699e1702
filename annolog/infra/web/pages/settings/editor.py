"""A labeling config as XML with what is wrong and where, and beside it a task as it would look."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nicegui import ui

from annolog.infra.web.door import Door, Refusal
from annolog.infra.web.parts.cards import card
from annolog.infra.web.parts.labeling import Labeling
from annolog.infra.web.parts.words import Words, block, counted

# Long enough that nobody is told of what they are still writing.
DEBOUNCE_SECONDS = 0.35
INVENTED = "(an example)"

Checking = Callable[[str], Awaitable[dict[str, Any]]]


class ConfigEditor:
    """The XML of a labeling config, checked by the API while it is written, with a live preview.

    `checking` asks the API; `on_checked` is told what it said of the newest text. `found` is that answer.
    """

    def __init__(
        self,
        door: Door,
        xml: str,
        sample: Mapping[str, Any],
        *,
        checking: Checking | None = None,
        on_checked: Callable[[dict[str, Any]], None] | None = None,
        readonly: bool = False,
    ) -> None:
        self._door = door
        self._checking = checking or self._check
        self._on_checked = on_checked
        self.sample = dict(sample)
        self.found: dict[str, Any] = {"valid": False, "wrong": []}
        self._asked = 0
        self._labeling: Labeling | None = None
        with block("div", "an-grid an-editor"):
            with card("Labeling config"):
                self.text = ui.codemirror(xml, language="XML", theme="githubLight", line_wrapping=True, indent="  ")
                self.text.classes("an-code")
                self.text.on_value_change(self._changed)
                if readonly:
                    self.text.disable()
                with block("div", "an-verdict", role="status", id="an-verdict") as self._verdict:
                    Words("span", "Checking…", "an-note")
            with card("Preview", "As an annotator sees it, with a task to try it on"):
                self._preview = block("div", "an-preview")
        # The editor is a text box of the browser's own making, which takes its name from here once it is there.
        ui.timer(0, self._begin, once=True)

    @property
    def xml(self) -> str:
        """What is written now."""
        return self.text.value or ""

    async def _begin(self) -> None:
        _ = ui.run_javascript(f"import('/static/setup.js').then((found) => found.dress({self.text.id}))")
        await self._look()

    def write(self, xml: str, sample: Mapping[str, Any]) -> None:
        """Begin with something else."""
        self.sample = dict(sample)
        if self.text.value == xml:
            self._changed()
        else:
            self.text.value = xml

    def _changed(self, _: object = None) -> None:
        self._asked += 1
        asked = self._asked

        async def later() -> None:
            await asyncio.sleep(DEBOUNCE_SECONDS)
            if asked == self._asked and not self.text.is_deleted:
                await self._look()

        ui.timer(0, later, once=True)

    async def look(self) -> dict[str, Any]:
        """Have the newest text checked at once."""
        self._asked += 1
        await self._look()
        return self.found

    async def _check(self, xml: str) -> dict[str, Any]:
        found: dict[str, Any] = await self._door.post("/v1/label-configs/check", {"label_config": xml})
        return found

    async def _look(self) -> None:
        asked, xml = self._asked, self.xml
        try:
            found = await self._checking(xml)
        except Refusal as refusal:
            found = {"valid": False, "wrong": [{"message": refusal.detail, "line": None, "column": None}]}
        if asked != self._asked or self.text.is_deleted:
            return
        self.found = found
        self._show(xml)
        if self._on_checked is not None:
            self._on_checked(found)

    def _show(self, xml: str) -> None:
        self._verdict.clear()
        with self._verdict:
            if not self.found["valid"]:
                for wrong in self.found["wrong"]:
                    place = f"Line {wrong['line']}: " if wrong.get("line") else ""
                    Words("p", f"{place}{wrong['message']}", "an-verdict-wrong")
            else:
                self._says()
        # What cannot be used shows the last that could.
        if not self.found["valid"]:
            return
        data = {name: self.sample.get(name, INVENTED) for name in self.found["variables"]} | self.sample
        if self._labeling is None:
            with self._preview:
                self._labeling = Labeling(xml, data, readonly=False)
        else:
            self._labeling.show(xml, data)

    def _says(self) -> None:
        controls, variables = self.found["controls"], self.found["variables"]
        if not controls:
            Words("p", "Asks nothing yet: add a control, such as Choices.", "an-verdict-note")
            return
        asks = ", ".join(f"{one['name']} ({one['tag']})" for one in controls)
        Words("p", f"✓ Asks {counted(len(controls), 'question')}: {asks}", "an-verdict-good")
        fields = ", ".join(f"${name}" for name in variables) or "none"
        Words("p", f"Tasks need the fields {fields}", "an-verdict-note")
