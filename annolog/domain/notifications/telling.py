"""From an event, and what was known when it happened, to the people who are told of it.

Nobody is told of what they did themselves, nobody twice of one event, and nobody who has left the project.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from annolog.domain.event import Event
from annolog.domain.project.events import ProjectRole
from annolog.domain.rules.events import FiringAppealed, FiringOverruled
from annolog.domain.task.comment_events import CommentAdded
from annolog.domain.task.events import (
    AnnotationReviewed,
    AnnotatorAssigned,
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
class Thread:
    """A comment and the answers to it: who began it, and everybody who wrote in it or was mentioned there."""

    root: int
    beginner: int
    people: tuple[int, ...] = ()

    def with_(self, event: CommentAdded) -> Thread:
        """The thread once this was said in it, too."""
        return replace(self, people=_each_once(*self.people, event.author, *event.mentions))


@dataclass(frozen=True, slots=True)
class Conversations:
    """Who has said something about one annotation, or about the task itself and drafts of it.

    About an annotation there is one conversation; else a conversation is about one person's draft, or in everything
    that the same person began about the task. However much is said, this grows with the people who say it only.
    """

    authors: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def about_the_same(self, event: CommentAdded, thread: Thread | None) -> tuple[int, ...]:
        """Who wrote before in the conversation that a comment belongs to."""
        return self.authors.get(_conversation(event, thread), ())

    def with_(self, event: CommentAdded, thread: Thread | None) -> Conversations:
        """The conversations once this was said, too."""
        place = _conversation(event, thread)
        return Conversations({**self.authors, place: _each_once(*self.authors.get(place, ()), event.author)})


def thread_of(event: CommentAdded, before: Thread | None) -> Thread:
    """The thread that a comment is in from now on; `before` is that of what it answers, as far as it is known."""
    return (before or Thread(event.parent or event.comment, event.author)).with_(event)


def _conversation(event: CommentAdded, thread: Thread | None) -> str:
    if event.annotation is not None:
        return "annotation"
    return f"{'draft' if event.draft else 'task'} {thread.beginner if thread else event.author}"


def _each_once(*people: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys(people))


def told(
    event: Event, by: int, members: Members, authors: Collection[int] = (), thread: Thread | None = None
) -> dict[int, Reason]:
    """Who is told of an event that `by` brought about, and why.

    Of a comment `authors` are those who wrote before in the same conversation, and `thread` is what it answers.
    """
    found: dict[int, Reason] = {}
    for person, reason in _candidates(event, members, authors, thread):
        if person != by and person not in members.left:
            found.setdefault(person, reason)
    return found


def _candidates(
    event: Event, members: Members, authors: Collection[int], thread: Thread | None
) -> Iterator[tuple[int, Reason]]:
    match event:
        case CommentAdded():
            yield from _of_comment(event, members, authors, thread)
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


def _of_comment(
    event: CommentAdded, members: Members, authors: Collection[int], thread: Thread | None
) -> Iterator[tuple[int, Reason]]:
    """Mentioned people, whom it answers, and who takes part; with an annotator's first comment all who review."""
    yield from ((person, Reason.MENTION) for person in event.mentions)
    if thread:
        yield thread.beginner, Reason.REPLY
    if event.annotator is not None:
        yield event.annotator, Reason.COMMENT
    if members.annotates(event.author) and event.author not in authors:
        yield from ((person, Reason.COMMENT) for person in members.are(ProjectRole.REVIEWER, ProjectRole.MANAGER))
    drawn_in = thread.people if thread else ()
    # An annotator does not see the threads of others, save where they were drawn in.
    yield from ((person, Reason.COMMENT) for person in authors if not members.annotates(person))
    yield from ((person, Reason.COMMENT) for person in drawn_in)
