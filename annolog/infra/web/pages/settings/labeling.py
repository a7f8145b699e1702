"""What a project asks: its labeling config, what a change of it means for answers there are, and its instructions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from annolog.infra.web.frame import Frame
from annolog.infra.web.pages.settings.editor import INVENTED, ConfigEditor
from annolog.infra.web.pages.settings.place import first_task, path_of, room
from annolog.infra.web.pages.settings.templates import BY_KEY, TEMPLATES
from annolog.infra.web.parts.cards import card
from annolog.infra.web.parts.sending import attempt, button, confirm
from annolog.infra.web.parts.words import Words, block, counted
from annolog.infra.web.viewer import ProjectPlace


async def labeling(frame: Frame, place: ProjectPlace) -> None:
    """The config with its preview on a task of the project, then the instructions."""
    sample, own = await _sample(place)
    empty = place.shown["config_version"] == 0
    xml = TEMPLATES[0].xml if empty else str(place.shown["label_config"])
    if not own:
        sample = TEMPLATES[0].sample if empty else {}

    async def checking(text: str) -> dict[str, Any]:
        path = f"/v1/projects/{place.id}/label-config/preview"
        found: dict[str, Any] = await place.viewer.door.post(path, {"label_config": text})
        return found

    writable = place.may("configure")
    with room(frame, place, "labeling") as actions:
        note = "Previewed on a task of the project." if own else "There are no tasks yet: previewed on an example."
        Words("p", note, "an-note")
        change = block("div", "an-change", role="status")
        editor = ConfigEditor(
            place.viewer.door,
            xml,
            sample,
            checking=checking if writable else None,
            on_checked=lambda found: _say(change, found, dict(sample) if own else {}),
            readonly=not writable,
        )
        if writable:
            with actions:
                _begin_with(editor, own)
                button("Save config", lambda: _save(place, editor, empty), kind="primary", hotkey="Control+s")
        _instructions(place, writable)


async def _sample(place: ProjectPlace) -> tuple[Mapping[str, Any], bool]:
    found = await first_task(place)
    return (found["data"], True) if isinstance(found.get("data"), dict) else ({}, False)


def _begin_with(editor: ConfigEditor, own: bool) -> None:
    def chosen(event: Any) -> None:
        template = BY_KEY[event.value]
        editor.write(template.xml, editor.sample if own else template.sample)

    options = {template.key: template.title for template in TEMPLATES}
    ui.select(options, label="Begin with a template", on_change=chosen).props("outlined dense").classes("an-narrow")


def _meaning(change: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a change of the config means for what is there, as kinds and words."""
    found: list[tuple[str, str]] = []
    answers = counted(change["annotations"], "annotation")
    said = change["annotations"] > 0
    for name in change["removed_controls"]:
        words = f" {answers} stay as they are, and are compared on it no more." if said else ""
        found.append(("warning", f"The control “{name}” is asked no more.{words}"))
    for one in change["changed_controls"]:
        if one["removed_labels"]:
            words = " Answers that have it stay, and nobody can give it again." if said else ""
            found.append(("warning", f"“{one['control']}” loses {', '.join(one['removed_labels'])}.{words}"))
        if one["added_labels"]:
            words = " Who answered before could not choose it." if said else ""
            found.append(("info", f"“{one['control']}” gains {', '.join(one['added_labels'])}.{words}"))
        if one["other_kind"]:
            found.append(
                ("warning", f"“{one['control']}” is answered in another way; answers before cannot be compared.")
            )
    for name in change["added_controls"]:
        words = f" {answers} lack it." if said else ""
        found.append(("info", f"“{name}” is asked as well.{words}"))
    return found


def _say(place: ui.element, found: Mapping[str, Any], sample: Mapping[str, Any]) -> None:
    place.clear()
    change = found.get("change")
    with place:
        if change is None or change["same"]:
            return
        meaning = _meaning(change)
        lacking = [name for name in found["variables"] if name not in sample] if sample else []
        if lacking:
            names = ", ".join(f"${name}" for name in lacking)
            meaning.append(
                ("warning", f"The task of the preview has no {names}: tasks that lack it show “{INVENTED}” here.")
            )
        if change["annotations"] and not meaning:
            meaning.append(("good", "The questions stay the same: answers are compared as before."))
        for kind, words in meaning:
            Words("p", words, f"an-consequence an-consequence-{kind}")


async def _save(place: ProjectPlace, editor: ConfigEditor, first: bool) -> None:
    found = await editor.look()
    if not found["valid"]:
        ui.notify("The labeling config has mistakes; they are listed below it.", type="negative")
        return
    change = found["change"]
    if change["same"]:
        ui.notify("Nothing has changed.")
        return
    if change["annotations"]:
        words = " ".join(words for _, words in _meaning(change)) or "The questions stay the same."
        kept = f"{counted(change['annotations'], 'annotation')} keep the version they were made with. {words}"
        if not await confirm("Ask something else from now on?", kept, "Save config", kind="primary"):
            return
    body = {"label_config": editor.xml}
    saved = await attempt(place.viewer.door.put(f"/v1/projects/{place.id}/label-config", body), "Saved.")
    if saved is not None:
        to = "tasks" if first and not place.shown.get("tasks") else "labeling"
        ui.navigate.to(path_of(place.id, to))


def _instructions(place: ProjectPlace, writable: bool) -> None:
    with card("Instructions", "What annotators are told before they begin. HTML is shown sanitised."):
        text = ui.textarea(value=str(place.shown["instructions"])).props("outlined autogrow aria-label=Instructions")
        text.classes("an-wide")
        if not writable:
            text.disable()
            return

        async def save() -> None:
            body = {"instructions": text.value or ""}
            await attempt(place.viewer.door.put(f"/v1/projects/{place.id}/instructions", body), "Instructions saved.")

        with block("div", "an-actions"):
            button("Save instructions", save)
