"""An event with its place in the log and everything that tells who, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from annolog.domain.event import Event, Unreadable


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded event. `position` counts the whole log from 1 without a gap, `version` the events of its stream."""

    position: int
    id: UUID
    stream: str
    version: int
    recorded_at: datetime
    actor: int
    on_behalf_of: int | None
    command_id: UUID
    correlation_id: UUID
    causation_id: UUID | None
    project: int | None
    event: Event

    @property
    def person(self) -> int:
        """Who did it: the person acted for, where somebody acts for another."""
        return self.actor if self.on_behalf_of is None else self.on_behalf_of

    @property
    def type(self) -> str:
        """The event's stable type name."""
        return self.event.name if isinstance(self.event, Unreadable) else self.event.type_name()
