"""One person in numbers, and where that puts them among the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annolog.infra.web.pages.team.crowd import Crowd
from annolog.infra.web.parts.cards import Figure, card, grid
from annolog.infra.web.parts.plain_tables import plain_table
from annolog.infra.web.parts.tables import Column, Kind
from annolog.infra.web.parts.words import Words, block, counted, duration, number, share

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure by which people are compared; `more` says whether more of it is better, None where neither is."""

    key: str
    words: str
    kind: Kind
    more: bool | None = True


COMPARED = (
    Compared("submitted", "Annotations", Kind.NUMBER),
    Compared("lead_time_median", "Median time", Kind.DURATION, None),
    Compared("active_time", "Active time", Kind.DURATION, None),
    Compared("agreement", "Agreement", Kind.SHARE),
    Compared("consensus_accuracy", "With majority", Kind.SHARE),
    Compared("ground_truth_accuracy", "Ground truth", Kind.SHARE),
    Compared("model_0", "Model's estimate", Kind.SHARE),
    Compared("acceptance_score", "Acceptance", Kind.SHARE),
    Compared("performance_score", "Performance", Kind.SHARE),
    Compared("skipped", "Skipped", Kind.NUMBER, False),
)


class Figures:
    """The figures at the head of somebody's page."""

    def __init__(self, *, reviews: bool) -> None:
        with grid("an-grid-kpi"):
            self._submitted = Figure("Annotations", "Annotations that stand: submitted and not deleted.")
            self._speed = Figure("Median time", "From opening a task to submitting it, idle time included.")
            self._agreement = Figure(
                "Agreement", "Mean agreement with others over all tasks in common.", "sum of agreement / comparisons"
            )
            self._truth = Figure(
                "Ground truth", "The share that was right of answers to tasks of which the truth is known."
            )
            self._acceptance = Figure(
                "Acceptance", "Of the reviewed, by the latest verdict.", "(accepted + fixed) / reviewed"
            )
            self._performance = Figure(
                "Performance",
                "Mean over all reviews: accepted counts 1, rejected 0, fixed as much as the fix kept.",
                "sum of kept / reviews",
            )
            self._reviews = Figure("Reviews given", "Verdicts on work of others.") if reviews else None

    def show(self, row: Row, crowd: Crowd, skills: Sequence[Row], *, team: bool) -> None:
        """Say them, beside the team's median where the viewer is shown others."""

        def beside(name: str, kind: Kind) -> str:
            middle = crowd.median_of(name) if team else None
            return "" if middle is None else f"team's median {Column(name, kind=kind).written(middle, 'UTC')}"

        skipped = f"{counted(row.get('skipped') or 0, 'skip')}"
        self._submitted.show(number(row.get("submitted") or 0), beside("submitted", Kind.NUMBER) or skipped)
        self._speed.show(duration(row.get("lead_time_median")), beside("lead_time_median", Kind.DURATION))
        self._agreement.show(share(row.get("agreement")), beside("agreement", Kind.SHARE))
        measured = next((one["all_time"] for one in skills if one["source"] == "ground_truth"), None)
        low, high = measured["interval"] if measured else (0.0, 0.0)
        interval = f"{share(low)} to {share(high)}, {counted(measured['answers'], 'task')}" if measured else ""
        self._truth.show(share(measured["value"] if measured else None), interval)
        reviewed = counted(row.get("reviewed") or 0, "review")
        self._acceptance.show(share(row.get("acceptance_score")), beside("acceptance_score", Kind.SHARE) or reviewed)
        self._performance.show(share(row.get("performance_score")), beside("performance_score", Kind.SHARE))
        if self._reviews is not None:
            self._reviews.show(number(row.get("reviews_given") or 0), duration(row.get("review_time")))


class Comparison:
    """A table of somebody's figures beside the team's middle ones, with their place among all."""

    def __init__(self) -> None:
        self._said: list[tuple[str, ...]] = []

    def build(self) -> None:
        """Put it on the page."""
        with card("Beside the team", "Each figure with the team's median and the place among all who have one."):
            self._body = block("div", "an-scroll")

    def show(self, person: int, crowd: Crowd) -> None:
        """Say them."""
        rows = crowd.at_work()
        own = next((row for row in rows if row["person"] == person), None)
        said = [found for compared in COMPARED if own and (found := _compared(compared, own, rows))]
        if said == self._said:
            return
        self._said = said
        self._body.clear()
        with self._body, plain_table("Figure", "Theirs", "Team's median", "Place"):
            for name, theirs, middle, place, at in said:
                with block("tr"):
                    Words("th", name).props("scope=row")
                    Words("td", theirs)
                    Words("td", middle)
                    with block("td"), block("div", "an-place"):
                        with block("span", "an-place-line", aria_hidden="true"):
                            block("i").style(f"left: {at}%")
                        Words("span", place)


def _compared(compared: Compared, own: Row, rows: Sequence[Row]) -> tuple[str, ...] | None:
    value = own.get(compared.key)
    others = sorted(row[compared.key] for row in rows if row.get(compared.key) is not None)
    if value is None or len(others) < 2 or not any(others):
        return None
    column = Column(compared.key, kind=compared.kind)
    below, above = sum(other < value for other in others), sum(other > value for other in others)
    middle = (others[(len(others) - 1) // 2] + others[len(others) // 2]) / 2
    first = (above if compared.more is not False else below) + 1
    at = 100 * (len(others) - first) / (len(others) - 1)
    place = f"{first:,} of {len(others):,}"
    return compared.words, column.written(value, "UTC"), column.written(middle, "UTC"), place, f"{at:.0f}"
