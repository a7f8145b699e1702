"""The numbers at the top of a dashboard. What each means and how it is made is what the API says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annolog.infra.web.pages.dashboard import leads
from annolog.infra.web.parts.cards import Figure, grid
from annolog.infra.web.parts.words import counted, duration, number, share

WRITERS: Mapping[str, Callable[[Any], str]] = {"seconds": duration, "share": share}


@dataclass(slots=True)
class Facts:
    """What was answered: the measures of the stretch in total and by label, and how the project is now."""

    total: Mapping[str, Any]
    labels: Sequence[Mapping[str, Any]] = ()
    progress: Mapping[str, Any] = field(default_factory=dict)
    agreement: Mapping[str, Any] = field(default_factory=dict)
    threshold: float | None = None

    def state(self, *names: str) -> int | None:
        """How many tasks are in these states; None for who is not told."""
        by_state = self.progress.get("tasks_by_state")
        return None if by_state is None else sum(by_state[name] for name in names)

    @property
    def tasks(self) -> int:
        """How many tasks there are."""
        return int(self.progress.get("tasks") or 0)


@dataclass(frozen=True, slots=True)
class Kpi:
    """One number: its key in the API's list of measures, what it is called, where its value and its note come from."""

    key: str
    words: str
    value: Callable[[Facts], Any]
    note: Callable[[Facts], str] = lambda facts: ""
    leads: Sequence[dict[str, Any]] = ()
    digits: int = 0


def _measure(key: str) -> Callable[[Facts], Any]:
    return lambda facts: facts.total.get(key)


def _of_tasks(count: int | None, facts: Facts) -> str:
    return "" if count is None or not facts.tasks else f"{share(count / facts.tasks, 1)} of {number(facts.tasks)}"


def _known(seconds: float | None, words: str) -> str:
    return f"{duration(seconds)} {words}" if seconds else ""


def _spent(facts: Facts) -> float:
    """Annotating and reviewing."""
    return float((facts.total.get("annotating_time") or 0) + (facts.total.get("review_time") or 0))


def _per_label(facts: Facts) -> str:
    times = sorted(row["time_per_use"] for row in facts.labels if row.get("time_per_use"))
    return "" if not times else f"{duration(times[0])} to {duration(times[-1])}, by label"


def _middle_label(facts: Facts) -> float | None:
    """Of the label that is given most: labels of different controls have no time together."""
    timed = [row for row in facts.labels if row.get("time_per_use")]
    return max(timed, key=lambda row: row["label_uses"])["time_per_use"] if timed else None


def _verdicts(facts: Facts) -> str:
    accepted = (facts.total.get("reviews_accepted") or 0) + (facts.total.get("reviews_fixed") or 0)
    return f"{number(accepted)} ok, {number(facts.total.get('reviews_rejected') or 0)} rejected"


ANNOTATED = ("needs_review", "review_in_progress", "completed")
OPEN = ("created", "annotation_in_progress", "needs_review", "review_in_progress")
PENDING = ("needs_review", "review_in_progress")

OF_PROJECT = (
    Kpi(
        "annotated_tasks",
        "Annotated tasks",
        lambda facts: facts.state(*ANNOTATED),
        lambda facts: _of_tasks(facts.state(*ANNOTATED), facts),
        leads.in_states(*ANNOTATED),
    ),
    Kpi(
        "remaining_tasks",
        "Remaining tasks",
        lambda facts: facts.state(*OPEN),
        lambda facts: f"{number(facts.state('created'))} not begun",
        leads.in_states(*OPEN),
    ),
    Kpi(
        "tasks_pending_review",
        "Pending review",
        lambda facts: facts.state(*PENDING),
        lambda facts: f"{number(facts.state('review_in_progress'))} begun",
        leads.in_states(*PENDING),
    ),
)
OF_WORK = (
    Kpi(
        "tasks_done",
        "Tasks done",
        _measure("tasks_done"),
        lambda facts: f"{share((facts.state('completed') or 0) / facts.tasks, 1)} done by now" if facts.tasks else "",
    ),
    Kpi(
        "submissions",
        "Submitted",
        _measure("submissions"),
        lambda facts: (
            f"{number(facts.total.get('skips') or 0)} skipped, {number(facts.total.get('revisions') or 0)} updated"
        ),
    ),
    Kpi("reviews_received", "Reviews", _measure("reviews_received"), _verdicts),
    Kpi(
        "acceptance_score",
        "Acceptance",
        _measure("acceptance_score"),
        lambda facts: f"{number(facts.total.get('reviewed') or 0)} reviewed by now",
    ),
    Kpi(
        "regions_created",
        "Regions",
        _measure("regions_created"),
        lambda facts: f"{number(facts.total.get('regions_per_annotation') or 0, 1)} an annotation",
    ),
    Kpi(
        "mean_lead_time",
        "Lead time",
        _measure("mean_lead_time"),
        lambda facts: _known(facts.total.get("mean_active_time"), "of it active"),
    ),
    Kpi(
        "time_per_task",
        "Time per task",
        lambda facts: facts.total.get("time_per_task") or None,
        lambda facts: _known(_spent(facts), "in all"),
    ),
    Kpi("time_per_use", "Time per label", _middle_label, _per_label),
)
OF_ONESELF = (
    *[kpi for kpi in OF_WORK if kpi.key not in ("tasks_done", "time_per_task")],
    Kpi("performance_score", "Performance", _measure("performance_score")),
    Kpi(
        "annotating_time",
        "Time annotating",
        lambda facts: facts.total.get("annotating_time") or None,
        lambda facts: _known(facts.total.get("annotating_active_time"), "active"),
    ),
)
OF_REVIEWER = (
    Kpi(
        "reviews_given",
        "Reviews given",
        _measure("reviews_given"),
        lambda facts: (
            f"{number((facts.total.get('given_accepted') or 0) + (facts.total.get('given_fixed') or 0))} accepted, "
            f"{number(facts.total.get('given_rejected') or 0)} rejected"
        ),
    ),
    Kpi("mean_review_time", "Time per review", _measure("mean_review_time")),
)


def _low(facts: Facts) -> str:
    tasks = facts.agreement.get("tasks") or 0
    return f"over {counted(tasks, 'task')}" if tasks else "no task has two answers yet"


OF_AGREEMENT = (Kpi("agreement", "Agreement", lambda facts: facts.agreement.get("score"), _low),)


class Figures:
    """Cards of numbers that change in place."""

    def __init__(
        self,
        kpis: Sequence[Kpi],
        said: Mapping[str, Mapping[str, Any]],
        project: int,
        board: bool,
    ) -> None:
        self._shown: list[tuple[Kpi, Figure, Callable[[Any], str]]] = []
        with grid("an-grid-kpi an-dashboard-figures"):
            for kpi in kpis:
                told = said.get(kpi.key, {})
                href = leads.board(project, kpi.leads) if board and kpi.leads else ""
                figure = Figure(kpi.words, str(told.get("says", "")), f"{kpi.key} = {told.get('formula', '')}", href)
                figure.frame.props["data-figure"] = kpi.key
                self._shown.append((kpi, figure, WRITERS.get(str(told.get("unit")), number)))

    def show(self, facts: Facts) -> None:
        """Say what is known now."""
        for kpi, figure, write in self._shown:
            figure.show(write(kpi.value(facts)), kpi.note(facts))
