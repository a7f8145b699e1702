"""One person over time: what they did each day and how fast, and how well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from nicegui import ui

from annolog.infra.web.pages.team.crowd import SOURCES, if_shown
from annolog.infra.web.parts.cards import card, empty
from annolog.infra.web.parts.charts import COLOURS, Chart
from annolog.infra.web.parts.words import block
from annolog.infra.web.viewer import ProjectPlace

Row = Mapping[str, Any]
SECONDS = 10.0
MEASURES = "annotations,mean_lead_time,submissions,revisions,skips,reviews_given"
DAYS = ("day", "submissions", "revisions", "skips", "reviews_given", "mean_lead_time")
SKILL = ("day", "that_day", "answers", "so_far", "low", "high", "recent")
MEASURE_OF = {"ground_truth": "accuracy", "consensus": "agreement"}
MARKED = {"color": "rgba(179, 38, 30, 0.14)"}


class Work:
    """A chart of somebody's work by day of the viewer's zone, and of how long an annotation took them."""

    def __init__(self, place: ProjectPlace, person: int) -> None:
        self._place, self._person = place, person
        with card("Work and speed", f"By day, {place.viewer.zone}.") as actions:
            self._nothing = empty("No work yet", "Days appear with the first annotation.", "event_busy")
            self._chart = Chart("Work and speed by day", actions, height="300px")

    async def refresh(self, alarms: Sequence[Row]) -> None:
        """Look once more; `alarms` are those of changes in speed."""
        found = await self._place.shared(
            "/dashboard", SECONDS, person=self._person, by="day", zone=self._place.viewer.zone, measures=MEASURES
        )
        rows = found.value["rows"]
        self._nothing.visible = not rows
        self._chart.frame.visible = bool(rows)
        bars = [
            {"name": name, "type": "bar", "stack": "work", "data": [row[key] for row in rows], "barMaxWidth": 28}
            for name, key in (("Submitted", "submissions"), ("Updated", "revisions"), ("Skipped", "skips"))
        ]
        line = {
            "name": "Average seconds an annotation",
            "type": "line",
            "yAxisIndex": 1,
            "data": [row["mean_lead_time"] for row in rows],
            "markArea": _areas([alarm for alarm in alarms if alarm["measure"] == "speed"], rows),
        }
        shown = any(row["mean_lead_time"] is not None for row in rows)
        options = {
            "legend": {},
            "tooltip": {"trigger": "axis"},
            "xAxis": {"type": "category", "data": [_said(row["day"]) for row in rows]},
            "yAxis": [
                {"type": "value", "minInterval": 1, "name": ""},
                {"type": "value", "show": shown, "splitLine": {"show": False}, "axisLabel": {"formatter": "{value} s"}},
            ],
            "series": [*bars, *([line] if shown else [])],
        }
        self._chart.show(options, DAYS, rows)


class Skill:
    """A chart of how well somebody answers, held against what the viewer chooses."""

    def __init__(self, place: ProjectPlace, person: int, sources: Sequence[str]) -> None:
        self._place, self._person = place, person
        self._source = sources[0] if sources else ""
        self._alarms: Sequence[Row] = ()
        with card("How well", "Share of right answers by day in UTC.") as actions:
            if not sources:
                empty("Nothing to hold answers against", "It takes others' answers, a truth or a review.", "balance")
                return
            with block("div", "an-actions"):
                words = {source: SOURCES[source] for source in sources}
                choice = ui.select(words, value=self._source, label="Held against").props("outlined dense")
                choice.classes("an-source-select").on_value_change(self._choose)
            self._chart = Chart("How well by day", actions)

    async def _choose(self, event: Any) -> None:
        self._source = event.value
        await self.refresh(self._alarms)

    async def refresh(self, alarms: Sequence[Row]) -> None:
        """Look once more; where a change was noticed the days of it are marked."""
        self._alarms = alarms
        if not self._source:
            return
        asked = self._place.shared("/skills/history", SECONDS, person=self._person, source=self._source)
        answer = await if_shown(asked)
        days = answer.value["days"] if answer else []
        rows = [_flat(day) for day in days]
        marked = [alarm for alarm in alarms if alarm["measure"] == MEASURE_OF.get(self._source)]
        options = {
            "legend": {"data": ["So far", "Last 30 days", "That day"]},
            "tooltip": {"trigger": "axis"},
            "xAxis": {"type": "category", "data": [_said(row["day"]) for row in rows]},
            "yAxis": {"type": "value", "min": 0, "max": 100, "axisLabel": {"formatter": "{value} %"}},
            "series": _lines(rows, _areas(marked, rows)),
        }
        self._chart.show(options, SKILL, rows)


def _said(day: str) -> str:
    """A day as the dashboard says it."""
    return date.fromisoformat(day).strftime("%-d %b")


def _flat(day: Row) -> dict[str, Any]:
    that, so_far, recent = day["that_day"], day["so_far"], day["recent"]
    return {
        "day": day["day"],
        "that_day": that and that["value"],
        "answers": that and that["answers"],
        "so_far": so_far and so_far["value"],
        "low": so_far and so_far["interval"][0],
        "high": so_far and so_far["interval"][1],
        "recent": recent and recent["value"],
    }


def _lines(rows: Sequence[Row], areas: dict[str, Any]) -> list[dict[str, Any]]:
    def percent(name: str) -> list[float | None]:
        return [None if row[name] is None else round(row[name] * 100, 1) for row in rows]

    low, high = percent("low"), percent("high")
    width = [None if one is None or two is None else two - one for one, two in zip(low, high, strict=True)]
    unseen = {"type": "line", "stack": "interval", "symbol": "none", "silent": True, "lineStyle": {"opacity": 0}}
    quiet = {"tooltip": {"show": False}}
    return [
        {"name": "Interval from", "data": low, **unseen, **quiet},
        {"name": "Interval", "data": width, "areaStyle": {"color": COLOURS[0], "opacity": 0.15}, **unseen, **quiet},
        {"name": "So far", "type": "line", "data": percent("so_far"), "color": COLOURS[0], "markArea": areas},
        {
            "name": "Last 30 days",
            "type": "line",
            "data": percent("recent"),
            "color": COLOURS[2],
            "lineStyle": {"type": "dashed"},
        },
        {"name": "That day", "type": "scatter", "data": percent("that_day"), "color": COLOURS[1], "symbolSize": 6},
    ]


def _areas(alarms: Sequence[Row], rows: Sequence[Row]) -> dict[str, Any]:
    """The stretches of days of alarms, as far as the chart has them."""
    days = [row["day"] for row in rows]
    data = []
    for alarm in alarms:
        within = [place for place, day in enumerate(days) if alarm["since"] <= day <= alarm["until"]]
        if within:
            data.append([{"name": "Changed", "xAxis": within[0]}, {"xAxis": within[-1]}])
    return {"itemStyle": MARKED, "data": data, "label": {"show": True}}
