"""A project in which real people's answers came in over four weeks, some of them reviewed, and work is left to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from annolog.commands.annotating import ReviseAnnotation, SkipTask, SubmitAnnotation
from annolog.commands.command import Command, Request
from annolog.commands.members import AddMembers, NewMember
from annolog.commands.people import NewPerson, RegisterPeople
from annolog.commands.reviewing import ReviewAnnotation
from annolog.commands.scope import SYSTEM
from annolog.commands.working import ReserveTask
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import Refused
from annolog.domain.task.events import RejectAction, Verdict
from annolog.infra.composition import Installation
from annolog.infra.replay.dataset import load
from annolog.infra.replay.local_door import LocalDoor
from annolog.infra.replay.plan import label_config, result_of, tasks_of
from annolog.infra.settings import InstallationSettings

TASKS, DONE, DAYS = 80, 60, 26
SETTINGS = {
    "assignment": {"overlap": 3},
    "reassignment": {"enabled": False, "threshold": 0.7},
    "review": {"sample_percent": 60},
}


class Then:
    """A clock that is set, and goes on by a microsecond at every look."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(days=DAYS + 1)

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now


def a_month(folder: Path, title: str = "Four weeks of sentence pairs") -> int:
    """Make it in a folder; the project's id."""
    clock = Then()
    with Installation(InstallationSettings(data_dir=folder), clock=clock) as installation:
        return _Month(installation, clock, title).work()


class _Month:
    def __init__(self, installation: Installation, clock: Then, title: str) -> None:
        self._installation, self._clock = installation, clock
        self._data = load("rte")
        door = LocalDoor(installation)
        self._project = door.create_project(title, label_config(self._data), SETTINGS, title)
        self._people = dict(zip(self._data.workers, door.admit(self._project, self._data.workers, title), strict=True))
        registered = installation.as_system(RegisterPeople(people=[NewPerson(handle="reviewer of the month")]))
        self._reviewer: int = registered.value["people"][0]["person"]
        reviewer = NewMember(person=self._reviewer, role=ProjectRole.REVIEWER)
        installation.as_system(AddMembers(project=self._project, members=[reviewer]))
        self._first = door.import_tasks(self._project, tasks_of(self._data)[:TASKS], title)
        door.publish(self._project, title)

    def work(self) -> int:
        """A few tasks each weekday; every tenth answer is changed once more, every seventh task skipped by somebody."""
        begin, chosen = self._clock.now, self._data.tasks[:DONE]
        weekdays = [day for day in range(DAYS) if (begin + timedelta(days=day)).weekday() < 5]
        for place, task in enumerate(chosen):
            day = weekdays[place * len(weekdays) // len(chosen)]
            self._clock.now = max(self._clock.now, begin + timedelta(days=day, minutes=31 * (place % 9)))
            self._answer(place, task)
        self._installation.settle()
        return self._project

    def _answer(self, place: int, task: str) -> None:
        id, annotations = self._first + place, []
        given = [label for label in self._data.labels if label.task == task]
        if place % 7 == 0:
            self._run(ReserveTask(task=id), self._people[given[4].worker])
            self._run(SkipTask(task=id, comment="unclear"), self._people[given[4].worker])
        for number, label in enumerate(given[: 2 if place == DONE - 1 else 3]):
            person = self._people[label.worker]
            seconds = 8.0 + (place * 7 + number * 5) % 40
            self._run(ReserveTask(task=id), person)
            self._clock.now += timedelta(seconds=seconds)
            sent = SubmitAnnotation(task=id, result=result_of(label), lead_time=seconds, active_time=seconds * 0.8)
            annotations.append(self._run(sent, person)["annotation"])
            if (place + number) % 10 == 0:
                again = ReviseAnnotation(task=id, annotation=annotations[-1], result=result_of(label), lead_time=3.0)
                self._run(again, person)
        if place % 4:
            self._review(place, id, annotations)

    def _review(self, place: int, task: int, annotations: list[int]) -> None:
        self._clock.now += timedelta(minutes=5)
        for annotation in annotations:
            rejected = (place + annotation) % 9 == 0
            verdict = ReviewAnnotation(
                task=task,
                annotation=annotation,
                verdict=Verdict.REJECTED if rejected else Verdict.ACCEPTED,
                action=RejectAction.REMOVE if rejected else None,
                review_time=4.0 + annotation % 5,
            )
            try:
                self._run(verdict, self._reviewer)
            except Refused:
                # What was not drawn to be reviewed is done without.
                return

    def _run(self, command: Command, person: int) -> dict[str, int]:
        answer = self._installation.bus.run(Request(command, uuid4(), SYSTEM.id, on_behalf_of=person))
        value: dict[str, int] = answer.value
        return value
