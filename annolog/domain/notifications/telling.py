"""From an event, and what was known when it happened, to the people who are told of it.

Nobody is told of what they did themselves, nobody twice of one event, and nobody who has left the project.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from annolog.domain.event import Event
from annolog.domain.project.events import ProjectRole
from annolog.domain.rules.events import FiringAppealed, FiringOverruled
from annolog.domain.task.events import (
    AnnotationReviewed,
    AnnotatorAssigned,
    CommentAdded,
    RejectAction,
    ReviewerAssigned,
    Verdict,
)

TELLING: tuple[type[Event], ...] = (
    CommentAdded,
    AnnotationReviewed,
    AnnotatorAssigned,
    ReviewerAssigned,
    FiringAppealed,
    FiringOverruled,
)


class Reason(StrEnum):
    """Why somebody is told; of several reasons to be told of one comment the first of these."""

    MENTION = "mention"
    REPLY = "reply"
    COMMENT = "comment"
    RETURNED = "returned"
    REJECTED = "rejected"
    ASSIGNED = "assigned"
    REVIEW_ASSIGNED = "review_assigned"
    APPEAL = "appeal"
    OVERRULED = "overruled"


@dataclass(frozen=True, slots=True)
class Members:
    """Who belongs to a project, and who no longer does. Who does neither is above it, such as an administrator."""

    roles: Mapping[int, ProjectRole] = field(default_factory=dict)
    left: frozenset[int] = frozenset()

    def are(self, *wanted: ProjectRole) -> list[int]:
        """Everybody with one of these roles."""
        return [person for person, role in self.roles.items() if role in wanted]

    def annotates(self, person: int) -> bool:
        """Whether somebody is an annotator there."""
        return self.roles.get(person) is ProjectRole.ANNOTATOR


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of a comment: who wrote it, in which thread, whom it mentions, and whether it is about a draft."""

    comment: int
    author: int
    root: int
    mentions: tuple[int, ...] = ()
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything that was said before about one annotation, or about the task itself and drafts of it."""

    said: Sequence[Said] = ()

    def root_of(self, event: CommentAdded) -> int:
        """What began the thread that a comment belongs to. In events of the first shape answers answer answers."""
        before = next((said for said in self.said if said.comment == event.parent), None)
        return before.root if before else event.parent or event.comment

    def about_the_same(self, event: CommentAdded) -> list[Said]:
        """What was said before in the same conversation: about the annotation, or about that person's draft, or, where
        it is about neither, in everything that the same person began about the task.
        """
        if event.annotation is not None:
            return list(self.said)
        beginner = _beginner(self.said, self.root_of(event), event.author)
        return [
            said
            for said in self.said
            if said.draft is event.draft and _beginner(self.said, said.root, said.author) == beginner
        ]


def _beginner(said: Sequence[Said], root: int, otherwise: int) -> int:
    return next((one.author for one in said if one.comment == root), otherwise)


def told(event: Event, by: int, members: Members, conversation: Conversation) -> dict[int, Reason]:
    """Who is told of an event that `by` brought about, and why."""
    found: dict[int, Reason] = {}
    for person, reason in _candidates(event, members, conversation):
        if person != by and person not in members.left:
            found.setdefault(person, reason)
    return found


def _candidates(event: Event, members: Members, conversation: Conversation) -> Iterator[tuple[int, Reason]]:
    match event:
        case CommentAdded():
            yield from _of_comment(event, members, conversation)
        case AnnotationReviewed(verdict=Verdict.REJECTED, annotator=annotator, action=action):
            yield annotator, Reason.RETURNED if action is RejectAction.RETURN else Reason.REJECTED
        case AnnotatorAssigned(person=person):
            yield person, Reason.ASSIGNED
        case ReviewerAssigned(person=person):
            yield person, Reason.REVIEW_ASSIGNED
        case FiringAppealed():
            yield from ((person, Reason.APPEAL) for person in members.are(ProjectRole.MANAGER))
        case FiringOverruled(person=person):
            yield person, Reason.OVERRULED


def _of_comment(event: CommentAdded, members: Members, conversation: Conversation) -> Iterator[tuple[int, Reason]]:
    """Mentioned people, whom it answers, and who takes part; with an annotator's first comment all who review."""
    yield from ((person, Reason.MENTION) for person in event.mentions)
    before = conversation.about_the_same(event)
    root = conversation.root_of(event)
    thread = [said for said in before if said.root == root]
    if thread:
        yield thread[0].author, Reason.REPLY
    if event.annotator is not None:
        yield event.annotator, Reason.COMMENT
    if members.annotates(event.author) and all(said.author != event.author for said in before):
        yield from ((person, Reason.COMMENT) for person in members.are(ProjectRole.REVIEWER, ProjectRole.MANAGER))
    drawn_in = {person for said in thread for person in (said.author, *said.mentions)}
    for said in before:
        # An annotator does not see the threads of others, save where they were drawn in.
        if not members.annotates(said.author) or said.author in drawn_in:
            yield said.author, Reason.COMMENT
    yield from ((person, Reason.COMMENT) for said in thread for person in said.mentions)
