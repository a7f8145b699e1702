"""What a page asks on behalf of who works with it: to take down what they did, so that their time can be trusted."""

from __future__ import annotations

from typing import ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from annolog.commands.annotating import TaskCommand, decided, must_be_open
from annolog.commands.command import Decision, handles
from annolog.commands.scope import Scope
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.refusals import NotFound
from annolog.domain.task import interacting
from annolog.domain.task.interacting import LONGEST_MILLISECONDS, Batch, Told
from annolog.domain.task.times import OWN, piece_of

MOST_INTERACTIONS = 1_000


class Interaction(BaseModel):
    """One thing that somebody did with a page, or that the page noticed of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$", examples=["annotation_loaded"])
    offset_ms: int | None = Field(
        default=None,
        ge=0,
        le=LONGEST_MILLISECONDS,
        description="When, in milliseconds since the session began, by a clock that is never set.",
    )
    at: AwareDatetime | None = Field(default=None, description="When, for a page that has no such clock.")


class RecordInteractions(TaskCommand):
    """Take down what somebody did with a page that shows the task. A batch is taken once, however often it is sent."""

    remembered: ClassVar[bool] = False

    session: str = Field(min_length=1, max_length=64)
    sequence: int = Field(ge=0, lt=2**53)
    interactions: list[Interaction] = Field(min_length=1, max_length=MOST_INTERACTIONS)
    offset_ms: int | None = Field(default=None, ge=0, le=LONGEST_MILLISECONDS)
    at: AwareDatetime | None = None
    annotation: int | None = None


@handles(RecordInteractions)
def record_interactions(command: RecordInteractions, scope: Scope) -> Decision:
    """For who has the task before them; for reviewers also about the annotations of others."""
    task, project = scope.task(command.task, Permission.ANNOTATE)
    must_be_open(project, scope, new_work=False)
    person = scope.person.id
    others = piece_of(task, person, command.annotation)[1] != OWN
    if others and not rights.may(Permission.REVIEW, scope.person, project):
        # As if it were not there, so that nobody learns how many have answered.
        raise NotFound(f"Task {task.id} has no annotation {command.annotation}.")
    batch = Batch(
        command.session,
        command.sequence,
        [Told(one.kind, one.offset_ms, one.at) for one in command.interactions],
        command.offset_ms,
        command.at,
        command.annotation,
    )
    at_will = rights.is_exempt(scope.person, project)
    events = interacting.record(task, person, batch, scope.now, at_will=at_will)
    return decided(task, [*events], session=command.session, sequence=command.sequence, recorded=bool(events))
