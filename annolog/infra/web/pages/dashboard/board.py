"""What is asked for a dashboard, in which order it is shown, and how it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from time import monotonic
from typing import Any

from nicegui import ui

from annolog.infra.web.door import Refusal
from annolog.infra.web.live import Live
from annolog.infra.web.pages.dashboard import leads
from annolog.infra.web.pages.dashboard.agreement import MOST_UNASKED, AgreementCards
from annolog.infra.web.pages.dashboard.beginning import beginning
from annolog.infra.web.pages.dashboard.figures import (
    OF_AGREEMENT,
    OF_ONESELF,
    OF_PROJECT,
    OF_REVIEWER,
    OF_WORK,
    Facts,
    Figures,
)
from annolog.infra.web.pages.dashboard.head import choices, file_of_all
from annolog.infra.web.pages.dashboard.panels import (
    ANNOTATIONS,
    REVIEWS,
    TASKS,
    TIME,
    BurndownPanel,
    Known,
    LabelsPanel,
    StagesPanel,
    StatePanel,
    TimePanel,
)
from annolog.infra.web.pages.dashboard.stretch import Stretch
from annolog.infra.web.parts.cards import empty, grid, heading
from annolog.infra.web.parts.words import Words, block, state_badge
from annolog.infra.web.viewer import ProjectPlace

# As old as an answer may be that is shown to the next who looks.
FRESH = 4.0
# Numbers of a whole project are not read more often; what the viewer may see is asked every other time.
SECONDS, RIGHTS = 5.0, 9.0
# So long after something was recorded all answers know of it; so long nothing need be asked where nothing is.
SETTLED, STILL = 8.0, 30.0
# What goes over all tasks or all answers.
SLOW = 20.0
MOST_COUNTED = 10_000_000
SERIES = (
    "tasks_done,submissions,revisions,skips,reviews_accepted,reviews_fixed,reviews_rejected,annotating_time,review_time"
)


class Dashboard:
    """One viewer's dashboard of a project."""

    def __init__(self, place: ProjectPlace, stretch: Stretch) -> None:
        self._place, self._stretch = place, stretch
        self._sees_tasks = place.may("see_quality")
        # Without agreement the API tells of measures but one's own.
        self._whole = self._sees_tasks and bool(place.rights["agreement"])
        self._rights = dict(place.rights)
        self._predicted: dict[str, dict[str, int]] = {}
        self._tasks: dict[str, int] = {}
        self._panels: list[Any] = []
        self._known = Known(Facts({}))
        self._seen_position, self._seen_at, self._shown_at = 0, monotonic(), 0.0

    async def build(self) -> None:
        """The frame and the figures at once; charts come as they are answered."""
        measures, progress, agreement = await asyncio.gather(
            self._place.viewer.door.get("/v1/measures"), self._progress(), self._agreement()
        )
        self._head(progress)
        if self._whole and not progress.get("tasks"):
            await beginning(self._place, progress)
            Live(self._begun)
            return
        try:
            total = await self._total()
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            empty("This time cannot be shown", refusal.detail, "event_busy")
            return
        said = {one["key"]: one for one in (*measures["measures"], *measures["snapshots"])}
        self._figures = Figures(self._kpis(), said, self._place.id, self._whole)
        self._figures.show(Facts(total, (), progress, agreement))
        self._cards(progress, agreement)

    def _head(self, progress: Mapping[str, Any]) -> None:
        note = "" if self._whole else "Your work: what you did in this project, which only you and those above you see."
        with heading(self._place.title, note) as actions:
            state = progress.get("state")
            if state:
                state_badge(str(state))
            if not self._place.rights["published"]:
                Words("span", "Not published: nobody is given work", "an-note")
            self._live_place = block("span")
            found = ui.link("CSV of all", file_of_all(self._place.id, self._stretch))
            found.classes("an-dashboard-segment an-dashboard-file").props["download"] = ""
            found.props["aria-label"] = "Download the whole dashboard as CSV"
        actions.classes("an-dashboard-actions")
        choices(self._place.id, self._stretch)

    def _kpis(self) -> list[Any]:
        if self._whole:
            return [*OF_PROJECT, *OF_WORK, *OF_AGREEMENT]
        tasks = [*OF_PROJECT] if self._sees_tasks else []
        return [*tasks, *OF_ONESELF, *(OF_REVIEWER if self._place.may("review") else ())]

    def _cards(self, progress: Mapping[str, Any], agreement: Mapping[str, Any]) -> None:
        place, stretch = self._place, self._stretch
        self._burndown: BurndownPanel | None = None
        if self._sees_tasks:
            with grid():
                self._panels.append(StatePanel(place))
                self._burndown = BurndownPanel(place, stretch)
                self._panels.append(self._burndown)
        shown = (TASKS, ANNOTATIONS, REVIEWS, TIME) if self._whole else (ANNOTATIONS, REVIEWS, TIME)
        with grid():
            self._panels += [TimePanel(place, stretch, what, self._whole) for what in shown]
        with grid() as charts:
            self._labels_panel = LabelsPanel(place, self._whole, charts)
            self._panels.append(self._labels_panel)
            if self._whole:
                self._stages = StagesPanel()
        with self._live_place:
            Live(self._refresh, SECONDS, at_once=True)
        if not self._whole:
            return
        annotations = int(progress.get("annotations") or 0)
        controls = [
            name
            for name, found in agreement.get("dimensions", {}).items()
            if "krippendorff_alpha_nominal" in found["coefficients"]
        ]
        AgreementCards(place, controls[0] if controls else "", controls, annotations, self._whole)
        with block("span") as self._slow_place:
            Live(self._show_slow, SLOW, at_once=True)
        self._controls = list(agreement.get("dimensions", {})) if annotations <= MOST_UNASKED else []

    async def _refresh(self) -> None:
        await self._place.refresh_rights(RIGHTS)
        if self._place.rights != self._rights:
            ui.navigate.reload()
            return
        if self._is_shown():
            return
        total, progress, agreement, series, labels, burndown = await asyncio.gather(
            self._total(), self._progress(), self._agreement(), self._series(), self._labels(), self._burnt()
        )
        facts = Facts(total, labels, progress, agreement)
        self._figures.show(facts)
        self._known = Known(facts, series, burndown, self._predicted, self._tasks)
        for panel in self._panels:
            panel.show(self._known)

    def _is_shown(self) -> bool:
        """Whether all there is has been shown: nothing was recorded since, and no answer of before is passed on."""
        now, position = monotonic(), self._place.position
        if not position or position != self._seen_position:
            self._seen_position, self._seen_at = position, now
        shown = self._shown_at - self._seen_at >= SETTLED and now - self._shown_at <= STILL
        if not shown:
            self._shown_at = now
        return shown

    async def _begun(self) -> None:
        await self._place.refresh_rights()
        if (await self._progress()).get("tasks"):
            ui.navigate.reload()

    async def _show_slow(self) -> None:
        self._stages.show((await self._place.shared("/stages", SLOW)).value)
        if not self._controls:
            return
        if not self._labels_panel.shown:
            await self._refresh()
        known = (dict(self._predicted), dict(self._tasks))
        for control in self._controls:
            found = (await self._place.shared("/labels", SLOW, dimension=control)).value
            self._predicted[control] = {row["label"]: row["predictions"] for row in found["labels"]}
        for label in self._labels_panel.shown:
            filters = {"items": leads.with_labels(label)}
            answer = await self._place.shared("/tasks/count", SLOW, body={"filters": filters, "up_to": MOST_COUNTED})
            self._tasks[label] = answer.value["count"]
        if known != (self._predicted, self._tasks):
            self._labels_panel.show(self._known)
            self._slow_place.props["data-labels-counted"] = ""

    async def _total(self) -> Mapping[str, Any]:
        total: Mapping[str, Any] = (await self._asked()).value["total"]
        return total

    async def _series(self) -> list[Mapping[str, Any]]:
        rows: list[Mapping[str, Any]] = (await self._asked(by=self._stretch.by, measures=SERIES)).value["rows"]
        return rows

    async def _labels(self) -> list[Mapping[str, Any]]:
        rows: list[Mapping[str, Any]] = (await self._asked(by="label")).value["rows"]
        return rows

    async def _asked(self, **more: Any) -> Any:
        return await self._place.shared("/dashboard", FRESH, **self._stretch.asked, **more)

    async def _progress(self) -> Mapping[str, Any]:
        if not self._sees_tasks:
            return {}
        found: Mapping[str, Any] = (await self._place.shared("/progress", FRESH, days="false")).value
        return found

    async def _agreement(self) -> Mapping[str, Any]:
        if not self._whole:
            return {}
        found: Mapping[str, Any] = (await self._place.shared("/agreement", FRESH)).value
        return found

    async def _burnt(self) -> Mapping[str, Any]:
        if self._burndown is None:
            return {}
        found: Mapping[str, Any] = (
            await self._place.shared("/burndown", FRESH, **self._stretch.bounds, by=self._burndown.by)
        ).value
        return found
