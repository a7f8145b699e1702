"""Whatever happened before, the queue offers everybody every task that the task itself would let them have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from annolog.commands.annotating import DeleteAnnotation, RestoreAnnotation
from annolog.commands.command import Command
from annolog.commands.distributing import (
    AddSlot,
    AssessAgreement,
    AssignTasks,
    DeleteTasks,
    Doubt,
    GiveUpWork,
    GrantAnswers,
    JudgeFeasibility,
    KeepForExperts,
    RestoreTasks,
    SetOverlap,
)
from annolog.commands.members import AddMembers, NewMember, RemoveMember
from annolog.commands.projects import ChangeSettings
from annolog.commands.reviewing import ClearGroundTruth, SetGroundTruth, WithdrawReview
from annolog.commands.rules import SetSkill
from annolog.commands.working import ReleaseTask, ReserveTask
from annolog.domain.project.events import ProjectRole
from annolog.domain.project.settings import Distribution
from annolog.domain.refusals import NoWork, Refused
from annolog.domain.task.distribution import is_returned_to, reserve
from annolog.domain.task.events import SkipMode
from annolog.domain.task.evidence import Evidence
from annolog.domain.task.state import Annotation, Resolution, Task
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.settings import InstallationSettings
from annolog.projections.assignment_queue.tables import queue_wanted
from tests.story import PICKED
from tests.world import MovableClock, World, result

ANNOTATORS = ("ann", "bob", "cyd")
PEOPLE = st.sampled_from(ANNOTATORS)
ANY = st.integers(0, 1_000)
REASSIGNMENT = {"enabled": True, "policy": "confidence", "maximum_additional": 3, "preference_seconds": 30}
EXPERT = {"expert_after": 1, "expert_skill": "french", "expert_least": 1}


class QueueAndTasks(RuleBasedStateMachine):
    """A small project in which everything happens, on a real log, with nothing running by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.resources = ExitStack()
        folder = Path(self.resources.enter_context(TemporaryDirectory()))
        clock = MovableClock()
        installation = Installation(InstallationSettings(data_dir=folder), parts=NOTHING, clock=clock)
        self.resources.callback(installation.close)
        self.world = World(installation, clock)

    def teardown(self) -> None:
        self.resources.close()

    @initialize(
        overlap=st.integers(1, 2),
        percent=st.sampled_from([50, 100]),
        sampling=st.sampled_from(["sequential", "uniform", "uncertainty"]),
        breadth_first=st.booleans(),
        overlap_first=st.booleans(),
        mode=st.sampled_from(list(SkipMode)),
        budget=st.sampled_from([None, 50]),
    )
    def begin(self, budget: float | None, **assignment: Any) -> None:
        assignment["coverage_percent"] = assignment.pop("percent")
        assignment["skip_mode"] = assignment.pop("mode")
        self.world.set_up(
            tasks=4,
            annotators=" ".join(ANNOTATORS),
            assignment={**assignment, "reservation_seconds": 60},
            review={"only_finished": False},
            reassignment={**REASSIGNMENT, "budget": budget},
        )

    # ── What may happen ──────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def project(self) -> Any:
        return self.world.installation.states.project(self.world.project)

    @property
    def tasks(self) -> list[Task]:
        return [self.world.task(id) for id in range(1, self.project.tasks + 1)]

    def one(self, number: int) -> int:
        return number % self.project.tasks + 1

    def annotations(self, *, of: int | None = None) -> Iterator[tuple[int, Annotation]]:
        for task in self.tasks:
            for annotation in task.annotations.values():
                if of is None or annotation.annotator == of:
                    yield task.id, annotation

    def attempt(self, command: Command, who: str | None = None) -> None:
        with suppress(Refused):
            self.world.run(command, who)

    @rule(who=PEOPLE)
    def ask_for_work(self, who: str) -> None:
        wanted = self.wanted_by(who)
        person = self.world.people[who]
        busy = any(person in task.leases or is_returned_to(task, person) for task in self.tasks)
        try:
            self.world.next(who)
        except NoWork:
            assert not wanted
            assert not busy or self.lapsed()

    @rule(who=PEOPLE)
    def ask_and_answer(self, who: str) -> None:
        with suppress(Refused):
            self.world.submit(who, self.world.next(who))

    @rule(who=PEOPLE)
    def ask_and_skip(self, who: str) -> None:
        with suppress(Refused):
            self.world.skip(who, self.world.next(who))

    @rule(who=PEOPLE, number=ANY)
    def answer_without_asking(self, who: str, number: int) -> None:
        with suppress(Refused):
            self.world.submit(who, self.one(number))

    @rule(who=PEOPLE, number=ANY)
    def pick(self, who: str, number: int) -> None:
        self.attempt(ReserveTask(task=self.one(number)), who)

    @rule(who=PEOPLE, number=ANY)
    def leave(self, who: str, number: int) -> None:
        self.attempt(ReleaseTask(task=self.one(number)), who)

    @rule(seconds=st.sampled_from([20, 61]), sweep=st.booleans())
    def wait(self, seconds: int, sweep: bool) -> None:
        self.world.clock.forward(seconds)
        if sweep:
            self.world.installation.sweeper.sweep()

    @rule(who=PEOPLE, number=ANY)
    def revise(self, who: str, number: int) -> None:
        own = list(self.annotations(of=self.world.people[who]))
        if own:
            task, annotation = own[number % len(own)]
            with suppress(Refused):
                self.world.revise(who, task, annotation.id, "B")

    @rule(number=ANY, verdict=st.sampled_from(["accepted", "fixed", "remove", "return", "pass_on"]))
    def review(self, number: int, verdict: str) -> None:
        every = list(self.annotations())
        if every:
            task, annotation = every[number % len(every)]
            more: dict[str, Any] = {"result": result("B")} if verdict == "fixed" else {}
            if verdict not in ("accepted", "fixed"):
                verdict, more = "rejected", {"action": verdict}
            with suppress(Refused):
                self.world.review("rev", task, annotation.id, verdict, **more)

    @rule(number=ANY)
    def withdraw(self, number: int) -> None:
        every = [(task, review.id) for task, annotation in self.annotations() for review in annotation.reviews]
        if every:
            task, review = every[number % len(every)]
            self.attempt(WithdrawReview(task=task, review=review), "rev")

    @rule(number=ANY, what=st.sampled_from([DeleteAnnotation, RestoreAnnotation, SetGroundTruth]))
    def change_an_annotation(self, number: int, what: type[Command]) -> None:
        every = list(self.annotations())
        if every:
            task, annotation = every[number % len(every)]
            self.attempt(what(task=task, annotation=annotation.id))

    @rule(number=ANY)
    def forget_a_truth(self, number: int) -> None:
        self.attempt(ClearGroundTruth(task=self.one(number)))

    @rule(number=ANY, slots=st.integers(1, 3), covered=st.sampled_from([None, True, False]))
    def set_overlap(self, number: int, slots: int, covered: bool | None) -> None:
        task = self.one(number)
        self.attempt(SetOverlap(project=self.world.project, tasks=[task], slots=slots, covered=covered))

    @rule(number=ANY)
    def add_slot(self, number: int) -> None:
        self.attempt(AddSlot(task=self.one(number)))

    @rule(number=ANY, what=st.sampled_from([(DeleteTasks,), (RestoreTasks,), (DeleteTasks, RestoreTasks)]))
    def delete_or_restore_a_task(self, number: int, what: tuple[type[Command], ...]) -> None:
        for command in what:
            self.attempt(command(project=self.world.project, tasks=[self.one(number)]))

    def evidence(self, task: Task, posterior: float, disagreements: int, wanted: set[str]) -> Evidence:
        """What the models might have said of the answers as they are."""
        return Evidence(
            score=None,
            threshold=0.75,
            methodology="pairwise",
            annotations=task.compared,
            settings_version=self.project.settings_version,
            definition=self.project.definition,
            policy="confidence",
            posterior=posterior,
            need=1 - posterior,
            disagreements=disagreements,
            candidates=[(self.world.people[who], 0.1) for who in sorted(wanted)],
        )

    @rule(
        number=ANY,
        posterior=st.sampled_from([0.5, 0.6, 1.0]),
        disagreements=st.integers(0, 1),
        wanted=st.sets(PEOPLE),
        granted=st.booleans(),
    )
    def judge(self, number: int, posterior: float, disagreements: int, wanted: set[str], granted: bool) -> None:
        """Have a task answered by all it needs, as far as they may, and judged."""
        for who in ANNOTATORS:
            with suppress(Refused):
                self.world.submit(who, self.one(number))
        task = self.world.task(self.one(number))
        found = self.evidence(task, posterior, disagreements, wanted)
        if granted:
            self.attempt(GrantAnswers(project=self.world.project, doubts=[Doubt(task=task.id, evidence=found)]))
        else:
            self.attempt(AssessAgreement(task=task.id, evidence=found))

    @rule(budget=st.sampled_from([None, 1, 50]), experts=st.booleans())
    def change_the_rule(self, budget: float | None, experts: bool) -> None:
        changes = {"budget": budget, **(EXPERT if experts else {"expert_after": None})}
        self.attempt(ChangeSettings(project=self.world.project, group="reassignment", changes=changes))

    @rule(who=PEOPLE, value=st.sampled_from([None, 1.0]))
    def say_what_somebody_can(self, who: str, value: float | None) -> None:
        person = self.world.people[who]
        self.attempt(SetSkill(project=self.world.project, person=person, skill="french", value=value))
        tasks = [task.id for task in self.tasks]
        self.attempt(KeepForExperts(project=self.world.project, tasks=tasks))

    @rule()
    def look_for_people(self) -> None:
        every = [task.id for task in self.tasks]
        self.attempt(JudgeFeasibility(project=self.world.project, tasks=every))

    @rule(who=PEOPLE, number=ANY, unassign=st.booleans())
    def assign(self, who: str, number: int, unassign: bool) -> None:
        person = self.world.people[who]
        self.attempt(
            AssignTasks(project=self.world.project, tasks=[self.one(number)], people=[person], unassign=unassign)
        )

    @rule(who=PEOPLE)
    def leave_the_project_and_come_back(self, who: str) -> None:
        person = self.world.people[who]
        self.world.run(RemoveMember(project=self.world.project, person=person))
        tasks = [task.id for task in self.tasks]
        self.world.run(GiveUpWork(project=self.world.project, person=person, tasks=tasks))
        for task in self.tasks:
            assert not is_returned_to(task, person) or task.ground_truth is not None
        member = NewMember(person=person, role=ProjectRole.ANNOTATOR)
        self.world.run(AddMembers(project=self.world.project, members=[member]))

    @rule(score=st.sampled_from([None, 0.2, 0.8]))
    def bring_in_one_more(self, score: float | None) -> None:
        predictions = [] if score is None else [{"result": result("A"), "model_version": "m", "score": score}]
        if self.project.tasks < 8:
            self.world.bring_in(1, predictions=predictions)

    @rule(
        name=st.sampled_from(["breadth_first", "overlap_first", "distribution", "sampling", "overlap"]),
        second=st.booleans(),
    )
    def change_the_order(self, name: str, second: bool) -> None:
        choices: dict[str, tuple[Any, Any]] = {
            "distribution": ("automatic", "manual"),
            "sampling": ("uncertainty", "uniform"),
            "overlap": (1, 2),
        }
        value = choices.get(name, (True, False))[second]
        self.attempt(ChangeSettings(project=self.world.project, group="assignment", changes={name: value}))

    # ── What always holds ────────────────────────────────────────────────────────────────────────────────────────────

    def lapsed(self) -> set[int]:
        now = self.world.clock()
        return {task.id for task in self.tasks if any(lease.expires_at <= now for lease in task.leases.values())}

    def wanted_by(self, who: str) -> set[int]:
        """The tasks that would let the person in."""
        now, person, rules = self.world.clock(), self.world.people[who], self.project.settings
        found = set()
        for task in self.tasks:
            with suppress(Refused):
                if reserve(task, person, 1, now, PICKED, rules):
                    found.add(task.id)
        manual = rules.assignment.distribution is Distribution.MANUAL
        # By hand, whoever let a lease run out waits for the sweeper, a second at most.
        return found - self.lapsed() if manual else found

    @invariant()
    def nobody_waits_for_a_task_they_could_have(self) -> None:
        if not self.world.project:
            return
        project, now = self.project, self.world.clock()
        automatic = project.settings.assignment.distribution is Distribution.AUTOMATIC
        for who in ANNOTATORS:
            person = self.world.people[who]
            with self.world.installation.log.transaction() as transaction:
                queue = transaction.queue
                offers = [*queue.assigned(project.id, person), *queue.skipped(project.id, person)]
                if automatic:
                    offers += [*queue.wanted(project.id, person), *queue.open(project, person)]
                    offers += queue.overdue(project.id, now)
                returned = {candidate.task for candidate in queue.returned(project.id, person)}
            wanted = self.wanted_by(who)
            assert wanted <= {candidate.task for candidate in offers}
            assert {task.id for task in self.tasks if is_returned_to(task, person)} <= returned | self.truths()

    def truths(self) -> set[int]:
        """Tasks whose truth it is that was returned to its author: nobody waits for that."""
        return {task.id for task in self.tasks if task.ground_truth is not None}

    @invariant()
    def what_the_queue_offers_is_free(self) -> None:
        if not self.world.project or self.project.settings.assignment.distribution is Distribution.MANUAL:
            return
        for who in ANNOTATORS:
            with self.world.installation.log.transaction() as transaction:
                queue, person = transaction.queue, self.world.people[who]
                offered = [*queue.open(self.project, person), *queue.wanted(self.world.project, person)]
            assert {candidate.task for candidate in offered} <= self.wanted_by(who)

    @invariant()
    def slots_are_kept_for_whom_the_tasks_keep_them(self) -> None:
        if not self.world.project:
            return
        with self.world.installation.log_reader.connect() as connection:
            rows = {(task, person) for person, task, *_ in connection.execute(queue_wanted.select())}
        assert rows == {(task.id, person) for task in self.tasks for person in task.wanted or ()}

    @invariant()
    def what_waits_for_the_budget_is_in_its_queue(self) -> None:
        if not self.world.project:
            return
        with self.world.installation.log.transaction() as transaction:
            waiting = set(transaction.queue.doubted(self.world.project, 1_000))
        assert {task.id for task in self.tasks if task.exists and task.resolution is Resolution.DOUBTED} <= waiting

    @invariant()
    def nobody_has_done_more_than_is_counted(self) -> None:
        if not self.world.project:
            return
        with self.world.installation.log.transaction() as transaction:
            for who in ANNOTATORS:
                person = self.world.people[who]
                live = [a for _, a in self.annotations(of=person) if not a.deleted]
                assert transaction.queue.submitted(self.world.project, person) == len(live)


QueueAndTasks.TestCase.settings = hypothesis_settings(
    max_examples=hypothesis_settings.default.max_examples // 2, stateful_step_count=40
)
TestQueueAndTasks = pytest.mark.slow(QueueAndTasks.TestCase)
