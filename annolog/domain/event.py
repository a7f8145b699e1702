"""What an event is: a fact in the past tense that never changes once recorded."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """A fact: past tense, frozen, complete on its own.

    A stored event is never edited. When its shape must change, raise `schema_version` and register an upcaster beside
    the log (`annolog.infra.event_log.upcasting`). Who did it, when and why travel in the envelope, not in here.
    """

    # What is wrong with an event is logged and parked, and what it holds has no place there.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    schema_version: ClassVar[int] = 1

    @classmethod
    def type_name(cls) -> str:
        """The stable name under which the event is stored: the class name, which therefore never changes."""
        return cls.__name__


class UnreadableEvent(Exception):
    """Something rests on an event that cannot be read."""


class Unreadable(Event):
    """Stands for an event that this code does not know, or not in this shape: most likely a newer version wrote it.

    It has happened all the same, so nobody may pass over it. It is never recorded.
    """

    name: str
    reason: str

    def refuse(self) -> None:
        """Say that nothing can be made of it."""
        raise UnreadableEvent(f"{self.name} cannot be read: {self.reason}")
