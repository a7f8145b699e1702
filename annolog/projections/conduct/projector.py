"""How answers and skips become conduct, and how firings are remembered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import Table

from annolog.domain.recorded import Recorded
from annolog.domain.rules import events as ruled
from annolog.domain.rules.conduct import MOST_RECENT
from annolog.domain.task.events import AnnotationSkipped, AnnotationSubmitted
from annolog.projections.conduct.tables import conduct_person, rule_firing
from annolog.projections.engine.moments import microseconds, microseconds_of
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rows import Key, Rows, Values

# What was brought in with an import nobody did here.
IMPORTED = "import"


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The person who worked, or the firing."""
    event = recorded.event
    match event:
        case AnnotationSubmitted(annotator=person) | AnnotationSkipped(person=person):
            yield conduct_person, (event.project, person)
        case (
            ruled.FiringAppealed(project=project, firing=firing) | ruled.FiringOverruled(project=project, firing=firing)
        ):
            yield rule_firing, (project, firing)


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event into the person's conduct, or into the firing."""
    event = recorded.event
    match event:
        case AnnotationSubmitted() if event.origin != IMPORTED:
            row = _person(rows, event.project, event.annotator)
            row["answers"] += 1
            row["skips_in_row"] = 0
            row["recent"] = _with_answer(row["recent"], row["answers"], event)
        case AnnotationSkipped():
            row = _person(rows, event.project, event.person)
            row["skips"] += 1
            row["skips_in_row"] += 1
        case ruled.RuleFired():
            rows.put(rule_firing, _fired(event, recorded))
        case ruled.FiringAppealed():
            firing = rows.change(rule_firing, event.project, event.firing)
            if firing is not None:
                firing |= {"appeal": event.words, "appealed_at": microseconds(recorded.recorded_at)}
        case ruled.FiringOverruled():
            firing = rows.change(rule_firing, event.project, event.firing)
            if firing is not None:
                firing["overruled_because"] = event.reason
                firing["overruled_by"] = recorded.person
                firing["overruled_at"] = microseconds(recorded.recorded_at)


def _with_answer(recent: str, answers: int, event: AnnotationSubmitted) -> str:
    """The latest answers with one more, without those that are too many.

    The text is put together instead of read and written: this happens with every annotation there is.
    """
    time = "null" if event.lead_time is None else str(microseconds_of(event.lead_time))
    longer = f"[{event.task},{time}]" if answers == 1 else f"{recent[:-1]},{event.task},{time}]"
    if answers <= MOST_RECENT:
        return longer
    second = longer.index(",", longer.index(",") + 1)
    return f"[{longer[second + 1 :]}"


def _person(rows: Rows, project: int, person: int) -> Values:
    beginning = {"project": project, "person": person, "answers": 0, "skips": 0, "skips_in_row": 0, "recent": "[]"}
    return rows.ensure(conduct_person, beginning)


def _fired(event: ruled.RuleFired, recorded: Recorded) -> Values:
    return {
        "project": event.project,
        "firing": event.firing,
        "person": event.person,
        "rule": event.rule,
        "version": event.version,
        "inputs": _json(event.inputs),
        "conditions": _json(event.conditions),
        "action": _json(event.action),
        "tasks": _json(event.tasks),
        "annotations": _json(event.annotations),
        "at": microseconds(recorded.recorded_at),
        "appeal": None,
        "appealed_at": None,
        "overruled_because": None,
        "overruled_by": None,
        "overruled_at": None,
    }


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


conduct = Projector(
    name="conduct",
    version=1,
    tables=(conduct_person, rule_firing),
    interests=frozenset(
        {AnnotationSubmitted, AnnotationSkipped, ruled.RuleFired, ruled.FiringAppealed, ruled.FiringOverruled}
    ),
    touches=touches,
    apply=apply,
)
