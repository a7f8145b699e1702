"""Labels spent against accuracy, a line for each policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from annolog.infra.web.pages.policies.points import NAMES, Point
from annolog.infra.web.parts.charts import COLOURS

COLUMNS = ("policy", "parameter", "labels_a_task", "accuracy", "low", "high", "people", "hours", "wanting_tasks")


def rows_of(points: Sequence[Point]) -> list[dict[str, Any]]:
    """The points as rows of a file."""
    return [
        dict(
            zip(
                COLUMNS,
                (p.policy, p.parameter, p.labels, p.accuracy, p.low, p.high, p.people, p.hours, p.wanting),
                strict=True,
            )
        )
        for p in points
    ]


def options(points: Sequence[Point], now: Point | None, against: str) -> dict[str, Any]:
    """The chart's options: lines with 95 % bands' ends as thin lines, and the policy in force as a point of its own."""
    series: list[dict[str, Any]] = []
    for place, policy in enumerate(NAMES):
        found = sorted((point for point in points if point.policy == policy), key=lambda point: point.labels)
        if not found:
            continue
        colour = COLOURS[place]
        series.append(
            {
                "name": NAMES[policy],
                "type": "line",
                "symbolSize": 7,
                "itemStyle": {"color": colour},
                "lineStyle": {"color": colour, "width": 2},
                "data": [_datum(point) for point in found],
            }
        )
        series += [_bound(found, bound, colour) for bound in ("low", "high")]
    if now is not None:
        series.append(
            {
                "name": "In force now",
                "type": "scatter",
                "symbol": "diamond",
                "symbolSize": 18,
                "z": 10,
                "itemStyle": {"color": COLOURS[3], "borderColor": "#fff", "borderWidth": 1.5},
                "data": [_datum(now)],
            }
        )
    floor = min((point.low for point in points), default=0.0)
    return {
        "legend": {"data": [one["name"] for one in series if one.get("name")]},
        "grid": {"left": 30, "right": 24, "top": 40, "bottom": 30, "containLabel": True},
        "xAxis": {
            "type": "value",
            "name": "labels a task",
            "nameLocation": "middle",
            "nameGap": 30,
            "min": 0,
        },
        "yAxis": {
            "type": "value",
            "name": f"accuracy against the {against}, %",
            "nameLocation": "middle",
            "nameGap": 42,
            "min": max(0, int(floor * 20) * 5),
            "max": 100,
        },
        "series": series,
    }


def _datum(point: Point) -> dict[str, Any]:
    return {"name": point.name, "value": [round(point.labels, 3), round(100 * point.accuracy, 2)]}


def _bound(points: Sequence[Point], bound: str, colour: str) -> dict[str, Any]:
    return {
        "type": "line",
        "symbol": "none",
        "silent": True,
        "lineStyle": {"color": colour, "width": 1, "type": "dotted", "opacity": 0.7},
        "data": [[round(point.labels, 3), round(100 * getattr(point, bound), 2)] for point in points],
        "tooltip": {"show": False},
    }
