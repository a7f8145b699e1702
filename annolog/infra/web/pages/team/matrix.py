"""The matrix of agreement: people by people, told by numbers, and by bands that need no colour."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from annolog.infra.web.pages.team.crowd import person_path
from annolog.infra.web.parts.words import NOTHING
from annolog.projections.engine import csv

HIGH, LOW = 0.66, 0.33
SELF = {"band": "self", "shown": "", "tasks": "", "pick": False}


@dataclass(frozen=True, slots=True)
class Shared:
    """How alike two answered, and over how many tasks."""

    agreement: float
    tasks: int


@dataclass(frozen=True, slots=True)
class Beside:
    """Somebody in the matrix; `truth` is how alike they and the ground truth are, None where there is none."""

    id: int
    name: str
    truth: Shared | None = None


def band(agreement: float | None) -> str:
    """How good that is: high from 66 %, low under 33 %, `none` where nothing can be said."""
    if agreement is None:
        return "none"
    return "high" if agreement >= HIGH else "middle" if agreement >= LOW else "low"


def average(found: Sequence[Shared]) -> Shared | None:
    """The mean over all tasks that somebody has in common with the others."""
    tasks = sum(one.tasks for one in found)
    return Shared(sum(one.agreement * one.tasks for one in found) / tasks, tasks) if tasks else None


class Matrix(Element, component="../../static/matrix.js"):
    """A table of everybody beside everybody; `on_pick` is called with the two people of the cell that is chosen."""

    def __init__(self, project: int, on_pick: Callable[[int, int], Any]) -> None:
        super().__init__()
        self._project = project
        self._people: Sequence[Beside] = ()
        self._pairs: Mapping[tuple[int, int], Shared] = {}
        self._pick = on_pick
        self._props["name"] = "Agreement of every two people"
        self._props["corner"] = "Annotator"
        self._props["heads"] = []
        self._props["rows"] = []
        self.on("pick", self._picked)

    def show(self, people: Sequence[Beside], pairs: Mapping[tuple[int, int], Shared]) -> None:
        """Show these people, by pairs of ids with the lower one first."""
        self._people, self._pairs = people, pairs
        truths = any(one.truth for one in people)
        heads = [{"name": one.name} for one in people] + ([{"name": "Ground truth"}] if truths else [])
        rows = [self._row(one, truths) for one in people]
        rows.append(self._average(truths))
        if self._props["heads"] != heads or self._props["rows"] != rows:
            self._props["heads"], self._props["rows"] = heads, rows
            self.update()

    def _with(self, one: int, other: int) -> Shared | None:
        return self._pairs.get((min(one, other), max(one, other)))

    def averages(self) -> list[Shared | None]:
        """Of each who is shown, with the others who are."""
        return [
            average([found for other in self._people if other is not one and (found := self._with(one.id, other.id))])
            for one in self._people
        ]

    def _row(self, one: Beside, truths: bool) -> dict[str, Any]:
        cells = [SELF if other is one else _cell(self._with(one.id, other.id), pick=True) for other in self._people]
        cells += [_cell(one.truth)] if truths else []
        return {"name": one.name, "href": person_path(self._project, one.id), "cells": cells, "average": False}

    def _average(self, truths: bool) -> dict[str, Any]:
        cells = [_cell(found) for found in self.averages()]
        cells += [_cell(average([one.truth for one in self._people if one.truth]))] if truths else []
        return {"name": "Average", "href": None, "cells": cells, "average": True}

    def _picked(self, event: GenericEventArguments) -> Any:
        y, x = event.args.get("y"), event.args.get("x")
        if isinstance(y, int) and isinstance(x, int) and 0 <= y < len(self._people) and 0 <= x < len(self._people):
            return self._pick(self._people[y].id, self._people[x].id)
        return None

    def document(self) -> bytes | str:
        """The pairs as a file."""
        names = {one.id: one.name for one in self._people}
        rows = [
            {"one": one, "one_name": names[one], "other": other, "other_name": names[other]}
            | {"agreement": found.agreement, "tasks": found.tasks}
            for (one, other), found in sorted(self._pairs.items())
        ]
        return csv.document(("one", "one_name", "other", "other_name", "agreement", "tasks"), rows)


def _cell(found: Shared | None, *, pick: bool = False) -> dict[str, Any]:
    if found is None:
        return {"band": "none", "shown": NOTHING, "tasks": "", "pick": False}
    shown = f"{found.agreement * 100:.0f}"
    return {"band": band(found.agreement), "shown": shown, "tasks": f"{found.tasks:,}", "pick": pick}
