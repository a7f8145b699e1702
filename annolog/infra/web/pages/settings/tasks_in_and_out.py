"""Tasks in, by a file or pasted, and everything out."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from annolog.infra.web.frame import Frame
from annolog.infra.web.pages.settings.importer import Importer
from annolog.infra.web.pages.settings.place import path_of, room
from annolog.infra.web.parts.cards import card
from annolog.infra.web.parts.words import Words, block, counted
from annolog.infra.web.viewer import ProjectPlace

FORMATS = (
    (
        "Tasks with annotations",
        "NDJSON: one Label Studio task a line, with annotations, predictions and reviews",
        "/export",
    ),
    (
        "The same with pseudonyms",
        "People are told apart by pseudonyms, not by their ids",
        "/export?people=pseudonyms",
    ),
    ("Comments", "CSV: what people said, about what", "/comments?format=csv"),
)


async def tasks_in_and_out(frame: Frame, place: ProjectPlace) -> None:
    """Import and export."""
    with room(frame, place, "tasks") as actions:
        with actions:
            found = ui.link("", f"/projects/{place.id}/tasks").classes("an-link")
        found.text = counted(int(place.shown.get("tasks", 0)), "task")
        with card("Import", "Nothing is written before every line was checked."):
            if place.shown["config_version"] == 0:
                with block("p", "an-banner"):
                    Words("span", "Without a labeling config tasks are not checked for the fields that it will need. ")
                    ui.link("Ask something first", path_of(place.id, "labeling")).classes("an-link an-text-link")
            if place.may("import_tasks"):
                after = block("div", "an-after")

                async def imported(count: int) -> None:
                    shown = await place.viewer.door.get(f"/v1/projects/{place.id}")
                    found.text = counted(int(shown.get("tasks", 0)), "task")
                    if count and not shown["published"]:
                        after.clear()
                        with after:
                            ui.link("Next: add people", path_of(place.id, "members")).classes("an-next")

                Importer(place.id, imported)
                after.move(target_index=-1)
            else:
                Words("p", "You may not bring tasks in.", "an-note")
        if place.may("export"):
            _out(place)


def _out(place: ProjectPlace) -> None:
    with card("Export", "Every export is noted in the activity log. Fields that are kept from you stay out."):
        for title, means, path in FORMATS:
            with block("div", "an-entry"):
                with block("div", "an-entry-words"):
                    Words("strong", title)
                    Words("span", means, "an-note")
                link: Any = ui.link("Download", f"/v1/projects/{place.id}{path}").classes("an-plain-button")
                link.props["download"] = ""
                link.props["aria-label"] = f"Download {title}"
