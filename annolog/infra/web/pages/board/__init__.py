"""The board: a row a task, for who may see how good the work is."""

from __future__ import annotations

from annolog.infra.web.door import Refusal
from annolog.infra.web.frame import Frame, page
from annolog.infra.web.pages.board.given import given
from annolog.infra.web.pages.board.grid import Board
from annolog.infra.web.parts.cards import heading

CLOSED = "The board shows everybody's answers and how they agree. Your own work comes to you one task at a time."


@page("/projects/{id}/tasks", "Tasks")
async def board(frame: Frame, id: int) -> None:
    """What the board needs to begin is in the page; rows are asked of the API by the browser, block by block."""
    place = await frame.viewer.enter(id)
    frame.of_project(place, "tasks")
    if not place.may("see_quality"):
        raise Refusal(403, {"detail": CLOSED})
    with heading("Tasks"):
        pass
    Board(await given(place))
