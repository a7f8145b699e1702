"""Whatever people do in whatever order, a task keeps its promises; a witness who only reads the facts agrees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from annolog.domain.catalogue import EVENT_TYPES
from annolog.domain.project.settings import Settings
from annolog.domain.refusals import Refused
from annolog.domain.task import annotating, commenting, distribution, ground_truth, reassignment, reviewing
from annolog.domain.task import events as happened
from annolog.domain.task.annotating import Work
from annolog.domain.task.commenting import Remark, Speaker
from annolog.domain.task.events import RejectAction, ReleaseReason, RevisionCause, SkipMode, Standing, Verdict
from annolog.domain.task.evolve import fold
from annolog.domain.task.lifecycle import state_of
from annolog.domain.task.reviewing import Judgement
from annolog.domain.task.state import Task
from annolog.domain.time.bounds import Held
from tests.story import NOON, PICKED, answer, evidence, imported, settings

PEOPLE = st.integers(1, 5)
WORK = Work(answer(), 1)
MOST_ADDITIONAL = 2


class Witness:
    """Says who fills a slot from the list of facts alone: it keeps no state and knows nothing of how tasks fold."""

    def __init__(self, facts: list[happened.TaskEvent]) -> None:
        self.facts = facts

    def last(self, *kinds: type, **which: int) -> Any:
        return next(
            (
                fact
                for fact in reversed(self.facts)
                if isinstance(fact, kinds) and all(getattr(fact, name, None) == value for name, value in which.items())
            ),
            None,
        )

    def slots(self) -> int:
        return self.last(happened.TaskImported, happened.OverlapSet, happened.SlotAdded).slots

    def truth(self) -> int | None:
        last = self.last(happened.GroundTruthSet, happened.GroundTruthCleared)
        return last.annotation if isinstance(last, happened.GroundTruthSet) else None

    def live(self) -> dict[int, int]:
        """Author by annotation."""
        return {
            fact.annotation: fact.annotator
            for fact in self.facts
            if isinstance(fact, happened.AnnotationSubmitted)
            and not isinstance(
                self.last(happened.AnnotationDeleted, happened.AnnotationRestored, annotation=fact.annotation),
                happened.AnnotationDeleted,
            )
        }

    def is_passed_on(self, annotation: int) -> bool:
        last = self.last(happened.AnnotationReviewed, happened.ReviewWithdrawn, annotation=annotation)
        if isinstance(last, happened.ReviewWithdrawn):
            return last.standing is Standing.PASSED_ON
        return last is not None and last.action is RejectAction.PASS_ON

    def leases(self, now: datetime) -> set[int]:
        def holds(person: int) -> bool:
            last = next((f for f in reversed(self.facts) if self.concerns_lease(f, person)), None)
            return isinstance(last, happened.TaskReserved | happened.ReservationExtended) and last.expires_at > now

        return {person for person in range(1, 6) if holds(person)}

    @staticmethod
    def concerns_lease(fact: object, person: int) -> bool:
        match fact:
            case happened.TaskReserved() | happened.ReservationExtended() | happened.ReservationReleased():
                return fact.person == person
            case happened.AnnotationSkipped(person=who) | happened.AnnotationSubmitted(annotator=who):
                return who == person
            case _:
                return isinstance(fact, happened.TaskDeleted)

    def skips(self) -> dict[int, SkipMode]:
        found = {}
        for fact in self.facts:
            if isinstance(fact, happened.AnnotationSkipped):
                found[fact.person] = fact.mode
            elif isinstance(fact, happened.AnnotationSubmitted):
                found.pop(fact.annotator, None)
        return found

    def holders(self, now: datetime) -> set[int]:
        counted = {who for id, who in self.live().items() if id != self.truth() and not self.is_passed_on(id)}
        passing = {person for person, mode in self.skips().items() if mode is not SkipMode.REQUEUE_FOR_OTHERS}
        return counted | passing | self.leases(now)


class AnyHistory(RuleBasedStateMachine):
    """People reserve, answer, skip, review and change their minds, while leases run out and settings differ."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.ids = 100
        self.facts: list[happened.TaskEvent] = []
        self.task = Task(7)
        self.rules = Settings()
        self.witness = Witness(self.facts)

    @initialize(
        slots=st.integers(1, 3),
        strict=st.booleans(),
        mode=st.sampled_from(list(SkipMode)),
        reassigns=st.booleans(),
        criteria=st.sampled_from(["one", "all"]),
    )
    def begin(self, slots: int, strict: bool, mode: SkipMode, reassigns: bool, criteria: str) -> None:
        self.rules = settings(
            assignment={"strict_overlap": strict, "skip_mode": mode, "reservation_seconds": 60},
            reassignment={"enabled": reassigns, "maximum_additional": MOST_ADDITIONAL},
            review={"criteria": criteria, "only_finished": False},
        )
        self.facts.append(imported(slots))
        self.task = fold(self.task, self.facts)

    def attempt(self, decide: Callable[[], list[happened.TaskEvent]], *, twice: bool = False) -> None:
        """Do it, and perhaps do it again, as a client does that lost the answer."""
        for _ in range(1 + twice):
            before = self.witness.holders(self.now)
            try:
                events = decide()
            except Refused:
                return
            self.facts += events
            self.task = fold(self.task, events)
            self.must_have_had_room(before, events)

    def must_have_had_room(self, before: set[int], events: list[happened.TaskEvent]) -> None:
        """A new holder had a slot, or the answer is marked as surplus; only a cleared truth just counts again."""
        marked = any(isinstance(e, happened.AnnotationSubmitted) and e.surplus for e in events)
        cleared = any(isinstance(e, happened.GroundTruthCleared) for e in events)
        restored = [e.annotation for e in events if isinstance(e, happened.AnnotationRestored)]
        loose = not self.rules.assignment.strict_overlap or any(self.task.annotations[id].surplus for id in restored)
        holders = self.witness.holders(self.now)
        if holders - before and not (marked or cleared or loose):
            assert len(holders) <= self.witness.slots()

    def new_id(self) -> int:
        self.ids += 1
        return self.ids

    @property
    def annotations(self) -> list[int]:
        return list(self.task.annotations)

    @rule(person=PEOPLE, twice=st.booleans())
    def reserve(self, person: int, twice: bool) -> None:
        self.attempt(
            lambda: distribution.reserve(self.task, person, self.new_id(), self.now, PICKED, self.rules), twice=twice
        )

    @rule(person=PEOPLE)
    def extend(self, person: int) -> None:
        self.attempt(lambda: [distribution.extend(self.task, person, self.now, self.rules)])

    @rule(person=PEOPLE, exempt=st.booleans(), twice=st.booleans())
    def submit(self, person: int, exempt: bool, twice: bool) -> None:
        had_room = len(self.witness.holders(self.now) - {person}) < self.witness.slots()
        held = person in self.witness.leases(self.now)
        known = len(self.facts)
        self.attempt(
            lambda: annotating.submit(self.task, person, self.new_id(), WORK, self.now, self.rules, exempt=exempt),
            twice=twice,
        )
        submissions = [fact for fact in self.facts[known:] if isinstance(fact, happened.AnnotationSubmitted)]
        assert len(submissions) <= 1
        for submission in submissions:
            assert submission.surplus is not (held or had_room)
            assert not submission.surplus or exempt or not self.rules.assignment.strict_overlap

    @rule(person=PEOPLE, twice=st.booleans())
    def revise(self, person: int, twice: bool) -> None:
        own = next((id for id, who in self.witness.live().items() if who == person), 0)
        self.attempt(lambda: annotating.revise(self.task, person, own, WORK, self.rules), twice=twice)

    @rule(person=PEOPLE, twice=st.booleans())
    def skip(self, person: int, twice: bool) -> None:
        self.attempt(lambda: annotating.skip(self.task, person, "", Held(), self.now, self.rules), twice=twice)

    @rule(person=PEOPLE, twice=st.booleans())
    def release(self, person: int, twice: bool) -> None:
        self.attempt(lambda: distribution.release(self.task, person, ReleaseReason.LEFT), twice=twice)

    @rule(seconds=st.sampled_from([1, 30, 61]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(twice=st.booleans())
    def sweep(self, twice: bool) -> None:
        self.attempt(lambda: distribution.expired(self.task, self.now), twice=twice)

    @precondition(lambda self: self.annotations)
    @rule(
        data=st.data(),
        reviewer=PEOPLE,
        verdict=st.sampled_from(list(Verdict)),
        action=st.sampled_from(list(RejectAction)),
        twice=st.booleans(),
    )
    def review(self, data: st.DataObject, reviewer: int, verdict: Verdict, action: RejectAction, twice: bool) -> None:
        annotation = data.draw(st.sampled_from(self.annotations))
        judgement = Judgement(
            verdict,
            action if verdict is Verdict.REJECTED else None,
            fix=WORK if verdict is Verdict.FIXED else None,
        )
        self.attempt(
            lambda: reviewing.review(
                self.task, reviewer, annotation, self.new_id(), judgement, self.rules, author_stays=True
            ),
            twice=twice,
        )

    @rule(data=st.data(), reviewer=PEOPLE, manages=st.booleans(), twice=st.booleans())
    def withdraw(self, data: st.DataObject, reviewer: int, manages: bool, twice: bool) -> None:
        reviews = [fact.review for fact in self.facts if isinstance(fact, happened.AnnotationReviewed)] or [0]
        review = data.draw(st.sampled_from(reviews))
        self.attempt(
            lambda: reviewing.withdraw(self.task, review, reviewer, self.now, self.rules, manages=manages),
            twice=twice,
        )

    @precondition(lambda self: self.annotations)
    @rule(data=st.data(), gone=st.booleans(), twice=st.booleans())
    def delete_or_restore(self, data: st.DataObject, gone: bool, twice: bool) -> None:
        annotation = data.draw(st.sampled_from(self.annotations))
        if gone:
            self.attempt(lambda: annotating.delete(self.task, annotation, "", self.rules), twice=twice)
        else:
            self.attempt(lambda: annotating.restore(self.task, annotation, self.now, self.rules), twice=twice)

    @precondition(lambda self: self.annotations)
    @rule(data=st.data(), twice=st.booleans())
    def tell_the_truth(self, data: st.DataObject, twice: bool) -> None:
        annotation = data.draw(st.sampled_from(self.annotations))
        self.attempt(lambda: ground_truth.set_ground_truth(self.task, annotation, self.rules), twice=twice)

    @rule(twice=st.booleans())
    def forget_the_truth(self, twice: bool) -> None:
        self.attempt(lambda: ground_truth.clear_ground_truth(self.task, self.rules), twice=twice)

    @rule(slots=st.integers(1, 4), covered=st.booleans(), twice=st.booleans())
    def set_overlap(self, slots: int, covered: bool, twice: bool) -> None:
        self.attempt(
            lambda: distribution.set_overlap(self.task, slots, "test", self.rules, covered=covered), twice=twice
        )

    @rule()
    def add_slot(self) -> None:
        self.attempt(lambda: reassignment.add_slot(self.task, "manual", self.rules))

    @rule(score=st.sampled_from([0.0, 1.0]), eligible=st.integers(0, 1), stale=st.booleans(), twice=st.booleans())
    def assess(self, score: float, eligible: int, stale: bool, twice: bool) -> None:
        found = evidence(score, *self.task.compared, *([(1, 1)] if stale else []))
        self.attempt(
            lambda: reassignment.assess(self.task, found, reassignment.Asked(eligible), self.rules), twice=twice
        )

    @rule(person=PEOPLE)
    def say_something(self, person: int) -> None:
        self.attempt(lambda: commenting.comment(self.task, Speaker(person), self.new_id(), Remark("hm"), {}))

    @rule()
    def delete_and_restore_the_task(self) -> None:
        self.attempt(lambda: distribution.delete(self.task, ""))
        self.attempt(lambda: distribution.restore(self.task), twice=True)

    @invariant()
    def the_task_knows_who_fills_its_slots(self) -> None:
        if self.facts:
            assert self.task.holders(self.now) == self.witness.holders(self.now)
            assert self.task.slots == self.witness.slots()
            assert self.task.ground_truth == self.witness.truth()

    @invariant()
    def nobody_answers_twice_or_holds_what_they_answered(self) -> None:
        people = list(self.witness.live().values())
        assert len(people) == len(set(people))
        assert not self.witness.leases(self.now) & set(people)

    @invariant()
    def nobody_is_given_a_task_they_answered_before(self) -> None:
        for place, fact in enumerate(self.facts):
            if isinstance(fact, happened.TaskReserved):
                before = Witness(self.facts[:place])
                assert fact.person not in before.live().values()
                assert before.skips().get(fact.person) in (None, SkipMode.REQUEUE_FOR_ME)

    @invariant()
    def nobody_reviewed_their_own_work(self) -> None:
        assert not any(isinstance(f, happened.AnnotationReviewed) and f.reviewer == f.annotator for f in self.facts)

    @invariant()
    def the_truth_is_one_that_is_there(self) -> None:
        assert self.witness.truth() in {None, *self.witness.live()}

    @invariant()
    def no_more_people_are_asked_by_rule_than_the_project_allows(self) -> None:
        by_rule = [fact for fact in self.facts if isinstance(fact, happened.SlotAdded) and fact.evidence]
        assert len(by_rule) <= MOST_ADDITIONAL

    @invariant()
    def revisions_count_up_and_say_why(self) -> None:
        latest = dict.fromkeys(self.annotations, 1)
        for fact in self.facts:
            if isinstance(fact, happened.AnnotationRevised):
                latest[fact.annotation] += 1
                assert fact.revision == latest[fact.annotation]
                assert (fact.by == fact.annotator) is (fact.because is not RevisionCause.FIXED_IN_REVIEW)

    @invariant()
    def the_state_is_announced_and_follows_from_the_facts(self) -> None:
        announced = happened.TaskState.CREATED
        for fact in self.facts:
            if isinstance(fact, happened.TaskStateChanged):
                assert fact.previous is announced is not fact.state
                announced = fact.state
        assert self.task.state is announced
        if self.facts:
            assert state_of(self.task, self.rules) is announced

    @invariant()
    def the_facts_survive_being_stored(self) -> None:
        stored = [(fact.type_name(), fact.model_dump_json()) for fact in self.facts]
        read = [EVENT_TYPES[name].model_validate_json(body) for name, body in stored]
        assert fold(Task(7), read) == self.task


AnyHistory.TestCase.settings = hypothesis_settings(stateful_step_count=40)
TestAnyHistory = AnyHistory.TestCase
