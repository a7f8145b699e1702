"""What is taken for what, as a table whose cells are the darker the more there is in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from annolog.infra.web.parts.words import Words, block, number

Cell = tuple[Any, Any, float]
MOST = 20
OTHERS = "(other labels)"


def confusion_table(cells: Sequence[Cell], rows: str, columns: str) -> None:
    """A row a label of one side, a column a label of the other; shares are of the row."""
    labels = _labels(cells)
    counts: dict[tuple[str, str], float] = {}
    for row, column, count in cells:
        place = (_among(labels, row), _among(labels, column))
        counts[place] = counts.get(place, 0.0) + count
    around = block("div", "an-scroll", tabindex="0", role="region", aria_label=f"{columns} beside {rows}")
    with around, block("table", "an-plain-table an-confusion"):
        Words("caption", f"Rows: {rows}. Columns: {columns}.", "an-note")
        with block("thead"), block("tr"):
            Words("td", "")
            for label in labels:
                Words("th", label).props("scope=col")
        with block("tbody"):
            for label in labels:
                _row(label, labels, counts)


def _row(label: str, labels: Sequence[str], counts: dict[tuple[str, str], float]) -> None:
    total = sum(counts.get((label, other), 0.0) for other in labels)
    with block("tr"):
        Words("th", label).props("scope=row")
        for other in labels:
            count = counts.get((label, other), 0.0)
            share = count / total if total else 0.0
            kind = "hit" if label == other else "miss"
            with block("td", f"an-{kind}").style(f"--an-share: {share * 100:.0f}%"):
                Words("b", f"{share * 100:.0f} %" if count else "–")
                Words("small", number(count, 0 if float(count).is_integer() else 1) if count else "")


def _labels(cells: Iterable[Cell]) -> list[str]:
    """The labels there are most of; the rest are one."""
    weights: dict[str, float] = {}
    for row, column, count in cells:
        for side in (row, column):
            weights[_said(side)] = weights.get(_said(side), 0.0) + count
    most = sorted(weights, key=lambda label: -weights[label])[:MOST]
    return sorted(most) + ([OTHERS] if len(weights) > MOST else [])


def _among(labels: Sequence[str], value: Any) -> str:
    found = _said(value)
    return found if found in labels else OTHERS


def _said(value: Any) -> str:
    if value is None:
        return "(nothing)"
    if isinstance(value, list):
        return ", ".join(map(_said, value)) or "(nothing)"
    return str(value)
