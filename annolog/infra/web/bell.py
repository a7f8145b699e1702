"""What one is told of: how much is new, and the latest of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from annolog.infra.web.door import Refusal
from annolog.infra.web.live import ticking
from annolog.infra.web.parts.words import Words, block, counted, moment
from annolog.infra.web.viewer import Viewer

LATEST = 20
SECONDS = 30.0
MOST_LETTERS = 140
REASONS: Mapping[str, str] = {
    "mention": "You were mentioned",
    "reply": "A reply to you",
    "comment": "A comment on your work",
    "returned": "Work was returned to you",
    "rejected": "Your work was rejected",
    "assigned": "Assigned to you",
    "review_assigned": "To be reviewed by you",
    "appeal": "Somebody appealed",
    "overruled": "Your appeal was heard",
}


class Bell:
    """A button with the number of unread notifications, and a list behind it."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._latest = 0
        with block("details", "an-bell") as self._frame:
            with block("summary", "an-icon-button", aria_label="Notifications"):
                ui.icon("notifications").props("aria-hidden=true")
                self._count = Words("span", "", "an-count")
            self._list = block("div", "an-bell-list")
        self._frame.on("toggle", self._opened)
        ticking(SECONDS, self._refresh, at_once=True)

    async def _refresh(self) -> None:
        try:
            found = await self._viewer.door.get("/v1/notifications", limit=LATEST)
        except Refusal:
            # The page itself says what is wrong; the bell keeps what it knows.
            return
        unread = int(found["unread"])
        self._count.text = "" if not unread else "99+" if unread > 99 else str(unread)
        rows = found["notifications"]
        latest = rows[0]["position"] if rows else 0
        if latest != self._latest or not rows:
            self._latest = latest
            self._show(rows)

    def _show(self, rows: list[Mapping[str, Any]]) -> None:
        self._list.clear()
        with self._list:
            if not rows:
                Words("p", "Nothing new.", "an-note")
            for row in rows:
                with ui.link(target=told_at(row)).classes("an-bell-row" + ("" if row["read"] else " an-unread")):
                    Words("strong", REASONS[row["reason"]])
                    if row["words"]:
                        Words("span", str(row["words"])[:MOST_LETTERS])
                    what = f"task {row['task']}" if row["task"] else counted(row["tasks"], "task")
                    Words("span", f"{what} · {moment(row['at'], self._viewer.zone)}", "an-note")

    async def _opened(self) -> None:
        if self._count.text:
            await self._viewer.door.post("/v1/notifications/read", {"up_to": self._latest})
            self._count.text = ""


def told_at(row: Mapping[str, Any]) -> str:
    """Where a notification leads: to the work, where it asks for work."""
    if row["reason"] == "review_assigned":
        return f"/projects/{row['project']}/review"
    if not row["task"]:
        return f"/projects/{row['project']}"
    return f"/tasks/{row['task']}/label" if row["reason"] == "returned" else f"/tasks/{row['task']}"
