"""The labels somebody gives beside those the team gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from annolog.infra.web.parts.cards import card, empty
from annolog.infra.web.parts.charts import COLOURS, Chart
from annolog.infra.web.parts.words import block
from annolog.infra.web.viewer import ProjectPlace

SECONDS = 15.0
MOST = 20
COLUMNS = ("control", "label", "theirs", "theirs_share", "team", "team_share")
Row = Mapping[str, Any]


class Labels:
    """A chart of how often somebody gives each label, and how often everybody does."""

    def __init__(self, place: ProjectPlace, person: int, *, team: bool) -> None:
        self._place, self._person, self._team = place, person, team
        self._control = 0
        self._controls: list[str] = []
        with card("Labels given", "Share of annotations that carry a label." if team else "") as actions:
            self._nothing = empty("No labels yet", "Controls with free text or numbers have none.", "label_off")
            self._tools = block("div", "an-actions")
            self._chart = Chart("Labels given", actions, height="300px")

    async def refresh(self) -> None:
        """Look once more."""
        asked = {"by": "label", "measures": "labelled"}
        theirs = (await self._place.shared("/dashboard", SECONDS, person=self._person, **asked)).value["rows"]
        team = (await self._place.shared("/dashboard", SECONDS, **asked)).value["rows"] if self._team else []
        controls = sorted({row["control"] for row in (*theirs, *team)})
        if controls != self._controls:
            self._controls = controls
            self._tools.clear()
            if len(controls) > 1:
                with self._tools:
                    choice = ui.select(dict(enumerate(controls)), value=0, label="Control").props("outlined dense")
                    choice.classes("an-control-select").on_value_change(self._choose)
        self._nothing.visible, self._chart.frame.visible = not controls, bool(controls)
        if controls:
            self._draw(_of(theirs, controls[self._control]), _of(team, controls[self._control]))

    async def _choose(self, event: Any) -> None:
        self._control = int(event.value)
        await self.refresh()

    def _draw(self, theirs: Mapping[str, int], team: Mapping[str, int]) -> None:
        most = sorted({*theirs, *team}, key=lambda label: (-theirs.get(label, 0), -team.get(label, 0), label))[:MOST]
        rows: list[dict[str, Any]] = [
            {
                "control": self._controls[self._control],
                "label": label,
                "theirs": theirs.get(label, 0),
                "theirs_share": _share(theirs, label),
                "team": team.get(label, 0),
                "team_share": _share(team, label),
            }
            for label in reversed(most)
        ]
        series = [("Theirs", "theirs_share", COLOURS[0])] + ([("Team", "team_share", COLOURS[7])] if team else [])
        options = {
            "legend": {},
            "tooltip": {"trigger": "axis"},
            "xAxis": {"type": "value", "axisLabel": {"formatter": "{value} %"}},
            "yAxis": {
                "type": "category",
                "data": [row["label"] for row in rows],
                "axisLabel": {"width": 140, "overflow": "truncate"},
            },
            "series": [
                {
                    "name": name,
                    "type": "bar",
                    "color": colour,
                    "barMaxWidth": 16,
                    "data": [round(100 * row[key], 1) for row in rows],
                }
                for name, key, colour in series
            ],
        }
        self._chart.show(options, COLUMNS, rows)


def _of(rows: Sequence[Row], control: str) -> dict[str, int]:
    return {row["label"]: row["labelled"] for row in rows if row["control"] == control}


def _share(counts: Mapping[str, int], label: str) -> float:
    total = sum(counts.values())
    return counts.get(label, 0) / total if total else 0.0
