"""How long work took: what a page tells is added up by hand, and nothing is believed that cannot be."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from annolog.commands.annotating import ReviseAnnotation, SubmitAnnotation
from annolog.commands.command import Request
from annolog.commands.interacting import RecordInteractions
from annolog.commands.scope import SYSTEM
from annolog.commands.second_review import AdjudicateReview, GiveSecondReview
from annolog.domain.refusals import InvalidInput, NotAssigned, NotFound
from annolog.domain.task.events import AnnotationReviewed, AnnotationRevised, AnnotationSubmitted, TaskEvent
from annolog.domain.task.interaction_events import InteractionsRecorded
from annolog.domain.task.kinds import Verdict
from annolog.domain.task.review_events import ReviewAdjudicated, SecondReviewGiven
from annolog.projections.progress.queries import days
from tests.world import START, World, result


class Page:
    """An annotation page: its clock starts when it is opened, and it tells what happened since it last did."""

    def __init__(self, world: World, who: str, task: int, annotation: int | None = None, name: str = "page") -> None:
        self.world, self.who, self.task, self.annotation, self.name = world, who, task, annotation, name
        self.opened = world.clock()
        self.untold: list[dict[str, Any]] = []
        self.sequence = 0
        self.does("annotation_loaded")

    @property
    def offset(self) -> int:
        return round((self.world.clock() - self.opened).total_seconds() * 1000)

    def does(self, kind: str, after: float = 0) -> None:
        self.world.clock.forward(after)
        self.untold.append({"kind": kind, "offset_ms": self.offset})

    def tells(self) -> RecordInteractions:
        command = RecordInteractions(
            task=self.task, session=self.name, sequence=self.sequence, interactions=self.untold,
            offset_ms=self.offset, annotation=self.annotation,
        )  # fmt: skip
        assert self.world.run(command, self.who).value["recorded"]
        self.sequence += 1
        self.untold = []
        return command


def found(world: World, task: int, kind: type[TaskEvent]) -> Any:
    """The last event of a kind in the task's history."""
    history = world.installation.log.streams([f"task-{task}"])[f"task-{task}"]
    return [recorded.event for recorded in history if isinstance(recorded.event, kind)][-1]


def about(seconds: float) -> Any:
    """Give or take what the clock moves at every look, and a page rounds."""
    return pytest.approx(seconds, abs=0.01)


def test_a_hidden_tab_and_an_idle_person_are_no_work(world: World) -> None:
    world.set_up()
    task = world.next("ann")
    page = Page(world, "ann", task)
    page.does("region_finished_drawing", after=20)
    page.does("visibility_hidden", after=10)
    page.does("visibility_visible", after=60)
    page.does("region_finished_drawing", after=10)
    page.tells()
    page.does("idle_detected", after=60)
    page.does("idle_resumed", after=240)
    page.does("hotkey_pressed", after=10)
    page.tells()
    world.clock.forward(10)
    annotation = world.submit("ann", task)
    submitted = found(world, task, AnnotationSubmitted)
    # 30 s until it is hidden, 70 s from there on until idle, 20 s from coming back to submitting.
    assert submitted.active_time == about(30 + 70 + 20)
    assert submitted.lead_time == about(420)
    assert {(note.field, note.rule.value) for note in submitted.time_notes} == {
        ("lead_time", "measured"), ("active_time", "measured"),
    }  # fmt: skip
    world.clock.forward(3600)
    page.does("annotation_loaded")
    page.does("hotkey_pressed", after=5)
    page.tells()
    world.run(ReviseAnnotation(task=task, annotation=annotation, result=result("B")), "ann")
    revised = found(world, task, AnnotationRevised)
    # The hour in between was spent on something else.
    assert (revised.lead_time, revised.active_time) == (about(5), about(5))
    [row] = world.board()
    assert (row["lead_time_total"], row["active_time_total"]) == (about(425), about(125))
    ann = world.performance("ann")
    assert (ann["lead_time_total"], ann["active_time"]) == (about(425), about(125))


def test_two_tabs_of_one_person_count_once(world: World) -> None:
    world.set_up()
    task = world.next("ann")
    left = Page(world, "ann", task, name="left")
    world.clock.forward(10)
    right = Page(world, "ann", task, name="right")
    left.does("region_finished_drawing", after=20)
    right.does("region_finished_drawing", after=10)
    left.does("annotation_left", after=5)
    right.does("annotation_left")
    right.tells()
    left.tells()
    world.clock.forward(500)
    world.submit("ann", task)
    submitted = found(world, task, AnnotationSubmitted)
    assert (submitted.lead_time, submitted.active_time) == (about(45), about(45))


def test_a_page_that_dies_vouches_for_two_minutes(world: World) -> None:
    world.set_up()
    task = world.next("ann")
    page = Page(world, "ann", task)
    page.tells()
    world.clock.forward(1000)
    world.submit("ann", task)
    submitted = found(world, task, AnnotationSubmitted)
    assert (submitted.lead_time, submitted.active_time) == (about(120), about(120))


