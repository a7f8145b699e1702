"""How much people agree: how scores are spread, beyond chance from day to day, and what is taken for what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from annolog.infra.web.live import Live
from annolog.infra.web.pages.dashboard import drawing_agreement as pictures
from annolog.infra.web.pages.dashboard import leads
from annolog.infra.web.pages.dashboard.framing import chart_card
from annolog.infra.web.parts.cards import grid
from annolog.infra.web.parts.charts import Chart, Drawing, drawing
from annolog.infra.web.parts.drawn_once import drawn_once
from annolog.infra.web.parts.sending import button
from annolog.infra.web.parts.words import Words, block, counted, number, score, share
from annolog.infra.web.viewer import ProjectPlace

# These read the whole project, so they are asked rarely; the slower the answer, the more rarely.
SECONDS = 10.0
RESAMPLES = 200
# What is worked out from every answer is waited for only where that takes seconds; beyond, somebody has to want it.
MOST_UNASKED = 150_000
MOST_LABELS = 16
MOST_PAIRS = 5
MODES = {"all": "with each other", "accepted": "with accepted work", "ground_truth": "with the ground truth"}


class AgreementCards:
    """The cards about agreement, each going on at its own pace."""

    def __init__(self, place: ProjectPlace, control: str, controls: list[str], annotations: int, board: bool) -> None:
        self._place, self._control, self._board = place, control, board
        self._mode = "all"
        self._wanted = annotations <= MOST_UNASKED
        with grid():
            self._spread_card()
            self._alpha_card(controls)
        if control:
            self._confusion_card(annotations)

    def _spread_card(self) -> None:
        with chart_card("Agreement of tasks", "Of those with two answers or more") as actions:
            href = (lambda row: leads.board(self._place.id, leads.in_tenth(row["tenth"]))) if self._board else None
            self._spread = Chart("Agreement of tasks", actions, height="240px", href=href)
            with block("p", "an-note"):
                self._low = ui.link("", "#").classes("an-link")
                self._low.props["data-low"] = ""
                self._mean = Words("span", "")
            Live(self._show_spread, SECONDS, at_once=True)

    async def _show_spread(self) -> None:
        found = (await self._place.shared("/agreement/distribution", SECONDS)).value
        threshold = found["threshold"]
        nothing = "" if found["tasks"] else "No task has two answers yet"

        def draw() -> Drawing:
            options, rows = pictures.histogram(found["buckets"], threshold)
            return drawing(options, ["agreement", "tasks"], rows, nothing)

        self._spread.draw(drawn_once("spread", (found,), draw))
        text = f"{counted(found['low'], 'task')} under {threshold:g}"
        if self._low.text != text:
            self._low.text = text
            self._low.props["href"] = leads.board(self._place.id, leads.under(threshold)) if self._board else "#"
            self._low.update()
        mean = f" · mean {score(found['mean'])} of {counted(found['tasks'], 'task')}"
        if self._mean.text != mean:
            self._mean.text = mean

    def _alpha_card(self, controls: list[str]) -> None:
        with chart_card("Agreement beyond chance", "Krippendorff's alpha and its 95 % interval") as actions:
            if len(controls) > 1:
                chosen = ui.select(controls, value=self._control, label="Control", on_change=self._choose)
                chosen.props("dense outlined options-dense").classes("an-dashboard-choice")
            self._alpha = Chart("Agreement beyond chance", actions, height="240px")
            self._alpha_words = Words("p", "", "an-note")
            if not self._control:
                options, rows = pictures.alpha(())
                self._alpha.show(options, ["day"], rows, "Nothing here that chance could repeat")
                return
            self._alpha_live = Live(self._show_alpha, SECONDS, at_once=True)

    async def _choose(self, event: Any) -> None:
        self._control = str(event.value)
        await self._show_alpha()
        await self._show_confusion()

    async def _show_alpha(self) -> None:
        answer = await self._place.shared(
            "/agreement/coefficients/daily", SECONDS, dimension=self._control, resamples=RESAMPLES
        )
        days, reason = answer.value["days"], _sentence(answer.value["reason"])

        def draw() -> Drawing:
            options, rows = pictures.alpha(days)
            return drawing(options, ["day", "alpha", "low", "high", "that_day"], rows, reason)

        self._alpha.draw(drawn_once("alpha", (answer.value,), draw))
        text = _alpha_words(days[-1]["so_far"]) if days else ""
        if self._alpha_words.text != text:
            self._alpha_words.text = text

    def _confusion_card(self, annotations: int) -> None:
        with chart_card(
            "What is taken for what", "Rows said one, columns the other; the darker the more often"
        ) as actions:
            chosen = ui.select(MODES, value=self._mode, label="Compared", on_change=self._compare)
            chosen.props("dense outlined options-dense").classes("an-dashboard-choice")
            with block("div", "an-dashboard-confusion"):
                with block("div", "an-dashboard-matrix") as self._matrix:
                    href = self._tasks_of if self._board else None
                    self._confusion = Chart("What is taken for what", actions, height="300px", href=href)
                with block("div", "an-dashboard-pairs"):
                    Words("h3", "Confused most")
                    self._pairs = block("ol", "an-dashboard-list")
                    self._pairs_shown: Any = None
                    self._quality = Words("p", "", "an-note")
            with block("div", "an-actions") as self._ask:
                if not self._wanted:
                    Words(
                        "p", f"Worked out from all {number(annotations)} annotations, which takes a while.", "an-note"
                    )
                    button("Work it out", self._want)
            Live(self._show_confusion, SECONDS, at_once=True)
        self._matrix.set_visibility(self._wanted)

    async def _want(self) -> None:
        self._wanted = True
        self._ask.clear()
        self._matrix.set_visibility(True)
        await self._show_confusion()

    async def _compare(self, event: Any) -> None:
        self._mode = str(event.value)
        await self._show_confusion()

    async def _show_confusion(self) -> None:
        if not self._wanted:
            return
        answer = await self._place.shared("/confusion", SECONDS, dimension=self._control, mode=self._mode)
        found = answer.value

        def draw() -> Drawing:
            options, rows = pictures.confusion(found["labels"], found["cells"], MOST_LABELS)
            return drawing(options, ["row", "column", "count", "share_of_row"], rows, _sentence(found["reason"]))

        self._confusion.draw(drawn_once("confusion", (found,), draw))
        self._show_pairs(found)

    def _show_pairs(self, found: Mapping[str, Any]) -> None:
        pairs = found["confusions"][:MOST_PAIRS]
        if pairs != self._pairs_shown:
            self._pairs_shown = pairs
            self._pairs.clear()
            with self._pairs:
                for pair in pairs:
                    self._pair(pair)
                if not pairs:
                    Words("li", "Nothing is confused.", "an-note")
        known = [row for row in found["quality"].values() if row["f1"] is not None]
        mean = sum(row["f1"] for row in known) / len(known) if known else None
        text = f"{number(found['comparisons'])} comparisons · mean F1 {score(mean)}"
        if self._quality.text != text:
            self._quality.text = text

    def _pair(self, pair: Mapping[str, Any]) -> None:
        words = f"{pair['row'] or 'nothing'} ↔ {pair['column'] or 'nothing'}"
        with block("li"):
            target = self._tasks_of(pair) if self._board else ""
            if target:
                ui.link(words, target).classes("an-link")
            else:
                Words("span", words)
            Words("span", f"{share(pair['share'], 1)} of all confusion", "an-note")

    def _tasks_of(self, cell: Mapping[str, Any]) -> str:
        named = [label for label in dict.fromkeys((cell["row"], cell["column"])) if label]
        return leads.board(self._place.id, leads.with_labels(*named)) if named else ""


def _sentence(reason: str | None) -> str:
    return reason[:1].upper() + reason[1:] if reason else ""


def _alpha_words(found: Mapping[str, Any]) -> str:
    if found["value"] is None:
        return f"No value: {found['reason']}."
    low, high = found["interval"] or (None, None)
    return f"Now {score(found['value'])}, from {score(low)} to {score(high)} · {counted(found['tasks'], 'task')}"
