"""Noting who was refused what, who takes data out, and where commands of note come from."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from fastapi import Request

from annolog.commands.command import Command
from annolog.commands.signing_in import BeginSession, EndSession, NoteSessions, RehashPassword
from annolog.domain.access.permissions import Permission
from annolog.domain.activity.events import AccessDenied, DataExported
from annolog.domain.people.state import Person, Standing
from annolog.domain.refusals import Forbidden, NotFound, Refused, Unauthenticated
from annolog.infra.composition import Installation
from annolog.infra.http.client import client_of

if TYPE_CHECKING:
    from annolog.infra.http.caller import Caller

CALLER = "annolog.caller"
# Rooms of commands that grant or change something. What annotators and reviewers do all day is not among them.
OF_NOTE = frozenset(
    f"annolog.commands.{room}"
    for room in (
        "defining",
        "importing",
        "inviting",
        "members",
        "organizations",
        "people",
        "personal",
        "projects",
        "provisioning",
        "rules",
        "signing_in",
        "subscribing",
        "tokens",
        "workspaces",
    )
)
# What comes with every sign-in, which is recorded itself, and with every use of a session.
USUAL = frozenset({BeginSession, EndSession, NoteSessions, RehashPassword})
# Where a page asks for what need not be there.
DRAFTS = "/v1/tasks/{id}/draft"


def is_of_note(command: Command) -> bool:
    """Whether it is recorded where the command came from."""
    return type(command).__module__ in OF_NOTE and type(command) not in USUAL


def note_refusal(request: Request, refusal: Refused) -> None:
    """Have a refusal recorded if it says that somebody known may not do what they tried.

    That the rules of work say no, as to who is paused, is nothing of note.
    """
    route = getattr(request.scope.get("route"), "path", None)
    caller: Caller | None = request.scope.get(CALLER)
    if route is None:
        return
    if caller is None:
        if isinstance(refusal, Unauthenticated):
            _note_token(request, route)
    elif isinstance(refusal, Forbidden | Unauthenticated):
        caller.installation.activity.denied(_denial(request, route, caller, refusal.code))
    elif isinstance(refusal, NotFound) and not _is_missing_draft(request, route, caller):
        caller.installation.activity.not_found(_denial(request, route, caller, refusal.code))


def _note_token(request: Request, route: str) -> None:
    """A token that nobody knows is a stranger's; one that is known and does not hold is somebody's."""
    installation: Installation = request.app.state.installation
    token = installation.token_of(request.headers.get("authorization", "").partition(" ")[2].strip())
    person = installation.directory.person(token.person) if token is not None else None
    if token is None or person is None:
        return
    code = _why_out(person) if token.holds(installation.clock()) else "token-expired"
    denial = AccessDenied(
        organization=person.organization.id,
        person=person.id,
        address=client_of(request.scope).address,
        method=request.method,
        route=route,
        code=code,
    )
    installation.activity.denied(denial)


def _why_out(person: Person) -> str:
    return "person-deactivated" if person.standing is Standing.DEACTIVATED else "person-awaits-approval"


def _denial(request: Request, route: str, caller: Caller, code: str) -> AccessDenied:
    """Numbers that were only tried are left out: a colleague and a project are named where they are known there."""
    directory, actor = caller.installation.directory, caller.actor
    behalf = directory.colleague(actor, caller.on_behalf_of)
    return AccessDenied(
        organization=actor.organization.id,
        person=actor.id,
        on_behalf_of=behalf.id if behalf is not None else None,
        address=caller.address,
        method=request.method,
        route=route,
        in_project=_project_in(request, route, caller) if code == Forbidden.code else None,
        code=code,
    )


def _project_in(request: Request, route: str, caller: Caller) -> int | None:
    states, id = caller.installation.states, request.path_params.get("id")
    if not str(id).isdecimal():
        return None
    if route.startswith("/v1/projects/{id}"):
        found = int(str(id))
    elif route.startswith("/v1/tasks/{id}"):
        found = states.task(int(str(id))).project
    else:
        return None
    project = states.project(found)
    return found if project.exists and project.organization == caller.actor.organization.id else None


def _is_missing_draft(request: Request, route: str, caller: Caller) -> bool:
    if route != DRAFTS:
        return False
    try:
        caller.task(int(request.path_params["id"]), Permission.ANNOTATE)
    except Refused:
        return False
    return True


async def note_export(
    caller: Caller,
    what: str,
    format: str,
    *,
    project: int | None = None,
    filter: dict[str, Any] | None = None,
    rows: int | None = None,
    pseudonyms: bool = False,
) -> None:
    """Record that data is about to leave. If that cannot be recorded, none does."""
    installation = caller.installation
    export = DataExported(
        organization=caller.actor.organization.id,
        person=caller.actor.id,
        on_behalf_of=caller.on_behalf_of,
        address=caller.address,
        what=what,
        format=format,
        in_project=project,
        filter={name: _plain(value) for name, value in (filter or {}).items() if value not in (None, "")},
        rows=rows,
        position=installation.bus.head,
        pseudonyms=pseudonyms,
    )
    await caller.bus.run(installation.activity.export(export))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