def test_a_batch_counts_once_however_often_it_comes(world: World) -> None:
    world.set_up()
    task = world.next("ann")
    page = Page(world, "ann", task)
    page.does("region_finished_drawing", after=10)
    told = page.tells()
    world.clock.forward(30)
    page.does("annotation_left")
    page.tells()
    assert world.run(told, "ann").value["recorded"] is False
    assert world.types(f"task-{task}").count("InteractionsRecorded") == 2
    world.submit("ann", task)
    assert found(world, task, AnnotationSubmitted).active_time == about(40)


def shown_everywhere(world: World, review_time: Any, active_time: Any, *reviewers: str) -> None:
    """The times of all verdicts on one task: on the board, in the progress of the day, on dashboards, by reviewer."""
    [row] = world.board()
    assert (row["review_time_total"], row["review_active_time_total"]) == (review_time, active_time)
    with world.installation.read_engine.connect() as connection:
        spent = days(connection, world.project)
    assert sum(day["review_time"] for day in spent) == review_time
    assert sum(day["review_active_time"] for day in spent) == active_time
    total = world.dashboard("", "review_time", "review_active_time", "median_review_time")["total"]
    assert (total["review_time"], total["review_active_time"]) == (review_time, active_time)
    by_person = world.dashboard("person", "review_time", "review_active_time", "median_review_time")["rows"]
    for row in by_person:
        who = next(name for name, person in world.people.items() if person == row["person"])
        figures = world.performance(who)
        assert (row["review_time"], row["review_active_time"]) == (
            figures["review_time"],
            figures["review_active_time"],
        )
        assert row["median_review_time"] == about(row["review_time"])
    timed = {row["person"] for row in by_person if row["review_time"]}
    assert timed == {world.people[who] for who in reviewers}


def test_a_review_is_timed_from_opening_to_judging(world: World) -> None:
    world.set_up(review={"sample_percent": 100})
    task = world.work("ann")
    annotation = world.task(task).annotation_of(world.people["ann"])
    assert annotation is not None
    world.clock.forward(600)
    page = Page(world, "rev", task, annotation.id)
    page.does("idle_detected", after=60)
    page.does("idle_resumed", after=100)
    page.tells()
    world.clock.forward(15)
    world.review("rev", task, annotation.id, "accepted")
    reviewed = found(world, task, AnnotationReviewed)
    assert (reviewed.review_time, reviewed.active_time) == (about(175), about(75))
    shown_everywhere(world, about(175), about(75), "rev")


def test_second_reviews_and_adjudications_take_time_too_and_each_counts_once(world: World) -> None:
    review = {"second_review_percent": 100, "adjudication": "always"}
    world.set_up(reviewers="rev ria rob", review=review)
    task = world.work("ann")
    annotation = world.task(task).annotation_of(world.people["ann"])
    assert annotation is not None
    world.clock.forward(600)
    times: dict[str, Any] = {"task": task, "review_time": 30, "active_time": 20}
    first = world.review("rev", task, annotation.id, "accepted", review_time=30, active_time=20)
    [before] = world.board()
    for who in ("ria", "rob"):
        world.clock.forward(600)
        kind = GiveSecondReview if who == "ria" else AdjudicateReview
        world.run(kind(review=first, verdict=Verdict.ACCEPTED, **times), who)
    shown_everywhere(world, about(90), about(60), "rev", "ria", "rob")
    [after] = world.board()
    assert (after["updated_by"], after["updated_at"]) == (before["updated_by"], before["updated_at"])
    settled_by = found(world, task, ReviewAdjudicated)
    assert (settled_by.overturns, settled_by.review_time, settled_by.active_time) == (False, 30, 20)


def test_the_time_of_an_adjudication_that_overturns_is_that_of_the_review_it_leads_to(world: World) -> None:
    review = {"second_review_percent": 100, "adjudication": "always"}
    world.set_up(reviewers="rev ria rob", review=review)
    task = world.work("ann")
    annotation = world.task(task).annotation_of(world.people["ann"])
    assert annotation is not None
    world.clock.forward(600)
    first = world.review("rev", task, annotation.id, "accepted", review_time=30, active_time=20)
    world.clock.forward(600)
    world.run(GiveSecondReview(task=task, review=first, verdict=Verdict.ACCEPTED), "ria")
    fix = AdjudicateReview(
        task=task, review=first, verdict=Verdict.FIXED, result=result("B"), review_time=50, active_time=40
    )
    world.run(fix, "rob")
    assert found(world, task, ReviewAdjudicated).review_time is None
    shown_everywhere(world, about(80), about(60), "rev", "rob")


