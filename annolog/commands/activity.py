"""What may be asked about people's activity: to record it. Only the system does, for whoever was at the door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from annolog.commands.command import Append, Command, Decision, handles
from annolog.commands.scope import Scope
from annolog.domain.activity import decisions
from annolog.domain.activity.events import COMMAND_LINE, Activity
from annolog.domain.ids import IdKind, activity_stream
from annolog.domain.people.personal import PersonalField


class RecordActivity(Command):
    """Record what somebody did. Nobody asks for the answer again."""

    remembered: ClassVar[bool] = False

    activity: Activity


@handles(RecordActivity)
def record_activity(command: RecordActivity, scope: Scope) -> Decision:
    """Each activity is a stream of its own: nothing has to be loaded, and no two processes contend. Addresses of people
    are sealed here.
    """
    scope.must_be_system()
    return Decision([told(scope, decisions.record(scope.directory, command.activity))])


def told(scope: Scope, activity: Sequence[Activity]) -> Append:
    """What is recorded of activity, beside whatever else a command came to."""
    stream = activity_stream(scope.id(IdKind.ACTIVITY))
    return Append(stream, [_sealed(event, scope) for event in activity], fresh=True)


def _sealed(event: Activity, scope: Scope) -> Activity:
    """The event as it may be recorded. Where somebody was who is erased by now nobody learns."""
    person, address = event.person, event.address
    if not person or not address or address == COMMAND_LINE:
        return event
    erased = person in scope.directory.erased
    kept = "" if erased else scope.vault.seal(person, PersonalField.ADDRESS, address)
    return event.model_copy(update={"address": kept})
