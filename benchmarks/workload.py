"""A project to measure on: text classification, with people and tasks."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from uuid import uuid4

from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.command import Answer, Command, Request
from annolog.commands.importing import MOST_IN_ONE_COMMAND, ImportTasks
from annolog.commands.members import AddMembers, NewMember
from annolog.commands.people import NewPerson, RegisterPeople
from annolog.commands.projects import CreateProject, PublishProject
from annolog.commands.scope import SYSTEM
from annolog.domain.project.events import ProjectRole
from annolog.domain.task.importing import ImportedTask
from annolog.infra.composition import EVERYTHING, NOTHING, Installation
from annolog.infra.settings import InstallationSettings

LABEL_CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="label" toName="text">'
    '<Choice value="yes"/><Choice value="no"/></Choices></View>'
)
TEXT = "The film was the evening's big winner, bagging the prestigious best picture award to bring its tally to six."


@contextmanager
def installation(*, serve: bool = False) -> Iterator[Installation]:
    """An embedded installation in a temporary folder."""
    with (
        TemporaryDirectory() as folder,
        Installation(InstallationSettings(data_dir=Path(folder)), parts=EVERYTHING if serve else NOTHING) as found,
    ):
        yield found


def answer_of(label: str) -> list[dict[str, object]]:
    """The result of choosing a label."""
    return [{"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}}]


def project_with(
    found: Installation, tasks: int, people: int, overlap: int = 1, **settings: dict[str, object]
) -> tuple[int, list[int]]:
    """A published project, and the ids of its annotators."""
    groups = {"assignment": {"overlap": overlap}, **settings}
    project = found.as_system(CreateProject(title="measured", label_config=LABEL_CONFIG, settings=groups)).value[
        "project"
    ]
    handles = [NewPerson(handle=f"{project}/{number}") for number in range(people)]
    registered = found.as_system(RegisterPeople(people=handles)).value["people"]
    annotators = [person["person"] for person in registered]
    members = [NewMember(person=person, role=ProjectRole.ANNOTATOR) for person in annotators]
    found.as_system(AddMembers(project=project, members=members))
    import_tasks(found, project, tasks)
    found.as_system(PublishProject(project=project))
    return project, annotators


def import_tasks(found: Installation, project: int, count: int) -> None:
    """Import tasks, some hundreds a command."""
    waiting: list[Future[Answer]] = []
    for start in range(0, count, MOST_IN_ONE_COMMAND):
        lines = range(start, min(start + MOST_IN_ONE_COMMAND, count))
        tasks = [ImportedTask(data={"text": f"{line}: {TEXT}"}) for line in lines]
        command = ImportTasks.model_construct(project=project, tasks=tasks, first_line=start + 1)
        waiting.append(found.bus.send(Request(command, uuid4(), SYSTEM.id)))
        if len(waiting) >= 4:
            waiting.pop(0).result()
    for future in waiting:
        future.result()


def submissions(tasks: Sequence[int], people: Sequence[int]) -> Iterator[Request]:
    """A submission by each person for each task."""
    for number, task in enumerate(tasks):
        for person in people:
            command = SubmitAnnotation(task=task, result=answer_of("yes" if number % 3 else "no"), lead_time=12.5)
            yield Request(command, uuid4(), person)


def run_all(found: Installation, requests: Sequence[Request], in_flight: int) -> float:
    """Seconds to run all requests with so many under way at a time."""
    started = perf_counter()
    under_way: deque[Future[Answer]] = deque()
    for request in requests:
        if len(under_way) >= in_flight:
            under_way.popleft().result()
        under_way.append(found.bus.send(request))
    for future in under_way:
        future.result()
    return perf_counter() - started


def send(found: Installation, command: Command, person: int) -> Answer:
    """Run one command in a person's name."""
    return found.bus.run(Request(command, uuid4(), person))
