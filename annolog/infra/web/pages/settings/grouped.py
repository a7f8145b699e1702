"""The rooms of groups of settings that a form of their own is enough for, and routing of reviews beside one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nicegui import ui

from annolog.infra.web.frame import Frame
from annolog.infra.web.pages.settings.form import SettingsForm
from annolog.infra.web.pages.settings.place import room
from annolog.infra.web.parts.cards import card
from annolog.infra.web.parts.sending import button
from annolog.infra.web.parts.words import Words, block
from annolog.infra.web.viewer import ProjectPlace

OPERATORS = {"": "every task", "lt": "below", "lte": "at most", "gt": "above", "gte": "at least", "eq": "exactly"}
OVERALL = ""


def grouped(
    group: str, extra: Callable[[SettingsForm], None] | None = None
) -> Callable[[Frame, ProjectPlace], Awaitable[None]]:
    """A room for a group of settings."""

    async def show(frame: Frame, place: ProjectPlace) -> None:
        with room(frame, place, group):
            SettingsForm(place, group, extra)

    return show


class Routing:
    """The ordered rules by which tasks are reviewed more or less often, as rows that can be changed."""

    def __init__(self, form: SettingsForm) -> None:
        self._form = form
        self._rules: list[dict[str, Any]] = [dict(rule) for rule in form.old["routing"]]
        note = "The first rule that a task meets says with what share it is reviewed; else it is the share above."
        with card("Routing by agreement", note) as actions:
            self._rows = block("div", "an-routing")
            if form.writable:
                with actions:
                    button("Add a rule", self._add)
        self._show()

    def _show(self) -> None:
        self._rows.clear()
        with self._rows:
            if not self._rules:
                Words("p", "No rules: every task is reviewed with the share above.", "an-note")
            for index, rule in enumerate(self._rules):
                self._row(index, rule)

    def _row(self, index: int, rule: Mapping[str, Any]) -> None:
        def put(name: str, value: Any) -> None:
            self._rules[index][name] = value
            if name == "operator" and value is None:
                self._rules[index] |= {"threshold": None, "dimension": None}
            elif name == "operator" and self._rules[index]["threshold"] is None:
                self._rules[index]["threshold"] = 0.75
            self._changed(again=name == "operator")

        with block("div", "an-routing-row", role="group", aria_label=f"Rule {index + 1}"):
            Words("span", f"{index + 1}.", "an-note")
            operator = ui.select(
                OPERATORS, value=rule["operator"] or "", on_change=lambda event: put("operator", event.value or None)
            ).props('outlined dense label="Agreement is"')
            fields: list[Any] = [operator]
            if rule["operator"]:
                threshold = ui.number("Threshold", value=rule["threshold"], min=0, max=1, step=0.05)
                threshold.on_value_change(lambda event: put("threshold", event.value))
                dimension = ui.input("Of control (empty: overall)", value=rule["dimension"] or "")
                dimension.on_value_change(lambda event: put("dimension", event.value or None))
                fields += [threshold, dimension]
            percent = ui.number("Share reviewed", value=rule["sample_percent"], min=0, max=100, suffix="%")
            percent.on_value_change(
                lambda event: put("sample_percent", None if event.value is None else int(event.value))
            )
            for field in [*fields[1:], percent]:
                field.props("outlined dense")
            if not self._form.writable:
                for field in [*fields, percent]:
                    field.disable()
                return
            button(
                "", lambda: self._move(index, -1), kind="quiet", icon="arrow_upward", label=f"Rule {index + 1} earlier"
            )
            button("", lambda: self._drop(index), kind="quiet", icon="close", label=f"Remove rule {index + 1}")

    def _add(self) -> None:
        self._rules.append({"dimension": None, "operator": "lt", "threshold": 0.75, "sample_percent": 100})
        self._changed(again=True)

    def _drop(self, index: int) -> None:
        del self._rules[index]
        self._changed(again=True)

    def _move(self, index: int, by: int) -> None:
        to = max(0, index + by)
        self._rules.insert(to, self._rules.pop(index))
        self._changed(again=True)

    def _changed(self, *, again: bool) -> None:
        if again:
            self._show()
        self._form.set("routing", [dict(rule) for rule in self._rules])


def routing(form: SettingsForm) -> None:
    """Put the routing rules here."""
    Routing(form)
