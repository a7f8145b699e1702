"""People who go on whatever happens: what was not acknowledged they send again, with the same key."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic, sleep
from uuid import uuid4

import httpx

from tests.faults.scaled_out.cluster import TOKEN, Cluster
from tests.world import LABEL_CONFIG, result

TIMEOUT_SECONDS = 45.0
AGAIN_SECONDS = 0.1
PEOPLE = 6


@dataclass(frozen=True)
class Acknowledged:
    """A submission that was answered with success."""

    task: int
    person: int
    annotation: int
    position: int


class Crowd:
    """Six people who label a project of their own; every two disagree on one task in three."""

    def __init__(self, cluster: Cluster, tasks: int) -> None:
        self.cluster = cluster
        self.acknowledged: list[Acknowledged] = []
        self.answers: Counter[int] = Counter()
        self._stopping = Event()
        self._client = httpx.Client(headers={"Authorization": f"Bearer {TOKEN}"}, timeout=TIMEOUT_SECONDS)
        settings = {
            "assignment": {"overlap": 2},
            "reassignment": {"enabled": True, "threshold": 0.9, "maximum_additional": 1},
        }
        project = {"title": "a crowd", "label_config": LABEL_CONFIG, "settings": settings}
        self.project: int = self.insist("/v1/projects", json=project)["project"]
        people = [{"handle": f"{self.project}/{number}"} for number in range(PEOPLE)]
        registered = self.insist("/v1/people", json={"people": people})["people"]
        self.people = [person["person"] for person in registered]
        members = [{"person": person, "role": "annotator"} for person in self.people]
        self.insist(f"/v1/projects/{self.project}/members", json={"members": members})
        lines = [{"data": {"text": f"text {number}"}} for number in range(tasks)]
        imported = self.insist(f"/v1/projects/{self.project}/imports", json=lines)
        self.first, self.count = imported["first_task"], tasks
        self.insist(f"/v1/projects/{self.project}/publish")
        self._threads = [Thread(target=self._work, args=(number,), daemon=True) for number in range(PEOPLE)]

    def insist(self, path: str, person: int | None = None, **more: object) -> dict:
        """Send until it is answered, now to one process and now to the other, always with the same key."""
        headers = {"Idempotency-Key": uuid4().hex}
        if person is not None:
            headers["Annolog-On-Behalf-Of"] = str(person)
        names = list(self.cluster.ports)
        turn = person or 0
        while True:
            turn += 1
            try:
                url = self.cluster.url(names[turn % len(names)]) + path
                response = self._client.post(url, headers=headers, **more)
            except httpx.HTTPError:
                sleep(AGAIN_SECONDS)
                continue
            if response.status_code == 503:
                sleep(AGAIN_SECONDS)
                continue
            found: dict = response.json()
            if response.is_error and found.get("code") != "no-work":
                raise AssertionError(f"{path}: {response.status_code} {found}")
            return found

    def _work(self, number: int) -> None:
        person = self.people[number]
        while not self._stopping.is_set():
            work = self.insist(f"/v1/projects/{self.project}/next", person)
            if "task" not in work:
                self._stopping.wait(AGAIN_SECONDS)
                continue
            task = work["task"]
            label = "AB"[number % 2] if task % 3 == 0 else "A"
            answer = self.insist(f"/v1/tasks/{task}/annotations", person, json={"result": result(label)})
            self.acknowledged.append(Acknowledged(task, person, answer["annotation"], answer["position"]))

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def goes_on(self, count: int) -> None:
        """Wait until so many more submissions were acknowledged than there are now."""
        wanted = len(self.acknowledged) + count
        begun = monotonic()
        while len(self.acknowledged) < wanted:
            assert monotonic() - begun < TIMEOUT_SECONDS
            sleep(AGAIN_SECONDS)

    def stop(self) -> None:
        """Let everybody finish what they are at."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(2 * TIMEOUT_SECONDS)
            assert not thread.is_alive()
        self._client.close()
