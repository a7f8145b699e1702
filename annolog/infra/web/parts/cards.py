"""Frames around what belongs together, with a heading and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui

from annolog.infra.web.parts.words import Words, block


@contextmanager
def heading(title: str, note: str = "") -> Iterator[ui.element]:
    """A page's heading; what is put into it stands at its right."""
    with block("div", "an-heading"):
        with block("div", "an-heading-words"):
            Words("h1", title)
            if note:
                Words("p", note, "an-note")
        with block("div", "an-actions") as actions:
            yield actions


@contextmanager
def card(title: str = "", note: str = "", classes: str = "") -> Iterator[ui.element]:
    """A frame with a heading. It gives the place for buttons beside the heading; what follows goes into its body."""
    with block("section", f"an-card {classes}"):
        with block("div", "an-card-head") as head:
            with block("div", "an-card-title"):
                if title:
                    Words("h2", title)
                if note:
                    Words("p", note, "an-note")
            actions = block("div", "an-actions")
        if not title and not note:
            head.classes("an-card-bare")
        with block("div", "an-card-body"):
            yield actions


@contextmanager
def grid(classes: str = "an-grid-2") -> Iterator[ui.element]:
    """Cards side by side where there is room: `an-grid-2`, `an-grid-3`, `an-grid-kpi`."""
    with block("div", f"an-grid {classes}") as found:
        yield found


def empty(title: str, note: str = "", icon: str = "inbox") -> ui.element:
    """Says that there is nothing, and why, or what to do about it."""
    with block("div", "an-empty") as found:
        ui.icon(icon).props("aria-hidden=true")
        Words("p", title, "an-empty-title")
        if note:
            Words("p", note, "an-note")
    return found


class Figure:
    """One number with what it is called; its definition is shown to who points at it or reaches it by keyboard."""

    def __init__(self, name: str, definition: str = "", formula: str = "", href: str = "") -> None:
        with block("div", "an-figure") as self.frame:
            with block("div", "an-figure-name"):
                Words("span", name)
                if definition:
                    with block("button", "an-hint", type="button", aria_label=f"What {name} means"):
                        Words("span", "?")
                        with block("span", "an-hint-words", role="tooltip"):
                            Words("span", definition)
                            if formula:
                                Words("code", formula)
            if href:
                with ui.link(target=href).classes("an-figure-link"):
                    self._value = Words("span", "", "an-figure-value")
            else:
                self._value = Words("div", "", "an-figure-value")
            self._note = Words("div", "", "an-figure-note")

    def show(self, value: str, note: str = "") -> None:
        """Say the number, and less loudly what goes with it."""
        if self._value.text != value:
            self._value.text = value
        # A number and its sign stay on one line.
        note = note.replace(" %", "\u00a0%")
        if self._note.text != note:
            self._note.text = note
