"""The front door of a running server, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self

import orjson

from annolog.domain.refusals import Behind
from annolog.infra.replay.front_door import (
    PEOPLE_TOGETHER,
    SETTLE_ROUNDS,
    SETTLE_SECONDS,
    News,
    Work,
    in_pieces,
    news_of,
)
from annolog.infra.replay.server import Server

CONNECTIONS = 16
LOOK_SECONDS = 0.02


class HttpDoor:
    """A running server, with a token that may act for others. Use as a context manager."""

    in_order = False

    def __init__(self, url: str, token: str) -> None:
        self._server = Server(url, token, CONNECTIONS)
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="replay")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(cancel_futures=True)
        self._server.__exit__(kind, error, trace)

    def _post(self, path: str, key: str, **more: Any) -> dict[str, Any]:
        headers = {"Idempotency-Key": key, **more.pop("headers", {})}
        return self._server.ask("POST", path, headers=headers, **more)

    def create_project(self, title: str, label_config: str, settings: Mapping[str, Any], key: str) -> int:
        """A project that is set up but not published."""
        body = {"title": title, "label_config": label_config, "settings": settings}
        project: int = self._post("/v1/projects", f"{key}:create", json=body)["project"]
        return project

    def admit(self, project: int, handles: Sequence[str], key: str) -> list[int]:
        """Register people and make them annotators of the project."""
        people: list[int] = []
        for start, some in in_pieces(handles, PEOPLE_TOGETHER):
            body = {"people": [{"handle": handle} for handle in some]}
            registered = self._post("/v1/people", f"{key}:people:{start}", json=body)["people"]
            members = [{"person": person["person"], "role": "annotator"} for person in registered]
            self._post(f"/v1/projects/{project}/members", f"{key}:members:{start}", json={"members": members})
            people += [person["person"] for person in registered]
        return people

    def import_tasks(self, project: int, tasks: Sequence[Mapping[str, Any]], key: str) -> int:
        """Import tasks; the id of the first, others follow one by one."""
        lines = b"\n".join(orjson.dumps(task) for task in tasks)
        kind = {"Content-Type": "application/x-ndjson"}
        found = self._post(f"/v1/projects/{project}/imports", f"{key}:tasks", content=lines, headers=kind)
        first: int = found["first_task"]
        return first

    def publish(self, project: int, key: str) -> None:
        """Let annotators work."""
        self._post(f"/v1/projects/{project}/publish", f"{key}:publish")

    def answer(self, work: Work) -> Future[None]:
        """Reserve the task for the person and submit what they answered."""
        return self._threads.submit(self._answer, work)

    def _answer(self, work: Work) -> None:
        who = {"Annolog-On-Behalf-Of": str(work.person)}
        self._post(f"/v1/tasks/{work.task}/reservation", f"{work.key}:reserve", headers=who)
        body = {"result": work.result, "lead_time": work.lead_time}
        self._post(f"/v1/tasks/{work.task}/annotations", f"{work.key}:submit", headers=who, json=body)

    def settle(self) -> None:
        """Wait until all that follows from what was sent has happened."""
        deadline = monotonic() + SETTLE_SECONDS
        target = -1
        for _ in range(SETTLE_ROUNDS):
            found = self._server.ask("GET", "/readyz")
            if found["position"] == target:
                return
            target = found["position"]
            while min(found["read_models"], found["reactions"]) < target:
                if monotonic() > deadline:
                    raise Behind(f"{self._server.url} does not settle.")
                sleep(LOOK_SECONDS)
                found = self._server.ask("GET", "/readyz")

    def news(self, project: int, after: int) -> News:
        """What happened in the project beyond a position."""
        return news_of(self._server.pages(f"/v1/projects/{project}/events", "events", after), after)

    def figures(self, project: int) -> dict[str, Any]:
        """Agreement, people, progress and the answers that won, from the read models."""
        base = f"/v1/projects/{project}"
        return {
            "agreement": self._server.ask("GET", f"{base}/agreement"),
            "progress": self._server.ask("GET", f"{base}/progress"),
            "annotators": self._server.ask("GET", f"{base}/annotators")["annotators"],
            "consensus": list(self._server.pages(f"{base}/consensus", "tasks")),
        }
