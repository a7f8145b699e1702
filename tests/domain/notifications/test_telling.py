"""Who is told of what, and why: every rule by itself."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.domain.event import Event
from annolog.domain.notifications.telling import Conversations, Members, Reason, Thread, thread_of, told
from annolog.domain.project.events import ProjectRole
from annolog.domain.rules.events import FiringAppealed, FiringOverruled
from annolog.domain.task.comment_events import CommentAdded
from annolog.domain.task.events import AnnotatorAssigned, ReviewerAssigned
from tests.story import ADA, BOB, EVE, HERE, ROY, commented, reviewed

MAX, OWNER, GONE = 10, 11, 12
MEMBERS = Members(
    {
        ADA: ProjectRole.ANNOTATOR,
        BOB: ProjectRole.ANNOTATOR,
        EVE: ProjectRole.REVIEWER,
        ROY: ProjectRole.REVIEWER,
        MAX: ProjectRole.MANAGER,
    },
    frozenset({GONE}),
)
MENTION, REPLY, COMMENT = Reason.MENTION, Reason.REPLY, Reason.COMMENT
ABOUT_ADA = {"annotation": 101, "annotator": ADA}


def says(author: int, comment: int = 400, **more: Any) -> CommentAdded:
    return commented(author, comment).model_copy(update=more)


def after(event: CommentAdded, *before: CommentAdded) -> dict[int, Reason]:
    """Who is told of a comment, after others about the same annotation or the same task."""
    threads: dict[int, Thread] = {}
    conversations = Conversations()
    for one in before:
        answered = threads.get(one.parent or 0)
        conversations = conversations.with_(one, answered)
        threads[one.comment] = threads[one.parent or one.comment] = thread_of(one, answered)
    answered = threads.get(event.parent or 0)
    authors = conversations.about_the_same(event, answered)
    return told(event, event.author, MEMBERS, authors, answered)


@pytest.mark.conformance("B17")
@pytest.mark.parametrize("about", [{}, {"draft": True, "annotator": ADA}, ABOUT_ADA], ids=["task", "draft", "own"])
def test_an_annotators_first_comment_reaches_who_reviews_and_later_ones_who_takes_part(
    about: dict[str, Any],
) -> None:
    first = says(ADA, **about)
    assert after(first) == {EVE: COMMENT, ROY: COMMENT, MAX: COMMENT}
    assert after(says(ADA, 401, **about), first) == {}
    answer = says(ROY, 402, parent=400, **about)
    assert after(answer, first) == {ADA: REPLY}
    assert after(says(ADA, 403, **about), first, answer) == {ROY: COMMENT}


def test_a_first_comment_is_told_of_again_in_another_conversation() -> None:
    assert set(after(says(BOB, 401), says(ADA))) == {EVE, ROY, MAX}
    assert set(after(says(ADA, 401, draft=True, annotator=ADA), says(ADA))) == {EVE, ROY, MAX}


def test_a_reviewers_comment_reaches_the_author_and_the_others_who_commented() -> None:
    assert after(says(ROY, **ABOUT_ADA)) == {ADA: COMMENT}
    assert after(says(ROY, 401, **ABOUT_ADA), says(EVE, **ABOUT_ADA)) == {ADA: COMMENT, EVE: COMMENT}
    assert after(says(ROY)) == {}


def test_of_several_reasons_the_first_counts_and_nobody_hears_of_themselves() -> None:
    event = says(ROY, 401, parent=400, mentions=[ADA, ROY], **ABOUT_ADA)
    assert after(event, says(EVE, **ABOUT_ADA)) == {ADA: MENTION, EVE: REPLY}


def test_who_was_drawn_into_a_thread_hears_of_that_thread_alone() -> None:
    begun = says(ROY, mentions=[BOB], **ABOUT_ADA)
    assert after(begun) == {BOB: MENTION, ADA: COMMENT}
    answer = says(BOB, 401, parent=400, **ABOUT_ADA)
    assert after(answer, begun)[ROY] is REPLY
    assert after(says(ROY, 402, parent=400, **ABOUT_ADA), begun, answer) == {ADA: COMMENT, BOB: COMMENT}
    assert after(says(ROY, 402, **ABOUT_ADA), begun, answer) == {ADA: COMMENT}


def test_an_administrator_above_the_project_hears_of_answers_and_who_left_of_nothing() -> None:
    assert after(says(ADA, 401, parent=400, **ABOUT_ADA), says(OWNER, **ABOUT_ADA))[OWNER] is REPLY
    assert GONE not in after(says(ADA, 401, parent=400, mentions=[GONE], **ABOUT_ADA), says(GONE, **ABOUT_ADA))


def test_answers_of_answers_as_older_events_have_them_belong_to_the_thread() -> None:
    begun, deeper = says(ROY, **ABOUT_ADA), says(EVE, 401, parent=400, **ABOUT_ADA)
    assert after(says(ADA, 402, parent=401, **ABOUT_ADA), begun, deeper)[ROY] is REPLY


HERE_IN_PROJECT = {"project": HERE["project"], "firing": 7, "person": ADA}


@pytest.mark.parametrize(
    ("event", "by", "who"),
    [
        (reviewed(ADA, "rejected", action="return"), ROY, {ADA: Reason.RETURNED}),
        (reviewed(ADA, "rejected", action="remove"), ROY, {ADA: Reason.REJECTED}),
        (reviewed(ADA, "rejected", action="pass_on"), ROY, {ADA: Reason.REJECTED}),
        (reviewed(ADA, "accepted"), ROY, {}),
        (AnnotatorAssigned(**HERE, person=ADA), MAX, {ADA: Reason.ASSIGNED}),
        (ReviewerAssigned(**HERE, person=ROY), MAX, {ROY: Reason.REVIEW_ASSIGNED}),
        (ReviewerAssigned(**HERE, person=ROY), ROY, {}),
        (AnnotatorAssigned(**HERE, person=GONE), MAX, {}),
        (FiringAppealed(**HERE_IN_PROJECT, words="no"), ADA, {MAX: Reason.APPEAL}),
        (FiringOverruled(**HERE_IN_PROJECT, reason="so"), MAX, {ADA: Reason.OVERRULED}),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Event) else None,
)
def test_returned_work_assignments_and_what_rules_did(event: Event, by: int, who: dict[int, Reason]) -> None:
    assert told(event, by, MEMBERS) == who
