"""Tables that people order, narrow down and take along: for lists that fit into a page, not for a board of tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from nicegui import ui

from annolog.infra.web.parts.words import duration, moment, number, score, sentence, share
from annolog.projections.engine import csv

Row = Mapping[str, Any]
ROWS_A_PAGE = 50
# Rows say under these suffixes how a value is written and where it leads; the value itself is for the order.
SHOWN, HREF, KIND = "__shown", "__href", "__kind"
CELL = """
<q-td :props="props">
  <a v-if="props.row[props.col.name + '__href']" class="an-link" :href="props.row[props.col.name + '__href']"
    >{{ props.row[props.col.name + '__shown'] }}</a>
  <span
    v-else
    :class="props.row[props.col.name + '__kind'] && 'an-badge an-badge-' + props.row[props.col.name + '__kind']"
    >{{ props.row[props.col.name + '__shown'] }}</span>
</q-td>
"""
# A heading that is ordered by from the keyboard too, and says what it means and how it is ordered now.
HEAD = """
<q-th
  :props="props"
  :aria-sort="!props.col.__thClass.includes('sorted') ? 'none'
    : props.col.__thClass.includes('sort-desc') ? 'descending' : 'ascending'"
><button class="an-th" type="button" :title="props.col.means || undefined">{{ props.col.label }}</button></q-th>
"""
TOTAL = """
<q-tr v-if="props.cols.some((col) => col.total)" class="an-total">
  <q-td v-for="col in props.cols" :key="col.name" :class="'text-' + col.align">{{ col.total }}</q-td>
</q-tr>
"""


class Kind(Enum):
    """How values of a column are written."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"
    SCORE = "score"
    DURATION = "duration"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the key in a row, its heading, how its values are written, and what it means.

    `href` gives where a row's value leads, a path of ours; `mark` the kind of badge it is shown in, "" for none.
    """

    key: str
    label: str = ""
    kind: Kind = Kind.TEXT
    means: str = ""
    shown_at_first: bool = True
    href: Callable[[Row], str] | None = None
    mark: Callable[[Row], str] | None = None

    @property
    def heading(self) -> str:
        """What stands above it."""
        return self.label or sentence(self.key)

    def written(self, value: Any, zone: str) -> str:
        """A value as people read it."""
        if self.kind is Kind.MOMENT:
            return moment(value, zone)
        if self.kind is Kind.TEXT:
            return "–" if value is None or value == "" else str(value)
        return _WRITERS[self.kind](value)


def at_first(columns: Sequence[Column], rows: Sequence[Row], always: Set[str], if_said: Set[str]) -> list[Column]:
    """The columns, of which at first some are shown `always` and some where they say something of any row."""
    said = {name for name in if_said if any(row.get(name) for row in rows)}
    return [replace(column, shown_at_first=column.key in always | said) for column in columns]


_WRITERS: Mapping[Kind, Callable[[Any], str]] = {
    Kind.NUMBER: number,
    Kind.SHARE: share,
    Kind.SCORE: score,
    Kind.DURATION: duration,
}


class Table:
    """Rows with a choice of columns, a filter over what is shown, an order by any column, and a file of it all."""

    def __init__(
        self,
        name: str,
        columns: Sequence[Column],
        key: str,
        zone: str = "UTC",
        actions: ui.element | None = None,
        order: str = "",
        rows_a_page: int = ROWS_A_PAGE,
    ) -> None:
        self.name = name
        self._columns = columns
        self._zone = zone
        self._rows: Sequence[Row] = ()
        descending = order.startswith("-")
        pagination: dict[str, Any] = {"rowsPerPage": rows_a_page, "sortBy": order.removeprefix("-") or None}
        pagination["descending"] = descending
        self._table = ui.table(
            columns=[_quasar(column) for column in columns], rows=[], row_key=key, pagination=pagination
        )
        self._table.props("flat dense binary-state-sort").classes("an-table")
        self._table.props["aria-label"] = name
        self._table.props["visible-columns"] = [column.key for column in columns if column.shown_at_first]
        self._table.props["no-data-label"] = "Nothing here yet"
        self._table.add_slot("header-cell", HEAD)
        self._table.add_slot("body-cell", CELL)
        self._table.add_slot("bottom-row", TOTAL)
        if actions is not None:
            with actions:
                self._tools()

    def show(self, rows: Sequence[Row], total: Row | None = None) -> None:
        """Show these rows instead, and under them what they come to. What has not changed is not sent again."""
        self._rows = rows
        shown = [self._shown(row) for row in rows]
        totals = {column.key: self._in_total(column, total) for column in self._columns}
        if any(column["total"] != totals[column["name"]] for column in self._table.columns):
            self._table.columns = [{**column, "total": totals[column["name"]]} for column in self._table.columns]
        if shown == self._table.rows:
            return
        self._table.rows = shown
        most = self._table.props["pagination"]["rowsPerPage"]
        # 0 is all of them.
        self._table.props["hide-pagination"] = not most or len(rows) <= most

    def set_visibility(self, visible: bool) -> None:
        """Show the table, or hide it where something else says that it is empty."""
        self._table.set_visibility(visible)

    def _shown(self, row: Row) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for column in self._columns:
            value = row.get(column.key)
            found[column.key] = value
            found[column.key + SHOWN] = column.written(value, self._zone)
            if column.href is not None:
                found[column.key + HREF] = column.href(row)
            if column.mark is not None:
                found[column.key + KIND] = column.mark(row)
        key = self._table.row_key
        return found | {key: row.get(key)}

    def _in_total(self, column: Column, total: Row | None) -> str:
        if total is None or column.key not in total:
            return ""
        return column.written(total[column.key], self._zone)

    def _tools(self) -> None:
        filter_by = ui.input(placeholder="Filter").props(f'dense outlined clearable aria-label="Filter {self.name}"')
        filter_by.classes("an-filter")
        filter_by.on_value_change(lambda event: self._table.set_filter(event.value or ""))
        if any(not column.shown_at_first for column in self._columns) or len(self._columns) > 6:
            picker = ui.button("Columns", color=None).props("no-caps unelevated dense")
            picker.classes("an-button an-button-tiny")
            with picker, ui.menu(), ui.column().classes("an-columns"):
                for column in self._columns:
                    ui.checkbox(
                        column.heading,
                        value=column.shown_at_first,
                        on_change=lambda event, key=column.key: self._choose(key, event.value),
                    ).props("dense")
        tiny = ui.button("CSV", on_click=self._file, color=None).props("no-caps unelevated dense")
        tiny.classes("an-button an-button-tiny").props["aria-label"] = f"Download {self.name}"

    def _choose(self, key: str, wanted: bool) -> None:
        visible = set(self._table.props["visible-columns"])
        visible = visible | {key} if wanted else visible - {key}
        self._table.props["visible-columns"] = [one.key for one in self._columns if one.key in visible]
        self._table.update()

    def _file(self) -> None:
        content = csv.document([column.key for column in self._columns], self._rows)
        ui.download.content(content, f"{self.name.lower().replace(' ', '-')}.csv", "text/csv")


def _quasar(column: Column) -> dict[str, Any]:
    numeric = column.kind not in (Kind.TEXT, Kind.MOMENT)
    found = {"name": column.key, "label": column.heading, "field": column.key, "sortable": True}
    found |= {"means": column.means, "total": ""}
    return found | {"align": "right" if numeric else "left"}
