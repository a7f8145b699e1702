"""Who looks at a page, and what they may do: asked of the API, never decided here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import unquote

from fastapi import Request
from nicegui import core

from annolog.infra.http.client import client_of
from annolog.infra.http.origin import SESSION_COOKIE
from annolog.infra.web.door import Answer, Api, Door, Refusal
from annolog.infra.web.shared import SharedAnswers, standing_of

UTC_NAME = "UTC"
ZONE_COOKIE = "annolog_zone"
THEME_COOKIE = "annolog_theme"
# What somebody may do changes by what is recorded; a session may also just end.
UNCHANGED_SECONDS = 30.0


@dataclass(slots=True)
class Viewer:
    """Somebody signed in, with the door through which everything is asked in their name."""

    door: Door
    person: int
    name: str
    role: str
    organization: int
    organization_name: str
    permissions: frozenset[str]
    zone: str = UTC_NAME
    theme: str = "auto"

    def may(self, permission: str) -> bool:
        """Whether the organization lets them do this."""
        return permission in self.permissions

    async def managed_workspaces(self) -> dict[int, str]:
        """What the workspaces that they manage are called, by id."""
        rows = (await self.door.get("/v1/workspaces"))["workspaces"]
        return {row["workspace"]: str(row["title"]) for row in rows if "manage_workspace" in row["permissions"]}

    async def enter(self, project: int) -> ProjectPlace:
        """A project as they find it. Raises `Refusal` where there is none for them."""
        shown = await self.door.get(f"/v1/projects/{project}")
        rights = await self.door.get(f"/v1/projects/{project}/rights")
        return ProjectPlace(self, project, shown, rights)


@dataclass(slots=True)
class ProjectPlace:
    """A project as one viewer finds it: `shown` is what the API says of it, `rights` what they may do in it.

    `position` is where the log was a moment ago, 0 if that is not known.
    """

    viewer: Viewer
    id: int
    shown: Mapping[str, Any]
    rights: dict[str, Any]
    _names: dict[int, str] = field(default_factory=dict)
    position: int = 0
    _looked_at: float = float("-inf")
    _looked_position: int = 0
    _standing: bytes = b""

    @property
    def title(self) -> str:
        """What the project is called."""
        return str(self.shown["title"])

    def may(self, permission: str) -> bool:
        """Whether the viewer may do this in the project."""
        return permission in self.rights["permissions"]

    @property
    def reviews(self) -> bool:
        """Whether the viewer reviews here, and something is reviewed at all."""
        return self.may("review") and bool((self.shown.get("reviewing") or {}).get("reviews"))

    async def refresh_rights(self, older_than: float = 0.0) -> None:
        """Ask once more what the viewer may do. Raises `Refusal` once they may not even look.

        With `older_than` not if that was asked in the last seconds, nor, for a while, if nothing was recorded since.
        """
        answers: SharedAnswers = core.app.state.shared
        age, position = monotonic() - self._looked_at, answers.position
        unchanged = position > 0 and position == self._looked_position and age <= UNCHANGED_SECONDS
        if older_than > 0 and (age <= older_than or unchanged):
            self.position = position
            return
        answer = await self.viewer.door.ask("GET", f"/v1/projects/{self.id}/rights")
        self.rights, self.position, self._standing = answer.value, answer.position, b""
        self._looked_at, self._looked_position = monotonic(), answer.position
        answers.note(answer.position)

    async def shared(self, path: str, seconds: float, **parameters: Any) -> Answer:
        """The answer to a query below the project that many look at, as a rule at most so many seconds old; see
        `SharedAnswers`.

        For what goes on by itself `refresh_rights` comes before it.
        """
        answers: SharedAnswers = core.app.state.shared
        if not self._standing:
            self._standing = standing_of(self.viewer.organization, self.rights)
        whole = f"/v1/projects/{self.id}{path}"
        door = self.viewer.door
        return await answers.get(
            door, self._standing, whole, seconds, position=self.position, least=door.written, **parameters
        )

    async def names(self) -> Mapping[int, str]:
        """What everybody who works here is called, by id, as far as the viewer is shown names; asked once a page."""
        if not self._names:
            found = await self.viewer.door.get(f"/v1/projects/{self.id}/people")
            self._names = {row["person"]: name_of(row) for row in found["people"]}
        return self._names


def name_of(person: Mapping[str, Any]) -> str:
    """What a person is called on pages: their name, or else their handle."""
    return str(person.get("name") or person.get("handle") or f"person {person.get('person')}")


async def viewer_of(request: Request) -> Viewer | None:
    """Who has a session in this browser; None if nobody has. Raises `Refusal` where the API cannot say."""
    session = request.cookies.get(SESSION_COOKIE)
    if not session:
        return None
    api: Api = core.app.state.api
    door = Door(api, session, client_of(request.scope).address)
    try:
        me = await door.get("/v1/me")
        permissions = await door.get("/v1/me/rights")
    except Refusal as refusal:
        if refusal.status == 401:
            return None
        raise
    return Viewer(
        door,
        me["person"],
        name_of(me),
        me["role"],
        me["organization"],
        str(me["organization_name"]),
        frozenset(permissions["permissions"]),
        # As the browser wrote it: Asia%2FKathmandu.
        unquote(request.cookies.get(ZONE_COOKIE, UTC_NAME))[:100],
        request.cookies.get(THEME_COOKIE, "auto"),
    )
