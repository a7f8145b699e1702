"""The front door of an installation in this process: its bus and its read models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from typing import Any

from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.bus import Deliver, Outcome
from annolog.commands.command import Answer, Command, Request, command_id
from annolog.commands.importing import MOST_IN_ONE_COMMAND, ImportTasks
from annolog.commands.members import AddMembers, NewMember
from annolog.commands.people import NewPerson, RegisterPeople
from annolog.commands.projects import CreateProject, PublishProject
from annolog.commands.scope import SYSTEM
from annolog.commands.working import ReserveTask
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import Refused
from annolog.domain.task.events import SlotAdded
from annolog.domain.task.importing import ImportedTask
from annolog.infra.composition import Installation
from annolog.infra.replay.front_door import PAGE, PEOPLE_TOGETHER, SETTLE_SECONDS, News, Work, in_pieces
from annolog.projections.agreement import queries as agreement
from annolog.projections.consensus import verdicts
from annolog.projections.performance import queries as performance
from annolog.projections.progress import queries as progress


class LocalDoor:
    """The bus of an installation in this process."""

    # The bus has one writer, which tells each sender in turn, who sends on at once.
    in_order = True

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    def _run(self, command: Command, key: str) -> Mapping[str, Any]:
        return self._installation.as_system(command, f"replay:{key}").value

    def create_project(self, title: str, label_config: str, settings: Mapping[str, Any], key: str) -> int:
        """A project that is set up but not published."""
        command = CreateProject(title=title, label_config=label_config, settings=dict(settings))
        project: int = self._run(command, f"{key}:create")["project"]
        return project

    def admit(self, project: int, handles: Sequence[str], key: str) -> list[int]:
        """Register people and make them annotators of the project."""
        people: list[int] = []
        for start, some in in_pieces(handles, PEOPLE_TOGETHER):
            command = RegisterPeople(people=[NewPerson(handle=handle) for handle in some])
            registered = self._run(command, f"{key}:people:{start}")["people"]
            members = [NewMember(person=person["person"], role=ProjectRole.ANNOTATOR) for person in registered]
            self._run(AddMembers(project=project, members=members), f"{key}:members:{start}")
            people += [member.person for member in members]
        return people

    def import_tasks(self, project: int, tasks: Sequence[Mapping[str, Any]], key: str) -> int:
        """Import tasks; the id of the first, others follow one by one."""
        first = 0
        for start, some in in_pieces(tasks, MOST_IN_ONE_COMMAND):
            imported = [ImportedTask.model_validate(task) for task in some]
            command = ImportTasks(project=project, tasks=imported, first_line=start + 1)
            answer = self._run(command, f"{key}:tasks:{start}")
            first = first or answer["first_task"]
        return first

    def publish(self, project: int, key: str) -> None:
        """Let annotators work."""
        self._run(PublishProject(project=project), f"{key}:publish")

    def answer(self, work: Work) -> Future[None]:
        """Reserve the task for the person and submit what they answered."""
        future: Future[None] = Future()
        submission = SubmitAnnotation(task=work.task, result=work.result, lead_time=work.lead_time)

        def reserved(outcome: Outcome) -> None:
            if _failed(future, outcome):
                return
            try:
                self._send(submission, work.person, f"{work.key}:submit", submitted)
            except Refused as refusal:
                _failed(future, refusal)

        def submitted(outcome: Outcome) -> None:
            if not _failed(future, outcome):
                future.set_result(None)

        self._send(ReserveTask(task=work.task), work.person, f"{work.key}:reserve", reserved)
        return future

    def _send(self, command: Command, person: int, key: str, deliver: Deliver) -> None:
        request = Request(command, command_id("replay", key), SYSTEM.id, on_behalf_of=person)
        self._installation.bus.enqueue(request, deliver)

    def settle(self) -> None:
        """Wait until all that follows from what was sent has happened."""
        self._installation.settle(SETTLE_SECONDS)

    def news(self, project: int, after: int) -> News:
        """What happened in the project beyond a position."""
        position, count, added = after, 0, []
        while batch := self._installation.log.after(position, PAGE, project):
            position, count = batch[-1].position, count + len(batch)
            added += [recorded.event.task for recorded in batch if isinstance(recorded.event, SlotAdded)]
        return News(position, count, added)

    def figures(self, project: int) -> dict[str, Any]:
        """Agreement, people, progress and the answers that won, from the read models."""
        with self._installation.read_engine.connect() as connection:
            quality = {row["person"]: row for row in agreement.people(connection, project)}
            people = performance.performance_of(connection, project)
            return {
                "agreement": agreement.project_agreement(connection, project),
                "progress": progress.project_progress(connection, project),
                "annotators": [{**row, **quality.get(row["person"], {})} for row in people],
                "consensus": list(_consensus(connection, project)),
            }


def _consensus(connection: Any, project: int) -> Iterator[dict[str, Any]]:
    after = 0
    while page := verdicts.votes_page(connection, project, after, PAGE):
        yield from page
        after = page[-1]["task"]


def _failed(future: Future[None], outcome: Outcome) -> bool:
    if isinstance(outcome, Answer):
        return False
    future.set_exception(outcome)
    return True
