"""What is kept in mind of an activity: nothing, since nothing is ever decided on one."""

from __future__ import annotations

from dataclasses import dataclass

from annolog.domain.event import Event


@dataclass(frozen=True, slots=True)
class Noted:
    """An activity was recorded. Each is a stream of its own, so none waits for another."""

    id: int


def evolve(noted: Noted, event: Event) -> Noted:
    """The same as before, whatever happened."""
    del event
    return noted
