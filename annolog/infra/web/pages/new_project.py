"""Beginning a project: what it is called, where it belongs, and what it asks."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from annolog.infra.web.door import Refusal
from annolog.infra.web.frame import Frame, page
from annolog.infra.web.pages.settings.editor import ConfigEditor
from annolog.infra.web.pages.settings.place import path_of, steps, steps_of
from annolog.infra.web.pages.settings.templates import BY_KEY, TEMPLATES, Template
from annolog.infra.web.parts.cards import card, heading
from annolog.infra.web.parts.sending import attempt, button
from annolog.infra.web.parts.words import Words, block

NOTHING_YET: dict[str, Any] = {"config_version": 0, "published": False}


@page("/projects/new", "New project", here="projects")
async def new_project(frame: Frame) -> None:
    """The first step of a set-up; the others are the rooms of the project's settings."""
    viewer = frame.viewer
    found = (await viewer.door.get("/v1/workspaces"))["workspaces"]
    workspaces = [one for one in found if "manage_workspace" in one["permissions"]]
    if not viewer.may("create_project") and not workspaces:
        raise Refusal(403, {"detail": "Projects are begun by managers."})
    with heading("New project", "Four steps. Each can be left, and come back to in the project's settings."):
        pass
    steps(steps_of(NOTHING_YET), None, "labeling")
    with card("What it is"), block("div", "an-form-grid"):
        title = ui.input("Title").props("outlined dense maxlength=500")
        options = {0: "No workspace"} | {one["workspace"]: str(one["title"]) for one in workspaces}
        if not viewer.may("create_project"):
            options.pop(0)
        workspace = ui.select(options, value=next(iter(options)), label="Workspace").props("outlined dense")
        description = ui.textarea("Description (optional)").props("outlined dense autogrow rows=2")
        description.classes("an-wide")
    with card("What it asks", "Begin with a template and change it as you like; it can be revised later."):
        gallery = block("div", "an-templates", role="group", aria_label="Templates")
    editor = ConfigEditor(viewer.door, TEMPLATES[0].xml, TEMPLATES[0].sample)
    _gallery(gallery, editor)

    async def create(*, asks: bool) -> None:
        if not (title.value or "").strip():
            title.error = "A project needs a title"
            _ = ui.run_javascript(f"getElement({title.id}).focus()")
            return
        body: dict[str, Any] = {"title": title.value.strip(), "description": description.value or ""}
        if workspace.value:
            body["workspace"] = workspace.value
        if asks:
            if not (await editor.look())["valid"]:
                ui.notify("The labeling config has mistakes; they are listed below it.", type="negative")
                return
            body["label_config"] = editor.xml
        found = await attempt(viewer.door.post("/v1/projects", body), fields={"title": title})
        if found is not None:
            ui.navigate.to(path_of(found["project"], "tasks" if asks else "labeling"))

    with block("div", "an-actions an-end"):
        button("Decide later what to ask", lambda: create(asks=False), kind="quiet")
        button("Create project", lambda: create(asks=True), kind="primary", hotkey="Control+Enter")


def _gallery(gallery: ui.element, editor: ConfigEditor) -> None:
    tiles: dict[str, ui.element] = {}

    def choose(template: Template) -> None:
        for key, tile in tiles.items():
            tile.props["aria-pressed"] = "true" if key == template.key else "false"
        editor.write(template.xml, template.sample)

    with gallery:
        for template in BY_KEY.values():
            with block("button", "an-template", type="button", aria_pressed="false") as tile:
                ui.icon(template.icon).props("aria-hidden=true")
                with block("span", "an-template-words"):
                    Words("strong", template.title)
                    Words("span", template.means, "an-note")
            tile.on("click", lambda template=template: choose(template))
            tiles[template.key] = tile
    tiles[TEMPLATES[0].key].props["aria-pressed"] = "true"
