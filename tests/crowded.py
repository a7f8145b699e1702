"""Fifty people on one project, over HTTP, who come, go, skip and let reservations run out.

No task is ever over its slots, nobody has a task twice, every task is finished, and who has nothing to do is told why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random
from threading import Thread
from time import monotonic, sleep
from typing import Any

import httpx

from annolog.domain.event import Event
from annolog.domain.recorded import Recorded
from annolog.domain.task.events import TaskState
from annolog.domain.task.evolve import evolve
from annolog.domain.task.state import Task
from tests.world import LABEL_CONFIG, result

PEOPLE, TASKS = 50, 60
SETTINGS: dict[str, dict[str, Any]] = {
    "assignment": {"overlap": 3, "reservation_seconds": 1, "limit_count": 20},
    "reassignment": {"enabled": True, "threshold": 0.8, "maximum_additional": 2},
    "review": {"sample_percent": 0},
}


class Annotator:
    """One of them: mostly answers, sometimes skips, leaves, or walks away without a word."""

    def __init__(self, url: str, token: str, project: int, person: int, seed: int) -> None:
        headers = {"Authorization": f"Bearer {token}", "Annolog-On-Behalf-Of": str(person)}
        self.client = httpx.Client(base_url=url, headers=headers, timeout=60)
        self.project, self.person, self.chance = project, person, Random(seed)
        self.told: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.idle = False
        self.stopped = False

    def run(self) -> None:
        while not self.stopped:
            answer = self.client.post(f"/v1/projects/{self.project}/next")
            if answer.status_code == 200:
                self.idle = False
                self.work(answer.json()["task"])
                continue
            self.idle = True
            self.tell(answer, 404, 409)
            sleep(0.05)
        self.client.close()

    def work(self, task: int) -> None:
        match self.chance.random():
            case mood if mood < 0.1:
                sleep(1.2)
            case mood if mood < 0.2:
                self.tell(self.client.post(f"/v1/tasks/{task}/skip", json={}), 200, 201, 409)
            case mood if mood < 0.3:
                self.tell(self.client.delete(f"/v1/tasks/{task}/reservation"), 200, 409)
            case mood:
                label = "AB"[mood > 0.85]
                body = {"result": result(label)}
                self.tell(self.client.post(f"/v1/tasks/{task}/annotations", json=body), 201, 409)

    def tell(self, response: httpx.Response, *expected: int) -> None:
        found = response.json()
        if response.status_code not in expected:
            self.wrong.append(f"{response.status_code} {found}")
        self.told[str(found.get("code", "done"))] += 1
        if found.get("code") == "no-work" and not found.get("reason"):
            self.wrong.append("no work, and not a word why")


class Crowd:
    """All of them on a project of their own, spread over the processes that answer."""

    def __init__(self, urls: Sequence[str], token: str) -> None:
        self._asking = httpx.Client(base_url=urls[0], headers={"Authorization": f"Bearer {token}"}, timeout=60)
        body = {"title": "crowded", "label_config": LABEL_CONFIG, "settings": SETTINGS}
        self.project: int = self._ask("/v1/projects", body)["project"]
        handles = [{"handle": f"{self.project}/{number}"} for number in range(PEOPLE)]
        people = [found["person"] for found in self._ask("/v1/people", {"people": handles})["people"]]
        members = [{"person": person, "role": "annotator"} for person in people]
        self._ask(f"/v1/projects/{self.project}/members", {"members": members})
        lines = [{"data": {"text": f"text {number}"}} for number in range(TASKS)]
        first = self._ask(f"/v1/projects/{self.project}/imports", lines)["first_task"]
        self.tasks = range(first, first + TASKS)
        self._ask(f"/v1/projects/{self.project}/publish", None)
        self.people = [
            Annotator(urls[seed % len(urls)], token, self.project, person, seed) for seed, person in enumerate(people)
        ]

    def _ask(self, path: str, body: object) -> Any:
        response = self._asking.post(path, json=body)
        assert response.is_success, response.text
        return response.json()

    def work_until_all_is_done(self, seconds: float) -> None:
        threads = [Thread(target=one.run, daemon=True) for one in self.people]
        for thread in threads:
            thread.start()
        begun = monotonic()
        while (found := self._states()) != {TaskState.COMPLETED.value}:
            assert monotonic() - begun < seconds, f"somebody starves: {found}"
            sleep(0.5)
        # Whoever comes now is told why there is nothing.
        sleep(0.5)
        for one in self.people:
            one.stopped = True
        for thread in threads:
            thread.join(60)
        self._asking.close()
        assert [wrong for one in self.people for wrong in one.wrong] == []
        assert any(one.told["no-work"] for one in self.people)

    def _states(self) -> set[str]:
        rows = self._asking.get(f"/v1/projects/{self.project}/tasks", params={"limit": TASKS}).json()["tasks"]
        return {row["state"] for row in rows}


def lived_by_the_rules(id: int, history: Sequence[Recorded]) -> None:
    """Step through the task's history: at no moment more people than slots, and nobody twice."""
    task = Task(id)
    for recorded in history:
        event: Event = recorded.event
        task = evolve(task, event)
        assert len(task.holders(recorded.recorded_at)) <= task.slots
        authors = [annotation.annotator for annotation in task.live]
        assert len(authors) == len(set(authors))
    assert task.state is TaskState.COMPLETED
    assert len(task.annotations) >= 3
