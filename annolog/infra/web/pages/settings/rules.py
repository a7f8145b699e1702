"""What follows by itself from how people work: the rules of a project, and what they did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from nicegui import ui

from annolog.infra.web.frame import Frame
from annolog.infra.web.pages.settings.place import room
from annolog.infra.web.pages.settings.rule_form import edit_rule
from annolog.infra.web.pages.settings.rule_words import action, rule
from annolog.infra.web.parts.cards import card, empty
from annolog.infra.web.parts.sending import attempt, button, confirm
from annolog.infra.web.parts.words import Words, badge, block, moment, sentence
from annolog.infra.web.viewer import ProjectPlace

PAGE = 1000
LATEST = 50


async def rules(frame: Frame, place: ProjectPlace) -> None:
    """The rules in plain words, then what they did."""
    path = f"/v1/projects/{place.id}"
    found = (await place.viewer.door.get(f"{path}/rules"))["rules"]
    firings = await _firings(place, path)
    names = await place.names()
    writable = place.may("configure")
    with room(frame, place, "rules") as actions:
        if writable:
            with actions:
                button("New rule", lambda: edit_rule(place, None), kind="primary", hotkey="n")
        Words("p", "A rule looks at each annotator and, when all its conditions hold, does one thing.", "an-note")
        with card("Rules"):
            if not found:
                empty("No rules", "Such as: pause who gives five answers in under three seconds.", "rule")
            for one in found:
                _rule(place, path, one, writable=writable)
        with card("What they did", "Whoever it is about sees it, and may appeal."):
            if not firings:
                Words("p", "No rule has fired yet.", "an-note")
            for firing in firings[:LATEST]:
                _firing(place, path, firing, names, writable=writable)


async def _firings(place: ProjectPlace, path: str) -> list[dict[str, Any]]:
    """All firings, the latest first."""
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        some = await place.viewer.door.get(f"{path}/firings", after=after, limit=PAGE)
        found, after = [*found, *some["firings"]], some["next"]
    return found[::-1]


def _rule(place: ProjectPlace, path: str, one: Mapping[str, Any], *, writable: bool) -> None:
    name = str(one["name"])

    async def remove() -> None:
        words = "It looks at nobody any more. What it has done stays until its time is over or it is overruled."
        if await confirm(f"Remove the rule {name}?", words, "Remove"):
            asking = place.viewer.door.delete(f"{path}/rules/{quote(name, safe='')}")
            if await attempt(asking, "Removed.") is not None:
                ui.navigate.reload()

    with block("div", "an-entry"):
        with block("div", "an-entry-words"):
            with block("div", "an-badges"):
                Words("strong", name, "an-wrap")
                badge(f"version {one['version']}")
                if not one["enabled"]:
                    badge("off", "warning")
            Words("p", rule(one), "an-wrap")
        if writable:
            with block("div", "an-actions"):
                button("Edit", lambda: edit_rule(place, one), label=f"Edit {name}")
                button("Remove", remove, kind="quiet", label=f"Remove {name}")


def _firing(
    place: ProjectPlace, path: str, firing: Mapping[str, Any], names: Mapping[int, str], *, writable: bool
) -> None:
    person = names.get(firing["person"], f"person {firing['person']}")
    when = firing["at"]

    async def overrule() -> None:
        words = "What it did is taken back, as far as nobody has made use of it."
        if await confirm("Overrule this firing?", words, "Overrule", kind="primary"):
            body = {"reason": ""}
            done = attempt(place.viewer.door.post(f"{path}/firings/{firing['firing']}/overrule", body), "Overruled.")
            if await done is not None:
                ui.navigate.reload()

    with block("div", "an-entry"):
        with block("div", "an-entry-words"):
            with block("div", "an-badges"):
                Words("strong", person, "an-wrap")
                badge(str(firing["rule"]))
                if firing["overruled"]:
                    badge("overruled", "plain")
                elif firing["appealed"]:
                    badge("appealed", "warning")
                Words("span", moment(when, place.viewer.zone), "an-note")
            Words("p", sentence(action(firing["action"])), "an-wrap")
            found = ", ".join(f"{sentence(name).lower()} {value:g}" for name, value in firing["inputs"].items())
            Words("p", f"Found: {found}", "an-note an-wrap")
            if firing["appealed"]:
                Words("p", f"“{firing.get('appeal') or ''}”", "an-wrap")
        if writable and not firing["overruled"]:
            button("Overrule", overrule)
