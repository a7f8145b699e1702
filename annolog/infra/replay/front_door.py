"""The front door, as a replay uses it: in this process over the bus, or a running server over HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic, sleep
from typing import Any, Protocol

import httpx
import orjson

from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.bus import Deliver, Outcome
from annolog.commands.command import Answer, Command, Request, command_id
from annolog.commands.importing import MOST_IN_ONE_COMMAND, ImportTasks
from annolog.commands.people import NewPerson, RegisterPeople
from annolog.commands.projects import AddMembers, CreateProject, NewMember, PublishProject
from annolog.commands.scope import SYSTEM
from annolog.commands.working import ReserveTask
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import Behind, Refused
from annolog.domain.task.importing import ImportedTask
from annolog.infra.composition import Installation
from annolog.projections.agreement import queries as agreement
from annolog.projections.performance import queries as performance
from annolog.projections.progress import queries as progress
from annolog.projections.task_page.page import presented

Result = list[dict[str, Any]]
CONNECTIONS = 16
PAGE = 1_000
SETTLE_SECONDS = 600.0


class Turned(Exception):
    """A request was refused; `code` says why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


class FrontDoor(Protocol):
    """What a replay asks for. Refusals come as `Turned`."""

    def create_project(self, title: str, label_config: str, settings: Mapping[str, Any]) -> int:
        """A project that is set up but not published."""
        ...

    def admit(self, project: int, handles: Sequence[str]) -> list[int]:
        """Register people and make them annotators of the project."""
        ...

    def import_tasks(self, project: int, tasks: Sequence[Mapping[str, Any]]) -> int:
        """Import tasks; the id of the first, others follow one by one."""
        ...

    def publish(self, project: int) -> None:
        """Let annotators work."""
        ...

    def answer(self, task: int, person: int, result: Result, lead_time: float | None, key: str) -> Future[None]:
        """Reserve the task for the person and submit what they answered."""
        ...

    def settle(self, project: int) -> int:
        """Wait until all that follows from what was sent has happened; the log's position then."""
        ...

    def slots_added(self, project: int, after: int) -> list[int]:
        """The tasks that were given another slot after a position."""
        ...

    def figures(self, project: int) -> dict[str, Any]:
        """Agreement, people, progress and the answers that won, from the read models."""
        ...


class LocalDoor:
    """The bus of an installation in this process."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    def _run(self, command: Command) -> Mapping[str, Any]:
        try:
            return self._installation.as_system(command).value
        except Refused as refusal:
            raise Turned(refusal.code, refusal.detail) from refusal

    def create_project(self, title: str, label_config: str, settings: Mapping[str, Any]) -> int:
        """A project that is set up but not published."""
        command = CreateProject(title=title, label_config=label_config, settings=dict(settings))
        project: int = self._run(command)["project"]
        return project

    def admit(self, project: int, handles: Sequence[str]) -> list[int]:
        """Register people and make them annotators of the project."""
        registered = self._run(RegisterPeople(people=[NewPerson(handle=handle) for handle in handles]))
        people = [person["person"] for person in registered["people"]]
        members = [NewMember(person=person, role=ProjectRole.ANNOTATOR) for person in people]
        self._run(AddMembers(project=project, members=members))
        return people

    def import_tasks(self, project: int, tasks: Sequence[Mapping[str, Any]]) -> int:
        """Import tasks; the id of the first, others follow one by one."""
        first = 0
        for start in range(0, len(tasks), MOST_IN_ONE_COMMAND):
            some = [ImportedTask.model_validate(task) for task in tasks[start : start + MOST_IN_ONE_COMMAND]]
            answer = self._run(ImportTasks(project=project, tasks=some, first_line=start + 1))
            first = first or answer["first_task"]
        return first

    def publish(self, project: int) -> None:
        """Let annotators work."""
        self._run(PublishProject(project=project))

    def answer(self, task: int, person: int, result: Result, lead_time: float | None, key: str) -> Future[None]:
        """Reserve the task for the person and submit what they answered."""
        future: Future[None] = Future()
        submission = SubmitAnnotation(task=task, result=result, lead_time=lead_time)

        def reserved(outcome: Outcome) -> None:
            if _failed(future, outcome):
                return
            try:
                self._send(submission, person, f"{key}:submit", submitted)
            except Refused as refusal:
                _failed(future, refusal)

        def submitted(outcome: Outcome) -> None:
            if not _failed(future, outcome):
                future.set_result(None)

        self._send(ReserveTask(task=task), person, f"{key}:reserve", reserved)
        return future

    def _send(self, command: Command, person: int, key: str, deliver: Deliver) -> None:
        request = Request(command, command_id("replay", key), SYSTEM.id, on_behalf_of=person)
        self._installation.bus.enqueue(request, deliver)

    def settle(self, project: int) -> int:
        """Wait until all that follows from what was sent has happened; the log's position then."""
        self._installation.settle(SETTLE_SECONDS)
        return self._installation.log.head()

    def slots_added(self, project: int, after: int) -> list[int]:
        """The tasks that were given another slot after a position."""
        return list(_slots_added(self._events(project, after)))

    def _events(self, project: int, after: int) -> Iterable[Mapping[str, Any]]:
        while batch := self._installation.log.after(after, PAGE, project):
            yield from map(presented, batch)
            after = batch[-1].position

    def figures(self, project: int) -> dict[str, Any]:
        """Agreement, people, progress and the answers that won, from the read models."""
        consensus: list[dict[str, Any]] = []
        with self._installation.read_engine.connect() as connection:
            quality = {row["person"]: row for row in agreement.people(connection, project)}
            while page := agreement.consensus(connection, project, consensus[-1]["task"] if consensus else 0, PAGE):
                consensus += page
            return {
                "agreement": agreement.project_agreement(connection, project),
                "progress": progress.project_progress(connection, project),
                "annotators": [
                    {**row, **quality.get(row["person"], {})} for row in performance.performance_of(connection, project)
                ],
                "consensus": consensus,
                "position": self._installation.log.head(),
            }


