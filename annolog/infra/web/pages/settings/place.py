"""The rooms of a project's settings: where each is, the steps of a set-up above them, and their common frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from nicegui import ui

from annolog.infra.web.door import Refusal
from annolog.infra.web.frame import Frame
from annolog.infra.web.parts.cards import heading
from annolog.infra.web.parts.sending import attempt, button, confirm
from annolog.infra.web.parts.words import Words, block, counted, state_badge
from annolog.infra.web.viewer import ProjectPlace


@dataclass(frozen=True, slots=True)
class Room:
    """A page of the settings: its key in the address, its title, and the right without which it is not there."""

    key: str
    title: str
    needs: str = "see_settings"


ROOMS: dict[str, tuple[Room, ...]] = {
    "Project": (
        Room("general", "General"),
        Room("labeling", "Labeling"),
        Room("tasks", "Tasks in and out"),
        Room("members", "Members"),
    ),
    "Work": (
        Room("assignment", "Assignment and overlap"),
        Room("reassignment", "Reassignment"),
        Room("review", "Review"),
        Room("evaluation", "Evaluation"),
    ),
    "Quality": (
        Room("agreement", "Agreement"),
        Room("consensus", "Consensus"),
        Room("rules", "Rules"),
    ),
    "Data": (
        Room("data-fields", "Data fields"),
        Room("webhooks", "Webhooks", "manage_webhooks"),
        Room("history", "History"),
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a set-up: whether it is done, and what is missing if not."""

    key: str
    title: str
    done: bool
    missing: str


def steps_of(shown: dict[str, Any]) -> list[Step]:
    """What there is to do until people can work. What is missing is what the API would refuse to publish without."""
    asks = shown["config_version"] > 0
    tasks, members = shown.get("tasks", 0), shown.get("members", [])
    at_work = sum(member["role"] == "annotator" for member in members)
    return [
        Step("labeling", "Ask something", asks, "publish needs a labeling config"),
        Step("tasks", "Import tasks", tasks > 0, "publish needs tasks"),
        Step("members", "Add people", at_work > 0, "without annotators nobody will answer"),
        Step("general", "Publish", shown["published"], "annotators and reviewers wait until it is published"),
    ]


async def first_task(place: ProjectPlace) -> Mapping[str, Any]:
    """The first task of the project as the board has it; nothing where there is none, or none for the viewer."""
    if not place.may("see_quality"):
        return {}
    found = (await place.viewer.door.get(f"/v1/projects/{place.id}/tasks", limit=1))["tasks"]
    return found[0] if found else {}


def path_of(project: int, key: str) -> str:
    """Where a room is."""
    return f"/projects/{project}/settings" + ("" if key == "general" else f"/{key}")


@contextmanager
def room(frame: Frame, place: ProjectPlace, key: str) -> Iterator[ui.element]:
    """The frame of one room; what is put in goes beside the list of all of them. Gives the place for actions."""
    if not place.may("see_settings"):
        raise Refusal(403, {"detail": "Settings are for who manages the project."})
    frame.of_project(place, "settings")
    found = next(one for rooms in ROOMS.values() for one in rooms if one.key == key)
    if not place.may(found.needs):
        raise Refusal(403, {"detail": f"{found.title} are for who manages them."})
    if not place.shown["published"]:
        steps(steps_of(dict(place.shown)), place.id, key)
    with block("div", "an-settings"):
        with block("nav", "an-rooms", aria_label="Settings"):
            for title, rooms in ROOMS.items():
                with block("div", "an-rooms-group"):
                    Words("span", title, "an-rooms-title")
                    for one in rooms:
                        if place.may(one.needs):
                            link = ui.link(one.title, path_of(place.id, one.key)).classes("an-room")
                            if one.key == key:
                                link.props["aria-current"] = "page"
        with block("div", "an-room-body"):
            with heading(found.title) as actions:
                pass
            if place.shown.get("archived"):
                Words(
                    "p",
                    "The workspace of this project is archived: nothing in it changes.",
                    "an-banner an-banner-warning",
                )
            elif not place.may("configure"):
                Words("p", "You may look at these settings, not change them.", "an-banner")
            yield actions


def steps(found: list[Step], project: int | None, here: str) -> None:
    """The steps of a set-up, each a way to its room; what is missing is said under it."""
    with block("ol", "an-steps", aria_label="Set-up"):
        for number, step in enumerate(found, start=1):
            with block("li", "an-step" + (" an-step-done" if step.done else "")) as item:
                if step.key == here:
                    item.props["aria-current"] = "step"
                Words("span", "✓" if step.done else str(number), "an-step-mark").props("aria-hidden=true")
                with block("div", "an-step-words"):
                    if project is None:
                        Words("strong", step.title)
                    else:
                        ui.link(step.title, path_of(project, step.key)).classes("an-link")
                    Words("span", "done" if step.done else step.missing, "an-note")


async def publish_button(place: ProjectPlace) -> None:
    """Publish, with what that comes to said before; or what is missing for it."""
    missing = [step.missing for step in steps_of(dict(place.shown))[:2] if not step.done]
    state_badge("published" if place.shown["published"] else "setup_in_progress")
    if not place.may("configure"):
        return

    async def publish() -> None:
        tasks, members = place.shown["tasks"], place.shown["members"]
        people = counted(sum(one["role"] == "annotator" for one in members), "annotator")
        words = f"{people} can begin with {counted(tasks, 'task')} at once. It can be unpublished at any time."
        if not await confirm("Publish the project?", words, "Publish", kind="primary"):
            return
        if await attempt(place.viewer.door.post(f"/v1/projects/{place.id}/publish")) is not None:
            ui.navigate.to(f"/projects/{place.id}")

    async def unpublish() -> None:
        words = (
            "Annotators and reviewers can open it no more until it is published again. What they hold stays reserved, "
            "and nothing that was done is lost."
        )
        if not await confirm("Unpublish the project?", words, "Unpublish"):
            return
        if await attempt(place.viewer.door.post(f"/v1/projects/{place.id}/unpublish")) is not None:
            ui.navigate.reload()

    if place.shown["published"]:
        button("Unpublish", unpublish, kind="danger")
        return
    found = button("Publish", publish, kind="primary")
    if missing:
        found.disable()
        found.props["title"] = "; ".join(missing)
