"""People into a workspace."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nicegui import ui

from annolog.infra.web.pages.people.roles import role_choice, sent
from annolog.infra.web.parts.sending import attempt
from annolog.infra.web.parts.windows import field, window
from annolog.infra.web.parts.words import Words
from annolog.infra.web.viewer import Viewer, name_of

MOST = 1000


async def add_members(
    viewer: Viewer, path: str, known: Mapping[str, Any], again: Callable[[], Awaitable[None]]
) -> None:
    """Choose people, and what they are to be in every project inside."""
    there = {row["person"] for row in known["members"]}
    with window("Add members") as dialog:
        chosen: Callable[[], list[int]]
        if viewer.may("see_people"):
            chosen = await _by_name(viewer, there)
        else:
            chosen = _by_number()
        role = role_choice(known["gives"], ("annotator", ""), "As")

        async def ask() -> None:
            members = [{"person": id, **sent(role.value)} for id in chosen()]
            if (
                members
                and await attempt(viewer.door.post(f"{path}/members", {"members": members}), "Added.") is not None
            ):
                dialog.close()
                await again()

        dialog.ending("Add", ask)


async def _by_name(viewer: Viewer, there: set[int]) -> Callable[[], list[int]]:
    found = await viewer.door.get("/v1/people", limit=MOST)
    people = {
        row["person"]: name_of(row) for row in found["people"] if row["person"] not in there and not row["erased"]
    }
    which = ui.select(people, multiple=True, value=[], label="People", with_input=True).props(
        "outlined dense use-chips"
    )
    if found["next"] is None:
        return lambda: list(which.value)
    Words("p", f"The first {MOST:,} are listed; others can be added by their number.", "an-note")
    others = _by_number()
    return lambda: [*which.value, *others()]


def _by_number() -> Callable[[], list[int]]:
    numbers = field("Numbers of people, with commas between")
    return lambda: [int(one) for one in (numbers.value or "").replace(" ", "").split(",") if one.isdigit()]
