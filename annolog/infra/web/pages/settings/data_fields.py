"""Which fields of tasks' data are kept from whom."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from annolog.infra.web.frame import Frame
from annolog.infra.web.pages.settings.members import ROLES
from annolog.infra.web.pages.settings.place import first_task, room
from annolog.infra.web.pages.settings.saving import ask_to_save, history
from annolog.infra.web.pages.settings.words import DATA_FIELDS
from annolog.infra.web.parts.cards import card
from annolog.infra.web.parts.sending import button
from annolog.infra.web.parts.words import Words, block
from annolog.infra.web.viewer import ProjectPlace

HOW = {"mask": "a mark (•••)", "withhold": "nothing, not even the key"}
OPEN: dict[str, Any] = {"hidden_from": [], "how": "mask", "sensitive": False}
MOST_SHOWN = 100


async def data_fields(frame: Frame, place: ProjectPlace) -> None:
    """A row a field: those that the config shows, those of the first task, and those with a rule."""
    rules: dict[str, dict[str, Any]] = {
        name: dict(rule) for name, rule in place.shown["settings"]["data_fields"]["fields"].items()
    }
    checked = await place.viewer.door.post("/v1/label-configs/check", {"label_config": place.shown["label_config"]})
    shown = set(checked["variables"])
    names = list(dict.fromkeys([*rules, *checked["variables"], *await _of_a_task(place)]))
    writable = place.may("configure")
    with room(frame, place, "data-fields"):
        Words("p", DATA_FIELDS.note, "an-note")
        with card("Fields") as actions:
            table = block("div", "an-fields-table")

            def show() -> None:
                table.clear()
                with table:
                    if not names:
                        Words("p", "There are no tasks yet. Name a field to have a rule for it.", "an-note")
                    for name in names[:MOST_SHOWN]:
                        _row(rules, name, shows=name in shown, writable=writable)

            show()
            if writable:
                with actions:
                    more = ui.input(placeholder="Another field").props('outlined dense aria-label="Another field"')

                    def add() -> None:
                        if more.value and more.value not in names:
                            names.insert(0, more.value)
                            rules[more.value] = dict(OPEN)
                            show()
                        more.value = ""

                    button("Add", add)
        if writable:

            async def save() -> None:
                kept = {name: rule for name, rule in rules.items() if rule["hidden_from"] or rule["sensitive"]}
                if await ask_to_save(place, "data_fields", {"fields": kept}):
                    ui.navigate.reload()

            with block("div", "an-actions an-end"):
                button("Review and save", save, kind="primary", hotkey="Control+s")
        history(place, "data_fields")


async def _of_a_task(place: ProjectPlace) -> list[str]:
    found = await first_task(place)
    return [*found.get("data", {}), *found.get("meta", {})]


def _row(rules: dict[str, dict[str, Any]], name: str, *, shows: bool, writable: bool) -> None:
    rule = rules.get(name, OPEN)

    def put(part: str, value: Any) -> None:
        rules.setdefault(name, dict(OPEN))[part] = value

    with block("div", "an-entry", role="group", aria_label=f"Field {name[:80]}"):
        with block("div", "an-entry-words"):
            Words("strong", name, "an-mono an-wrap")
            if shows:
                Words("span", "shown by the labeling config: who works on a task sees it then", "an-note")
        with block("div", "an-actions"):
            hidden = ui.select(ROLES, value=list(rule["hidden_from"]), multiple=True, label="Hidden from")
            hidden.props("outlined dense").classes("an-narrow")
            how = ui.select(HOW, value=rule["how"], label="Instead there is").props("outlined dense")
            how.classes("an-narrow")
            sensitive = ui.checkbox("Sensitive", value=rule["sensitive"])
        hidden.on_value_change(lambda event: put("hidden_from", list(event.value or ())))
        how.on_value_change(lambda event: put("how", event.value))
        sensitive.on_value_change(lambda event: put("sensitive", bool(event.value)))
        if not writable:
            for field in (hidden, how, sensitive):
                field.disable()
