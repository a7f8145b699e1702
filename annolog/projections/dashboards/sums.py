"""The sums of a batch: added up by person and quarter of an hour, and spread over all rows of sums at its end."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

import orjson

from annolog.domain.measures.calendar import A_DAY, QUARTER_MICROSECONDS, SEVEN_DAYS
from annolog.domain.measures.columns import LABEL, PLACE_IN_SLICE, SLICE
from annolog.projections.dashboards.tables import EVERYBODY, Grain, dashboard_label, dashboard_slice
from annolog.projections.engine.rows import Key, Rows, Values

# Plain numbers: to look up the value of an enumeration costs as much as all else here.
QUARTER, DAY, EVER, WEEK = (grain.value for grain in Grain)
# A project, a person, a quarter, and for labels a control and a label.
Place = tuple[Any, ...]
ACTION = {name: PLACE_IN_SLICE[name] for name in ("submitted", "updated", "fixed_and_accepted", "accepted", "rejected")}
VERDICTS = ("accepted", "fixed", "rejected")
VERDICT = {name: PLACE_IN_SLICE[f"verdict_{name}"] for name in VERDICTS}
TIMES = ("timed", "lead_time", "active_timed", "active_time")
TIMES_OF = itemgetter(*TIMES)
JUDGED = {"": (0, 0, 0)} | {name: tuple(int(name == other) for other in VERDICTS) for name in VERDICTS}
TIMED = [(PLACE_IN_SLICE[name], name) for name in (*TIMES, "regions")]


def slice_at(rows: Rows, project: int, person: int, at: int) -> list[int]:
    """What is added up for the person in the quarter of that moment, to be added to in place."""
    return _opened(rows, dashboard_slice.name, (project, person, at // QUARTER_MICROSECONDS), len(SLICE))


def count(rows: Rows, annotation: Values, step: int) -> None:
    """Count an annotation as it stands in or out, at the time of its last action. A deleted one counts for nothing."""
    if not annotation["live"]:
        return
    here = slice_at(rows, annotation["project"], annotation["person"], annotation["at"])
    verdict = annotation["verdict"]
    here[ACTION[annotation["action"]]] += step
    if verdict:
        here[VERDICT[verdict]] += step
    for place, name in TIMED:
        here[place] += step * annotation[name]
    if annotation["labels"] != "[]":
        _count_labels(rows, annotation, step)


def _count_labels(rows: Rows, annotation: Values, step: int) -> None:
    place = (annotation["project"], annotation["person"], annotation["at"] // QUARTER_MICROSECONDS)
    amounts = (*JUDGED[annotation["verdict"]], *TIMES_OF(annotation))
    for control, label, uses in orjson.loads(annotation["labels"]):
        here = _opened(rows, dashboard_label.name, (*place, control, label), len(LABEL))
        for column, amount in enumerate((1, uses, *amounts)):
            here[column] += step * amount


def settle(rows: Rows) -> None:
    """Write the sums of the batch: by quarter, by day, by seven days and ever, for the person and for everybody."""
    for table in (dashboard_slice, dashboard_label):
        opened: dict[Place, list[int]] = rows.opened.pop(table.name, {})
        rows.add_all(table, _spread(opened))


def _spread(opened: dict[Place, list[int]]) -> Iterator[tuple[Key, tuple[int, ...]]]:
    for (project, person, quarter, *label), amounts in opened.items():
        summed = tuple(amounts)
        if not any(summed):
            continue
        whose = (EVERYBODY,) if person == EVERYBODY else (EVERYBODY, person)
        for one in whose:
            yield (project, QUARTER, one, quarter, *label), summed
            yield (project, DAY, one, quarter // A_DAY * A_DAY, *label), summed
            yield (project, WEEK, one, quarter // SEVEN_DAYS * SEVEN_DAYS, *label), summed
            yield (project, EVER, one, 0, *label), summed


def _opened(rows: Rows, name: str, place: Place, width: int) -> list[int]:
    opened = rows.opened.get(name)
    if opened is None:
        opened = rows.opened[name] = {}
    found: list[int] | None = opened.get(place)
    if found is None:
        found = opened[place] = [0] * width
    return found
