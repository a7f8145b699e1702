"""Projects from one workspace to another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from nicegui import ui

from annolog.infra.web.parts.sending import attempt
from annolog.infra.web.parts.windows import window
from annolog.infra.web.parts.words import Words
from annolog.infra.web.viewer import Viewer

EFFECT = "Who belongs to it by the workspace it leaves belongs to it no longer; who is in the new one does."
NOWHERE = 0
Again = Callable[[], Awaitable[None]]


async def move_in(viewer: Viewer, workspace: int, projects: Sequence[Mapping[str, Any]], again: Again) -> None:
    """Choose a project to be in a workspace. From one that the viewer does not manage none can be taken."""
    managed = await viewer.managed_workspaces()
    movable = {
        row["project"]: str(row["title"]) for row in projects if (row["workspace"] or NOWHERE) in {*managed, NOWHERE}
    }
    with window("Move a project here") as dialog:
        Words("p", EFFECT)
        which = ui.select(movable, value=next(iter(movable), None), label="Project", with_input=True)
        which.props("outlined dense")

        async def ask() -> None:
            if which.value is not None and await _moved(viewer, which.value, workspace):
                dialog.close()
                await again()

        dialog.ending("Move", ask)


async def move_out(viewer: Viewer, project: Mapping[str, Any], again: Again) -> None:
    """Choose where a project is to be instead."""
    managed = await viewer.managed_workspaces()
    places = {NOWHERE: "In no workspace"} | {id: title for id, title in managed.items() if id != project["workspace"]}
    with window(f"Move {project['title']}") as dialog:
        Words("p", EFFECT)
        where = ui.select(places, value=NOWHERE, label="To", with_input=True).props("outlined dense")

        async def ask() -> None:
            if await _moved(viewer, project["project"], where.value or None):
                dialog.close()
                await again()

        dialog.ending("Move", ask)


async def _moved(viewer: Viewer, project: int, workspace: int | None) -> bool:
    asking = viewer.door.put(f"/v1/projects/{project}/workspace", {"workspace": workspace})
    return await attempt(asking, "The project has moved.") is not None
