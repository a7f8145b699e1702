"""A process under load, to be killed: people ask for work, answer, review and comment, and tasks come in.

    python tests/faults/worker.py DATA_DIR JOURNAL LIFE

What was sent is noted in the journal before it is sent, what was answered after the answer came. Whatever an earlier
life left unanswered is sent again first, under the same id, as a client would.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from uuid import UUID, uuid5

from annolog.commands.annotating import SkipTask, SubmitAnnotation
from annolog.commands.command import Answer, Command, Request
from annolog.commands.commenting import AddComment
from annolog.commands.importing import ImportTasks
from annolog.commands.members import AddMembers, NewMember
from annolog.commands.people import NewPerson, RegisterPeople
from annolog.commands.projects import CreateProject, PublishProject
from annolog.commands.reviewing import ReviewAnnotation
from annolog.commands.working import RequestWork
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import Refused
from annolog.domain.task.importing import ImportedTask
from annolog.infra.composition import Installation
from annolog.infra.settings import InstallationSettings
from tests.world import LABEL_CONFIG, result

SPACE = UUID("5e0f6a8c-8d0a-4f43-8c61-0c3a2a3a9d11")
KINDS: dict[str, type[Command]] = {
    kind.__name__: kind for kind in (RequestWork, SubmitAnnotation, SkipTask, ReviewAnnotation, AddComment, ImportTasks)
}
PEOPLE = 8


@dataclass(frozen=True)
class Sent:
    """A command on its way, and who sent it in which life."""

    client: str
    request: Request


class Journal:
    """What was sent and what came back, in the file before the next step."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        self._lock = Lock()

    def sent(self, sent: Sent) -> None:
        command, actor = sent.request.command, sent.request.actor
        body = command.model_dump(mode="json", exclude_unset=True)
        self._write("sent", sent, kind=type(command).__name__, command=body, actor=actor)

    def answered(self, sent: Sent, answer: Answer) -> None:
        told = {"position": answer.position, "answer": dict(answer.value), "repeated": answer.repeated}
        self._write("answered", sent, **told)

    def refused(self, sent: Sent, refusal: Refused) -> None:
        self._write("refused", sent, code=refusal.code)

    def _write(self, what: str, sent: Sent, **more: Any) -> None:
        line = json.dumps({"what": what, "id": str(sent.request.id), "client": sent.client, **more})
        with self._lock:
            os.write(self._file, line.encode() + b"\n")


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text().splitlines() if path.exists() else ():
        yield json.loads(line)


def unanswered(path: Path) -> Sequence[Sent]:
    """What was sent and neither answered nor refused."""
    waiting: dict[str, Sent] = {}
    for line in lines_of(path):
        if line["what"] == "sent":
            command = KINDS[line["kind"]].model_validate(line["command"])
            waiting[line["id"]] = Sent(line["client"], Request(command, UUID(line["id"]), line["actor"]))
        else:
            waiting.pop(line["id"], None)
    return list(waiting.values())


def deliver(installation: Installation, journal: Journal, sent: Sent) -> dict[str, Any] | None:
    """Run it, and note what came of it."""
    try:
        answer = installation.bus.run(sent.request)
    except Refused as refusal:
        journal.refused(sent, refusal)
        return None
    journal.answered(sent, answer)
    return dict(answer.value)


def deliver_again(installation: Installation, path: Path) -> None:
    """Send what an earlier life left unanswered, all at once."""
    journal = Journal(path)
    with ThreadPoolExecutor(PEOPLE) as threads:
        list(threads.map(lambda sent: deliver(installation, journal, sent), unanswered(path)))


class Client(Thread):
    """One person who works without end."""

    def __init__(self, installation: Installation, journal: Journal, project: int, person: int, life: str) -> None:
        super().__init__(daemon=True)
        self._installation, self._journal = installation, journal
        self._project, self._person = project, person
        self._name = f"{life}:{person}"
        self._chance = random.Random(self._name)
        self._count = 0

    def send(self, command: Command, person: int | None = None) -> dict[str, Any] | None:
        self._count += 1
        id = uuid5(SPACE, f"{self._name}:{self._count}")
        sent = Sent(self._name, Request(command, id, self._person if person is None else person))
        self._journal.sent(sent)
        return deliver(self._installation, self._journal, sent)

    def run(self) -> None:
        while True:
            work = self.send(RequestWork(project=self._project))
            if work is None:
                tasks = [ImportedTask(data={"text": f"{self._name} {number}"}) for number in range(20)]
                self.send(ImportTasks(project=self._project, tasks=tasks), 0)
            elif self._chance.random() < 0.1:
                self.send(SkipTask(task=work["task"]))
            else:
                self._answer(work["task"])

    def _answer(self, task: int) -> None:
        answer = SubmitAnnotation(task=task, result=result(self._chance.choice("AAB")), lead_time=1.0)
        submitted = self.send(answer)
        if submitted and self._chance.random() < 0.2:
            self.send(AddComment(task=task, text="hm"))
        if submitted and self._chance.random() < 0.2:
            verdict = (
                {"verdict": "rejected", "action": "pass_on"} if self._chance.random() < 0.3 else {"verdict": "accepted"}
            )
            self.send(ReviewAnnotation(task=task, annotation=submitted["annotation"], **verdict), 0)


def set_up(installation: Installation) -> tuple[int, list[int]]:
    """The project and its people; made in the first life, found in later ones."""
    settings = {
        "assignment": {"overlap": 2},
        "reassignment": {"enabled": True, "threshold": 0.9, "maximum_additional": 1},
        "review": {"only_finished": False},
    }
    created = installation.as_system(
        CreateProject(title="killed", label_config=LABEL_CONFIG, settings=settings), "project"
    )
    project = created.value["project"]
    handles = [NewPerson(handle=f"p{number}") for number in range(PEOPLE)]
    registered = installation.as_system(RegisterPeople(people=handles), "people").value["people"]
    people = [person["person"] for person in registered]
    members = [NewMember(person=person, role=ProjectRole.ANNOTATOR) for person in people]
    installation.as_system(AddMembers(project=project, members=members), "members")
    tasks = [ImportedTask(data={"text": f"first {number}"}) for number in range(20)]
    installation.as_system(ImportTasks(project=project, tasks=tasks), "tasks")
    installation.as_system(PublishProject(project=project), "publish")
    return project, people


def main() -> None:
    folder, path, life = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    with Installation(InstallationSettings(data_dir=folder, sweep_seconds=0.1)) as installation:
        project, people = set_up(installation)
        deliver_again(installation, path)
        journal = Journal(path)
        clients = [Client(installation, journal, project, person, life) for person in people]
        for client in clients:
            client.start()
        print("ready", flush=True)
        for client in clients:
            client.join()


if __name__ == "__main__":
    main()
