"""The board: a row a task, for who may see how good the work is."""

from __future__ import annotations

from annolog.infra.web.frame import Frame, page
from annolog.infra.web.pages.board.given import given
from annolog.infra.web.pages.board.grid import Board
from annolog.infra.web.parts.cards import empty, heading


@page("/projects/{id}/tasks", "Tasks")
async def board(frame: Frame, id: int) -> None:
    """What the board needs to begin is in the page; rows are asked of the API by the browser, block by block."""
    place = await frame.viewer.enter(id)
    frame.of_project(place, "tasks")
    with heading("Tasks"):
        pass
    if not place.may("see_quality"):
        note = "The board shows everybody's answers and how they agree. Your own work comes to you one task at a time."
        empty("The board is not open to you", note, "visibility_off")
        return
    Board(await given(place))
