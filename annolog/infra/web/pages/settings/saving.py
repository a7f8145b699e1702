"""Saving settings: first what it comes to, then the question, then the change; and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from annolog.infra.web.door import Refusal
from annolog.infra.web.pages.settings.effects import consequences, differences
from annolog.infra.web.parts.cards import card
from annolog.infra.web.parts.plain_tables import plain_table
from annolog.infra.web.parts.questions import answer_to, question
from annolog.infra.web.parts.sending import button, say
from annolog.infra.web.parts.words import Words, block, moment
from annolog.infra.web.viewer import ProjectPlace

SHOWN_AT_ONCE = 6


async def ask_to_save(place: ProjectPlace, group: str, changes: Mapping[str, Any]) -> bool:
    """Show what changes of a group come to, and make them if that is wanted. Raises `Refusal` where they cannot be."""
    seen = await place.viewer.door.post(f"/v1/projects/{place.id}/settings/{group}/preview", dict(changes))
    accepted = await ask("Save these changes?", [(group, seen["old"], seen["new"])], seen["effect"], "Save")
    if accepted is None:
        return False
    path = f"/v1/projects/{place.id}/settings/{group}"
    await place.viewer.door.post(path, dict(changes), accept_infeasible=_flag(accepted))
    say("Saved. It can be undone below.")
    return True


async def ask_to_undo(place: ProjectPlace, group: str, before: Mapping[str, Any]) -> bool:
    """Show what taking the latest change of a group back comes to, and do it if that is wanted."""
    path = f"/v1/projects/{place.id}/settings/{group}"
    seen = await place.viewer.door.post(f"{path}/preview", dict(before))
    accepted = await ask("Undo the latest change?", [(group, seen["old"], seen["new"])], seen["effect"], "Undo")
    if accepted is None:
        return False
    await place.viewer.door.post(f"{path}/undo", accept_infeasible=_flag(accepted))
    say("The change was taken back.")
    return True


def _flag(accepted: bool) -> str | None:
    return "true" if accepted else None


async def ask(
    title: str,
    groups: Sequence[tuple[str, Mapping[str, Any], Mapping[str, Any]]],
    effect: Mapping[str, Any],
    yes: str,
    note: str = "",
) -> bool | None:
    """Show differences and consequences. None for no; otherwise whether too few people were expressly accepted."""
    with question(title, "an-dialog-middle") as dialog:
        if note:
            Words("p", note, "an-note")
        _differences(groups)
        with block("ul", "an-consequences"):
            for one in consequences(effect):
                Words("li", one.words, f"an-consequence an-consequence-{one.kind}")
        accept = None
        if not effect["feasible"]:
            accept = ui.checkbox("I accept tasks that nobody is left for")
        with block("div", "an-actions an-dialog-actions"):
            button("Cancel", lambda: dialog.submit(None), kind="quiet")
            confirm = button(yes, lambda: dialog.submit((accept is not None,)), kind="primary")
        if accept is not None:
            confirm.disable()
            accept.on_value_change(lambda event: confirm.set_enabled(bool(event.value)))
    answer = await answer_to(dialog)
    return None if answer is None else bool(answer[0])


def _differences(groups: Sequence[tuple[str, Mapping[str, Any], Mapping[str, Any]]]) -> None:
    rows = [row for group, old, new in groups for row in differences(group, old, new)]
    if not rows:
        Words("p", "Nothing would be different.", "an-note")
        return
    with block("div", "an-scroll"), plain_table("Setting", "Is", "Would be"):
        for label, old, new in rows:
            with block("tr"):
                Words("td", label)
                Words("td", old, "an-wrap")
                Words("td", new, "an-wrap an-strong")


def history(place: ProjectPlace, group: str) -> None:
    """Who changed what of a group, when; the latest change can be undone."""
    with card("Latest changes"):
        body = block("div", "an-history")

    async def show() -> None:
        try:
            found = await place.viewer.door.get(f"/v1/projects/{place.id}/changes", group=group, limit=SHOWN_AT_ONCE)
            names = await place.names()
        except Refusal as refusal:
            with body:
                Words("p", refusal.detail, "an-note")
            return
        with body:
            if not found["changes"]:
                Words("p", "Nobody has changed anything here yet.", "an-note")
            for index, change in enumerate(found["changes"]):
                _entry(place, group, change, names, latest=index == 0)

    ui.timer(0, show, once=True)


def _entry(
    place: ProjectPlace, group: str, change: Mapping[str, Any], names: Mapping[int, str], *, latest: bool
) -> None:
    old, new = change["data"]["old"], change["data"]["new"]
    with block("div", "an-entry"):
        with block("div", "an-entry-words"):
            with block("div"):
                Words("strong", who(change, names))
                Words("span", f" · {moment(change['recorded_at'], place.viewer.zone)}", "an-note")
            for label, before, after in differences(group, old, new):
                Words("p", f"{label}: {before} → {after}", "an-wrap")
        if latest and place.may("configure"):

            async def undo() -> None:
                if await ask_to_undo(place, group, old):
                    ui.navigate.reload()

            button("Undo…", undo)


def who(change: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """Who made a change, and for whom."""
    actor, behalf = change["actor"], change.get("on_behalf_of")
    said = "the system" if actor == 0 else names.get(actor, f"person {actor}")
    return said if behalf is None or behalf == actor else f"{names.get(behalf, f'person {behalf}')} (by {said})"
