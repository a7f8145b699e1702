"""Talking about a task: who may say what about whose work, and who gets to see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import Fault, Forbidden, InvalidInput, NotFound
from annolog.domain.task.annotating import live_annotation, own_annotation
from annolog.domain.task.comment_events import (
    CommentAdded,
    CommentDeleted,
    CommentEdited,
    CommentReopened,
    CommentResolved,
)
from annolog.domain.task.distribution import must_exist
from annolog.domain.task.events import TaskEvent
from annolog.domain.task.state import Comment, Task

LONGEST_CLASSIFICATION = 100


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody wants to say, and about what. `draft` is the author's own unfinished work on the task."""

    text: str
    annotation: int | None = None
    region: str | None = None
    parent: int | None = None
    mentions: Sequence[int] = ()
    classification: str | None = None
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks. `reviews` is for those who see everybody's work: reviewers, managers and those above them."""

    person: int
    reviews: bool = False
    manages: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """What a comment is about, and whose that is."""

    annotation: int | None
    region: str | None
    draft: bool
    annotator: int | None
    root: int | None


def comment(
    task: Task, speaker: Speaker, comment_id: int, remark: Remark, members: Mapping[int, ProjectRole]
) -> list[TaskEvent]:
    """Say something about the task, an annotation, a region of one, one's own draft, or in answer to a comment.

    An answer is about what the comment is about, and hangs on what began the thread. Annotators speak of their own
    work only. Whom it mentions is among the `members` of the project.
    """
    must_exist(task)
    _must_say_something(remark.text)
    if remark.classification is not None and len(remark.classification) > LONGEST_CLASSIFICATION:
        raise _wrong("/classification", f"has at most {LONGEST_CLASSIFICATION} characters")
    if remark.draft and remark.annotation is not None:
        raise _wrong("/draft", "a comment is about an annotation or about a draft")
    place = _place_of_answer(task, speaker, remark) if remark.parent is not None else _place(task, speaker, remark)
    mentions = list(dict.fromkeys(remark.mentions))
    _must_be_members(mentions, members, place)
    return [
        CommentAdded(
            project=task.project,
            task=task.id,
            comment=comment_id,
            author=speaker.person,
            text=remark.text,
            annotation=place.annotation,
            region=place.region,
            parent=place.root,
            mentions=mentions,
            classification=remark.classification,
            draft=place.draft,
            annotator=place.annotator,
        )
    ]


def _place(task: Task, speaker: Speaker, remark: Remark) -> _Place:
    if remark.annotation is not None:
        found = (
            live_annotation(task, remark.annotation)
            if speaker.reviews
            else own_annotation(task, speaker.person, remark.annotation)
        )
        return _Place(remark.annotation, remark.region, draft=False, annotator=found.annotator, root=None)
    annotator = speaker.person if remark.draft else None
    return _Place(None, remark.region, draft=remark.draft, annotator=annotator, root=None)


def _place_of_answer(task: Task, speaker: Speaker, remark: Remark) -> _Place:
    assert remark.parent is not None
    parent = visible_comment(task, speaker, remark.parent)
    if remark.annotation not in (None, parent.annotation):
        raise _wrong("/parent", f"comment {parent.id} is not about annotation {remark.annotation}")
    if remark.draft and not parent.draft:
        raise _wrong("/parent", f"comment {parent.id} is not about a draft")
    if parent.annotation is not None:
        live_annotation(task, parent.annotation)
    region = parent.region if remark.region is None else remark.region
    return _Place(parent.annotation, region, draft=parent.draft, annotator=parent.annotator, root=parent.root)


def _must_be_members(mentions: Sequence[int], members: Mapping[int, ProjectRole], place: _Place) -> None:
    faults = []
    for index, person in enumerate(mentions):
        role = members.get(person)
        if role is None:
            faults.append(Fault(f"/mentions/{index}", f"person {person} is no member of the project"))
        elif place.draft and role is ProjectRole.ANNOTATOR and person != place.annotator:
            faults.append(Fault(f"/mentions/{index}", f"person {person} does not see what is said about this draft"))
    if faults:
        raise InvalidInput(f"{faults[0].pointer}: {faults[0].message}", faults=faults)


def known_comment(task: Task, comment_id: int) -> Comment:
    """The comment, or the refusal that there is none."""
    must_exist(task)
    found = task.comments.get(comment_id)
    if found is None:
        raise NotFound(f"Task {task.id} has no comment {comment_id}.")
    return found


def visible_comment(task: Task, speaker: Speaker, comment_id: int) -> Comment:
    """The comment; for whom it is not to be seen it is not there."""
    found = known_comment(task, comment_id)
    if not speaker.reviews and not _sees(speaker.person, found, task.comments.values()):
        raise NotFound(f"Task {task.id} has no comment {comment_id}.")
    return found


def _sees(person: int, comment: Comment, comments: Iterable[Comment]) -> bool:
    """Whether an annotator sees a comment: it is about their work, or they wrote or are mentioned in its thread."""
    if person == comment.annotator:
        return True
    return any(said.root == comment.root and (person == said.author or person in said.mentions) for said in comments)


def edit(task: Task, author: int, comment_id: int, text: str) -> list[TaskEvent]:
    """Say it differently. Only its author may. What it said before stays in its history."""
    _own(task, author, comment_id)
    _must_say_something(text)
    return [CommentEdited(project=task.project, task=task.id, comment=comment_id, text=text)]


def delete(task: Task, speaker: Speaker, comment_id: int) -> list[TaskEvent]:
    """Withdraw a comment: one's own, or anybody's for who manages the project. Answers to it stay."""
    if not speaker.manages:
        _own(task, speaker.person, comment_id)
    known_comment(task, comment_id)
    return [CommentDeleted(project=task.project, task=task.id, comment=comment_id)]


def resolve(task: Task, speaker: Speaker, comment_id: int) -> list[TaskEvent]:
    """Mark what a thread asked for as done, by any comment of it. Done already is not news."""
    root = _to_resolve(task, speaker, comment_id)
    return [] if root.resolved else [CommentResolved(project=task.project, task=task.id, comment=root.id)]


def reopen(task: Task, speaker: Speaker, comment_id: int) -> list[TaskEvent]:
    """Mark it as not done after all."""
    root = _to_resolve(task, speaker, comment_id)
    return [CommentReopened(project=task.project, task=task.id, comment=root.id)] if root.resolved else []


def _to_resolve(task: Task, speaker: Speaker, comment_id: int) -> Comment:
    """What began the thread. Annotators resolve what is about their own work, and what they began themselves."""
    root = known_comment(task, visible_comment(task, speaker, comment_id).root)
    if not speaker.reviews and speaker.person not in (root.annotator, root.author):
        raise Forbidden("Annotators resolve what is said about their own work, or what they began themselves.")
    return root


def _own(task: Task, author: int, comment_id: int) -> None:
    if known_comment(task, comment_id).author != author:
        raise NotFound(f"Task {task.id} has no comment {comment_id} of this person.")


def _must_say_something(text: str) -> None:
    if not text.strip():
        raise _wrong("/text", "a comment needs words")


def _wrong(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(f"{pointer}: {message}", faults=[Fault(pointer, message)])
