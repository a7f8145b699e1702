"""What commands take in their body. Every member that is not known is refused, so that a misspelt one is noticed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Literal, Self

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from annolog.commands.interacting import MOST_INTERACTIONS, Interaction
from annolog.commands.members import NewMember
from annolog.domain.ids import LARGEST_ID
from annolog.domain.project.events import PauseKind
from annolog.domain.task.commenting import LONGEST_CLASSIFICATION
from annolog.domain.task.events import RejectAction, Verdict
from annolog.domain.task.interacting import LONGEST_MILLISECONDS

RESULT_EXAMPLE = [{"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": ["yes"]}}]
CONFIG_EXAMPLE = (
    '<View><Text name="text" value="$text"/><Choices name="label" toName="text">'
    '<Choice value="yes"/><Choice value="no"/></Choices></View>'
)


class StrictJson(Request):
    """A request whose JSON is read strictly: no NaN, no lone surrogates, no bottomless nesting."""

    async def json(self) -> Any:
        """The body, parsed once."""
        if not hasattr(self, "_json"):
            self._json = orjson.loads(await self.body())
        return self._json


class StrictRoute(APIRoute):
    """Reads bodies with `StrictJson`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, given the stricter request."""
        handler = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handler(StrictJson(request.scope, request.receive))

        return strict


class Body(BaseModel):
    """A request body."""

    model_config = ConfigDict(extra="forbid")


class NewProject(Body):
    """A project to create."""

    title: str = Field(max_length=500, examples=["Reviews"])
    description: str = Field(default="", max_length=100_000)
    label_config: str | None = Field(default=None, examples=[CONFIG_EXAMPLE])
    settings: dict[str, dict[str, Any]] = Field(default_factory=dict, examples=[{"assignment": {"overlap": 2}}])
    workspace: int | None = Field(default=None, ge=1, le=LARGEST_ID, description="The workspace it is to be in.")


class ProjectDescription(Body):
    """What a project is called and what is said about it, both anew."""

    title: str = Field(max_length=500, examples=["Reviews"])
    description: str = Field(default="", max_length=100_000)


class LabelConfig(Body):
    """Another labeling config."""

    label_config: str = Field(examples=[CONFIG_EXAMPLE])


class Instructions(Body):
    """What annotators are told."""

    instructions: str = Field(max_length=1_000_000)


class Members(Body):
    """People to add to a project, or to give another role in it."""

    members: list[NewMember] = Field(min_length=1, max_length=10_000, examples=[[{"person": 2, "role": "annotator"}]])


class NewPause(Body):
    """A pause."""

    kind: PauseKind = PauseKind.FULL
    reason: str = Field(default="", max_length=10_000, examples=["training on Monday"])
    until: AwareDatetime | None = None


class Answer(Body):
    """An answer: Label Studio result items, and how long they took, in seconds."""

    result: list[dict[str, Any]] = Field(examples=[RESULT_EXAMPLE])
    started_at: AwareDatetime | None = None
    lead_time: float | None = Field(default=None, ge=0, lt=10**9, examples=[12.5])
    active_time: float | None = Field(default=None, ge=0, lt=10**9)


class Submission(Answer):
    """An answer to a task. `lease` is the reservation it was made under; with none, the person's own is used."""

    lease: int | None = Field(default=None, ge=1, le=LARGEST_ID)
    prediction: int | None = Field(default=None, ge=1, le=LARGEST_ID)


class Revision(Answer):
    """A changed answer. `expected_revision` refuses it when the annotation has moved on since it was read."""

    expected_revision: int | None = Field(default=None, ge=1)


class Interactions(Body):
    """What somebody did with a page that shows the task, in order, and what the page's clocks say at sending."""

    session: str = Field(min_length=1, max_length=64, examples=["6f1c9d"], description="Names the page.")
    sequence: int = Field(ge=0, lt=2**53, description="Higher with every batch of the session.")
    interactions: list[Interaction] = Field(
        min_length=1,
        max_length=MOST_INTERACTIONS,
        examples=[[{"kind": "annotation_loaded", "offset_ms": 0}, {"kind": "idle_detected", "offset_ms": 61_000}]],
    )
    offset_ms: int | None = Field(
        default=None, ge=0, le=LONGEST_MILLISECONDS, examples=[65_000], description="Since the session began."
    )
    at: AwareDatetime | None = Field(default=None, description="The machine's clock.")
    annotation: int | None = Field(default=None, ge=1, le=LARGEST_ID, description="What it shows, if submitted before.")


class Skip(Body):
    """A skip."""

    comment: str = Field(default="", max_length=10_000)
    lead_time: float | None = Field(default=None, ge=0, lt=10**9)


