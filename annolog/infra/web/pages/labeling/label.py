"""The labeling page: a frame, what the project says, and whether one may work here. The work itself goes on in the
browser, which asks the API directly, so that nobody waits for this server's channel or loses anything with it.
"""

from __future__ import annotations

from nicegui import core, ui

from annolog.infra.web.frame import Frame, page
from annolog.infra.web.parts.cards import empty
from annolog.infra.web.parts.words import Words, block
from annolog.infra.web.parts.work_place import WorkPlace, unpublished
from annolog.infra.web.viewer import ProjectPlace


@page("/projects/{id}/label", "Label")
async def label(frame: Frame, id: int) -> None:
    """One task after the other."""
    _bench(frame, await frame.viewer.enter(id), None)


@page("/tasks/{id}/label", "Label")
async def label_one(frame: Frame, id: int) -> None:
    """One given task: to be answered, or what was answered to be changed; afterwards the next."""
    part = await frame.viewer.door.get(f"/v1/tasks/{id}/mine")
    _bench(frame, await frame.viewer.enter(part["project"]), id)


def _bench(frame: Frame, place: ProjectPlace, task: int | None) -> None:
    frame.of_project(place, "label")
    if closed := _closed(place):
        Words("h1", place.title)
        empty(closed[0], closed[1], "lock_clock")
        with block("p", "an-center"):
            ui.link("My work", "/my-work").classes("an-link")
        return
    Words("h1", f"Label: {place.title}", "an-visually-hidden")
    shown = place.shown
    given = {
        "project": place.id,
        "person": frame.viewer.person,
        "task": task,
        "config": shown["label_config"] or "",
        "configVersion": shown["config_version"],
        "instructions": shown["instructions"] or "",
        "fullEditor": core.app.state.full_editor.limits,
    }
    Bench(given)


class Bench(WorkPlace, component="bench_element.js"):
    """Where tasks are answered."""


def _closed(place: ProjectPlace) -> tuple[str, str] | None:
    """Why nobody can begin to work here, in kind words; None where they can."""
    rights = place.rights
    if rights["archived"]:
        return "This project is archived", "It can be looked at, and nothing in it is worked on any more."
    if not place.may("annotate"):
        return "You do not label in this project", "Others do, and you see what became of it. A manager can let you."
    return unpublished(place)
