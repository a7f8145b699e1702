"""What an import would bring, told before it is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from annolog.domain.project.state import Project
from annolog.infra.importing import Line, Reading, Source, TaskReader, Wrong, parsed

MOST_ROWS = 8
MOST_FIELDS = 300


@dataclass(slots=True)
class _Seen(Reading):
    rows: list[dict[str, Any]] = field(default_factory=list)
    fields: Counter[str] = field(default_factory=Counter)
    annotations: int = 0
    predictions: int = 0


def looked_at(project: Project, lines: Iterable[Source], *, partial: bool = False) -> dict[str, Any]:
    """The first tasks, in how many lines each field is, and what is wrong with which line; also of lines that lack a
    field that the labeling config needs.
    """
    reader, seen = TaskReader(project), _Seen()
    for number, line in _without_last(lines) if partial else lines:
        seen.lines += 1
        found = parsed(number, line)
        if isinstance(found, Line):
            _count(seen, found)
        wrong = found if isinstance(found, Wrong) else reader.misfit(found)
        if wrong is not None:
            seen.note(wrong)
    needed = project.config.variables
    names = [*sorted(needed), *(name for name in seen.fields if name not in needed)][:MOST_FIELDS]
    return {
        "lines": seen.lines,
        "wrong_count": seen.wrong_count,
        "wrong": [one.shown() for one in seen.wrong],
        "fields": [{"field": name, "lines": seen.fields[name], "needed": name in needed} for name in names],
        "rows": seen.rows,
        "annotations": seen.annotations,
        "predictions": seen.predictions,
    }


def _count(seen: _Seen, found: Line) -> None:
    seen.fields.update(found.task.data.keys())
    seen.annotations += len(found.task.annotations)
    seen.predictions += len(found.task.predictions)
    if len(seen.rows) < MOST_ROWS:
        seen.rows.append({"line": found.number, "data": found.task.data})


def _without_last(lines: Iterable[Source]) -> Iterator[Source]:
    """All but the last line, unless it is the only one: where a file was cut, that is where the cut is."""
    before: Source | None = None
    more = False
    for line in lines:
        if before is not None:
            more = True
            yield before
        before = line
    if before is not None and not more:
        yield before
