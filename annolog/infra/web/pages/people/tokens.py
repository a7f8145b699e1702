"""Tokens: what speaks for somebody, for how much of what they may and for how long; each is shown once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from nicegui import ui

from annolog.infra.web.parts.cards import card
from annolog.infra.web.parts.plain_tables import plain_table
from annolog.infra.web.parts.sending import attempt, button, confirm
from annolog.infra.web.parts.windows import field, shown_once, window
from annolog.infra.web.parts.words import Words, badge, block, counted, moment, sentence
from annolog.infra.web.viewer import Viewer

DAYS = {0: "Never", 7: "In a week", 30: "In thirty days", 90: "In ninety days", 365: "In a year"}
USUALLY = 90
MOST_NAMED = 3


class Tokens:
    """What speaks for one person: `path` is where the API has it, one's own or somebody's."""

    def __init__(self, viewer: Viewer, path: str, whose: str, *, issues: bool) -> None:
        self._viewer = viewer
        self._path = path
        self._whose = whose
        with card(
            "Tokens", "For programs that speak for them." if whose else "For programs that speak for you."
        ) as actions:
            if issues:
                with actions:
                    button("Issue a token", self._issue)
            self._place = block("div", "an-scroll")

    async def show(self) -> None:
        """Show them as they are now."""
        rows = (await self._viewer.door.get(self._path))["tokens"]
        self._place.clear()
        with self._place:
            if not rows:
                Words("p", "There are none.", "an-note")
                return
            with plain_table("Label", "Opens", "Ends", "Last used", acts=True):
                for row in rows:
                    self._row(row)

    def _row(self, row: Mapping[str, Any]) -> None:
        zone = self._viewer.zone
        with block("tr"):
            Words("td", str(row["label"]) or f"token {row['token']}", "an-wrap")
            Words("td", _scopes(row["scopes"])).props["title"] = ", ".join(row["scopes"] or ())
            with block("td"):
                ends = row["expires_at"]
                if ends and datetime.fromisoformat(ends) <= datetime.now(UTC):
                    badge("Expired", "warning")
                else:
                    Words("span", moment(ends, zone) if ends else "Never")
            Words("td", moment(row["last_used_at"], zone) if row["last_used_at"] else "Never")
            with block("td", "an-right"):
                label = f"Revoke token {row['label'] or row['token']}"
                button("Revoke", lambda: self._revoke(row), label=label).classes("an-button-tiny")

    async def _revoke(self, row: Mapping[str, Any]) -> None:
        words = "Whatever uses it is refused from now on. That cannot be taken back; another token can be issued."
        if await confirm(f"Revoke {row['label'] or 'the token'}?", words, "Revoke"):
            await attempt(self._viewer.door.delete(f"/v1/tokens/{row['token']}"), "It speaks for nobody any more.")
            await self.show()

    async def _issue(self) -> None:
        described = (await self._viewer.door.get("/v1/permissions"))["permissions"]
        options = {row["permission"]: sentence(row["permission"]) for row in described}
        with window("Issue a token") as dialog:
            whose = f"{self._whose} may" if self._whose else "you may"
            label = field("What it is for", most=200)
            scopes = ui.select(options, multiple=True, value=[], label="It opens").props("outlined dense use-chips")
            scopes.props["hint"] = f"All that {whose}, unless something is chosen"
            days = ui.select(DAYS, value=USUALLY, label="It ends").props("outlined dense")

            async def ask() -> None:
                ends = datetime.now(UTC) + timedelta(days=days.value) if days.value else None
                body = {"label": label.value, "scopes": scopes.value, "expires_at": ends and ends.isoformat()}
                found = await attempt(self._viewer.door.post(self._path, body), fields={"label": label})
                if found is None:
                    return
                words = "Keep it where secrets are kept: nobody can be shown it again."
                shown_once("The token", words, found["secret"], "Token")
                dialog.close()
                await self.show()

            dialog.ending("Issue", ask)


def _scopes(scopes: Sequence[str] | None) -> str:
    if scopes is None:
        return "Everything they may"
    named = ", ".join(one.replace("_", " ") for one in scopes[:MOST_NAMED])
    more = len(scopes) - MOST_NAMED
    return f"{named} and {counted(more, 'more', 'more')}" if more > 0 else named