def test_nothing_takes_longer_than_there_was_time_for(world: World) -> None:
    world.set_up()
    world.clock.forward(1000)
    task = world.next("ann")
    world.clock.forward(60)
    claim: dict[str, Any] = {
        "lead_time": 5000, "active_time": 4000, "started_at": START.replace(year=2030), "result": result("A")
    }  # fmt: skip
    world.run(SubmitAnnotation(task=task, **claim), "ann")
    submitted = found(world, task, AnnotationSubmitted)
    assert (submitted.lead_time, submitted.active_time) == (about(60), about(60))
    assert submitted.started_at < START.replace(year=2027)
    assert {(note.field, note.rule.value): note.seconds or note.moment for note in submitted.time_notes} == {
        ("lead_time", "longer_than_open"): 5000, ("active_time", "longer_than_open"): 4000,
        ("started_at", "in_the_future"): claim["started_at"],
    }  # fmt: skip


def test_what_is_recorded_for_somebody_was_timed_elsewhere(world: World) -> None:
    world.set_up()
    task = world.next("ann")
    answer = SubmitAnnotation(task=task, result=result("A"), lead_time=5000, active_time=6000)
    request = Request(answer, uuid4(), SYSTEM.id, on_behalf_of=world.people["ann"])
    world.installation.bus.run(request)
    submitted = found(world, task, AnnotationSubmitted)
    assert (submitted.lead_time, submitted.active_time) == (5000, 5000)
    assert [(note.field, note.rule.value) for note in submitted.time_notes] == [
        ("active_time", "longer_than_lead_time")
    ]


def test_clocks_of_machines_are_off_and_are_set(world: World) -> None:
    world.set_up()
    task = world.next("ann")
    world.clock.forward(100)
    wrong = START.replace(year=2001)
    told = [
        {"kind": "annotation_loaded", "at": wrong.replace(minute=1)},
        {"kind": "hotkey_pressed", "at": wrong.replace(minute=0, second=50)},
        {"kind": "annotation_left", "at": wrong.replace(minute=2)},
    ]
    command = RecordInteractions(
        task=task, session="s", sequence=0, interactions=told, at=wrong.replace(minute=1, second=30)
    )
    world.run(command, "ann")
    event = found(world, task, InteractionsRecorded)
    assert event.interactions == [("annotation_loaded", 30_000), ("hotkey_pressed", 30_000), ("annotation_left", 0)]
    assert [note.rule.value for note in event.time_notes] == ["out_of_bounds", "other_clock"]
    world.submit("ann", task)
    assert found(world, task, AnnotationSubmitted).active_time == about(30)


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"interactions": [{"kind": "idle_detected", "offset_ms": 11}], "offset_ms": 10}, "/interactions/0/offset_ms"),
        (
            {
                "interactions": [{"kind": "a", "offset_ms": 5}, {"kind": "b", "offset_ms": 4}],
                "offset_ms": 10,
            },
            "/interactions/1/offset_ms",
        ),
        ({"interactions": [{"kind": "idle_detected", "offset_ms": 1}]}, "/offset_ms"),
        ({"interactions": [{"kind": "idle_detected", "at": START}]}, "/at"),
        ({"interactions": [{"kind": "idle_detected"}]}, "/interactions/0"),
    ],
)
def test_what_cannot_be_placed_is_refused_by_name(world: World, sent: dict[str, Any], pointer: str) -> None:
    world.set_up()
    task = world.next("ann")
    with pytest.raises(InvalidInput) as refused:
        world.run(RecordInteractions(task=task, session="s", sequence=0, **sent), "ann")
    assert [fault.pointer for fault in refused.value.faults] == [pointer]


def test_only_who_has_the_task_before_them_is_heard(world: World) -> None:
    world.set_up(annotators="ann bob")
    task = world.next("ann")
    loaded = [{"kind": "annotation_loaded", "offset_ms": 0}]
    command = RecordInteractions(task=task, session="s", sequence=0, interactions=loaded, offset_ms=0)
    with pytest.raises(NotAssigned):
        world.run(command, "bob")
    annotation = world.submit("ann", task)
    for who, other in (("bob", annotation), ("bob", annotation + 1), ("ann", annotation + 1)):
        with pytest.raises(NotFound, match=f"has no annotation {other}"):
            world.run(command.model_copy(update={"annotation": other}), who)


def test_a_second_review_ends_what_it_took(world: World) -> None:
    world.set_up(tasks=1, reviewers="rev sue", review={"second_review_percent": 100})
    annotation = world.submit("ann", 1)
    review = world.review("rev", 1, annotation, "rejected", action="return")
    page = Page(world, "sue", 1, annotation)
    page.does("hotkey_pressed", after=60)
    page.tells()
    world.run(GiveSecondReview(task=1, review=review, verdict=Verdict.ACCEPTED), "sue")
    assert found(world, 1, SecondReviewGiven).review_time == about(60)
    world.clock.forward(600)
    world.revise("ann", 1, annotation, "B")
    again = Page(world, "sue", 1, annotation, name="again")
    again.does("hotkey_pressed", after=30)
    again.tells()
    world.review("sue", 1, annotation, "accepted")
    reviewed = found(world, 1, AnnotationReviewed)
    assert (reviewed.review_time, reviewed.active_time) == (about(30), about(30))
