"""Who did what in the organization, when, from where and on whose behalf."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from annolog.infra.web.door import Refusal
from annolog.infra.web.frame import Frame, page
from annolog.infra.web.pages.people.tabs import tabs
from annolog.infra.web.parts.cards import card, empty, heading
from annolog.infra.web.parts.plain_tables import plain_table
from annolog.infra.web.parts.sending import button
from annolog.infra.web.parts.windows import field
from annolog.infra.web.parts.words import Words, block, moment, sentence, zone_of
from annolog.infra.web.viewer import Viewer, name_of
from annolog.projections.activity.entries import ACTIONS

ROWS = 100
MOST_NAMES = 1000
SYSTEM = "system"
LONGEST_DETAIL = 400
# Times as the API writes them; whatever else somebody wrote is left as it is.
TIME = re.compile(r"2\d{3}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|\+00:00)")


@page("/activity", "Activity", here="people")
async def activity(
    frame: Frame, person: str = "", action: str = "", since: str = "", until: str = "", text: str = "", before: str = ""
) -> None:
    """The newest first. What is looked for is in the address, so that it can be sent to somebody."""
    viewer = frame.viewer
    wanted = {"person": person, "action": action, "since": since, "until": until, "text": text}
    asked = asked_of(wanted, viewer.zone)
    found = await viewer.door.get("/v1/activity", **asked, before=before or None, limit=ROWS)
    with heading("Activity", "Grants, sign-ins, refusals, exports and changed settings. Entries cannot be changed."):
        csv = f"/v1/activity/export?{urlencode({name: value for name, value in asked.items() if value is not None})}"
        with ui.link(target=csv).classes("an-link-as-button") as link:
            Words("span", "Download CSV")
        link.props["download"] = "activity.csv"
    tabs(viewer, "activity")
    _filters(viewer, wanted)
    with card():
        if not found["activity"]:
            empty("Nothing that fits", "Choose another person, kind or time.", "history")
        else:
            await Entries(viewer).show(found["activity"])
        with block("nav", "an-paging", aria_label="Pages"):
            given = {name: value for name, value in wanted.items() if value}
            if before:
                ui.link("Newest", _address(given)).classes("an-link-as-button")
            if found["next"]:
                ui.link("Older", _address(given | {"before": str(found["next"])})).classes("an-link-as-button")


def asked_of(wanted: Mapping[str, str], zone: str) -> dict[str, Any]:
    """What the address says as the API takes it; days are those of the viewer's zone, the last one included."""
    return {
        "person": "0" if wanted["person"] == SYSTEM else wanted["person"] or None,
        "action": wanted["action"] or None,
        "from": _midnight(wanted["since"], 0, zone),
        "to": _midnight(wanted["until"], 1, zone),
        "text": wanted["text"] or None,
    }


def _midnight(day: str, later: int, zone: str) -> str | None:
    if not day:
        return None
    try:
        begins = date.fromisoformat(day) + timedelta(days=later)
    except (ValueError, OverflowError) as wrong:
        raise Refusal(422, {"detail": "A day is written as 2026-11-24."}) from wrong
    return datetime.combine(begins, time.min, zone_of(zone)).isoformat()


def _address(given: Mapping[str, str]) -> str:
    return f"/activity?{urlencode(given)}" if given else "/activity"


def _filters(viewer: Viewer, wanted: Mapping[str, str]) -> None:
    with block("div", "an-filters", role="search", aria_label="Filter activity"):
        whose = field("Person", wanted["person"], note="name or number")
        kinds = {"": "Any kind", **{one: sentence(one) for one in ACTIONS}}
        kind = ui.select(
            kinds, value=wanted["action"] if wanted["action"] in kinds else "", label="Kind", with_input=True
        )
        kind.props("outlined dense options-dense")
        since = field("From", wanted["since"], kind="date").props("stack-label")
        until = field("To", wanted["until"], kind="date").props("stack-label")
        text = field("Words", wanted["text"])

        async def look() -> None:
            who = await _who(viewer, whose)
            if who is not None:
                given = {"person": who, "action": kind.value, "since": since.value, "until": until.value}
                given["text"] = text.value
                ui.navigate.to(_address({name: value for name, value in given.items() if value}))

        for one in (whose, text):
            one.on("keydown.enter", look)
        button("Filter", look, kind="primary")
        if any(wanted.values()):
            ui.link("Clear", "/activity").classes("an-link")


