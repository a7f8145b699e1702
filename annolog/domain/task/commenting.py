"""Talking about a task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from annolog.domain.refusals import Fault, InvalidInput, NotFound
from annolog.domain.task.annotating import live_annotation
from annolog.domain.task.distribution import must_exist
from annolog.domain.task.events import (
    CommentAdded,
    CommentDeleted,
    CommentEdited,
    CommentReopened,
    CommentResolved,
    TaskEvent,
)
from annolog.domain.task.state import Comment, Task


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody wants to say, and about what."""

    text: str
    annotation: int | None = None
    region: str | None = None
    parent: int | None = None
    mentions: Sequence[int] = ()
    classification: str | None = None


def comment(task: Task, author: int, comment_id: int, remark: Remark) -> list[TaskEvent]:
    """Say something about the task, one of its annotations, a region of one, or in answer to another comment."""
    must_exist(task)
    _must_say_something(remark.text)
    if remark.annotation is not None:
        live_annotation(task, remark.annotation)
    if remark.parent is not None:
        known_comment(task, remark.parent)
    return [
        CommentAdded(
            project=task.project,
            task=task.id,
            comment=comment_id,
            author=author,
            text=remark.text,
            annotation=remark.annotation,
            region=remark.region,
            parent=remark.parent,
            mentions=list(remark.mentions),
            classification=remark.classification,
        )
    ]


def known_comment(task: Task, comment_id: int) -> Comment:
    """The comment, or the refusal that there is none."""
    must_exist(task)
    found = task.comments.get(comment_id)
    if found is None:
        raise NotFound(f"Task {task.id} has no comment {comment_id}.")
    return found


def edit(task: Task, author: int, comment_id: int, text: str) -> list[TaskEvent]:
    """Say it differently. Only its author may."""
    _own(task, author, comment_id)
    _must_say_something(text)
    return [CommentEdited(project=task.project, task=task.id, comment=comment_id, text=text)]


def delete(task: Task, author: int, comment_id: int, *, manages: bool) -> list[TaskEvent]:
    """Withdraw a comment: one's own, or anybody's for who manages the project."""
    if not manages:
        _own(task, author, comment_id)
    known_comment(task, comment_id)
    return [CommentDeleted(project=task.project, task=task.id, comment=comment_id)]


def resolve(task: Task, comment_id: int) -> list[TaskEvent]:
    """Mark what the comment asked for as done. Done already is not news."""
    if known_comment(task, comment_id).resolved:
        return []
    return [CommentResolved(project=task.project, task=task.id, comment=comment_id)]


def reopen(task: Task, comment_id: int) -> list[TaskEvent]:
    """Mark it as not done after all."""
    if not known_comment(task, comment_id).resolved:
        return []
    return [CommentReopened(project=task.project, task=task.id, comment=comment_id)]


def _own(task: Task, author: int, comment_id: int) -> None:
    if known_comment(task, comment_id).author != author:
        raise NotFound(f"Task {task.id} has no comment {comment_id} of this person.")


def _must_say_something(text: str) -> None:
    if not text.strip():
        raise InvalidInput("/text: a comment needs words", faults=[Fault("/text", "a comment needs words")])
