"""Cards with a chart each, which are told the latest answers and draw what has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from nicegui import ui

from annolog.infra.web.pages.dashboard import drawing as pictures
from annolog.infra.web.pages.dashboard import leads
from annolog.infra.web.pages.dashboard.figures import Facts
from annolog.infra.web.pages.dashboard.framing import chart_card
from annolog.infra.web.pages.dashboard.stretch import Stretch, pieces
from annolog.infra.web.parts.charts import COLOURS, Chart, Drawing, drawing
from annolog.infra.web.parts.drawn_once import drawn_once
from annolog.infra.web.parts.words import Words, moment, number, share
from annolog.infra.web.viewer import ProjectPlace

BLUE, ORANGE, GREEN, RED, VIOLET, _, _, GREY = COLOURS
MOST_LABELS = 30
NOTHING = "Nothing in this time"


@dataclass(slots=True)
class Known:
    """The latest answers that panels are drawn from."""

    facts: Facts
    rows: Sequence[Mapping[str, Any]] = ()
    burndown: Mapping[str, Any] = field(default_factory=dict)
    predicted: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    tasks_with: Mapping[str, int] = field(default_factory=dict)


class StatePanel:
    """How many tasks are in each state; a bar leads to them."""

    def __init__(self, place: ProjectPlace) -> None:
        with chart_card("Tasks by state", "All there are now") as actions:
            self._chart = Chart(
                "Tasks by state",
                actions,
                height="208px",
                href=lambda row: leads.board(place.id, leads.in_states(row["key"])),
            )
            self._note = Words("p", "", "an-note")

    def show(self, known: Known) -> None:
        """Draw."""
        found = known.facts.progress

        def draw() -> Drawing:
            options, rows = pictures.states(found.get("tasks_by_state", {}))
            return drawing(options, ["state", "tasks", "share"], rows)

        self._chart.draw(drawn_once("states", (found,), draw))
        words = [
            f"{number(found.get('reassigned'))} given to more people than planned",
            f"{number(found.get('exhausted'))} exhausted",
            f"{number(found.get('infeasible'))} infeasible",
        ]
        text = " · ".join(words)
        if self._note.text != text:
            self._note.text = text


class BurndownPanel:
    """What remains, by state, and when nothing will."""

    def __init__(self, place: ProjectPlace, stretch: Stretch) -> None:
        self._by = stretch.by if stretch.by in ("hour", "day") else "week"
        self._zone = stretch.zone
        with chart_card("Remaining tasks", "By state, and when nothing will remain") as actions:
            self._chart = Chart("Remaining tasks", actions, height="220px")
            self._note = Words("p", "", "an-note")

    @property
    def by(self) -> str:
        """The pieces of the burndown; there are no months of it."""
        return self._by

    def show(self, known: Known) -> None:
        """Draw."""
        rows, forecast = known.burndown.get("rows", ()), known.burndown.get("forecast", {})

        def draw() -> Drawing:
            options, table = pictures.burndown(rows, forecast, self._by)
            return drawing(options, list(table[0]) if table else [self._by], table, "" if rows else NOTHING)

        self._chart.draw(drawn_once(("burndown", self._by), (known.burndown,), draw))
        text = self._words(forecast)
        if self._note.text != text:
            self._note.text = text

    def _words(self, forecast: Mapping[str, Any]) -> str:
        if not forecast:
            return ""
        if "reason" in forecast:
            return f"No forecast: {forecast['reason']}."
        days = {name: _day(forecast[name]) for name in ("earliest", "expected")}
        latest = _day(forecast["latest"]) if forecast["latest"] else "more than ten years from now"
        return (
            f"Done by {days['expected']}; in {share(forecast['level'])} of cases from {days['earliest']} to {latest}, "
            f"at {number(forecast['rate'], 1)} tasks a day over the last {forecast['days']} days."
        )


def _day(text: str) -> str:
    return moment(f"{text}T12:00:00+00:00").partition(",")[0]


@dataclass(frozen=True, slots=True)
class OverTime:
    """A chart of measures over time: its title, its measures with words and colours, and whether they are times."""

    title: str
    note: str
    measures: Mapping[str, tuple[str, str]]
    unit: str = ""
    leads_to_tasks: bool = False


TASKS = OverTime("Tasks done", "How many became completed", {"tasks_done": ("Tasks done", GREEN)}, "", True)
ANNOTATIONS = OverTime(
    "Annotations",
    "Submitted, updated, and tasks skipped",
    {"submissions": ("Submitted", BLUE), "revisions": ("Updated", VIOLET), "skips": ("Skipped", GREY)},
)
REVIEWS = OverTime(
    "Reviews",
    "What was said of annotations",
    {
        "reviews_accepted": ("Accepted", GREEN),
        "reviews_fixed": ("Fixed and accepted", BLUE),
        "reviews_rejected": ("Rejected", RED),
    },
)
TIME = OverTime(
    "Time spent",
    "Hours of annotating and of reviewing",
    {"annotating_time": ("Annotating", BLUE), "review_time": ("Reviewing", ORANGE)},
    "hours",
)


class TimePanel:
    """Measures over time, piece by piece."""

    def __init__(self, place: ProjectPlace, stretch: Stretch, what: OverTime, board: bool) -> None:
        self._stretch, self._what = stretch, what
        with chart_card(what.title, what.note) as actions:
            href = partial(_done_in, place.id) if what.leads_to_tasks and board else None
            self._chart = Chart(what.title, actions, height="220px", href=href)

    def show(self, known: Known) -> None:
        """Draw."""
        by, what = self._stretch.by, self._what

        def draw() -> Drawing:
            shown = pieces(self._stretch, list(known.rows))
            options, table = pictures.over_time(shown, by, known.rows, what.measures, what.unit)
            something = any(row[key] for row in table for key in what.measures)
            return drawing(options, [by, *what.measures, "begin", "end"], table, "" if something else NOTHING)

        self._chart.draw(drawn_once((what.title, self._stretch), (known.rows,), draw))


def _done_in(project: int, row: Mapping[str, Any]) -> str:
    begin, end = (datetime.fromisoformat(row[name]) for name in ("begin", "end"))
    return leads.board(project, leads.done_between(begin, end))


class LabelsPanel:
    """How often each label was given, a chart for each control; made when it is known which there are."""

    def __init__(self, place: ProjectPlace, board: bool, charts: ui.element) -> None:
        self._place, self._board, self._place_of_charts = place, board, charts
        self._charts: dict[str, Chart] = {}
        self._shared: set[str] = set()
        self._leading: list[str] = []

    def show(self, known: Known) -> None:
        """Draw; a control that is new gets a card."""
        given = Counter(row["label"] for row in known.facts.labels)
        controls: dict[str, list[dict[str, Any]]] = {}
        for row in known.facts.labels:
            told = {
                "tasks": known.tasks_with.get(row["label"]) if given[row["label"]] == 1 else None,
                "predictions": known.predicted.get(row["control"], {}).get(row["label"]),
            }
            controls.setdefault(row["control"], []).append({**row, **told})
        # The board tells labels, not of which control they are: where two have it, it finds more than the bar counts.
        self._shared = {label for label, count in given.items() if count > 1}
        self._leading = []
        for control, rows in controls.items():
            most = sorted(rows, key=lambda row: -row["labelled"])[:MOST_LABELS]
            self._leading += [row["label"] for row in most]
            chart = self._charts.get(control) or self._made(control, len(rows))
            options, table = pictures.labels(rows, MOST_LABELS)
            chart.show(options, [name for name in table[0] if table[0][name] is not None or name == "label"], table)

    @property
    def shown(self) -> list[str]:
        """The labels that lead to their tasks, the most frequent of each control."""
        return [label for label in self._leading if label not in self._shared]

    def _made(self, control: str, labels: int) -> Chart:
        with self._place_of_charts:
            note = "Annotations with each label" if labels <= MOST_LABELS else f"The {MOST_LABELS} most frequent labels"
            with chart_card(f"Labels of {control}", note) as actions:
                height = 26 * min(labels, MOST_LABELS) + 56
                found = Chart(
                    f"Labels of {control}",
                    actions,
                    height=f"{max(height, 150)}px",
                    href=self._tasks_of if self._board else None,
                )
        self._charts[control] = found
        return found

    def _tasks_of(self, row: Mapping[str, Any]) -> str:
        return "" if row["label"] in self._shared else leads.board(self._place.id, leads.with_labels(row["label"]))


class StagesPanel:
    """How long tasks stay in each state, how much is right at first, and how often work goes back."""

    NAMES: Mapping[str, str] = {
        "created": "Initial",
        "annotation_in_progress": "Annotating",
        "needs_review": "Needs review",
        "review_in_progress": "In review",
        "waiting_for_author": "Back with its author",
    }

    def __init__(self) -> None:
        with chart_card("Time in each state", "Mean of all stays, also those that go on") as actions:
            self._chart = Chart("Time in each state", actions, height="180px")
            self._note = Words("p", "", "an-note")

    def show(self, found: Mapping[str, Any]) -> None:
        """Draw."""
        rows = [
            {
                "state": words,
                "stays": stay["stays"],
                "mean_hours": (stay["mean_microseconds"] or 0) / 3.6e9,
                "longest_hours": (stay["longest_microseconds"] or 0) / 3.6e9,
                "last_still": stay["open"],
            }
            for state, words in self.NAMES.items()
            if (stay := found.get("time", {}).get(state)) is not None
        ]
        options, table = pictures.stays(rows)
        columns = ["state", "stays", "mean_hours", "longest_hours", "last_still"]
        self._chart.show(options, columns, table, "" if any(row["stays"] for row in rows) else "Nothing yet")
        first, again = found.get("first_pass", {}), found.get("rework", {})
        text = "Nothing is reviewed yet."
        if first.get("judged"):
            text = f"Right at first: {share(first['acceptance'])} of {number(first['judged'])} judged annotations"
        if again.get("mean"):
            text += f" · sent back {number(again['mean'], 2)} times on average"
        if self._note.text != text:
            self._note.text = text
