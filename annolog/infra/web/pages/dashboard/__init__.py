"""A project's dashboard: how far it is, what was done when, how good it is; moving by itself while somebody looks."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from annolog.infra.web.frame import Frame, page
from annolog.infra.web.pages.dashboard.board import Dashboard
from annolog.infra.web.pages.dashboard.stretch import stretch_of


@page("/projects/{id}", "Dashboard")
async def dashboard(
    frame: Frame,
    id: int,
    preset: Annotated[str, Query(alias="range")] = "",
    since: Annotated[str, Query(alias="from")] = "",
    until: Annotated[str, Query(alias="to")] = "",
    by: str = "",
) -> None:
    """Of the stretch of time that the address says."""
    place = await frame.viewer.enter(id)
    frame.of_project(place, "dashboard")
    await Dashboard(place, stretch_of(preset, since, until, by, frame.viewer.zone)).build()
