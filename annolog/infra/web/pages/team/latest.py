"""The tasks somebody answered that changed last."""

from __future__ import annotations

import orjson
from nicegui import ui

from annolog.infra.web.pages.team.crowd import annotated_by, board_path, if_shown
from annolog.infra.web.parts.cards import card
from annolog.infra.web.parts.tables import Column, Kind, Table
from annolog.infra.web.parts.words import STATES
from annolog.infra.web.viewer import ProjectPlace

MOST = 10
SECONDS = 10.0


class Latest:
    """A table of tasks, with the way to all of them on the board."""

    def __init__(self, place: ProjectPlace, person: int) -> None:
        self._place, self._person = place, person
        self._filters = orjson.dumps({"conjunction": "and", "items": annotated_by(person)}).decode()
        with card("Latest tasks", "Tasks they answered that changed last.") as actions:
            self._table = Table("Latest tasks", self._columns(), "task", place.viewer.zone, rows_a_page=MOST)
        with actions:
            contested = [*annotated_by(person), {"filter": "agreement", "operator": "less", "value": 1}]
            ui.link("Contested", board_path(place.id, contested, "agreement")).classes("an-link")
            ui.link("All on the board", board_path(place.id, annotated_by(person), "-updated_at")).classes("an-link")

    def _columns(self) -> list[Column]:
        columns = [
            Column("title", "Task", href=lambda row: f"/tasks/{row['task']}"),
            Column("state"),
        ]
        if self._place.rights["agreement"]:
            columns.append(Column("agreement", kind=Kind.SHARE))
        return [*columns, Column("updated_at", "Changed", Kind.MOMENT)]

    async def refresh(self) -> None:
        """Look once more."""
        asked = self._place.shared("/tasks", SECONDS, filters=self._filters, order="-updated_at", limit=MOST)
        answer = await if_shown(asked)
        rows = answer.value["tasks"] if answer else []
        self._table.show(
            [{**row, "title": f"Task {row['task']}", "state": STATES.get(row["state"], row["state"])} for row in rows]
        )
