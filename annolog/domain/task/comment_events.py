"""What is said about a task, its annotations and drafts."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from annolog.domain.task.events import TaskEvent


class CommentAdded(TaskEvent):
    """Somebody said something about the task, one of its annotations, a region of one, or a draft."""

    schema_version: ClassVar[int] = 2

    comment: int
    author: int
    text: str
    annotation: int | None = None
    region: str | None = None
    parent: int | None = Field(default=None, description="The comment that began the thread.")
    mentions: list[int] = Field(default_factory=list)
    classification: str | None = None
    draft: bool = Field(default=False, description="It is about work that was not submitted yet.")
    annotator: int | None = Field(default=None, description="Whose annotation or draft it is about.")


class CommentEdited(TaskEvent):
    """The comment says something else now."""

    comment: int
    text: str


class CommentResolved(TaskEvent):
    """What the comment asked for is done."""

    comment: int


class CommentReopened(TaskEvent):
    """It is not done after all."""

    comment: int


class CommentDeleted(TaskEvent):
    """The comment is withdrawn. Its history stays."""

    comment: int
