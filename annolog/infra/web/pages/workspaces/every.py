"""Every workspace that one may see; archived ones apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from nicegui import ui

from annolog.infra.web.frame import Frame, page
from annolog.infra.web.pages.workspaces.describing import colour_mark, describe
from annolog.infra.web.parts.cards import card, empty, heading
from annolog.infra.web.parts.sending import button
from annolog.infra.web.parts.words import Words, block, counted

MOST_PROJECTS = 1000
LONGEST_DESCRIPTION = 240


@page("/workspaces", "Workspaces", here="workspaces")
async def workspaces(frame: Frame) -> None:
    """A card a workspace, with how many projects are in it."""
    viewer = frame.viewer
    rows = (await viewer.door.get("/v1/workspaces", archived="true"))["workspaces"]
    projects = (await viewer.door.get("/v1/projects", archived="true", limit=MOST_PROJECTS))["projects"]
    inside = Counter(row["workspace"] for row in projects)
    going_on = [row for row in rows if not row["archived"]]
    archived = [row for row in rows if row["archived"]]

    async def begun(found: Mapping[str, Any]) -> None:
        ui.navigate.to(f"/workspaces/{found['workspace']}")

    with heading("Workspaces", "Whoever belongs to one belongs to every project inside, now and later."):
        if viewer.may("create_workspace"):
            button("New workspace", lambda: describe(viewer, None, begun), kind="primary", hotkey="n")
    if going_on:
        with block("div", "an-grid an-grid-3"):
            for row in going_on:
                _workspace(row, inside[row["workspace"]])
    else:
        note = "Create one, and move projects into it." if viewer.may("create_workspace") else "You belong to none."
        empty("There is no workspace for you yet", note, "workspaces")
    if archived:
        with block("details", "an-archived"):
            with block("summary"):
                Words("span", f"Archived ({len(archived)})")
            with block("div", "an-grid an-grid-3"):
                for row in archived:
                    _workspace(row, inside[row["workspace"]])


def _workspace(row: Mapping[str, Any], projects: int) -> None:
    with card():
        with block("div", "an-title-row"):
            colour_mark(row["colour"])
            with block("h2"):
                ui.link(str(row["title"]), f"/workspaces/{row['workspace']}").classes("an-link an-wrap")
        description = str(row["description"])
        if description:
            shown = description if len(description) <= LONGEST_DESCRIPTION else f"{description[:LONGEST_DESCRIPTION]}…"
            Words("p", shown, "an-wrap")
        Words("p", counted(projects, "project"), "an-note")
