"""Charts: drawn by ECharts, in the colours of the page, each with its picture and its numbers to take along."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nicegui import ui
from nicegui.events import EChartPointClickEventArguments

from annolog.infra.web.parts.plain_tables import plain_table
from annolog.infra.web.parts.words import Words, block, number, sentence
from annolog.projections.engine import csv

# Told apart by who sees colours badly (after Okabe and Ito), and readable on light and dark alike.
COLOURS = ("#2f7ebc", "#e08214", "#3a9d6e", "#c0506e", "#7d6bc4", "#a07d1c", "#4aa8b8", "#8a8f98")
STATE_COLOURS: Mapping[str, str] = {
    "created": "#8a8f98",
    "annotation_in_progress": "#2f7ebc",
    "needs_review": "#e08214",
    "review_in_progress": "#7d6bc4",
    "completed": "#3a9d6e",
}
# Between the two schemes, so that a chart need not be drawn anew when the scheme changes.
INK = "#77808c"
LINES = "rgba(128, 136, 148, 0.25)"
# More than anybody reads; the file has all.
MOST_ROWS = 400


def styled(options: dict[str, Any]) -> dict[str, Any]:
    """Options with the looks that every chart has. Texts of users are values in them, never keys."""
    found: dict[str, Any] = {
        "color": list(COLOURS),
        "textStyle": {"fontFamily": "inherit", "color": INK},
        "animationDuration": 250,
        "animationDurationUpdate": 250,
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 16, "top": 36, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "item", "confine": True, "renderMode": "richText"},
    }
    for name, value in options.items():
        found[name] = (
            {**found[name], **value} if isinstance(value, dict) and isinstance(found.get(name), dict) else value
        )
    if isinstance(found.get("legend"), dict):
        found["legend"] = {
            "top": 0,
            "left": 0,
            "type": "scroll",
            "itemWidth": 12,
            "itemHeight": 8,
            "textStyle": {"color": INK},
            **found["legend"],
        }
    for axis in ("xAxis", "yAxis"):
        if isinstance(found.get(axis), dict):
            found[axis] = _axis(found[axis])
        elif isinstance(found.get(axis), list):
            found[axis] = [_axis(one) for one in found[axis]]
    return found


def _axis(given: dict[str, Any]) -> dict[str, Any]:
    """An axis with the looks of all of them; what it says itself about a part goes beyond that part's looks."""
    looks: dict[str, dict[str, Any]] = {
        "axisLine": {"lineStyle": {"color": LINES}},
        "axisTick": {"show": False},
        "axisLabel": {"color": INK, "hideOverlap": True},
        "splitLine": {"lineStyle": {"color": LINES}},
    }
    return looks | {
        name: {**looks[name], **value} if name in looks and isinstance(value, dict) else value
        for name, value in given.items()
    }


@dataclass(frozen=True, eq=False, slots=True)
class Drawing:
    """A chart made ready once, for all pages that show it: its options with the looks of all charts, and its numbers.

    Nobody may change what is in it.
    """

    options: dict[str, Any]
    columns: Sequence[str]
    rows: Sequence[Mapping[str, Any]]


def drawing(
    options: dict[str, Any], columns: Sequence[str], rows: Sequence[Mapping[str, Any]], nothing: str = ""
) -> Drawing:
    """Columns and rows are what goes into the file; `nothing` is said in the middle where there is nothing to draw."""
    # Said in any case, since the browser merges what it is told into what it knows.
    middle = {"left": "center", "top": "middle", "textStyle": {"color": INK, "fontSize": 13, "fontWeight": "normal"}}
    return Drawing(styled({**options, "title": {"text": nothing, **middle}}), columns, rows)