def _failed(future: Future[None], outcome: Outcome) -> bool:
    if isinstance(outcome, Answer):
        return False
    future.set_exception(Turned(outcome.code, outcome.detail) if isinstance(outcome, Refused) else outcome)
    return True


class HttpDoor:
    """A running server, with a token that may act for others."""

    def __init__(self, url: str, token: str) -> None:
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=300, limits=limits)
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="replay")
        self._position = 0

    def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        try:
            response = self._client.request(method, path, **more)
            found: dict[str, Any] = orjson.loads(response.content)
        except (httpx.HTTPError, orjson.JSONDecodeError) as error:
            raise Turned("unreachable", f"{self._client.base_url} does not answer as Annolog does: {error}") from error
        if response.is_error:
            raise Turned(found.get("code", str(response.status_code)), found.get("detail", ""))
        self._position = max(self._position, found.get("position") or 0)
        return found

    def create_project(self, title: str, label_config: str, settings: Mapping[str, Any]) -> int:
        """A project that is set up but not published."""
        body = {"title": title, "label_config": label_config, "settings": settings}
        project: int = self._ask("POST", "/v1/projects", json=body)["project"]
        return project

    def admit(self, project: int, handles: Sequence[str]) -> list[int]:
        """Register people and make them annotators of the project."""
        people = [{"handle": handle} for handle in handles]
        registered = self._ask("POST", "/v1/people", json={"people": people})["people"]
        members = [{"person": person["person"], "role": "annotator"} for person in registered]
        self._ask("POST", f"/v1/projects/{project}/members", json={"members": members})
        return [person["person"] for person in registered]

    def import_tasks(self, project: int, tasks: Sequence[Mapping[str, Any]]) -> int:
        """Import tasks; the id of the first, others follow one by one."""
        lines = b"\n".join(orjson.dumps(task) for task in tasks)
        headers = {"Content-Type": "application/x-ndjson"}
        first: int = self._ask("POST", f"/v1/projects/{project}/imports", content=lines, headers=headers)["first_task"]
        return first

    def publish(self, project: int) -> None:
        """Let annotators work."""
        self._ask("POST", f"/v1/projects/{project}/publish")

    def answer(self, task: int, person: int, result: Result, lead_time: float | None, key: str) -> Future[None]:
        """Reserve the task for the person and submit what they answered."""
        return self._threads.submit(self._answer, task, person, result, lead_time, key)

    def _answer(self, task: int, person: int, result: Result, lead_time: float | None, key: str) -> None:
        headers = {"Annolog-On-Behalf-Of": str(person), "Idempotency-Key": f"{key}:reserve"}
        self._ask("POST", f"/v1/tasks/{task}/reservation", headers=headers)
        headers["Idempotency-Key"] = f"{key}:submit"
        body = {"result": result, "lead_time": lead_time}
        self._ask("POST", f"/v1/tasks/{task}/annotations", headers=headers, json=body)

    def settle(self, project: int) -> int:
        """Wait until all that follows from what was sent has happened; the log's position then."""
        deadline = monotonic() + SETTLE_SECONDS
        while monotonic() < deadline:
            found = self._ask("GET", "/readyz")
            head: int = found["position"]
            if found["read_models"] >= head and found["reactions"] >= head:
                return head
            sleep(0.05)
        raise Turned(Behind.code, "the server does not settle")

    def slots_added(self, project: int, after: int) -> list[int]:
        """The tasks that were given another slot after a position."""
        return list(_slots_added(self._events(project, after)))

    def _events(self, project: int, after: int) -> Iterable[Mapping[str, Any]]:
        following: int | None = after
        while following is not None:
            page = self._ask("GET", f"/v1/projects/{project}/events", params={"after": following, "limit": PAGE})
            yield from page["events"]
            following = page["next"]

    def figures(self, project: int) -> dict[str, Any]:
        """Agreement, people, progress and the answers that won, from the read models."""
        base = f"/v1/projects/{project}"
        consensus: list[dict[str, Any]] = []
        following: int | None = 0
        while following is not None:
            page = self._ask("GET", f"{base}/consensus", params={"after": following, "limit": PAGE})
            consensus += page["tasks"]
            following = page["next"]
        return {
            "agreement": self._ask("GET", f"{base}/agreement"),
            "progress": self._ask("GET", f"{base}/progress"),
            "annotators": self._ask("GET", f"{base}/annotators")["annotators"],
            "consensus": consensus,
            "position": self._ask("GET", "/readyz")["position"],
        }


def _slots_added(events: Iterable[Mapping[str, Any]]) -> Iterable[int]:
    return (event["data"]["task"] for event in events if event["type"] == "SlotAdded")
