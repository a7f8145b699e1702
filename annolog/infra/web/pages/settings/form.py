"""Forms for groups of settings: each field in words with its default and range, and nothing saved unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui
from nicegui.elements.mixins.disableable_element import DisableableElement
from nicegui.elements.mixins.validation_element import ValidationElement
from nicegui.elements.mixins.value_element import ValueElement

from annolog.infra.web.door import Refusal
from annolog.infra.web.pages.settings.effects import written
from annolog.infra.web.pages.settings.kinds import Kind, kind_of
from annolog.infra.web.pages.settings.saving import ask_to_save, history
from annolog.infra.web.pages.settings.wording import Setting
from annolog.infra.web.pages.settings.words import GROUPS
from annolog.infra.web.parts.cards import card
from annolog.infra.web.parts.sending import button, refuse
from annolog.infra.web.parts.words import Words, block, counted
from annolog.infra.web.viewer import ProjectPlace


class SettingsForm:
    """A group's settings as fields. Changes are kept in the page until somebody has seen what they come to."""

    def __init__(self, place: ProjectPlace, group: str, extra: Callable[[SettingsForm], None] | None = None) -> None:
        self.place, self.group = place, group
        self.old: dict[str, Any] = dict(place.shown["settings"][group])
        self.changes: dict[str, Any] = {}
        self.fields: dict[str, ValueElement[Any]] = {}
        self.writable = place.may("configure")
        Words("p", GROUPS[group].note, "an-note")
        for title, settings in GROUPS[group].sections.items():
            plain = {name: setting for name, setting in settings.items() if not setting.elsewhere}
            if plain:
                with card(title):
                    for name, setting in plain.items():
                        self._row(name, setting, kind_of(group, name))
        if extra is not None:
            extra(self)
        if self.writable:
            self._bar()
        history(place, group)

    def _row(self, name: str, setting: Setting, kind: Kind) -> None:
        with block("div", "an-setting"):
            with block("div", "an-setting-words"):
                Words("span", setting.label, "an-setting-name")
                Words("p", setting.means, "an-note")
                if setting.options:
                    _choices(setting)
            with block("div", "an-setting-field"):
                field = self._field(name, setting, kind)
                field.props["data-setting"] = name
                if not self.writable and isinstance(field, DisableableElement):
                    field.disable()
                hints = [f"Default: {written(self.group, name, kind.default)}", kind.range]
                Words("span", " · ".join(hint for hint in hints if hint), "an-hint-line")
        self.fields[name] = field

    def _field(self, name: str, setting: Setting, kind: Kind) -> ValueElement[Any]:
        value, label = self.old[name], setting.label
        field: ValueElement[Any]
        if kind.form == "switch":
            field = ui.switch(value=bool(value))
        elif kind.form in ("choice", "choices"):
            options = {one: setting.options.get(one, one).partition(":")[0] for one in kind.options}
            field = ui.select(options, value=value, multiple=kind.form == "choices").props("outlined dense")
            if kind.form == "choices":
                field.props("use-chips")
        elif kind.form in ("whole", "decimal"):
            step = 1 if kind.form == "whole" else 0.01 if (kind.greatest or 100) <= 1 else 0.1
            field = ui.number(value=value, step=step, suffix=setting.unit or None).props("outlined dense")
            if kind.optional:
                field.props["placeholder"] = setting.nothing
                field.props("clearable")
        elif name == "policy":
            # A plug-in's name is as good as those that come along.
            options = {one: words.partition(":")[0] for one, words in setting.options.items()}
            options.setdefault(value, str(value))
            field = ui.select(options, value=value, new_value_mode="add-unique").props("outlined dense")
        else:
            field = ui.input(value=value or "").props("outlined dense")
            field.props["placeholder"] = setting.nothing
        field.props["aria-label"] = label
        field.props("hide-bottom-space")
        field.on_value_change(lambda event: self.set(name, _typed(kind, event.value)))
        return field

    def set(self, name: str, value: Any) -> None:
        """Keep a change in mind."""
        if value == self.old[name]:
            self.changes.pop(name, None)
        else:
            self.changes[name] = value
        field = self.fields.get(name)
        if isinstance(field, ValidationElement) and field.error:
            field.error = None
        self._count()

    def _bar(self) -> None:
        with block("div", "an-save-bar", role="region", aria_label="Unsaved changes") as self._saving:
            self._words = Words("span", "", "an-save-words").props("role=status")
            block("div", "an-space")
            button("Discard", self._discard, kind="quiet")
            button("Review and save", self._review, kind="primary", hotkey="Control+s")
        self._count()

    def _count(self) -> None:
        if not self.writable or not hasattr(self, "_words"):
            return
        self._words.text = counted(len(self.changes), "unsaved change") if self.changes else ""
        self._saving.classes(add="an-open" if self.changes else "", remove="" if self.changes else "an-open")

    def _discard(self) -> None:
        ui.navigate.reload()

    async def _review(self) -> None:
        if not self.changes:
            return
        try:
            if await ask_to_save(self.place, self.group, self.changes):
                ui.navigate.reload()
        except Refusal as refusal:
            self._show_wrong(refusal)

    def _show_wrong(self, refusal: Refusal) -> None:
        told = False
        for wrong in refusal.wrong:
            steps = [step for step in wrong.pointer.split("/") if step]
            name = steps[1] if len(steps) > 1 and steps[0] == self.group else wrong.field
            field = self.fields.get(name)
            if isinstance(field, ValidationElement):
                field.error = wrong.message
                told = True
        if not told or not refusal.wrong:
            refuse(refusal)


def _choices(setting: Setting) -> None:
    explained = [words.partition(": ") for words in setting.options.values() if ": " in words]
    if explained:
        with block("ul", "an-choices"):
            for label, _, means in explained:
                with block("li"):
                    Words("span", label, "an-choice")
                    Words("span", f": {means}")


def _typed(kind: Kind, value: Any) -> Any:
    """What a field holds, as the API takes it: whole numbers stay whole, and no text is no value."""
    if kind.form == "whole" and isinstance(value, float) and value.is_integer():
        return int(value)
    if kind.form == "text" and not value:
        return None if kind.optional else ""
    return value
