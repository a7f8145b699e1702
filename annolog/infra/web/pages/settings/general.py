"""What a project is, whether people can work in it, and where it belongs."""

from __future__ import annotations

from nicegui import ui

from annolog.infra.web.frame import Frame
from annolog.infra.web.pages.settings.place import publish_button, room, steps_of
from annolog.infra.web.parts.cards import card
from annolog.infra.web.parts.sending import attempt, button, confirm
from annolog.infra.web.parts.windows import field
from annolog.infra.web.parts.words import Words, block, number
from annolog.infra.web.viewer import ProjectPlace


async def general(frame: Frame, place: ProjectPlace) -> None:
    """Title and description, publication, workspace."""
    shown = place.shown
    with room(frame, place, "general") as actions:
        with actions:
            await publish_button(place)
        with card("Publication", "While it is published, annotators and reviewers can work in it."):
            missing = [step.missing for step in steps_of(dict(shown)) if not step.done and step.key != "general"]
            if shown["published"]:
                Words("p", "It is published.")
            elif missing:
                Words("p", f"Not yet: {'; '.join(missing)}.", "an-consequence an-consequence-warning")
            else:
                Words(
                    "p", "Everything is there. Publish it, and people can begin.", "an-consequence an-consequence-good"
                )
        _about(place)
        with card("In figures"), block("dl", "an-facts"):
            facts = (
                ("Tasks", number(shown["tasks"])),
                ("Tasks with the full overlap", number(shown["covered_tasks"])),
                ("Members", number(len(shown["members"]))),
                ("Labeling config", f"version {shown['config_version']}" if shown["config_version"] else "none yet"),
                ("Number in the API", str(place.id)),
            )
            for name, value in facts:
                Words("dt", name)
                Words("dd", value, "an-wrap")
        await _workspace(place)


def _about(place: ProjectPlace) -> None:
    writable = place.may("configure")
    with card("About", "What people tell it apart by."), block("div", "an-form"):
        title = field("Title", place.title, most=500)
        description = ui.textarea("Description", value=str(place.shown["description"]))
        description.props("outlined dense autogrow maxlength=100000")

        async def save() -> None:
            body = {"title": title.value or "", "description": description.value or ""}
            asking = place.viewer.door.put(f"/v1/projects/{place.id}", body)
            if await attempt(asking, "", {"title": title, "description": description}) is not None:
                ui.navigate.reload()

        if writable:
            with block("div", "an-actions"):
                button("Save", save)
        else:
            title.disable()
            description.disable()


async def _workspace(place: ProjectPlace) -> None:
    workspaces = (await place.viewer.door.get("/v1/workspaces"))["workspaces"]
    now = place.shown["workspace"] or 0
    options = {0: "No workspace"} | {one["workspace"]: str(one["title"]) for one in workspaces}
    options.setdefault(now, f"workspace {now}")
    with card("Workspace", "Members of a workspace are members of all its projects."), block("div", "an-actions"):
        chosen = ui.select(options, value=now, label="Workspace").props("outlined dense").classes("an-narrow")

        async def move() -> None:
            if chosen.value == now:
                return
            words = "Who came by the old workspace leaves the project, who is in the new one joins it."
            if await confirm("Move the project?", words, "Move", kind="primary"):
                body = {"workspace": chosen.value or None}
                path = f"/v1/projects/{place.id}/workspace"
                if await attempt(place.viewer.door.put(path, body)) is not None:
                    ui.navigate.reload()

        if place.may("manage_workspace") or place.may("configure"):
            button("Move", move)
        else:
            chosen.disable()