class Unfinished(Body):
    """What was done so far of an answer, in whatever state it is."""

    result: list[dict[str, Any]] = Field(max_length=100_000)
    lead_time: float | None = Field(default=None, ge=0, lt=10**9)
    revision: int = Field(
        default=0,
        ge=0,
        le=LARGEST_ID,
        description="Of one's own annotation, which it goes on from; 0 before the first.",
    )
    leaving: bool = Field(default=False, description="Leave the task to others besides.")


class Reason(Body):
    """Why."""

    reason: str = Field(default="", max_length=1_000)


class NewReview(Body):
    """A verdict. `fixed` comes with the corrected result, `rejected` with what is to follow."""

    verdict: Verdict
    action: RejectAction | None = None
    comment: str = Field(default="", max_length=10_000)
    region: str | None = Field(default=None, max_length=1_000, description="The region that the comment is about.")
    result: list[dict[str, Any]] | None = None
    expected_revision: int | None = Field(default=None, ge=1)
    started_at: AwareDatetime | None = None
    review_time: float | None = Field(default=None, ge=0, lt=10**9)
    active_time: float | None = Field(default=None, ge=0, lt=10**9)


class VerdictAgain(Body):
    """A verdict on what another reviewer has judged. `fixed` comes with the corrected result."""

    verdict: Verdict
    action: RejectAction | None = None
    comment: str = Field(default="", max_length=10_000)
    region: str | None = Field(
        default=None, max_length=1_000, description="The region of what was judged that the comment is about."
    )
    result: list[dict[str, Any]] | None = None
    started_at: AwareDatetime | None = None
    review_time: float | None = Field(default=None, ge=0, lt=10**9)


class SelectedTasks(Body):
    """Tasks of the project, by id or by a filter of the board."""

    tasks: list[int] | None = Field(default=None, min_length=1, max_length=1_000, examples=[[1, 2, 3]])
    filters: dict[str, Any] | None = Field(default=None, description="All tasks that meet it, instead of `tasks`.")
    excluded: list[int] = Field(default_factory=list, max_length=10_000, description="Of those, the ones left out.")
    preview: bool = Field(default=False, description="Say what that would come to, and change nothing.")

    @model_validator(mode="after")
    def _by_one_of_both(self) -> Self:
        if (self.tasks is None) == (self.filters is None):
            raise ValueError("name either tasks or filters")
        return self


class BulkReview(SelectedTasks):
    """One verdict for all annotations that wait for one in these tasks."""

    verdict: Literal[Verdict.ACCEPTED, Verdict.REJECTED]
    action: RejectAction | None = None
    comment: str = Field(default="", max_length=10_000)


class Truth(Body):
    """Which annotation is the ground truth."""

    annotation: int = Field(ge=1, le=LARGEST_ID)


class NewComment(Body):
    """A comment on the task, on one of its annotations, on a region of one, or on one's own draft."""

    text: str = Field(max_length=100_000, examples=["The span should end before the comma."])
    annotation: int | None = Field(default=None, ge=1, le=LARGEST_ID)
    region: str | None = Field(default=None, max_length=200)
    parent: int | None = Field(default=None, ge=1, le=LARGEST_ID, description="Which comment it answers.")
    mentions: list[int] = Field(default_factory=list, max_length=100, description="Members of the project.")
    classification: str | None = Field(default=None, max_length=LONGEST_CLASSIFICATION)
    draft: bool = Field(default=False, description="About one's own work that was not submitted yet.")


class CommentText(Body):
    """What a comment says now."""

    text: str = Field(max_length=100_000)


class DeletedTasks(SelectedTasks):
    """Tasks to take out of the project's work."""

    reason: str = Field(default="", max_length=1_000)


class Assignment(SelectedTasks):
    """Tasks, and the people whose they become, or no longer are."""

    people: list[int] = Field(min_length=1, max_length=100, examples=[[2, 3]])
    as_reviewers: bool = False
    unassign: bool = False


class Overlap(SelectedTasks):
    """Tasks, and how many people they need."""

    slots: int = Field(ge=1, le=100)


class BoardQuery(Body):
    """Which tasks, in which order."""

    filters: dict[str, Any] | None = Field(
        default=None,
        examples=[{"conjunction": "and", "items": [{"filter": "agreement", "operator": "less", "value": 0.6}]}],
    )
    order: list[str] = Field(default_factory=list, max_length=10, examples=[["agreement", "-task"]])
    limit: int = Field(default=100, ge=1, le=1000)
    cursor: str | None = Field(default=None, max_length=4_000)


class BoardCount(Body):
    """Which tasks, and up to how many of them to count."""

    filters: dict[str, Any] | None = None
    up_to: int = Field(default=10_000, ge=1, le=10_000_000, description="What counting stops at.")
