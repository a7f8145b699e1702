"""The review page: a frame, what the project says of reviews, and whether one may review here. The work itself goes on
in the browser, which asks the API directly, as on the labeling page.
"""

from __future__ import annotations

from nicegui import ui

from annolog.infra.web.frame import Frame, page
from annolog.infra.web.parts.cards import empty
from annolog.infra.web.parts.words import Words, block
from annolog.infra.web.parts.work_place import WorkPlace, unpublished
from annolog.infra.web.viewer import ProjectPlace


@page("/projects/{id}/review", "Review")
async def review(frame: Frame, id: int) -> None:
    """One annotation after the other, in the project's order."""
    _desk(frame, await frame.viewer.enter(id), None, None)


@page("/tasks/{id}/review/{annotation}", "Review")
async def review_one(frame: Frame, id: int, annotation: int) -> None:
    """One given annotation; afterwards the next of its project."""
    shown = await frame.viewer.door.get(f"/v1/tasks/{id}")
    _desk(frame, await frame.viewer.enter(int(shown["project"])), id, annotation)


def _desk(frame: Frame, place: ProjectPlace, task: int | None, annotation: int | None) -> None:
    frame.of_project(place, "review")
    if closed := _closed(place):
        Words("h1", place.title)
        empty(closed[0], closed[1], "lock_clock")
        with block("p", "an-center"):
            ui.link("My work", "/my-work").classes("an-link")
        return
    Words("h1", f"Review: {place.title}", "an-visually-hidden")
    shown, rules = place.shown, place.shown["reviewing"]
    given = {
        "project": place.id,
        "person": frame.viewer.person,
        "task": task,
        "annotation": annotation,
        "config": shown["label_config"] or "",
        "configVersion": shown["config_version"],
        "instructions": shown["instructions"] or "",
        "rules": {"actions": rules["reject_actions"], "comment": rules["comment_on_reject"]},
        "agreement": place.may("see_quality") and place.rights["agreement"],
    }
    Desk(given)


class Desk(WorkPlace, component="desk_element.js"):
    """Where answers are judged."""


def _closed(place: ProjectPlace) -> tuple[str, str] | None:
    """Why nobody can begin to review here, in kind words; None where they can."""
    rights = place.rights
    if rights["archived"]:
        return "This project is archived", "It can be looked at, and nothing in it is reviewed any more."
    if not place.may("review"):
        return "You do not review in this project", "Others do. What they say of your work is in My work."
    return unpublished(place)