async def _who(viewer: Viewer, whose: ui.input) -> str | None:
    """Who is meant by a handle, a name or a number, as the address has it; None where that is said at the field."""
    words = (whose.value or "").strip()
    whose.error = None
    if not words or words == SYSTEM or words.isdigit():
        return words
    if not viewer.may("see_people"):
        whose.error = "Give the number of the person."
        return None
    people = (await viewer.door.get("/v1/people", text=words, limit=MOST_NAMES))["people"]
    exact = [one for one in people if words.casefold() in (one["handle"].casefold(), name_of(one).casefold())] or people
    if len(exact) != 1:
        whose.error = "Nobody is called so." if not exact else f"{len(exact)} people are called so; say more."
        return None
    return str(exact[0]["person"])


class Entries:
    """Entries of the log of activity, as a table in words."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._names: dict[int, str] = {0: "the system"}

    async def show(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Put these here."""
        await self._know(rows)
        if not rows:
            Words("p", "Nothing of note.", "an-note")
            return
        columns = ("When", "Who", "What", "Detail", "From")
        with block("div", "an-scroll"), plain_table(*columns, classes="an-activity"):
            for row in rows:
                self._row(row)

    async def _know(self, rows: Sequence[Mapping[str, Any]]) -> None:
        if not self._viewer.may("see_people"):
            return
        ids = {row["person"] for row in rows} | {row["on_behalf_of"] for row in rows}
        ids |= {row["subject"] for row in rows if row["kind"] == "person"}
        unknown = sorted(one for one in ids if one and one not in self._names)
        if not unknown:
            return
        # They are asked for together: who registers together has numbers that are near.
        found = await self._viewer.door.get("/v1/people", after=unknown[0] - 1, limit=MOST_NAMES)
        self._names |= {one["person"]: name_of(one) for one in found["people"]}

    def _name(self, id: int | None) -> str:
        return "nobody known" if id is None else self._names.get(id, f"person {id}")

    def _row(self, row: Mapping[str, Any]) -> None:
        with block("tr"):
            Words("td", moment(row["at"], self._viewer.zone, seconds=True), "an-nowrap")
            with block("td"):
                self._person(row["person"])
                if row["on_behalf_of"]:
                    Words("span", " for ")
                    self._person(row["on_behalf_of"])
            with block("td"):
                Words("strong", sentence(row["action"]))
                if row["kind"] == "person" and row["subject"] and row["subject"] != row["person"]:
                    Words("span", " ")
                    self._person(row["subject"])
                elif row["subject"] and row["kind"] not in ("person", "project"):
                    Words("span", f" {row['kind']} {row['subject']}", "an-note")
                if row["project"]:
                    Words("span", " in ")
                    ui.link(f"project {row['project']}", f"/projects/{row['project']}").classes("an-link")
            Words("td", _detail(row["detail"], self._viewer.zone), "an-wrap an-note")
            Words("td", row["address"] or "–", "an-nowrap")

    def _person(self, id: int | None) -> None:
        if id and self._viewer.may("see_people"):
            ui.link(self._name(id), f"/people/{id}").classes("an-link")
        else:
            Words("span", self._name(id))


def _detail(detail: Mapping[str, Any], zone: str) -> str:
    found = " · ".join(f"{name.replace('_', ' ')}: {_value(value, zone)}" for name, value in detail.items())
    return found if len(found) <= LONGEST_DETAIL else f"{found[:LONGEST_DETAIL]}…"


def _value(value: Any, zone: str) -> str:
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case dict():
            return "; ".join(f"{name.replace('_', ' ')}: {_value(inner, zone)}" for name, inner in value.items())
        case list():
            return ", ".join(_value(inner, zone) for inner in value)
        case str() if TIME.fullmatch(value) and _is_time(value):
            return moment(value, zone)
        case _:
            return str(value)


def _is_time(text: str) -> bool:
    """Whether there is such a time: what somebody wrote may only look like one."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
