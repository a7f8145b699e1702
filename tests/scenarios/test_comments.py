"""Annotators and reviewers talk about work, and everybody is told of what concerns them."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from annolog.commands.commenting import AddComment, DeleteComment, EditComment, ReopenComment, ResolveComment
from annolog.commands.distributing import AssignTasks
from annolog.commands.members import RemoveMember
from annolog.commands.notifying import MarkNotificationsRead
from annolog.domain.refusals import Forbidden, NotFound
from annolog.projections.comments.queries import COLUMNS, Wanted, comments_of
from annolog.projections.engine import csv as as_csv
from annolog.projections.notifications.queries import notifications_of
from tests.world import World


def say(world: World, who: str, text: str, task: int = 1, **more: Any) -> int:
    comment: int = world.run(AddComment(task=task, text=text, **more), who).value["comment"]
    return comment


def told(world: World, who: str, **more: Any) -> list[tuple[str, str | None]]:
    """Why somebody was told, and in which words, the oldest first."""
    world.settle()
    person = world.people[who]
    mark = world.installation.log.read_mark(person)
    with world.installation.read_engine.connect() as connection:
        rows = notifications_of(connection, person, [world.project], mark, **more)
    return [(row["reason"], row["words"]) for row in reversed(rows)]


def said(world: World, **wanted: Any) -> list[dict[str, Any]]:
    world.settle()
    with world.installation.read_engine.connect() as connection:
        return comments_of(connection, world.project, Wanted(**wanted))


@pytest.mark.conformance("B17")
def test_a_thread_from_the_first_question_to_the_end_of_it(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob", reviewers="rev roy", managers="max")
    annotation = world.submit("ann", 1)
    question = say(world, "ann", "the whole name?", annotation=annotation, region="r1")
    for who in ("rev", "roy", "max"):
        assert told(world, who) == [("comment", "the whole name?")]
    answer = say(world, "rev", "only the last", parent=question)
    assert told(world, "ann") == [("reply", "only the last")]
    thanks = say(world, "ann", "thank you", parent=answer)
    assert told(world, "rev") == [("comment", "the whole name?"), ("comment", "thank you")]
    assert told(world, "roy") == [("comment", "the whole name?")]
    assert told(world, "bob") == []
    assert [(row["comment"], row["parent"], row["region"]) for row in said(world)] == [
        (question, None, "r1"),
        (answer, question, "r1"),
        (thanks, question, "r1"),
    ]
    assert world.board()[0]["unresolved_comment_count"] == 1
    with pytest.raises(NotFound):
        world.run(ResolveComment(task=1, comment=question), "bob")
    world.run(ResolveComment(task=1, comment=answer), "ann")
    assert (world.board()[0]["comment_count"], world.board()[0]["unresolved_comment_count"]) == (3, 0)
    assert {row["resolved"] for row in said(world)} == {True}
    assert said(world, resolved=False) == []
    world.run(ReopenComment(task=1, comment=question), "rev")
    assert len(said(world, resolved=False)) == 3


def test_who_is_mentioned_is_drawn_in_and_no_further(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob", reviewers="rev", assignment={"overlap": 2})
    annotation = world.submit("ann", 1)
    bob = world.people["bob"]
    begun = say(world, "rev", "what do you think?", annotation=annotation, mentions=[bob])
    other = say(world, "rev", "and this?", annotation=annotation, classification="guideline")
    assert told(world, "bob") == [("mention", "what do you think?")]
    assert told(world, "ann") == [("comment", "what do you think?"), ("comment", "and this?")]
    say(world, "bob", "fine", parent=begun)
    with pytest.raises(NotFound):
        say(world, "bob", "and here", parent=other)
    with pytest.raises(NotFound):
        say(world, "bob", "and here", annotation=annotation)
    with pytest.raises(Forbidden):
        world.run(ResolveComment(task=1, comment=begun), "bob")
    assert [row["text"] for row in said(world, seen_by=bob)] == ["what do you think?", "fine"]
    assert [row["text"] for row in said(world, mentioned=bob)] == ["what do you think?"]
    assert [row["text"] for row in said(world, classification="guideline")] == ["and this?"]
    assert len(said(world, seen_by=world.people["ann"])) == 3


def test_returned_work_reaches_its_author_with_the_reviewers_words(world: World) -> None:
    world.set_up(tasks=2, review={"only_finished": False})
    for task, action in ((1, "return"), (2, "remove")):
        world.review("rev", task, world.submit("ann", task), "rejected", action=action, comment=f"{action} it")
    assert told(world, "ann") == [("returned", "return it"), ("rejected", "remove it")]


def test_many_tasks_assigned_at_once_are_told_once(world: World) -> None:
    world.set_up(tasks=5, managers="max", assignment={"distribution": "manual"})
    ann = world.people["ann"]
    world.run(AssignTasks(project=world.project, tasks=[1, 2, 3], people=[ann]), "max")
    world.run(AssignTasks(project=world.project, tasks=[4], people=[ann]), "max")
    world.settle()
    with world.installation.read_engine.connect() as connection:
        rows = notifications_of(connection, ann, [world.project], 0)
    assert [(row["reason"], row["tasks"]) for row in rows] == [("assigned", 1), ("assigned", 3)]


@pytest.mark.conformance("B17")
def test_a_draft_is_talked_about_among_its_author_and_reviewers(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob", managers="max")
    question = say(world, "ann", "am I right so far?", draft=True)
    assert told(world, "rev") == told(world, "max") == [("comment", "am I right so far?")]
    say(world, "rev", "yes", parent=question)
    assert told(world, "ann") == [("reply", "yes")]
    assert told(world, "max") == [("comment", "am I right so far?")]
    assert said(world, seen_by=world.people["bob"]) == []
    assert [row["draft"] for row in said(world, seen_by=world.people["ann"])] == [True, True]


def test_what_was_read_is_no_history_and_never_goes_back(world: World) -> None:
    world.set_up(tasks=1)
    say(world, "ann", "first")
    head = world.installation.log.head()
    world.run(MarkNotificationsRead(up_to=10**9), "rev")
    assert world.installation.log.head() == head
    assert world.installation.log.read_mark(world.people["rev"]) == head
    say(world, "bob", "second")
    assert told(world, "rev", unread=True) == [("comment", "second")]
    world.run(MarkNotificationsRead(up_to=1), "rev")
    assert told(world, "rev", unread=True) == [("comment", "second")]
    assert world.installation.log.read_mark(world.people["ann"]) == 0


def test_words_are_those_of_now_and_none_of_what_was_withdrawn(world: World) -> None:
    world.set_up(tasks=1, managers="max")
    comment = say(world, "ann", "wrods")
    world.run(EditComment(task=1, comment=comment, text="words"), "ann")
    assert told(world, "rev") == [("comment", "words")]
    world.run(DeleteComment(task=1, comment=comment), "max")
    assert told(world, "rev") == [("comment", None)]
    assert said(world) == []


def test_who_left_is_told_of_nothing_more(world: World) -> None:
    world.set_up(tasks=1)
    world.run(RemoveMember(project=world.project, person=world.people["rev"]))
    say(world, "ann", "anybody?")
    assert told(world, "rev") == []


def test_csv_holds_whatever_people_write(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob")
    bob = world.people["bob"]
    text = 'said, "so"\n=1+1 é'
    say(world, "ann", text, mentions=[bob, world.people["rev"]])
    rows = list(csv.DictReader(io.StringIO(as_csv.document(COLUMNS, said(world)), newline="")))
    [row] = rows
    assert (row["text"], row["mentions"], row["resolved"]) == (text, f"{bob} {world.people['rev']}", "false")
    assert (row["parent"], row["annotation"], row["author"]) == ("", "", str(world.people["ann"]))
