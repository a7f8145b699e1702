"""Of which organization an event tells: nobody reads of another."""

from __future__ import annotations

from annolog.domain.organization.events import OrganizationEvent
from annolog.domain.people.state import Directory, Person
from annolog.domain.recorded import Recorded
from annolog.infra.composition import Installation


def concerns(installation: Installation, person: Person, recorded: Recorded) -> bool:
    """Whether an event happened in somebody's own organization. What nobody can tell is nobody's to read."""
    if recorded.project is not None:
        return installation.states.project(recorded.project).organization == person.organization.id
    return _organization_of(installation.directory, recorded) == person.organization.id


def _organization_of(directory: Directory, recorded: Recorded) -> int | None:
    event = recorded.event
    if isinstance(event, OrganizationEvent):
        return event.organization
    named = getattr(event, "organization", None)
    if named is not None:
        return int(named)
    known = directory.accounts.get(getattr(event, "person", 0)) or directory.accounts.get(recorded.actor)
    return known.organization.id if known is not None else None
