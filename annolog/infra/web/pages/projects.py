"""All the projects that one may see, with how far each is."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from annolog.infra.web.frame import Frame, page
from annolog.infra.web.parts.cards import card, empty, heading
from annolog.infra.web.parts.charts import STATE_COLOURS
from annolog.infra.web.parts.sending import button
from annolog.infra.web.parts.words import STATES, Words, block, counted, share, state_badge

MOST = 1000


@page("/projects", "Projects", here="projects")
async def projects(frame: Frame) -> None:
    """A card a project."""
    viewer = frame.viewer
    found = (await viewer.door.get("/v1/projects", limit=MOST))["projects"]
    with heading("Projects", counted(len(found), "project") if found else ""):
        if viewer.may("create_project"):
            button("New project", lambda: ui.navigate.to("/projects/new"), kind="primary", hotkey="n")
    if not found:
        note = "Create one, import tasks and publish it." if viewer.may("create_project") else "Ask a manager for one."
        empty("There is no project for you yet", note, "folder_open")
        return
    with block("div", "an-grid an-grid-3"):
        for row in found:
            _project(row)


def _project(row: dict[str, Any]) -> None:
    with card(classes="an-project"):
        with block("div", "an-heading"):
            with block("h2"):
                ui.link(str(row["title"]), f"/projects/{row['project']}").classes("an-link")
            state_badge(str(row["state"]))
        progress_bar(row["tasks_by_state"], row["tasks"])
        done = f"{share(row['completed_share'])} of {counted(row['tasks'], 'task')} done"
        Words("p", done if row["tasks"] else "No tasks yet", "an-note")
        words = [counted(row["annotations"], "annotation"), counted(row["reviews"], "review")]
        if row["reassigned"]:
            words.append(f"{row['reassigned']:,} reassigned")
        Words("p", " · ".join(words), "an-note")


def progress_bar(by_state: dict[str, int], tasks: int) -> None:
    """The share of tasks in each state, in their colours."""
    words = ", ".join(f"{count:,} {STATES[state].lower()}" for state, count in by_state.items() if count)
    with block("div", "an-bar", role="img", aria_label=words or "no tasks"):
        for state, count in reversed(by_state.items()):
            # What nobody has begun is the bar that is still empty.
            if count and tasks and state != "created":
                block("span").style(f"width: {100 * count / tasks:.2f}%; background: {STATE_COLOURS[state]}")
