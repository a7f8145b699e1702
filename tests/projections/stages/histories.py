"""Anything that may happen to a few tasks of a project, decided by the rules, at times that may jump back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from random import Random
from uuid import UUID

from annolog.domain.event import Event
from annolog.domain.project import events as project_events
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Refused
from annolog.domain.task import annotating, distribution, ground_truth, reviewing
from annolog.domain.task.annotating import Work
from annolog.domain.task.events import RejectAction, TaskEvent, TaskImported, Verdict
from annolog.domain.task.evolve import fold
from annolog.domain.task.reviewing import Judgement
from annolog.domain.task.state import Task
from annolog.domain.time.bounds import Held
from tests.story import NOON, answer, settings
from tests.world import LABEL_CONFIG

PROJECT = 5
PEOPLE = (1, 2, 3, 4)
NOTHING = "<View></View>"


class History:
    """A log that grows by whatever chance has people do."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.now = NOON
        self.ids = 100
        self.recorded: list[Recorded] = []
        self.tasks: dict[int, Task] = {}
        self.rules = settings(
            assignment={"strict_overlap": False, "overlap": 2},
            review={
                "criteria": self.chance.choice(["one", "all"]),
                "only_finished": False,
                "only_assigned": self.chance.random() < 0.2,
                "sample_percent": self.chance.choice([0, 50, 100]),
            },
        )
        self.add([project_events.ProjectCreated(project=PROJECT, title="any")])

    def add(self, events: Sequence[Event], by: int = 0) -> None:
        self.now += timedelta(microseconds=self.chance.choice([1, 500, 10**6, 10**9, -(10**6), -(10**8)]))
        for event in events:
            position = len(self.recorded) + 1
            id = UUID(int=position)
            stream = f"task-{event.task}" if isinstance(event, TaskEvent) else f"project-{PROJECT}"
            self.recorded.append(
                Recorded(position, id, stream, position, self.now, by, None, id, id, None, PROJECT, event)
            )

    def new_id(self) -> int:
        self.ids += 1
        return self.ids

    def live(self, steps: int) -> None:
        for _ in range(steps):
            if not self.tasks or self.chance.random() < 0.06:
                self.of_the_project()
            else:
                self.of_a_task()

    def of_the_project(self) -> None:
        match self.chance.randint(0, 3):
            case 0:
                xml = self.chance.choice([LABEL_CONFIG, LABEL_CONFIG, NOTHING])
                self.add([project_events.LabelConfigRevised(project=PROJECT, version=1, label_config=xml)])
            case 1:
                self.add([project_events.ProjectPublished(project=PROJECT)])
            case 2 if self.chance.random() < 0.3:
                self.add([project_events.ProjectUnpublished(project=PROJECT)])
            case _:
                self.bring_in()

    def bring_in(self) -> None:
        task = len(self.tasks) + 1
        imported = TaskImported(
            project=PROJECT,
            task=task,
            import_id=1,
            line=task,
            data={},
            slots=self.chance.choice([1, 2]),
            covered=True,
            draw=0.5,
            seed=0,
        )
        self.tasks[task] = fold(Task(task), [imported])
        self.add([imported])

    def of_a_task(self) -> None:
        task = self.tasks[self.chance.choice(list(self.tasks))]
        who = self.chance.choice(PEOPLE)
        decide = self.chance.choices(
            [self.submit, self.revise, self.review, self.withdraw, self.delete, self.there_or_not, self.other],
            [5, 5, 8, 2, 1, 1, 2],
        )[0]
        with suppress(Refused, IndexError):
            events = decide(task, who)
            self.tasks[task.id] = fold(task, events)
            if events:
                self.add(events, who)

    def an_annotation(self, task: Task) -> int:
        return self.chance.choice(list(task.annotations))

    def submit(self, task: Task, who: int) -> list[TaskEvent]:
        work = Work(answer(), 1)
        return annotating.submit(task, who, self.new_id(), work, self.now, self.rules)

    def revise(self, task: Task, who: int) -> list[TaskEvent]:
        annotation = self.an_annotation(task)
        author = task.annotations[annotation].annotator
        return annotating.revise(task, author, annotation, Work(answer("B"), 1), self.rules)

    def review(self, task: Task, who: int) -> list[TaskEvent]:
        verdict = self.chance.choice(list(Verdict))
        action = self.chance.choice([*RejectAction, RejectAction.RETURN, RejectAction.RETURN])
        judgement = Judgement(
            verdict,
            action if verdict is Verdict.REJECTED else None,
            fix=Work(answer("C"), 1) if verdict is Verdict.FIXED else None,
        )
        return reviewing.review(
            task, who, self.an_annotation(task), self.new_id(), judgement, self.rules, author_stays=True
        )

    def withdraw(self, task: Task, who: int) -> list[TaskEvent]:
        reviews = [review.id for annotation in task.live for review in annotation.reviews[-1:]]
        return reviewing.withdraw(task, self.chance.choice(reviews), who, self.now, self.rules, manages=True)

    def delete(self, task: Task, who: int) -> list[TaskEvent]:
        annotation = self.an_annotation(task)
        if task.annotations[annotation].deleted:
            return annotating.restore(task, annotation, self.now, self.rules)
        return annotating.delete(task, annotation, "", self.rules)

    def there_or_not(self, task: Task, who: int) -> list[TaskEvent]:
        return distribution.restore(task) if task.deleted else distribution.delete(task, "")

    def other(self, task: Task, who: int) -> list[TaskEvent]:
        decide: list[Callable[[], list[TaskEvent]]] = [
            lambda: ground_truth.set_ground_truth(task, self.an_annotation(task), self.rules),
            lambda: ground_truth.clear_ground_truth(task, self.rules),
            lambda: distribution.assign_reviewer(task, who, self.rules),
            lambda: distribution.unassign_reviewer(task, who, self.rules),
            lambda: distribution.set_overlap(task, self.chance.choice([1, 2, 3]), "test", self.rules, covered=True),
            lambda: annotating.skip(task, who, "", Held(), self.now, self.rules),
        ]
        return self.chance.choice(decide)()


def history_of(seed: int, steps: int = 90) -> History:
    """What happened, by this seed."""
    history = History(seed)
    history.live(steps)
    return history
