"""Talking about a task."""

from __future__ import annotations

import pytest

from annolog.domain.project.settings import Settings
from annolog.domain.refusals import InvalidInput, NotFound
from annolog.domain.task import commenting
from annolog.domain.task import events as happened
from annolog.domain.task.events import CommentDeleted, CommentEdited, CommentReopened, CommentResolved, TaskEvent
from annolog.domain.task.state import Task
from tests.story import ADA, BOB, HERE, Decide, commented, deleted, given, imported, say, submitted

RESOLVED, REOPENED = CommentResolved(**HERE, comment=400), CommentReopened(**HERE, comment=400)
GONE = CommentDeleted(**HERE, comment=400)


def edit(author: int, text: str = "I see", comment: int = 400) -> Decide:
    return lambda task, _: commenting.edit(task, author, comment, text)


def delete(author: int, *, manages: bool = False) -> Decide:
    return lambda task, _: commenting.delete(task, author, 400, manages=manages)


def resolve(task: Task, _: Settings) -> list[TaskEvent]:
    return commenting.resolve(task, 400)


def reopen(task: Task, _: Settings) -> list[TaskEvent]:
    return commenting.reopen(task, 400)


def test_a_comment_is_about_the_task_an_annotation_a_region_or_another_comment() -> None:
    given(imported()).when(say(ADA)).then(commented(ADA))
    given(imported(), submitted(ADA)).when(say(ADA, annotation=101, region="r1")).then(
        commented(ADA).model_copy(update={"annotation": 101, "region": "r1"})
    )
    given(imported(), commented(BOB, 399)).when(say(ADA, parent=399, mentions=[BOB], classification="rules")).then(
        commented(ADA).model_copy(update={"parent": 399, "mentions": [BOB], "classification": "rules"})
    )


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
