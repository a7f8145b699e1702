"""How events come to be entries, each in the organization that it belongs to."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
from sqlalchemy import Table

from annolog.domain.activity.events import (
    AccessDenied,
    ActivityEvent,
    CommandLocated,
    DataExported,
    SignInFailed,
    TokenUsed,
)
from annolog.domain.organization.events import OrganizationCreated
from annolog.domain.organization.state import FIRST
from annolog.domain.people import events as people
from annolog.domain.project.events import ProjectCreated, ProjectEvent
from annolog.domain.recorded import Recorded
from annolog.domain.sign_on.events import GroupsClaimed, PersonRecognized
from annolog.projections.activity.entries import ENTRIES, detail_of
from annolog.projections.activity.tables import (
    activity_entry,
    activity_person,
    activity_place,
    activity_project,
    activity_token,
)
from annolog.projections.engine.moments import microseconds
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rows import Key, Rows


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """What tells the organization, and the token that was used."""
    event = recorded.event
    if isinstance(event, ProjectEvent):
        yield activity_project, (event.project,)
        return
    if isinstance(event, people.TokenIssued | people.TokenRevoked | TokenUsed):
        yield activity_token, (event.token,)
    person = getattr(event, "person", None)
    if person is not None:
        yield activity_person, (person,)


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event."""
    event = recorded.event
    match event:
        case ProjectCreated():
            rows.put(activity_project, {"project": event.project, "organization": event.organization})
        case people.PersonRegistered():
            rows.put(activity_person, {"person": event.person, "organization": event.organization})
        case people.TokenIssued():
            organization = _organization_of(rows, recorded)
            rows.put(activity_token, {"token": event.token, "organization": organization, "last_used": None})
        case TokenUsed():
            _used(rows, event.token, microseconds(recorded.recorded_at))
        case CommandLocated():
            place = {"command": str(event.command), "person": event.person, "address": event.address}
            rows.put(activity_place, place)
            return
    _enter(rows, recorded)


def _used(rows: Rows, token: int, at: int) -> None:
    """Processes tell each for itself, so that the latest word need not come last."""
    row = rows.change(activity_token, token)
    if row is not None:
        row["last_used"] = max(at, row["last_used"] or 0)


def _enter(rows: Rows, recorded: Recorded) -> None:
    event = recorded.event
    entry = ENTRIES[type(event)]
    at_the_door = isinstance(event, ActivityEvent | SignInFailed)
    person, on_behalf_of = _who(recorded)
    rows.put(
        activity_entry,
        {
            "position": recorded.position,
            "organization": _organization_of(rows, recorded),
            "at": microseconds(recorded.recorded_at),
            "person": person,
            "on_behalf_of": on_behalf_of,
            "action": entry.action,
            "kind": entry.kind,
            "subject": getattr(event, entry.subject) if entry.subject else None,
            "project": getattr(event, "in_project", None) if at_the_door else recorded.project,
            "address": getattr(event, "address", ""),
            "command": str(recorded.command_id),
            "detail": orjson.dumps(detail_of(event, entry), option=orjson.OPT_NON_STR_KEYS).decode(),
        },
    )


def _who(recorded: Recorded) -> tuple[int | None, int | None]:
    """Who did it, and for whom. What is done at the door the system records, and the event says who it was; so it does
    of those who come in by themselves, and are not in yet.
    """
    if recorded.actor:
        return recorded.actor, recorded.on_behalf_of
    match recorded.event:
        case people.PasswordChanged(person=person) | people.InvitationAccepted(person=person):
            return person, None
        case PersonRecognized(person=person) | GroupsClaimed(person=person):
            return person, None
        case AccessDenied(person=person, on_behalf_of=other) | DataExported(person=person, on_behalf_of=other):
            return person, other
        case ActivityEvent(person=person):
            return person, None
        case SignInFailed(person=nobody_or_somebody):
            return nobody_or_somebody, None
    return recorded.actor, recorded.on_behalf_of


def _organization_of(rows: Rows, recorded: Recorded) -> int:
    """What an event says itself, or what is known of its project, person or token."""
    event = recorded.event
    if isinstance(event, OrganizationCreated):
        # Only the first one makes others, and none of these is told by whom.
        return FIRST
    found = getattr(event, "organization", None)
    if found is not None:
        return int(found)
    if isinstance(event, ProjectEvent):
        place = rows.find(activity_project, event.project)
    elif isinstance(event, people.TokenRevoked):
        place = rows.find(activity_token, event.token)
    else:
        place = rows.find(activity_person, getattr(event, "person", None))
    return int(place["organization"]) if place is not None else 0


activity = Projector(
    name="activity",
    version=1,
    tables=(activity_entry, activity_place, activity_project, activity_person, activity_token),
    interests=frozenset({*ENTRIES, CommandLocated}),
    touches=touches,
    apply=apply,
)
