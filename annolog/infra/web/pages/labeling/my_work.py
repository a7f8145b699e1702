"""My work: what waits for who looks, how far they are, how good their work is as far as they may know, and what they
were told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from nicegui import ui
from nicegui.element import Element

from annolog.infra.web.bell import REASONS, told_at
from annolog.infra.web.frame import Frame, page
from annolog.infra.web.live import Live
from annolog.infra.web.parts.cards import Figure, card, empty, grid, heading
from annolog.infra.web.parts.words import Words, badge, block, counted, duration, moment, number, share, zone_of
from annolog.infra.web.viewer import Viewer

LATEST = 12
MOST_PROJECTS = 50
SECONDS = 10.0
MEASURES = "submissions,revisions,skips,annotating_active_time,reviews_received,reviews_accepted,reviews_fixed"
KEPT_BECAUSE = {
    "autosaved": "unfinished",
    "slot-taken": "somebody was faster",
    "lease-lost": "the time ran out",
    "paused": "you were paused",
}


class MyWork:
    """All that the page shows, asked again while somebody looks."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._zone = viewer.zone
        self._was: Any = None
        with grid("an-grid-kpi"):
            self._today = Figure("Today", "Tasks you answered today, in your time zone; revisions are not counted.")
            self._week = Figure("This week", "Tasks you answered since Monday, in your time zone.")
            self._time = Figure("Active today", "Time you were at work in tasks you answered today, idle left out.")
            self._accepted = Figure(
                "Accepted this week",
                "Share of this week's reviews of your work that accepted it, as it was or put right.",
                "(accepted + fixed) / reviews",
            )
        self._waiting = block("div", "an-work-lists")
        with grid("an-grid-2"):
            with card("Projects"):
                self._projects = block("div", "an-work-rows")
            with card("What you were told"):
                self._told = block("div", "an-work-rows")

    async def refresh(self) -> None:
        """Ask again, and show what has changed."""
        door = self._viewer.door
        work = await door.get("/v1/me/work")
        told = (await door.get("/v1/notifications", limit=LATEST))["notifications"]
        ids = [row["project"] for row in work["projects"]][:MOST_PROJECTS]
        days = await self._days(ids)
        quality = {id: await self._quality(id) for id in ids}
        now = (work, told, days, quality)
        if now == self._was:
            return
        self._was = now
        self._show_progress(days)
        self._show_waiting(work)
        self._show_projects(work["projects"], quality)
        self._show_told(told)

    async def _days(self, ids: Sequence[int]) -> Sequence[Mapping[str, Any]]:
        if not ids:
            return []
        today = datetime.now(zone_of(self._zone)).date()
        found = await self._viewer.door.get(
            "/v1/dashboard",
            projects=",".join(map(str, ids)),
            by="day,person",
            zone=zone_of(self._zone).key,
            measures=MEASURES,
            **{"from": (today - timedelta(days=today.weekday())).isoformat()},
        )
        rows: Sequence[Mapping[str, Any]] = [row for row in found["rows"] if row["person"] == self._viewer.person]
        return rows

    async def _quality(self, project: int) -> Mapping[str, Any]:
        found = await self._viewer.door.get(f"/v1/projects/{project}/annotators")
        return next((row for row in found["annotators"] if row["person"] == self._viewer.person), {})

    def _show_progress(self, days: Sequence[Mapping[str, Any]]) -> None:
        today = datetime.now(zone_of(self._zone)).date().isoformat()
        of_today = [row for row in days if row["day"] == today]
        self._today.show(number(_sum(of_today, "submissions")), _also(of_today))
        self._week.show(number(_sum(days, "submissions")), _also(days))
        seconds = _sum(of_today, "annotating_active_time")
        self._time.show(duration(seconds) if seconds else "–")
        reviews = _sum(days, "reviews_received")
        accepted = _sum(days, "reviews_accepted") + _sum(days, "reviews_fixed")
        self._accepted.show(share(accepted / reviews if reviews else None), counted(int(reviews), "review"))

    def _show_waiting(self, work: Mapping[str, Any]) -> None:
        titles = {row["project"]: str(row["title"]) for row in work["projects"]}
        self._waiting.clear()
        with self._waiting:
            if work["returned"]:
                with card("Returned to you", "A reviewer asks you to look at these once more.", "an-work-returned"):
                    for row in work["returned"]:
                        self._returned(row, titles)
            if work["assigned"]:
                with card("Assigned to you"):
                    for row in work["assigned"]:
                        _task(row, titles, "Label")
            if work["drafts"]:
                with card("Drafts", "Work that was not handed in."):
                    for row in work["drafts"]:
                        note = KEPT_BECAUSE.get(row["reason"], row["reason"])
                        _task(row, titles, "Go on", f"{note} · {moment(row['saved_at'], self._zone)}")

    def _returned(self, row: Mapping[str, Any], titles: Mapping[int, str]) -> None:
        said = str(row["returned"]["comment"] or "")
        more = len(row["returned"]["comments"])
        note = f"{counted(more, 'open comment')}" if more else ""
        _task(row, titles, "Fix it", note, f"“{said}”" if said else "")

    def _show_projects(self, rows: Sequence[Mapping[str, Any]], quality: Mapping[int, Mapping[str, Any]]) -> None:
        self._projects.clear()
        with self._projects:
            if not rows:
                empty("No project waits for you", "As soon as somebody adds you to one, it is here.", "folder_open")
            for row in rows:
                self._project(row, quality.get(row["project"], {}))

    def _project(self, row: Mapping[str, Any], own: Mapping[str, Any]) -> None:
        with block("div", "an-work-row"):
            with block("div", "an-work-row-words"):
                with block("h3"):
                    ui.link(str(row["title"]), f"/projects/{row['project']}").classes("an-link")
                words = [counted(row["submitted"], "annotation")]
                if row["limit"]:
                    words.append(f"limit {row['limit']:,}")
                if own.get("lead_time_mean") is not None:
                    words.append(f"{duration(own['lead_time_mean'])} a task")
                if own.get("acceptance_score") is not None:
                    words.append(f"{share(own['acceptance_score'])} of {counted(own['reviewed'], 'review')} accepted")
                Words("p", " · ".join(words), "an-note")
                if row["bound"]:
                    Words("p", str(row["bound"]["words"]), "an-note")
            with block("div", "an-actions"):
                if row["has_work"]:
                    link = ui.link("Label", f"/projects/{row['project']}/label").classes(
                        "an-button an-button-primary an-work-button"
                    )
                    link.props["aria-label"] = f"Label in {row['title']}"
                elif not row["to_review"]:
                    badge("Paused" if row["bound"] else "No work now", "plain")
                if row["to_review"]:
                    link = ui.link("Review", f"/projects/{row['project']}/review").classes("an-button an-work-button")
                    link.props["aria-label"] = f"Review in {row['title']}"

    def _show_told(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._told.clear()
        with self._told:
            if not rows:
                empty("Nothing new", "Comments, returned work and assignments are told here.", "notifications")
            for row in rows:
                with ui.link(target=told_at(row)).classes("an-bell-row" + ("" if row["read"] else " an-unread")):
                    Words("strong", REASONS.get(row["reason"], str(row["reason"])))
                    if row["words"]:
                        Words("span", str(row["words"])[:200])
                    what = f"task {row['task']}" if row["task"] else counted(row["tasks"], "task")
                    Words("span", f"{what} · {moment(row['at'], self._zone)}", "an-note")


def _task(row: Mapping[str, Any], titles: Mapping[int, str], act: str, note: str = "", said: str = "") -> None:
    with block("div", "an-work-row"):
        with block("div", "an-work-row-words"):
            Words("strong", str(row["words"]) or f"Task {row['task']}", "an-work-snippet")
            if said:
                Words("p", said, "an-work-said")
            parts = [f"Task {row['task']}", titles.get(row["project"], ""), note]
            Words("p", " · ".join(part for part in parts if part), "an-note")
        link = ui.link(act, f"/tasks/{row['task']}/label").classes("an-button an-work-button")
        link.props["aria-label"] = f"{act}: task {row['task']}"


def _sum(rows: Sequence[Mapping[str, Any]], key: str) -> float:
    return sum(row[key] or 0 for row in rows)


def _also(rows: Sequence[Mapping[str, Any]]) -> str:
    found = [(int(_sum(rows, key)), one) for key, one in (("revisions", "revision"), ("skips", "skip"))]
    return " · ".join(counted(count, one) for count, one in found if count)


class Sender(Element, component="sender_element.js"):
    """Where the browser says what waits to be sent."""

    def __init__(self, person: int) -> None:
        super().__init__()
        self.props["person"] = person


@page("/my-work", "My work", here="my-work")
async def my_work(frame: Frame) -> None:
    """What waits, returned work first."""
    with heading("My work"):
        pass
    shown = MyWork(frame.viewer)
    await shown.refresh()
    Live(shown.refresh, SECONDS)
    # What an earlier page could not send is sent from here as well.
    Sender(frame.viewer.person)
