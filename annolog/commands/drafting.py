"""What a page asks to keep of work that is not handed in yet. That is no history and is kept beside the log."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from annolog.commands.annotating import TaskCommand, decided
from annolog.commands.command import Decision, handles
from annolog.commands.ports import Draft
from annolog.commands.scope import Scope
from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import is_exempt
from annolog.domain.refusals import StaleVersion
from annolog.domain.task import distribution
from annolog.domain.task.events import ReleaseReason
from annolog.domain.task.interacting import must_have

AUTOSAVED = "autosaved"


class KeepDraft(TaskCommand):
    """Keep what I have done so far. `revision` is that of my own annotation which it goes on from, 0 before the first:
    what was begun before an answer never takes its place. Who is `leaving` leaves the task to others besides.
    """

    remembered: ClassVar[bool] = False

    result: list[dict[str, Any]]
    lead_time: float | None = Field(default=None, ge=0, lt=10**9, allow_inf_nan=False)
    revision: int = Field(default=0, ge=0)
    leaving: bool = False


class DropDraft(TaskCommand):
    """I want nothing of my unfinished work on this task any more."""

    remembered: ClassVar[bool] = False


@handles(KeepDraft)
def keep_draft(command: KeepDraft, scope: Scope) -> Decision:
    """For who has the task before them, or had it until their time ran out. Unfinished work may fit no config."""
    task, project = scope.task(command.task, Permission.ANNOTATE)
    person = scope.person.id
    must_have(task, person, at_will=is_exempt(scope.person, project))
    own = task.annotation_of(person)
    revision = own.revision if own is not None else 0
    if revision != command.revision:
        raise StaleVersion(
            f"The draft goes on from revision {command.revision}, and the answer is at {revision}.",
            facts={"revision": revision},
        )
    scope.drafts.append(Draft(project.id, task.id, person, command.result, command.lead_time, AUTOSAVED))
    events = distribution.release(task, person, ReleaseReason.LEFT) if command.leaving else []
    return decided(task, events, saved_at=scope.now.isoformat())


@handles(DropDraft)
def drop_draft(command: DropDraft, scope: Scope) -> Decision:
    """One's own; where there is none nothing happens."""
    task, project = scope.task(command.task, Permission.ANNOTATE)
    scope.finished_drafts.append((task.id, scope.person.id))
    return Decision(answer={"task": task.id, "project": project.id})
