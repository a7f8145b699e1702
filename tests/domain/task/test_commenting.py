"""Talking about a task."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.domain.project.events import ProjectRole
from annolog.domain.project.settings import Settings
from annolog.domain.refusals import Forbidden, InvalidInput, NotFound
from annolog.domain.task import commenting
from annolog.domain.task import events as happened
from annolog.domain.task.comment_events import (
    CommentAdded,
    CommentDeleted,
    CommentEdited,
    CommentReopened,
    CommentResolved,
)
from annolog.domain.task.commenting import Remark, Speaker
from annolog.domain.task.events import TaskEvent
from annolog.domain.task.state import Task
from tests.story import ADA, BOB, HERE, ROY, Decide, commented, deleted, given, imported, say, submitted

MEMBERS = {ADA: ProjectRole.ANNOTATOR, BOB: ProjectRole.ANNOTATOR, ROY: ProjectRole.REVIEWER}
REVIEWER = Speaker(ROY, reviews=True)
RESOLVED, REOPENED = CommentResolved(**HERE, comment=400), CommentReopened(**HERE, comment=400)
GONE = CommentDeleted(**HERE, comment=400)


def edit(author: int, text: str = "I see", comment: int = 400) -> Decide:
    return lambda task, _: commenting.edit(task, author, comment, text)


def delete(author: int, *, manages: bool = False) -> Decide:
    return lambda task, _: commenting.delete(task, Speaker(author, manages=manages), 400)


def resolves(person: int, comment: int = 400, *, reviews: bool = False) -> Decide:
    return lambda task, _: commenting.resolve(task, Speaker(person, reviews=reviews), comment)


def resolve(task: Task, _: Settings) -> list[TaskEvent]:
    return commenting.resolve(task, REVIEWER, 400)


def reopen(task: Task, _: Settings) -> list[TaskEvent]:
    return commenting.reopen(task, REVIEWER, 400)


def answers(parent: int, person: int = ROY, **more: Any) -> Decide:
    """Somebody who reviews answers a comment."""
    remark = Remark("so", parent=parent, **more)
    return lambda task, _: commenting.comment(task, Speaker(person, reviews=True), 401, remark, MEMBERS)


def said(author: int, comment: int = 400, **more: Any) -> CommentAdded:
    return commented(author, comment).model_copy(update=more)


def test_a_comment_is_about_the_task_an_annotation_a_region_or_another_comment() -> None:
    given(imported()).when(say(ADA)).then(commented(ADA))
    given(imported(), submitted(ADA)).when(say(ADA, annotation=101, region="r1")).then(
        said(ADA, annotation=101, region="r1", annotator=ADA)
    )
    given(imported(), said(BOB, 399, mentions=[ADA])).when(
        say(ADA, parent=399, mentions=[BOB, BOB], classification="rules")
    ).then(said(ADA, parent=399, mentions=[BOB], classification="rules"))


def test_an_answer_is_about_what_its_thread_is_about_and_hangs_on_what_began_it() -> None:
    about = {"annotation": 101, "region": "r1", "annotator": ADA}
    story = (imported(slots=2), submitted(ADA), submitted(BOB), said(ADA, 398, **about))
    given(*story).when(answers(398)).then(said(ROY, 401, text="so", parent=398, **about))
    deeper = said(ROY, 399, parent=398, **about)
    given(*story, deeper).when(answers(399, annotation=101)).then(said(ROY, 401, text="so", parent=398, **about))
    given(*story).when(answers(398, annotation=102)).refuses(InvalidInput, "/parent")
    given(*story).when(answers(398, draft=True)).refuses(InvalidInput, "/parent")
    given(*story, deleted(ADA)).when(answers(398)).refuses(NotFound)


def test_a_draft_is_talked_about_by_its_author_and_reviewers() -> None:
    draft = {"draft": True, "annotator": ADA}
    given(imported()).when(say(ADA, draft=True)).then(said(ADA, **draft))
    given(imported(), said(ADA, **draft)).when(answers(400)).then(said(ROY, 401, text="so", parent=400, **draft))
    given(imported(), said(ADA, 399, **draft)).when(say(BOB, parent=399)).refuses(NotFound)
    given(imported(), submitted(ADA)).when(say(ADA, draft=True, annotation=101)).refuses(InvalidInput, "/draft")
    given(imported()).when(say(ADA, draft=True, mentions=[BOB])).refuses(InvalidInput, "/mentions/0")


def test_annotators_speak_of_their_own_work_and_of_what_they_are_drawn_into() -> None:
    story = (imported(slots=2), submitted(ADA))
    given(*story).when(say(BOB, annotation=101)).refuses(NotFound)
    about = {"annotation": 101, "annotator": ADA}
    given(*story, said(ADA, 399, **about)).when(say(BOB, parent=399)).refuses(NotFound)
    given(*story, said(ROY, 399, mentions=[BOB], **about)).when(say(BOB, parent=399)).then(
        said(BOB, parent=399, **about)
    )


def test_mentions_are_members_and_classifications_are_short() -> None:
    given(imported()).when(say(ADA, mentions=[BOB, 77])).refuses(InvalidInput, "/mentions/1")
    given(imported()).when(say(ADA, classification="x" * 101)).refuses(InvalidInput, "/classification")
    given(imported()).when(say(ADA, classification="x" * 100)).then(said(ADA, classification="x" * 100))


def test_annotators_resolve_what_is_about_their_work_or_what_they_began() -> None:
    about = {"annotation": 101, "annotator": ADA}
    of_roy = said(ROY, mentions=[BOB], **about)
    story = (imported(slots=2), submitted(ADA), of_roy)
    given(*story).when(resolves(ADA)).then(RESOLVED)
    given(*story).when(resolves(BOB)).refuses(Forbidden)
    given(imported(), said(ADA)).when(resolves(ADA)).then(RESOLVED)
    given(imported(), said(ADA)).when(resolves(BOB)).refuses(NotFound)
    answer = said(BOB, 401, parent=400, **about)
    given(*story, answer).when(resolves(ADA, 401)).then(RESOLVED)
    given(*story, answer, GONE).when(resolves(ADA, 401)).refuses(NotFound)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_comment_needs_words(text: str) -> None:
    given(imported()).when(say(ADA, text)).refuses(InvalidInput)
    given(imported(), commented(ADA)).when(edit(ADA, text)).refuses(InvalidInput)


def test_nothing_is_said_about_what_is_not_there() -> None:
    given().when(say(ADA)).refuses(NotFound)
    given(imported()).when(say(ADA, annotation=101)).refuses(NotFound)
    given(imported(), submitted(ADA), deleted(ADA)).when(say(ADA, annotation=101)).refuses(NotFound)
    given(imported()).when(say(ADA, parent=399)).refuses(NotFound)
    given(imported(), happened.TaskDeleted(**HERE)).when(say(ADA)).refuses(NotFound)


def test_only_its_author_says_it_differently() -> None:
    given(imported(), commented(ADA)).when(edit(ADA)).then(CommentEdited(**HERE, comment=400, text="I see"))
    given(imported(), commented(ADA)).when(edit(BOB)).refuses(NotFound)
    given(imported()).when(edit(ADA)).refuses(NotFound)


def test_its_author_or_who_manages_withdraws_it_once() -> None:
    given(imported(), commented(ADA)).when(delete(ADA)).then(GONE)
    given(imported(), commented(ADA)).when(delete(BOB)).refuses(NotFound)
    given(imported(), commented(ADA)).when(delete(BOB, manages=True)).then(GONE)
    given(imported(), commented(ADA), GONE).when(delete(ADA)).refuses(NotFound)


def test_what_it_asked_for_is_done_and_not_done_after_all_and_saying_so_again_is_not_news() -> None:
    given(imported(), commented(ADA)).when(resolve).then(RESOLVED)
    given(imported(), commented(ADA), RESOLVED).when(resolve).then()
    given(imported(), commented(ADA), RESOLVED).when(reopen).then(REOPENED)
    given(imported(), commented(ADA)).when(reopen).then()
    given(imported()).when(resolve).refuses(NotFound)
    given(imported()).when(reopen).refuses(NotFound)
