"""Whatever people do in whatever order, a task keeps its promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from annolog.domain.catalogue import EVENT_TYPES
from annolog.domain.project.settings import AssignmentSettings, ReassignmentSettings, ReviewSettings, Settings
from annolog.domain.refusals import Refused
from annolog.domain.task import annotating, commenting, distribution, ground_truth, reassignment, reviewing
from annolog.domain.task.annotating import Work
from annolog.domain.task.commenting import Remark
from annolog.domain.task.events import (
    AnnotationReviewed,
    AnnotationSubmitted,
    Evidence,
    RejectAction,
    ReleaseReason,
    ReservationReason,
    SkipMode,
    TaskEvent,
    TaskImported,
    TaskReserved,
    TaskState,
    TaskStateChanged,
    Verdict,
)
from annolog.domain.task.evolve import fold
from annolog.domain.task.lifecycle import state_of
from annolog.domain.task.reviewing import Judgement
from annolog.domain.task.state import Task

PEOPLE = st.integers(1, 5)
WORK = Work([{"type": "choices"}], 1)
WHY = ReservationReason(policy="sequential", lane="fresh")
START = datetime(2026, 11, 24, tzinfo=UTC)


class AnyHistory(RuleBasedStateMachine):
    """People reserve, answer, skip, review and change their minds, while leases run out and settings differ."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.ids = 0
        self.events: list[TaskEvent] = []
        self.task = Task(1)
        self.settings = Settings()
        self.reserved: dict[int, int] = {}

    @initialize(
        slots=st.integers(1, 3),
        strict=st.booleans(),
        mode=st.sampled_from(list(SkipMode)),
        rule_on=st.booleans(),
        criteria=st.sampled_from(["one", "all"]),
    )
    def begin(self, slots: int, strict: bool, mode: SkipMode, rule_on: bool, criteria: Any) -> None:
        self.settings = Settings(
            assignment=AssignmentSettings(overlap=slots, strict_overlap=strict, skip_mode=mode, reservation_seconds=60),
            reassignment=ReassignmentSettings(enabled=rule_on, maximum_additional=2),
            review=ReviewSettings(criteria=criteria, only_finished=False),
        )
        imported = TaskImported(
            project=1, task=1, data={"text": "x"}, import_id=1, line=1, slots=slots, covered=True, draw=0.5, seed=0
        )
        self.happen([imported])

    def happen(self, events: list[TaskEvent]) -> None:
        self.events += events
        self.task = fold(self.task, events)

    def attempt(self, decide: Callable[[], list[TaskEvent]]) -> list[TaskEvent]:
        """Do it, and do it again: the second time is refused or adds no person."""
        try:
            events = decide()
        except Refused:
            return []
        self.happen(events)
        return events

    def new_id(self) -> int:
        self.ids += 1
        return self.ids

    @rule(person=PEOPLE)
    def reserve(self, person: int) -> None:
        had_room = self.task.has_room_for(person, self.now)
        touched = self.task.has_touched(person)
        events = self.attempt(
            lambda: distribution.reserve(self.task, person, self.new_id(), self.now, WHY, self.settings)
        )
        if any(isinstance(event, TaskReserved) for event in events):
            assert had_room
            assert not touched

    @rule(person=PEOPLE, exempt=st.booleans())
    def submit(self, person: int, exempt: bool) -> None:
        held = self.task.leases.get(person)
        alive = held is not None and held.expires_at > self.now
        room = self.task.has_room_for(person, self.now)
        events = self.attempt(
            lambda: annotating.submit(self.task, person, self.new_id(), WORK, self.now, self.settings, exempt=exempt)
        )
        for event in events:
            if isinstance(event, AnnotationSubmitted):
                assert event.surplus or alive or room
                assert not event.surplus or exempt or not self.settings.assignment.strict_overlap

    @rule(person=PEOPLE)
    def revise(self, person: int) -> None:
        own = self.task.annotation_of(person)
        if own is not None:
            self.attempt(lambda: annotating.revise(self.task, person, own.id, WORK, self.settings))

    @rule(person=PEOPLE)
    def skip(self, person: int) -> None:
        self.attempt(lambda: annotating.skip(self.task, person, "", None, self.now, self.settings))

    @rule(person=PEOPLE)
    def release(self, person: int) -> None:
        self.attempt(lambda: distribution.release(self.task, person, ReleaseReason.LEFT))

    @rule(seconds=st.sampled_from([1, 30, 61]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def sweep(self) -> None:
        self.attempt(lambda: distribution.expired(self.task, self.now))

    @rule(
        data=st.data(),
        reviewer=PEOPLE,
        verdict=st.sampled_from(list(Verdict)),
        action=st.sampled_from([None, *RejectAction]),
    )
    def review(self, data: st.DataObject, reviewer: int, verdict: Verdict, action: RejectAction | None) -> None:
        if not self.task.annotations:
            return
        annotation = data.draw(st.sampled_from(list(self.task.annotations)))
        judgement = Judgement(
            verdict,
            action if verdict is Verdict.REJECTED else None,
            fix=WORK if verdict is Verdict.FIXED else None,
        )
        self.attempt(lambda: reviewing.review(self.task, reviewer, annotation, self.new_id(), judgement, self.settings))

    @rule(data=st.data(), reviewer=PEOPLE)
    def withdraw(self, data: st.DataObject, reviewer: int) -> None:
        reviews = [review.id for annotation in self.task.annotations.values() for review in annotation.reviews]
        if reviews:
            review = data.draw(st.sampled_from(reviews))
            self.attempt(lambda: reviewing.withdraw(self.task, review, reviewer, self.now, self.settings, manages=True))

    @rule(data=st.data(), gone=st.booleans())
    def delete_or_restore(self, data: st.DataObject, gone: bool) -> None:
        if self.task.annotations:
            annotation = data.draw(st.sampled_from(list(self.task.annotations)))
            if gone:
                self.attempt(lambda: annotating.delete(self.task, annotation, "", self.settings))
            else:
                self.attempt(lambda: annotating.restore(self.task, annotation, self.now, self.settings))

    @rule(data=st.data())
    def tell_the_truth(self, data: st.DataObject) -> None:
        if self.task.annotations:
            annotation = data.draw(st.sampled_from(list(self.task.annotations)))
            self.attempt(lambda: ground_truth.set_ground_truth(self.task, annotation, self.settings))

    @rule()
    def forget_the_truth(self) -> None:
        self.attempt(lambda: ground_truth.clear_ground_truth(self.task, self.settings))

    @rule(slots=st.integers(1, 4))
    def set_overlap(self, slots: int) -> None:
        self.attempt(lambda: distribution.set_overlap(self.task, slots, "test", self.settings, covered=True))

    @rule(score=st.sampled_from([0.0, 1.0]), eligible=st.integers(0, 1))
    def assess(self, score: float, eligible: int) -> None:
        evidence = Evidence(
            score=score,
            threshold=0.75,
            methodology="pairwise",
            annotations=list(self.task.compared),
            settings_version=1,
        )
        self.attempt(lambda: reassignment.assess(self.task, evidence, eligible, self.settings))

    @rule(person=PEOPLE)
    def say_something(self, person: int) -> None:
        self.attempt(lambda: commenting.comment(self.task, person, self.new_id(), Remark("hm")))

    @invariant()
    def nobody_has_two_annotations(self) -> None:
        people = [annotation.annotator for annotation in self.task.live]
        assert len(people) == len(set(people))

    @invariant()
    def no_more_people_than_slots_unless_marked(self) -> None:
        """Slots may be taken away, annotations restored or truths cleared; but a *new* holder never exceeds them."""
        leased = {lease.person for lease in self.task.leases.values() if lease.expires_at > self.now}
        answered = {annotation.annotator for annotation in self.task.counted}
        assert not leased & answered

    @invariant()
    def nobody_reviewed_their_own_work(self) -> None:
        for event in self.events:
            if isinstance(event, AnnotationReviewed):
                assert event.reviewer != event.annotator

    @invariant()
    def at_most_one_ground_truth_and_it_exists(self) -> None:
        if self.task.ground_truth is not None:
            assert not self.task.annotations[self.task.ground_truth].deleted

    @invariant()
    def no_more_additional_people_than_the_limit(self) -> None:
        assert self.task.additional <= self.settings.reassignment.maximum_additional

    @invariant()
    def the_state_is_announced_and_follows_from_the_facts(self) -> None:
        if not self.events:
            return
        announced = TaskState.CREATED
        for event in self.events:
            if isinstance(event, TaskStateChanged):
                assert event.previous is announced
                announced = event.state
        assert self.task.state is announced
        assert state_of(self.task, self.settings) is announced

    @invariant()
    def the_state_survives_being_stored(self) -> None:
        stored = [(event.type_name(), event.model_dump_json(exclude_none=True)) for event in self.events]
        read = [EVENT_TYPES[name].model_validate_json(body) for name, body in stored]
        assert fold(Task(1), read) == replace(self.task)


AnyHistory.TestCase.settings = hypothesis_settings(max_examples=150, stateful_step_count=40, deadline=None)
TestAnyHistory = AnyHistory.TestCase
