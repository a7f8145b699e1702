"""What certifies that somebody was erased: drawn up from the log at any time, so that it cannot be lost."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from eventsourcing.persistence import StoredEvent

from annolog.domain.ids import DIRECTORY_STREAM
from annolog.domain.people.events import PersonErased, PersonRevised, TokenIssued, TokenRevoked
from annolog.domain.people.state import Person
from annolog.domain.provisioning.events import PersonProvisioned
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import NotFound
from annolog.infra.event_log.log import SqlEventLog
from annolog.infra.personal.vault import SqlVault


def certificate_of(log: SqlEventLog, vault: SqlVault, whom: Person) -> dict[str, Any]:
    """Who was erased, by whom and when, what was destroyed with it, and where the log proves it."""
    person = whom.id
    history = log.streams([DIRECTORY_STREAM])[DIRECTORY_STREAM]
    erased = next((one for one in history if _erases(one, person)), None)
    if erased is None:
        raise NotFound(f"Person {person} was not erased.")
    assert isinstance(erased.event, PersonErased)
    destroyed = vault.forgotten_at(person)
    return {
        "certificate": erased.event.certificate,
        "person": person,
        "pseudonym": whom.handle,
        "erased_at": erased.recorded_at.isoformat(),
        "erased_by": erased.person,
        "event": str(erased.id),
        "event_position": erased.position,
        "digest": digest_of(log.recorder.select_events(DIRECTORY_STREAM, lte=erased.version)),
        "key_destroyed_at": None if destroyed is None else destroyed.isoformat(),
        "destroyed": _destroyed(history, person),
    }


def digest_of(stored: Sequence[StoredEvent]) -> str:
    """One number for a history as it is stored: each event is hashed together with the number of all before it."""
    chained = b""
    for event in stored:
        heading = f"{event.originator_version}:{event.topic}:".encode()
        chained = sha256(chained + heading + event.state).digest()
    return chained.hex()


def _erases(recorded: Recorded, person: int) -> bool:
    return isinstance(recorded.event, PersonErased) and recorded.event.person == person


def _destroyed(history: Sequence[Recorded], person: int) -> dict[str, int]:
    """How many sealed values nobody can open any more, in how many revisions, and how many tokens speak no more."""
    revised = [one.event for one in history if isinstance(one.event, PersonRevised) and one.event.person == person]
    provisioned = [one for one in history if isinstance(one.event, PersonProvisioned) and one.event.person == person]
    theirs = {one.event.digest for one in history if isinstance(one.event, TokenIssued) and one.event.person == person}
    revoked = {one.event.digest for one in history if isinstance(one.event, TokenRevoked)}
    return {
        "revisions": len(revised),
        "values": len(provisioned) + sum(bool(value) for event in revised for value in (event.name, event.email)),
        "tokens": len(theirs & revoked),
    }
