"""What a command is, what comes back, and how a handler says what follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from uuid import NAMESPACE_OID, UUID, uuid5

from pydantic import BaseModel, ConfigDict

from annolog.domain.access.permissions import Permission
from annolog.domain.event import Event
from annolog.domain.faults import refuse_nul
from annolog.domain.refusals import Refused

if TYPE_CHECKING:
    from annolog.commands.scope import Scope


class Command(BaseModel):
    """An intention: imperative, frozen, safe to send twice under the same id.

    `remembered` is off for commands whose answer nobody will ask for again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    remembered: ClassVar[bool] = True

    def about(self) -> str | None:
        """The stream that the command is sure to need, if that can be told from the command alone."""
        return None

    def personal(self) -> Sequence[str | None]:
        """What is personal of somebody in what is said: left out of every dump, and empty where there is none."""
        return ()


@dataclass(frozen=True, slots=True)
class Request:
    """A command, with who sends it and as what.

    `expected_version` is the version of the stream that the sender decided on; a newer one refuses the command.
    `limits` are what the sender's token opens, None for all they may. `organization` says in which one the system
    itself speaks.
    """

    command: Command
    id: UUID
    actor: int
    on_behalf_of: int | None = None
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    expected_version: int | None = None
    limits: Set[Permission] | None = None
    organization: int | None = None

    def fingerprint(self, digest: Callable[[bytes], bytes]) -> bytes:
        """What tells a repeated request from another one that reuses its id.

        Refuses what no database can hold as text. A plain hash of a name or an e-mail would be undone by guessing, so
        what is personal counts by its `digest` under a secret.
        """
        who = f"{type(self.command).__name__}:{self.actor}:{self.on_behalf_of}:"
        said = self.command.model_dump_json()
        if "\\u0000" in said:
            refuse_nul(self.command.model_dump())
        personal = self.command.personal()
        hidden = digest(repr(personal).encode()) if personal else b""
        return blake2b((who + said).encode() + hidden, digest_size=16).digest()


def command_id(sender: int | str, key: str) -> UUID:
    """The command's id for a key that its sender chose. The same key of two senders is two commands."""
    return uuid5(NAMESPACE_OID, f"{sender}:{key}")


@dataclass(frozen=True, slots=True)
class Append:
    """Events that follow in one stream. A `fresh` stream begins here: its id was handed out in the same command."""

    stream: str
    events: Sequence[Event]
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from a command: events, in all streams or in none, and what the sender is told."""

    appends: Sequence[Append] = ()
    answer: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sender is told. `position` is the log's position after the command, to wait for in a query."""

    position: int
    value: Mapping[str, Any]
    repeated: bool = False


def left_out(task: int, refusal: Refused) -> dict[str, Any]:
    """How the sender of a command about many tasks is told that one was left as it is, and why."""
    return {"task": task, "code": refusal.code, "detail": refusal.detail}


C = TypeVar("C", bound=Command)
Handler = Callable[[Any, "Scope"], Decision]
HANDLERS: dict[type[Command], Handler] = {}


def handles(kind: type[C]) -> Callable[[Callable[[C, Scope], Decision]], Callable[[C, Scope], Decision]]:
    """Register the function that decides a kind of command."""

    def register(handler: Callable[[C, Scope], Decision]) -> Callable[[C, Scope], Decision]:
        HANDLERS[kind] = handler
        return handler

    return register
