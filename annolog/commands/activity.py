"""What may be asked about people's activity: to record it. Only the system does, for whoever was at the door."""

from __future__ import annotations

from typing import ClassVar

from annolog.commands.command import Append, Command, Decision, handles
from annolog.commands.scope import Scope
from annolog.domain.activity import decisions
from annolog.domain.activity.events import Activity
from annolog.domain.ids import IdKind, activity_stream


class RecordActivity(Command):
    """Record what somebody did. Nobody asks for the answer again."""

    remembered: ClassVar[bool] = False

    activity: Activity


@handles(RecordActivity)
def record_activity(command: RecordActivity, scope: Scope) -> Decision:
    """Each activity is a stream of its own: nothing has to be loaded, and no two processes contend."""
    scope.must_be_system()
    events = decisions.record(scope.directory, command.activity)
    stream = activity_stream(scope.id(IdKind.ACTIVITY))
    return Decision([Append(stream, events, fresh=True)])
