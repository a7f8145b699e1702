"""What a workspace is called, and the colour it is known by."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nicegui import ui

from annolog.infra.web.parts.sending import attempt
from annolog.infra.web.parts.windows import field, window
from annolog.infra.web.parts.words import block
from annolog.infra.web.viewer import Viewer

USUAL_COLOUR = "#8a8f98"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def colour_mark(colour: str) -> ui.element:
    """A spot of its colour. Only what is a colour gets into a style."""
    shown = colour if COLOUR.fullmatch(colour or "") else USUAL_COLOUR
    return block("span", "an-colour", aria_hidden="true").style(f"background: {shown}")


async def describe(
    viewer: Viewer, known: Mapping[str, Any] | None, done: Callable[[Mapping[str, Any]], Awaitable[None]]
) -> None:
    """Begin a workspace, or call one something else; `done` gets what the API answered."""
    with window("New workspace" if known is None else "Describe the workspace") as dialog:
        title = field("Title", str(known["title"]) if known else "", most=200)
        description = ui.textarea("Description", value=str(known["description"]) if known else "")
        description.props("outlined dense autogrow")
        colour = field("Colour", (known and known["colour"]) or USUAL_COLOUR, kind="color").props("stack-label")

        async def ask() -> None:
            body = {"title": title.value, "description": description.value or "", "colour": colour.value or ""}
            fields = {"title": title, "description": description, "colour": colour}
            if known is None:
                found = await attempt(viewer.door.post("/v1/workspaces", body), "The workspace is there.", fields)
            else:
                asking = viewer.door.put(f"/v1/workspaces/{known['workspace']}", body)
                found = await attempt(asking, "Saved.", fields)
            if found is not None:
                dialog.close()
                await done(found)

        dialog.ending("Create" if known is None else "Save", ask)
