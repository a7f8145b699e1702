"""What there is to see of a project without tasks: what comes next, and where, for who may do it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from annolog.infra.web.parts.cards import card
from annolog.infra.web.parts.words import Words, block
from annolog.infra.web.viewer import ProjectPlace


async def beginning(place: ProjectPlace, progress: Mapping[str, Any]) -> None:
    """The steps to the first annotation, those that are done marked so."""
    members = [one for one in (await place.viewer.door.get(f"/v1/projects/{place.id}/people"))["people"] if one["role"]]
    settings, team = f"/projects/{place.id}/settings", f"/projects/{place.id}/people"
    steps = (
        (
            "Say what is asked",
            "The labeling config has the questions.",
            progress.get("configured"),
            settings,
            "configure",
        ),
        ("Import tasks", "A JSON array, or a task a line.", progress.get("tasks"), settings, "import_tasks"),
        ("Bring people in", "Annotators, reviewers, managers.", members, team, "manage_members"),
        ("Publish", "From then on people are given work.", place.rights["published"], settings, "configure"),
    )
    with (
        card("Nothing to count yet", "The dashboard fills as soon as there are tasks."),
        block("ol", "an-dashboard-steps"),
    ):
        for words, note, done, target, needs in steps:
            with block("li", "an-dashboard-step" + (" an-dashboard-step-done" if done else "")):
                ui.icon("check_circle" if done else "radio_button_unchecked").props("aria-hidden=true")
                with block("div"):
                    if place.may(needs) and not done:
                        ui.link(words, target).classes("an-link")
                    else:
                        Words("span", words)
                    Words("p", "Done" if done else note, "an-note")
