"""Who works in a project, put together from what the API says of people in several places."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from statistics import median
from typing import Any
from urllib.parse import urlencode

import orjson

from annolog.infra.web.door import Refusal
from annolog.infra.web.viewer import ProjectPlace

Row = dict[str, Any]
SOURCES = {"ground_truth": "Ground truth", "consensus": "Majority of the others", "review": "Reviewers' verdicts"}


async def if_shown(asking: Awaitable[Any]) -> Any:
    """What the API answers, or None where it does not show that to the viewer or has nothing there."""
    try:
        return await asking
    except Refusal as refusal:
        if refusal.status in (403, 404):
            return None
        raise


def person_path(project: int, person: int) -> str:
    """Where somebody's page is."""
    return f"/projects/{project}/people/{person}"


def board_path(project: int, items: Sequence[Mapping[str, Any]], *order: str) -> str:
    """The board with the tasks that meet all of these conditions."""
    filters = orjson.dumps({"conjunction": "and", "items": list(items)}).decode()
    return f"/projects/{project}/tasks?{urlencode([('filters', filters), *(('order', column) for column in order)])}"


def annotated_by(*people: int) -> list[Row]:
    """The conditions that all of these have answered a task."""
    return [{"filter": "annotators", "operator": "contains", "value": person} for person in people]


class Crowd:
    """Names, roles and figures of everybody whom the viewer is shown, as of one moment."""

    def __init__(self, place: ProjectPlace) -> None:
        self._place = place
        self.known: Mapping[int, Row] = {}
        self.rows: Sequence[Row] = ()
        # Controls for which a model was fitted, in the order in which rows number them.
        self.modelled: Sequence[str] = ()

    def name(self, person: int) -> str:
        """What somebody is called, as far as the viewer is told."""
        found = self.known.get(person, {})
        return str(found.get("name") or found.get("handle") or f"Annotator {person}")

    async def ask(self, seconds: float = 3.0) -> None:
        """Look once more."""
        place, sees = self._place, self._place.may("see_quality")
        people = (await place.shared("/people", seconds)).value["people"]
        self.known = {one["person"]: one for one in people}
        rows = {row["person"]: dict(row) for row in (await place.shared("/annotators", seconds)).value["annotators"]}
        before = {row["person"]: row for row in (await place.shared("/workload", seconds)).value["people"]}
        for id in before:
            if id not in rows and (id not in self.known or self.known[id]["role"] == "annotator"):
                rows[id] = {"person": id, "submitted": 0, "skipped": 0, "revised": 0, "reviews_given": 0}
        skills = await place.shared("/skills", 4 * seconds, dimension="")
        for skill in skills.value["skills"]:
            if skill["person"] in rows and (measured := skill["all_time"]):
                rows[skill["person"]][f"skill_{skill['source']}"] = measured["value"]
        if sees and (fitted := await if_shown(place.shared("/consensus/skills", 10 * seconds))):
            self._add_fitted(rows, fitted.value["dimensions"])
        self.rows = [self._about(row, before.get(id, {})) for id, row in sorted(rows.items())]

    def _add_fitted(self, rows: Mapping[int, Row], dimensions: Sequence[Row]) -> None:
        self.modelled = [found["dimension"] for found in dimensions]
        for number, dimension in enumerate(dimensions):
            for one in dimension["people"]:
                if one["person"] in rows:
                    rows[one["person"]][f"model_{number}"] = one["accuracy"]["share"]

    def _about(self, row: Row, before: Mapping[str, int]) -> Row:
        known = self.known.get(row["person"], {})
        standing = known.get("standing", "active")
        state = "Paused" if known.get("paused") else "Active" if standing == "active" else standing.capitalize()
        # Time that nobody measured is not no time.
        untimed = {} if row.get("timed") else dict.fromkeys(("lead_time_total", "active_time"))
        return {
            **row,
            **untimed,
            **{name: before.get(name, 0) for name in ("assigned", "pending", "held")},
            "name": self.name(row["person"]),
            "role": (known.get("role") or "").capitalize(),
            "state": state,
        }

    def annotators(self) -> list[Row]:
        """Those who annotate here or ever did."""
        return [
            row
            for row in self.rows
            if row["submitted"] or row["skipped"] or row["assigned"] or row["role"] in ("Annotator", "")
        ]

    def at_work(self) -> list[Row]:
        """Those who have begun."""
        return [row for row in self.annotators() if row["submitted"] or row["skipped"]]

    def median_of(self, name: str) -> float | None:
        """The middle figure of the team, of those who have one."""
        values = [row[name] for row in self.at_work() if row.get(name) is not None]
        return median(values) if values else None
