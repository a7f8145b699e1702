"""A rule of the form *when this happened, ask for that*."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from annolog.commands.command import Command, command_id
from annolog.domain.event import Event
from annolog.domain.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Ask:
    """A command that a reaction wants sent, and what tells it from others that the same event asks for."""

    command: Command
    name: str = ""


def about(tasks: Sequence[int]) -> str:
    """A name for an ask about these tasks: others that are found another time make another ask."""
    return blake2b(repr(list(tasks)).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Reaction:
    """It returns commands and performs nothing, so it can be replayed, tested and run dry.

    An event is seen once the read models have seen it. `react` is called for the events of a batch together and may
    look at read models, which are then at least as new as the last of them.
    """

    name: str
    interests: frozenset[type[Event]]
    react: Callable[[Sequence[Recorded]], Iterable[tuple[Recorded, Ask]]]

    def id_of(self, recorded: Recorded, ask: Ask) -> UUID:
        """The same event always asks with the same id, so asking again changes nothing."""
        return command_id(f"reaction:{self.name}", f"{recorded.position}:{ask.name}")
