"""The settings of a project, a room each, at an address each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from annolog.infra.web.door import Refusal
from annolog.infra.web.frame import Frame, page
from annolog.infra.web.pages.settings.agreement import agreement
from annolog.infra.web.pages.settings.changes import changes
from annolog.infra.web.pages.settings.data_fields import data_fields
from annolog.infra.web.pages.settings.general import general
from annolog.infra.web.pages.settings.grouped import grouped, routing
from annolog.infra.web.pages.settings.labeling import labeling
from annolog.infra.web.pages.settings.members import members
from annolog.infra.web.pages.settings.rules import rules
from annolog.infra.web.pages.settings.tasks_in_and_out import tasks_in_and_out
from annolog.infra.web.pages.settings.webhooks import webhooks
from annolog.infra.web.viewer import ProjectPlace

SHOWN: Mapping[str, Callable[[Frame, ProjectPlace], Awaitable[None]]] = {
    "general": general,
    "labeling": labeling,
    "tasks": tasks_in_and_out,
    "members": members,
    "assignment": grouped("assignment"),
    "reassignment": grouped("reassignment"),
    "review": grouped("review", routing),
    "evaluation": grouped("evaluation"),
    "agreement": agreement,
    "consensus": grouped("consensus"),
    "rules": rules,
    "data-fields": data_fields,
    "webhooks": webhooks,
    "history": changes,
}


@page("/projects/{id}/settings", "Settings")
async def settings(frame: Frame, id: int) -> None:
    """What a project is, and whether people can work in it."""
    await general(frame, await frame.viewer.enter(id))


@page("/projects/{id}/settings/{key}", "Settings")
async def settings_room(frame: Frame, id: int, key: str) -> None:
    """One room of the settings."""
    if key not in SHOWN:
        raise Refusal(404, {"detail": "Nothing is at this address."})
    await SHOWN[key](frame, await frame.viewer.enter(id))