class Chart:
    """A chart that can be told new data, with buttons for its picture and its numbers in `actions`."""

    def __init__(
        self,
        name: str,
        actions: ui.element | None = None,
        on_click: Callable[[EChartPointClickEventArguments], Any] | None = None,
        height: str = "260px",
        href: Callable[[Mapping[str, Any]], str] | None = None,
    ) -> None:
        """Points lead to where `href` says of the row of the same number, if it says anything."""
        self.name = name
        self._href = href
        if href is not None and on_click is None:
            on_click = self._follow
        self._drawing: Drawing | None = None
        with block("figure", "an-chart", aria_label=name) as self.frame:
            # Canvas, since a picture is made of it.
            self._chart = ui.echart({}, on_point_click=on_click, renderer="canvas").style(f"height: {height}")
            self._chart.props["role"] = "img"
            self._chart.props["aria-label"] = name
        if on_click is not None:
            self._chart.classes("an-clickable")
        if actions is not None:
            with actions:
                self._button("Table", self._table, f"Show {name} as a table")
                self._button("PNG", self._picture, f"Download {name} as a picture")
                self._button("CSV", self._file, f"Download the numbers of {name}")

    def _button(self, text: str, action: Callable[[], Any], label: str) -> None:
        made = ui.button(text, on_click=action, color=None).props("no-caps unelevated dense")
        made.classes("an-button an-button-tiny").props["aria-label"] = label

    def show(
        self, options: dict[str, Any], columns: Sequence[str], rows: Sequence[Mapping[str, Any]], nothing: str = ""
    ) -> None:
        """Draw; see `drawing` for what is given."""
        self.draw(drawing(options, columns, rows, nothing))

    def draw(self, found: Drawing) -> None:
        """Draw what is ready. What has not changed is not sent to the browser again."""
        if found is self._drawing:
            return
        before, self._drawing = self._drawing, found
        if before is None or before.options != found.options:
            # Put in past the eyes of NiceGUI, which would make all of it watched: that costs more than all else here.
            dict.__setitem__(self._chart.props, "options", found.options)
            self._chart.update()

    @property
    def _columns(self) -> Sequence[str]:
        return self._drawing.columns if self._drawing else ()

    @property
    def _rows(self) -> Sequence[Mapping[str, Any]]:
        return self._drawing.rows if self._drawing else ()

    def _follow(self, event: EChartPointClickEventArguments) -> None:
        if self._href is not None and 0 <= event.data_index < len(self._rows):
            target = self._href(self._rows[event.data_index])
            if target:
                ui.navigate.to(target)

    def _table(self) -> None:
        """What can be pointed at can be read and reached by keyboard too."""
        with ui.dialog() as dialog, block("div", "an-dialog an-dialog-wide"):
            dialog.props["aria-label"] = self.name
            with block("div", "an-heading"):
                Words("h2", self.name)
                with block("div", "an-actions"):
                    ui.button("Close", on_click=dialog.close, color=None).props("no-caps unelevated dense").classes(
                        "an-button an-button-tiny"
                    )
            with block("div", "an-scroll an-chart-table", tabindex="0"), plain_table(*map(sentence, self._columns)):
                for row in self._rows[:MOST_ROWS]:
                    self._table_row(row)
            if len(self._rows) > MOST_ROWS:
                Words("p", f"The first {MOST_ROWS:,} of {len(self._rows):,} rows; the CSV has all.", "an-note")
        _ = dialog.on("hide", dialog.delete)
        _ = dialog.open()

    def _table_row(self, row: Mapping[str, Any]) -> None:
        target = self._href(row) if self._href is not None else ""
        with block("tr"):
            for place, column in enumerate(self._columns):
                if place == 0 and target:
                    with block("td"):
                        ui.link(_written(row.get(column)), target).classes("an-link")
                else:
                    Words("td", _written(row.get(column)))

    async def _picture(self) -> None:
        await ui.run_javascript(f"annolog.savePicture({self._chart.id}, '{self._file_name('png')}')", timeout=10)

    def _file(self) -> None:
        ui.download.content(csv.document(self._columns, self._rows), self._file_name("csv"), "text/csv")

    def _file_name(self, kind: str) -> str:
        plain = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in self.name.lower())
        return f"{plain.strip('-') or 'chart'}.{kind}"


def _written(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool | str):
        return str(value)
    return number(value, 0 if isinstance(value, int) or value == int(value) else 3)
