"""What anybody may ask about what they are told of."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from annolog.commands.command import Command, Decision, handles
from annolog.commands.scope import Scope
from annolog.domain.ids import LARGEST_ID


class MarkNotificationsRead(Command):
    """One has read what one was told up to a position. That is no history and is kept beside the log."""

    remembered: ClassVar[bool] = False

    up_to: int = Field(ge=0, le=LARGEST_ID)


@handles(MarkNotificationsRead)
def mark_read(command: MarkNotificationsRead, scope: Scope) -> Decision:
    """One's own. A mark never goes back."""
    scope.read_marks[scope.person.id] = command.up_to
    return Decision(answer={"person": scope.person.id, "up_to": command.up_to})
