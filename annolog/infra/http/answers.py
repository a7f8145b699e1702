"""What commands answer, for the description of the API; answers themselves are sent without a detour."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from annolog.domain.task.kinds import ReviewStage


class Answered(BaseModel):
    """What came of a command."""

    model_config = ConfigDict(extra="allow")

    position: int = Field(
        description="The log's position afterwards; pass it as `min_position` to read one's own write."
    )


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str = Field(description="Stable; what programs look at.")
    errors: list[dict[str, str]] = Field(
        default_factory=list, description="`pointer` and `detail` of each wrong field."
    )


class WorkAnswer(Answered):
    """A task to work on. `lane` says why this one; `annotation` is there when it is one's own, returned, and `returned`
    says why.
    """

    task: int
    project: int
    data: dict[str, Any]
    lease: int | None
    expires_at: str | None
    lane: str
    config_version: int
    allow_skip: bool
    annotation: int | None = None
    revision: int | None = None
    returned: dict[str, Any] | None = Field(
        default=None,
        description="`review`, the `revision` it judged, its `comment`, the `region` that is about, and the unresolved"
        " `comments` on the annotation with theirs.",
    )


class ReviewWork(Answered):
    """An annotation to judge. Whose it is, is said by the task's page, to who may know.

    `review` is the first review, where a second one or an adjudication is asked. `verdicts` are what is to be settled:
    verdict, action and, with a fix, its result, the first before the second.
    """

    stage: ReviewStage
    review: int | None = None
    verdicts: list[dict[str, Any]] | None = None

    task: int
    project: int
    data: dict[str, Any]
    annotation: int
    revision: int
    result: list[dict[str, Any]]
    expires_at: str
    state: str | None = Field(default=None, description="Not said where it would tell what is not to be seen.")
    config_version: int


class AnnotationAnswer(Answered):
    """An annotation in its latest revision."""

    task: int
    project: int
    annotation: int
    revision: int


class ImportAnswer(Answered):
    """What went in, and what did not."""

    imported: int
    first_task: int | None
    refused: list[dict[str, Any]]
