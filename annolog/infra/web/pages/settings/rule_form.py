"""Writing a rule: what is looked at, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from nicegui import ui

from annolog.infra.web.door import Refusal
from annolog.infra.web.pages.settings.rule_words import ACTIONS, COLLECTORS, COMPARISONS, SOURCES, rule
from annolog.infra.web.parts.sending import button, refuse, say
from annolog.infra.web.parts.words import Words, block, sentence
from annolog.infra.web.viewer import ProjectPlace

FIRST: dict[str, Any] = {
    "conditions": [
        {"collector": "fast_answers", "comparison": "gte", "value": 5, "parameters": {"seconds": 3, "last": 10}}
    ],
    "action": {"do": "pause", "kind": "full", "minutes": 60},
    "enabled": True,
    "again": True,
}
KINDS = {"full": "from everything", "flexible": "from new work only"}
USUAL: Mapping[str, dict[str, Any]] = {
    "pause": {"kind": "full", "minutes": 60},
    "set_skill": {"skill": "", "value": 1},
    "raise_overlap": {"by": 1, "last": 10},
    "redo": {"last": 10},
}
PARAMETERS: Mapping[str, dict[str, Any]] = {"fast": {"seconds": 3, "last": 10}, "skill": {"source": "ground_truth"}}


class RuleForm:
    """The fields of one rule in a dialog, with the rule in words as it is being written."""

    def __init__(self, place: ProjectPlace, one: Mapping[str, Any] | None) -> None:
        self._place = place
        given = one or FIRST
        self._conditions: list[dict[str, Any]] = [
            {**part, "parameters": dict(part["parameters"])} for part in given["conditions"]
        ]
        self._action: dict[str, Any] = dict(given["action"])
        self._more = {"enabled": given["enabled"], "again": given["again"]}
        with ui.dialog().props('aria-label="Rule"') as self._dialog, block("div", "an-dialog an-dialog-wide"):
            Words("h2", "Edit the rule" if one else "New rule")
            self._name = ui.input("Name", value=str(one["name"]) if one else "").props("outlined dense")
            if one:
                self._name.disable()
            self._body = block("div", "an-fields")
            self._sentence = Words("p", "", "an-rule-sentence")
            self._problem = Words("div", "", "an-wrong").props("role=alert")
            with block("div", "an-actions an-dialog-actions"):
                button("Cancel", lambda: self._dialog.set_value(False), kind="quiet")
                button("Save rule", self._save, kind="primary")
        self._draw()
        self._dialog.value = True

    def _draw(self) -> None:
        self._body.clear()
        with self._body:
            Words("h3", "When all of this holds")
            for index, given in enumerate(self._conditions):
                self._condition(index, given)
            button("Add a condition", self._add, kind="quiet")
            Words("h3", "Then")
            self._then()
            with block("div", "an-actions"):
                self._switch("Enabled", "enabled")
                self._switch("May fire again for the same person", "again")
        self._say()

    def _switch(self, words: str, name: str) -> None:
        ui.checkbox(words, value=self._more[name], on_change=lambda event: self._put(self._more, name, event.value))

    def _condition(self, index: int, given: dict[str, Any]) -> None:
        looked = COLLECTORS[given["collector"]]
        number = index + 1
        with block("div", "an-routing-row", role="group", aria_label=f"Condition {number}"):
            options = {name: sentence(one.words) for name, one in COLLECTORS.items()}
            collector = ui.select(options, value=given["collector"], label="What").props("outlined dense")
            collector.on_value_change(lambda event: self._look_at(given, event.value))
            comparison = ui.select(COMPARISONS, value=given["comparison"], label="Is").props("outlined dense")
            comparison.on_value_change(lambda event: self._put(given, "comparison", event.value))
            self._number("Value (0 to 1)" if looked.is_share else "Value", given, "value")
            if looked.takes == "fast":
                self._number("Fast is under (seconds)", given["parameters"], "seconds")
                self._number("Among the latest", given["parameters"], "last", whole=True)
            elif looked.takes == "skill":
                source = ui.select(SOURCES, value=given["parameters"]["source"], label="Measured by").props(
                    "outlined dense"
                )
                source.on_value_change(lambda event: self._put(given["parameters"], "source", event.value))
                self._number("Last days (empty: all)", given["parameters"], "days", whole=True)
            if len(self._conditions) > 1:
                button("", lambda: self._drop(index), kind="quiet", icon="close", label=f"Remove condition {number}")

    def _then(self) -> None:
        with block("div", "an-routing-row"):
            do = ui.select(ACTIONS, value=self._action["do"], label="Action").props("outlined dense")
            do.on_value_change(lambda event: self._do(event.value))
            match self._action["do"]:
                case "pause":
                    kind = ui.select(KINDS, value=self._action["kind"], label="Paused").props("outlined dense")
                    kind.on_value_change(lambda event: self._put(self._action, "kind", event.value))
                    self._number("Minutes (empty: until ended)", self._action, "minutes")
                case "set_skill":
                    skill = ui.input("Skill", value=self._action["skill"]).props("outlined dense")
                    skill.on_value_change(lambda event: self._put(self._action, "skill", event.value or ""))
                    self._number("Value", self._action, "value")
                case "raise_overlap":
                    self._number("People more", self._action, "by", whole=True)
                    self._number("Of the latest answers", self._action, "last", whole=True)
                case "redo":
                    self._number("Latest answers", self._action, "last", whole=True)

    def _number(self, label: str, into: dict[str, Any], name: str, *, whole: bool = False) -> None:
        field = ui.number(label, value=into.get(name)).props("outlined dense")

        def put(value: float | None) -> None:
            self._put(into, name, int(value) if whole and value is not None else value)

        field.on_value_change(lambda event: put(event.value))

    def _put(self, into: dict[str, Any], name: str, value: Any) -> None:
        into[name] = value
        self._say()

    def _look_at(self, given: dict[str, Any], collector: str) -> None:
        takes = COLLECTORS[collector].takes
        value = 0.5 if COLLECTORS[collector].is_share else 10
        given |= {"collector": collector, "value": value, "parameters": dict(PARAMETERS.get(takes, {}))}
        self._draw()

    def _do(self, do: str) -> None:
        self._action = {"do": do, **USUAL[do]}
        self._draw()

    def _add(self) -> None:
        self._conditions.append({"collector": "answers", "comparison": "gte", "value": 10, "parameters": {}})
        self._draw()

    def _drop(self, index: int) -> None:
        del self._conditions[index]
        self._draw()

    def _rule(self) -> dict[str, Any]:
        return {"conditions": self._conditions, "action": self._action, **self._more}

    def _say(self) -> None:
        incomplete = any(one["value"] is None for one in self._conditions)
        self._sentence.text = "A value is missing." if incomplete else rule(self._rule())

    async def _save(self) -> None:
        name = (self._name.value or "").strip()
        if not name:
            self._name.error = "A rule needs a name"
            return
        try:
            path = f"/v1/projects/{self._place.id}/rules/{quote(name, safe='')}"
            await self._place.viewer.door.put(path, self._rule())
        except Refusal as refusal:
            self._problem.text = refusal.detail
            if refusal.status == 401:
                refuse(refusal)
            return
        say("The rule is in force.")
        ui.navigate.reload()


def edit_rule(place: ProjectPlace, one: Mapping[str, Any] | None) -> None:
    """Open the form, for a rule that is there or for a new one."""
    RuleForm(place, one)
