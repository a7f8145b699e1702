"""How the dashboard's numbers are drawn: options for ECharts. What users wrote stands in them as values only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from annolog.infra.web.pages.dashboard.stretch import Piece
from annolog.infra.web.parts.charts import COLOURS, INK, STATE_COLOURS
from annolog.infra.web.parts.words import STATES, duration, share

Rows = Sequence[Mapping[str, Any]]
Options = dict[str, Any]
BLUE, ORANGE, GREEN, RED, VIOLET, _, _, GREY = COLOURS
HOUR = 3600
LONGEST_LABEL = 130


def states(by_state: Mapping[str, int]) -> tuple[Options, list[dict[str, Any]]]:
    """A bar for each state, with its share."""
    tasks = sum(by_state.values())
    rows: list[dict[str, Any]] = [
        {"state": STATES[state], "tasks": count, "share": count / tasks if tasks else None, "key": state}
        for state, count in by_state.items()
    ]
    bars = [
        {
            "value": row["tasks"],
            "itemStyle": {"color": STATE_COLOURS[row["key"]]},
            "label": {"formatter": f"{row['tasks']:,}  ·  {share(row['share'], 1)}"},
        }
        for row in rows
    ]
    options: Options = {
        "grid": {"top": 4, "right": 110, "bottom": 0},
        "xAxis": {"type": "value", "show": False, "minInterval": 1},
        "yAxis": {"type": "category", "inverse": True, "data": [row["state"] for row in rows]},
        "series": [
            {
                "name": "Tasks",
                "type": "bar",
                "barMaxWidth": 26,
                "data": bars,
                "label": {"show": True, "position": "right", "color": INK},
                "showBackground": True,
                "backgroundStyle": {"color": "rgba(128, 136, 148, 0.08)"},
            }
        ],
    }
    return options, rows


def stays(rows: Rows) -> tuple[Options, Rows]:
    """The mean time in each state."""
    bars = [
        {
            "value": row["mean_hours"],
            "label": {"formatter": duration(row["mean_hours"] * HOUR) if row["stays"] else "–"},
        }
        for row in rows
    ]
    options: Options = {
        "grid": {"top": 4, "right": 90, "bottom": 0},
        "xAxis": {"type": "value", "show": False},
        "yAxis": {"type": "category", "inverse": True, "data": [row["state"] for row in rows]},
        "series": [
            {
                "name": "Mean hours",
                "type": "bar",
                "barMaxWidth": 20,
                "color": VIOLET,
                "data": bars,
                "label": {"show": True, "position": "right", "color": INK},
            }
        ],
    }
    return options, rows


def over_time(
    shown: Sequence[Piece], by: str, rows: Rows, measures: Mapping[str, tuple[str, str]], unit: str = ""
) -> tuple[Options, list[dict[str, Any]]]:
    """Bars over time, the measures on each other: `measures` has for each its words and its colour. Hours for times."""
    known = {str(row[by]): row for row in rows}
    parts = HOUR if unit == "hours" else 1
    table: list[dict[str, Any]] = []
    for piece in shown:
        row = known.get(piece.key, {})
        amounts = {key: (row.get(key) or 0) / parts if parts > 1 else row.get(key) or 0 for key in measures}
        table.append({by: piece.words(by), **amounts, "begin": piece.begin.isoformat(), "end": piece.end.isoformat()})
    # Small times in minutes; the table stays in hours.
    small = parts > 1 and max((sum(row[key] for key in measures) for row in table), default=0) < 2
    scale = 60 if small else 1
    series = [
        {
            "name": words,
            "type": "bar",
            "stack": "all",
            "barMaxWidth": 30,
            "color": colour,
            "data": [round(row[key] * scale, 3) for row in table],
        }
        for key, (words, colour) in measures.items()
    ]
    options: Options = {
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "xAxis": {"type": "category", "data": [piece.words(by) for piece in shown]},
        "yAxis": {
            "type": "value",
            "minInterval": 0 if unit else 1,
            "axisLabel": {"color": INK, **_suffix("minutes" if small else unit)},
        },
        "series": series,
    }
    if len(measures) > 1:
        options["legend"] = {}
    else:
        options["grid"] = {"top": 14}
    return options, table


def _suffix(unit: str) -> Options:
    return {"formatter": f"{{value}} {'h' if unit == 'hours' else 'min'}"} if unit else {}


def burndown(rows: Rows, forecast: Mapping[str, Any], by: str) -> tuple[Options, list[dict[str, Any]]]:
    """Tasks that remain, by state on each other, and from now on the line to when nothing will, with its interval."""
    open_states = [state for state in STATE_COLOURS if state != "completed"]
    table = [
        {
            by: row["begin"],
            **{state: row[state] for state in open_states},
            "remaining": row["remaining"],
            "completed_in": row["completed_in"],
        }
        for row in rows
    ]
    series: list[dict[str, Any]] = [
        {
            "name": STATES[state],
            "type": "line",
            "stack": "remaining",
            "step": "end" if len(rows) < 3 else False,
            "showSymbol": len(rows) < 3,
            "symbolSize": 6,
            "lineStyle": {"width": 1},
            "areaStyle": {"opacity": 0.55},
            "color": STATE_COLOURS[state],
            "data": [[_wall(row["end"]), row[state]] for row in rows],
        }
        for state in open_states
    ]
    if rows and forecast.get("expected"):
        series.append(_forecast(rows[-1], forecast))
    options: Options = {
        "legend": {},
        "tooltip": {"trigger": "axis"},
        # What is drawn is the viewer's clock; nothing is told anew by the browser's.
        "useUTC": True,
        "xAxis": {"type": "time"},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": series,
    }
    return options, table


def _forecast(latest: Mapping[str, Any], forecast: Mapping[str, Any]) -> dict[str, Any]:
    ends = _end_of(forecast["expected"])
    last = _end_of(forecast["latest"]) if forecast.get("latest") else None
    band = [{"xAxis": _end_of(forecast["earliest"])}, {"xAxis": last or "max"}]
    return {
        "name": "Forecast",
        "type": "line",
        "color": GREY,
        "lineStyle": {"type": "dashed", "width": 2},
        "symbol": "circle",
        "symbolSize": 6,
        "data": [[_wall(latest["end"]), latest["remaining"]], [ends, 0]] + ([[last, None]] if last else []),
        "markArea": {
            "silent": True,
            "itemStyle": {"color": "rgba(128, 136, 148, 0.16)"},
            "data": [band],
        },
    }


def _wall(moment: str) -> str:
    """What the clock on the wall shows, as if it were UTC."""
    return f"{datetime.fromisoformat(moment).replace(tzinfo=None).isoformat()}Z"


def _end_of(day: str) -> str:
    return f"{(date.fromisoformat(day) + timedelta(days=1)).isoformat()}T00:00:00Z"


def labels(rows: Rows, most: int) -> tuple[Options, list[dict[str, Any]]]:
    """How many annotations carry each label of a control, the most frequent first."""
    ordered = sorted(rows, key=lambda row: (-row["labelled"], row["label"]))
    given = sum(row["labelled"] for row in ordered)
    table = [
        {
            "label": row["label"],
            "annotations": row["labelled"],
            "share": row["labelled"] / given if given else None,
            "uses": row["label_uses"],
            "seconds_per_use": row["time_per_use"],
            "acceptance": row["acceptance_score"],
            "tasks": row.get("tasks"),
            "predictions": row.get("predictions"),
        }
        for row in ordered
    ]
    shown = table[:most]
    predicted = any(row["predictions"] for row in shown)
    bar: Options = {"type": "bar", "barMaxWidth": 20}
    marks = [f"{row['annotations']:,}  ·  {share(row['share'], 1)}" for row in shown]
    series = [
        bar
        | {
            "name": "Annotations",
            "label": {"show": True, "position": "right", "color": INK},
            "data": [
                {"value": row["annotations"], "label": {"formatter": mark}}
                for row, mark in zip(shown, marks, strict=True)
            ],
        }
    ]
    if predicted:
        series.append(bar | {"name": "Predictions", "data": [row["predictions"] or 0 for row in shown]})
    options: Options = {
        "grid": {"top": 30 if predicted else 4, "right": 110, "bottom": 0},
        "xAxis": {"type": "value", "show": False},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [short(row["label"]) for row in shown],
            "axisLabel": {"width": LONGEST_LABEL, "overflow": "truncate", "color": INK},
        },
        "series": series,
    }
    if predicted:
        options["legend"] = {}
    return options, table


def short(label: str | None) -> str:
    """A name that fits beside a chart; a long one in front of it would leave no room for the chart."""
    text = label or ""
    return text if len(text) <= 60 else f"{text[:59]}…"
