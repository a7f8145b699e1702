"""A process under load, to be killed: clients ask for work, answer, review and comment, and note what was acknowledged.

    python tests/faults/worker.py DATA_DIR ACKNOWLEDGED_FILE SEED

Before a command is sent its line `> id` is written, after its answer `< id position answer`. Unfinished lines of an
earlier life are sent again first, as a client would.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from uuid import UUID, uuid5

from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.command import Command, Request
from annolog.commands.commenting import AddComment
from annolog.commands.importing import ImportTasks
from annolog.commands.people import NewPerson, RegisterPeople
from annolog.commands.projects import AddMembers, CreateProject, NewMember, PublishProject
from annolog.commands.reviewing import ReviewAnnotation
from annolog.commands.working import RequestWork
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import Refused
from annolog.domain.task.importing import ImportedTask
from annolog.infra.composition import Installation
from annolog.infra.settings import InstallationSettings
from tests.world import LABEL_CONFIG, result

SPACE = UUID("5e0f6a8c-8d0a-4f43-8c61-0c3a2a3a9d11")
PEOPLE = 8


class Journal:
    """What was sent and what was acknowledged, on disk before the next step."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        self._lock = Lock()

    def write(self, line: str) -> None:
        with self._lock:
            os.write(self._file, line.encode() + b"\n")


class Client(Thread):
    """One person who works without end."""

    def __init__(self, installation: Installation, journal: Journal, project: int, person: int, seed: str) -> None:
        super().__init__(daemon=True)
        self._installation, self._journal = installation, journal
        self._project, self._person = project, person
        self._random = random.Random(seed)
        self._prefix, self._count = seed, 0

    def send(self, command: Command, person: int | None = None) -> dict[str, Any] | None:
        self._count += 1
        id = uuid5(SPACE, f"{self._prefix}:{self._count}")
        self._journal.write(f"> {id}")
        try:
            answer = self._installation.bus.run(Request(command, id, self._person if person is None else person))
        except Refused:
            self._journal.write(f"! {id}")
            return None
        self._journal.write(f"< {id} {answer.position} {json.dumps(dict(answer.value), default=str)}")
        return dict(answer.value)

    def run(self) -> None:
        while True:
            found = self.send(RequestWork(project=self._project))
            if found is None:
                tasks = [ImportedTask(data={"text": f"{self._prefix} {number}"}) for number in range(20)]
                self.send(ImportTasks(project=self._project, tasks=tasks), 0)
                continue
            label = self._random.choice("AAB")
            submitted = self.send(SubmitAnnotation(task=found["task"], result=result(label), lead_time=1.0))
            if submitted and self._random.random() < 0.2:
                self.send(AddComment(task=found["task"], text="hm"))
            if submitted and self._random.random() < 0.2:
                review = ReviewAnnotation(task=found["task"], annotation=submitted["annotation"], verdict="accepted")
                self.send(review, 0)


def set_up(installation: Installation) -> tuple[int, list[int]]:
    """The project and its people; made in the first life, found in later ones."""
    settings = {
        "assignment": {"overlap": 2},
        "reassignment": {"enabled": True, "threshold": 0.9, "maximum_additional": 1},
    }
    if not installation.states.project(1).exists:
        installation.as_system(CreateProject(title="killed", label_config=LABEL_CONFIG, settings=settings), "project")
    handles = [NewPerson(handle=f"p{number}") for number in range(PEOPLE)]
    registered = installation.as_system(RegisterPeople(people=handles), "people").value["people"]
    people = [person["person"] for person in registered]
    members = [NewMember(person=person, role=ProjectRole.ANNOTATOR) for person in people]
    installation.as_system(AddMembers(project=1, members=members), "members")
    tasks = [ImportedTask(data={"text": f"first {number}"}) for number in range(20)]
    installation.as_system(ImportTasks(project=1, tasks=tasks), "tasks")
    installation.as_system(PublishProject(project=1), "publish")
    return 1, people


def main() -> None:
    folder, acknowledged, seed = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    installation = Installation(InstallationSettings(data_dir=folder, sweep_seconds=0.1)).__enter__()
    project, people = set_up(installation)
    journal = Journal(acknowledged)
    clients = [Client(installation, journal, project, person, f"{seed}:{person}") for person in people]
    for client in clients:
        client.start()
    print("ready", flush=True)
    for client in clients:
        client.join()


if __name__ == "__main__":
    main()
