"""The what-if: what to try, the replays one policy at a time, the chart, the table, and taking over."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from nicegui import ui

from annolog.infra.web.door import Refusal
from annolog.infra.web.pages.policies.chart import COLUMNS, options, rows_of
from annolog.infra.web.pages.policies.points import NAMES, PARAMETERS, Point, current, points_of, summary
from annolog.infra.web.pages.policies.taking_over import last_taken_over, take_over, undo_taking_over
from annolog.infra.web.parts.cards import card, empty, heading
from annolog.infra.web.parts.charts import Chart
from annolog.infra.web.parts.plain_tables import plain_table
from annolog.infra.web.parts.sending import button, refuse
from annolog.infra.web.parts.words import Words, badge, block, counted, number, share
from annolog.infra.web.viewer import ProjectPlace

TRUTH = "Accuracy is the share of tasks with a known truth for which the policy's answer is the true one."
CONSENSUS = (
    "No truth is known for these tasks, so accuracy means agreement with the consensus of all recorded answers: how "
    "well a policy would have come to the same answers with fewer labels. It does not say how often those are right."
)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Where what was found is shown."""

    short: ui.element
    chart: Chart
    tried: ui.element


class WhatIf:
    """One page's what-if. Simulations are asked for policy by policy, so that the first is shown early."""

    def __init__(self, place: ProjectPlace) -> None:
        self._place = place
        self._outcomes: list[dict[str, Any]] = []
        self._about: dict[str, Any] = {}
        self._now = current(place.shown["settings"])
        self._running: asyncio.Task[Any] | None = None
        note = (
            "What other policies would have made of the answers that are there. Nothing is changed, nothing is made up."
        )
        with heading("What-if", note) as actions:
            self._undo = actions
        self._choosing()
        self._status = block("div", "an-run", role="status")
        self._drawn: _Drawn | None = None
        self._body = block("div", "an-what-if")
        with self._body:
            empty("Nothing was simulated yet", "Choose what to try, and simulate. It takes some seconds.", "alt_route")
        ui.timer(0, self._offer_undo, once=True)

    def _choosing(self) -> None:
        with card("What to try"), block("div", "an-what-if-form"):
            with block("fieldset", "an-checks"):
                Words("legend", "Policies")
                self._chosen = {
                    name: ui.checkbox(f"{words} ({PARAMETERS[name]})", value=True) for name, words in NAMES.items()
                }
            self._parameters = ui.input("Parameters", placeholder="over the whole range")
            self._seeds = ui.number("Replays", value=3, min=1, max=100, precision=0)
            self._budget = ui.number("Budget: labels a task", placeholder="no limit", min=0, max=1000, step=0.5)
            self._budget.props("clearable")
            self._dimension = ui.input("Control", placeholder="where there are several")
            for field in (self._parameters, self._seeds, self._budget, self._dimension):
                field.props("outlined dense stack-label").classes("an-tried")
            self._routed = ui.checkbox("Ask the best of three people who are there", value=True)
            with block("div", "an-actions"):
                self._start = button("Simulate", self._run, kind="primary", hotkey="r")
                self._stop = button("Cancel", self._cancel)
                self._stop.set_visibility(False)

    def _asked(self) -> list[dict[str, Any]]:
        """A request for each policy; the one in force is always among its parameters."""
        given = _numbers(self._parameters.value or "")
        found = []
        for name, box in self._chosen.items():
            if not box.value:
                continue
            parameters = given
            if given and self._now is not None and self._now[0] == name:
                parameters = sorted({*given, self._now[1]})
            found.append({"policy": name, "parameters": parameters})
        if not given and self._now is not None:
            # Beside its range, where the policy in force may lie between two steps.
            found.append({"policy": self._now[0], "parameters": [self._now[1]]})
        return found

    async def _run(self) -> None:
        self._outcomes.clear()
        asked = self._asked()
        self._stop.set_visibility(True)
        self._running = asyncio.current_task()
        try:
            for index, tried in enumerate(asked):
                self._say(
                    f"Simulating {NAMES[tried['policy']].lower()}, {index + 1} of {len(asked)}…", index / len(asked)
                )
                # Who cancels does not wait for what is being worked out; that comes to its end unseen.
                asking = asyncio.ensure_future(self._simulate(tried))
                asking.add_done_callback(lambda done: done.cancelled() or done.exception())
                found = await asyncio.shield(asking)
                known = {(one["policy"], one["parameter"], one["seed"]) for one in self._outcomes}
                self._outcomes += [
                    one for one in found["outcomes"] if (one["policy"], one["parameter"], one["seed"]) not in known
                ]
                self._about = found
                self._show()
            self._say("", None)
        except asyncio.CancelledError:
            self._say("Cancelled. What was worked out is shown.", None)
        except Refusal as refusal:
            self._say("", None)
            refuse(refusal)
        finally:
            self._running = None
            self._stop.set_visibility(False)
            if self._outcomes:
                self._show()

    async def _simulate(self, tried: dict[str, Any]) -> dict[str, Any]:
        body = {
            "policies": [tried],
            "seeds": int(self._seeds.value or 3),
            "routed": bool(self._routed.value),
            "budget": self._budget.value if tried["policy"] == "confidence" else None,
            "dimension": self._dimension.value or None,
        }
        found: dict[str, Any] = await self._place.viewer.door.post(f"/v1/projects/{self._place.id}/simulations", body)
        return found

    def _cancel(self) -> None:
        if self._running is not None:
            self._running.cancel()

    def _say(self, words: str, done: float | None) -> None:
        self._status.clear()
        with self._status:
            if words:
                Words("span", words)
            if done is not None:
                ui.linear_progress(value=done, show_value=False).props('instant-feedback aria-label="Simulation"')

    def _show(self) -> None:
        points = points_of(self._outcomes)
        now = next((point for point in points if (point.policy, point.parameter) == self._now), None)
        against = str(self._outcomes[0]["against"]) if self._outcomes else "consensus"
        if self._drawn is None:
            self._drawn = self._draw()
        self._drawn.short.clear()
        with self._drawn.short, card("In short", self._grounds()):
            with block("ul", "an-summary"):
                for words in summary(now, points):
                    Words("li", words)
            Words("p", TRUTH if against == "truth" else CONSENSUS, "an-note")
        self._drawn.chart.show(options(points, now, against), COLUMNS, rows_of(points))
        self._drawn.tried.clear()
        with self._drawn.tried, card("Every policy that was tried"):
            self._table(points, now)

    def _draw(self) -> _Drawn:
        """The places of what is found. The chart stays, and moves with every policy that is added."""
        self._body.clear()
        with self._body:
            short = block("div")
            with card("Labels against accuracy", "Dotted: 95 % intervals") as actions:
                chart = Chart("Labels against accuracy", actions, height="380px")
            tried = block("div")
        return _Drawn(short, chart, tried)

    def _grounds(self) -> str:
        about = self._about
        tasks, answers = counted(about["tasks"], "task"), counted(about["answers"], "answer")
        return f"{answers} to {tasks}; {number(about['compared_tasks'])} of them compared."

    def _table(self, points: list[Point], now: Point | None) -> None:
        titles = ("Policy", "Labels a task", "Accuracy", "95 % interval", "People", "Hours", "Wanting tasks")
        around = block("div", "an-scroll", tabindex="0", role="region", aria_label="Policies")
        with around, plain_table(*titles, classes="an-numbers", acts=True):
            for point in sorted(points, key=lambda one: one.labels):
                self._row(point, point is now)

    def _row(self, point: Point, is_now: bool) -> None:
        with block("tr", "an-now" if is_now else ""):
            with block("td"):
                Words("span", point.name)
                if is_now:
                    badge("in force", "info")
            Words("td", f"{point.labels:.2f}")
            Words("td", share(point.accuracy, 1))
            Words("td", f"{share(point.low, 1)} to {share(point.high, 1)}")
            Words("td", number(point.people))
            Words("td", number(point.hours, 1))
            Words("td", number(point.wanting))
            with block("td"):
                # While more is tried the next rows would take the button away from under the hand.
                if self._running is None:
                    button("Use this policy", lambda: self._use(point), kind="quiet", label=f"Use {point.name}")

    async def _use(self, point: Point) -> None:
        budget = self._budget.value if point.policy == "confidence" else None
        if await take_over(self._place, point, budget):
            await self._settled()

    async def _settled(self) -> None:
        """Show what is in force now."""
        self._place.shown = await self._place.viewer.door.get(f"/v1/projects/{self._place.id}")
        self._now = current(self._place.shown["settings"])
        if self._outcomes:
            self._show()
        await self._offer_undo()

    async def _offer_undo(self) -> None:
        change = await last_taken_over(self._place)
        self._undo.clear()
        if change is None:
            return

        async def undo() -> None:
            if await undo_taking_over(self._place, change):
                await self._settled()

        with self._undo:
            button("Undo the last change…", undo)


def _numbers(text: str) -> list[float]:
    found = []
    for part in text.replace(";", ",").replace(" ", ",").split(","):
        try:
            found.append(float(part))
        except ValueError:
            if part:
                raise Refusal(422, {"detail": f"“{part[:40]}” is no number."}) from None
    return found
