"""All answers beside each other: a column each, a row for what each control says, differences marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from nicegui import ui

from annolog.infra.web.pages.task import cells
from annolog.infra.web.pages.task.acting import Acting
from annolog.infra.web.pages.task.comparing import OTHERS, Column, columns_of, reference, references
from annolog.infra.web.pages.task.facts import Context, Facts
from annolog.infra.web.pages.task.material import Material
from annolog.infra.web.pages.task.redrawn import Redrawn
from annolog.infra.web.parts.cards import card, empty
from annolog.infra.web.parts.words import Words, block
from annolog.infra.web.telling.differences import (
    Found,
    Mark,
    Reference,
    against,
    among,
    regions_against,
    regions_among,
    unsaid,
)

NOTE = (
    "Regions are matched one to one: first those with equal labels, by the greatest total overlap, as agreement does;"
    " then what is left by its place alone (from 30 % in common). Said of the others is how many have the same label"
    " with at least half of the area in common."
)


@dataclass(frozen=True, slots=True)
class Compared:
    """A column with what a comparison found about each part of it."""

    column: Column
    said: Mapping[str, Found] = field(default_factory=dict)
    regions: Mapping[str, Found] = field(default_factory=dict)
    missing: Sequence[cells.Missing] = ()

    @classmethod
    def of(cls, column: Column, columns: Sequence[Column], chosen: Reference | None, *, itself: bool) -> Compared:
        """Beside one answer, or beside all others that count."""
        answer = column.answer
        if column.unreadable or itself:
            return cls(column)
        if chosen is None:
            others = [one.answer for one in columns if one is not column and one.counted]
            said = {one.control: among(one, others) for one in answer.said}
            return cls(column, said, regions_among(answer.drawn, others))
        said = {one.control: against(one, chosen) for one in answer.said} | dict(unsaid(answer, chosen))
        regions, missing = regions_against(answer.drawn, chosen)
        return cls(column, said, regions, [(one, Found(Mark.MISSING, f"in {chosen.name}")) for one in missing])


class SideBySide:
    """The card with everybody's answers."""

    def __init__(self, context: Context, acting: Acting, material: Material) -> None:
        self._context, self._acting, self._material = context, acting, material
        self._facts: Facts | None = None
        with card("Answers", classes="an-answers") as actions:
            with actions:
                self._choice = ui.select({OTHERS: "the others"}, value=OTHERS, label="Compare with")
                self._choice.props("outlined dense options-dense").classes("an-task-choice")
                self._choice.on_value_change(self._draw)
            self._part = Redrawn()

    def show(self, facts: Facts) -> None:
        """Follow the facts."""
        self._facts = facts
        options = references(columns_of(self._context, facts), facts)
        if options != self._choice.options:
            value = self._choice.value if self._choice.value in options else OTHERS
            self._choice.set_options(options, value=value)
        self._choice.set_visibility(len(options) > 2)
        self._draw()

    def _draw(self) -> None:
        facts = self._facts
        if facts is None:
            return
        compared = str(self._choice.value)
        of = [facts.annotations, facts.page.get("predictions"), facts.consensus, compared, facts.as_of]
        of.append(sorted(self._context.place.rights["permissions"]))
        self._part.show(of, lambda: self._table(facts, compared))

    def _table(self, facts: Facts, compared: str) -> None:
        columns = columns_of(self._context, facts)
        if not columns:
            empty("Nobody has answered it yet", "An answer appears here by itself.", "hourglass_empty")
            self._skips(facts)
            return
        chosen = None if compared == OTHERS else reference(compared, columns, facts)
        found = [Compared.of(column, columns, chosen, itself=column.key == compared) for column in columns]
        controls = self._controls(columns)
        with (
            block("div", "an-scroll an-side-scroll", tabindex="0", role="region", aria_label="Answers side by side"),
            block("table", "an-compare"),
        ):
            self._head(columns)
            with block("tbody"):
                for control in controls:
                    self._row(control, found, partial(_said, control))
                if any(one.column.answer.drawn or one.missing for one in found):
                    self._row("Regions", found, lambda one: cells.regions(one.column, one.regions, one.missing))
                self._rows_around(found)
        if any(one.answer.drawn for one in columns):
            Words("p", NOTE, "an-note")
        self._skips(facts)

    def _rows_around(self, found: Sequence[Compared]) -> None:
        """What is known of the answers beside what they say."""
        raws = [one.column.raw for one in found]
        if any(one.column.answer.relations for one in found):
            self._row("Relations", found, lambda one: cells.relations(one.column))
        if any(not one.column.model for one in found):
            self._row("Time", found, lambda one: cells.times(one.column, self._context))
        if any(raw.get("reviews") or raw.get("second_reviews") for raw in raws):
            self._row("Reviews", found, lambda one: cells.reviews(one.column, self._context, self._acting))
        if any(len(raw.get("revisions") or ()) > 1 for raw in raws):
            self._row("Revisions", found, lambda one: cells.revisions(one.column, self._context))
        self._row("", found, lambda one: self._actions(one.column))

    def _controls(self, columns: Sequence[Column]) -> list[str]:
        """Those of the labeling config, and those that only older answers know."""
        known = [dimension.name for dimension in self._context.config.dimensions]
        said = {one.control for column in columns for one in column.answer.said}
        return [name for name in known if name in said] + sorted(said - set(known))

    def _head(self, columns: Sequence[Column]) -> None:
        with block("thead"), block("tr"):
            with block("th", "an-compare-corner", scope="col"):
                Words("span", "What was asked", "an-visually-hidden")
            for column in columns:
                with block("th", "an-compare-head", scope="col"):
                    cells.head(column, self._context)

    def _row(self, name: str, found: Sequence[Compared], draw: Callable[[Compared], None]) -> None:
        with block("tr"):
            with block("th", "an-compare-control", scope="row"):
                Words("span", name or "What can be done", "" if name else "an-visually-hidden")
            for one in found:
                with block("td"):
                    draw(one)

    def _actions(self, column: Column) -> None:
        self._acting.on_answer(column, lambda: self._material.choose(column.key))

    def _skips(self, facts: Facts) -> None:
        skips = facts.page.get("skips") or ()
        if not skips:
            return
        Words("h3", "Skipped by")
        with block("ul", "an-plain"):
            for skip in skips:
                comment = f": “{skip['comment']}”" if skip.get("comment") else ""
                when = self._context.speaker.at(skip.get("skipped_at"))
                Words("li", f"{self._context.speaker.who(skip.get('person'))}, {when}{comment}")


def _said(control: str, one: Compared) -> None:
    cells.said(one.column, control, one.said)
