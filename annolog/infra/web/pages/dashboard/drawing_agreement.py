"""How agreement is drawn: how scores are spread, what is beyond chance, and what is taken for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from annolog.infra.web.pages.dashboard.drawing import BLUE, LONGEST_LABEL, ORANGE, RED, Options, Rows, short
from annolog.infra.web.parts.charts import INK, LINES

TENTHS = [f"{tenth / 10:.1f}–{(tenth + 1) / 10:.1f}" for tenth in range(10)]
# From which share on the cells of a heat map are so dark that words on them are light.
DARK = 0.7


def histogram(buckets: Sequence[int], threshold: float) -> tuple[Options, list[dict[str, Any]]]:
    """Tasks in ten buckets of agreement, with the project's threshold where it lies among them."""
    table = [{"agreement": TENTHS[tenth], "tasks": count, "tenth": tenth} for tenth, count in enumerate(buckets)]
    low = [(tenth + 1) / 10 <= threshold + 1e-9 for tenth in range(10)]
    options: Options = {
        "grid": {"top": 26},
        "xAxis": [
            {
                "type": "category",
                "data": TENTHS,
                "axisLine": {"lineStyle": {"color": LINES}},
                "axisTick": {"show": False},
                "axisLabel": {"color": INK, "fontSize": 11},
            },
            {"type": "value", "min": 0, "max": 1, "show": False},
        ],
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {
                "name": "Tasks",
                "type": "bar",
                "barCategoryGap": "12%",
                "data": [
                    {"value": count, "itemStyle": {"color": ORANGE if below else BLUE}}
                    for count, below in zip(buckets, low, strict=True)
                ],
            },
            {
                "type": "line",
                "xAxisIndex": 1,
                "data": [],
                "markLine": {
                    "silent": True,
                    "symbol": "none",
                    "lineStyle": {"color": RED, "type": "dashed", "width": 2},
                    "label": {"formatter": f"threshold {threshold:g}", "color": RED, "position": "end"},
                    "data": [{"xAxis": threshold}],
                },
            },
        ],
    }
    return options, table


def alpha(days: Rows) -> tuple[Options, list[dict[str, Any]]]:
    """Krippendorff's alpha of all up to each day in its interval, and of each day alone."""
    table = []
    for row in days:
        low, high = row["so_far"]["interval"] or (None, None)
        table.append(
            {
                "day": row["day"],
                "alpha": row["so_far"]["value"],
                "low": low,
                "high": high,
                "that_day": row["that_day"]["value"],
            }
        )
    lone = len(table) < 3
    band: Options = {"type": "line", "stack": "interval", "symbol": "none", "lineStyle": {"opacity": 0}, "silent": True}
    band["tooltip"] = {"show": False}
    # From the lower bound up by the width of the interval.
    lows = [row["low"] for row in table]
    widths = [None if row["low"] is None else round(row["high"] - row["low"], 4) for row in table]
    options: Options = {
        "legend": {"data": ["All so far", "That day alone"]},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [_day(row["day"]) for row in table], "boundaryGap": lone},
        "yAxis": {"type": "value", "max": 1, "scale": True},
        "series": [
            band | {"name": "95 % from", "data": lows, "stackStrategy": "all", "color": BLUE},
            band
            | {
                "name": "95 % width",
                "data": widths,
                "stackStrategy": "all",
                "color": BLUE,
                "areaStyle": {"opacity": 0.2},
            },
            {
                "name": "All so far",
                "type": "line",
                "color": BLUE,
                "showSymbol": lone,
                "symbolSize": 8,
                "data": [row["alpha"] for row in table],
            },
            {
                "name": "That day alone",
                "type": "line",
                "color": ORANGE,
                "lineStyle": {"width": 1, "type": "dotted"},
                "symbolSize": 6,
                "data": [row["that_day"] for row in table],
            },
        ],
    }
    if lone and table:
        # One day has no band: its interval is a line from bound to bound.
        lines = [_whisker(place, row) for place, row in enumerate(table) if row["low"] is not None]
        look = {"color": BLUE, "width": 3, "type": "solid", "opacity": 0.45}
        mark: Options = {"silent": True, "symbol": ["none", "none"], "lineStyle": look, "label": {"show": False}}
        options["series"][2]["markLine"] = mark | {"data": lines}
    return options, table


def _day(text: str) -> str:
    return date.fromisoformat(text).strftime("%-d %b")


def _whisker(place: int, row: Mapping[str, Any]) -> list[Options]:
    return [{"coord": [place, row["low"]]}, {"coord": [place, row["high"]]}]


def confusion(names: Sequence[str], cells: Rows, most: int) -> tuple[Options, list[dict[str, Any]]]:
    """What was said where, as shares of each row; the labels that are met most."""
    met: dict[str, float] = {}
    for cell in cells:
        for end in (cell["row"], cell["column"]):
            met[end or ""] = met.get(end or "", 0) + cell["count"]
    kept = sorted(sorted(met, key=lambda name: -met[name])[:most], key=lambda name: (name == "", name))
    totals: dict[str, float] = {}
    for cell in cells:
        totals[cell["row"] or ""] = totals.get(cell["row"] or "", 0) + cell["count"]
    table = [
        {"row": cell["row"], "column": cell["column"], "count": cell["count"], "share_of_row": _part(cell, totals)}
        for cell in cells
        if (cell["row"] or "") in kept and (cell["column"] or "") in kept
    ]
    shown = [short(name) or "nothing" for name in kept]
    points = [
        {
            "value": [kept.index(row["column"] or ""), kept.index(row["row"] or ""), round(row["share_of_row"], 4)],
            "label": {
                "formatter": f"{row['count']:,.0f}" if len(kept) <= 8 else "",
                "color": "#ffffff" if row["share_of_row"] > DARK else "#1b222c",
            },
        }
        for row in table
    ]
    axis: Options = {"type": "category", "data": shown, "splitArea": {"show": False}}
    words = {"color": INK, "width": LONGEST_LABEL, "overflow": "truncate"}
    options: Options = {
        "grid": {"top": 8, "right": 76},
        "xAxis": axis | {"axisLabel": words | {"rotate": 30 if len(kept) > 6 else 0}},
        "yAxis": axis | {"inverse": True, "axisLabel": words},
        "visualMap": {
            "min": 0,
            "max": 1,
            "calculable": False,
            "orient": "vertical",
            "right": 0,
            "top": "middle",
            "itemHeight": 110,
            "text": ["100 %", "0 %"],
            "textStyle": {"color": INK},
            "inRange": {"color": ["#e4eef7", "#1d5c93"]},
        },
        "series": [
            {"name": "Share of row", "type": "heatmap", "data": points, "label": {"show": True, "fontSize": 12}}
        ],
    }
    return options, table


def _part(cell: Mapping[str, Any], totals: Mapping[str, float]) -> float:
    whole = totals[cell["row"] or ""]
    return float(cell["count"] / whole) if whole else 0.0
