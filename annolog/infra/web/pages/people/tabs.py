"""The pages about people and what they may, side by side."""

from __future__ import annotations

from nicegui import ui

from annolog.infra.web.parts.words import Words, block
from annolog.infra.web.viewer import Viewer

TABS = (
    ("people", "People", "/people", ("see_people", "invite_people")),
    ("roles", "Roles and permissions", "/roles", ()),
    ("groups", "Groups", "/groups", ("configure_organization",)),
    ("activity", "Activity", "/activity", ("read_activity",)),
)


def tabs(viewer: Viewer, here: str) -> None:
    """Lead to those that the viewer may see."""
    with block("nav", "an-tabs", aria_label="People and access"):
        for key, words, path, needs in TABS:
            if needs and not any(map(viewer.may, needs)):
                continue
            with ui.link(target=path).classes("an-tab") as found:
                Words("span", words)
            if key == here:
                found.props["aria-current"] = "page"
