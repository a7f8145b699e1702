"""Fifty people on one project, over HTTP, who come, go, skip and let reservations run out.

No task is ever over its slots, nobody has a task twice, every task is finished, and who has nothing to do is told why.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from threading import Thread
from time import monotonic, sleep
from typing import Any

import httpx
import pytest

from annolog.domain.ids import task_stream
from annolog.domain.task.events import TaskState
from annolog.domain.task.evolve import evolve
from annolog.domain.task.lifecycle import is_finished
from annolog.domain.task.state import Task
from tests.infra.http.conftest import TOKEN, Api
from tests.world import LABEL_CONFIG, result

PEOPLE, TASKS, SECONDS = 50, 60, 60.0
SETTINGS: dict[str, dict[str, Any]] = {
    "assignment": {"overlap": 3, "reservation_seconds": 1, "limit_count": 20},
    "reassignment": {"enabled": True, "threshold": 0.8, "maximum_additional": 2},
    "review": {"sample_percent": 0},
}


class Annotator:
    """One of them: mostly answers, sometimes skips, leaves, or walks away without a word."""

    def __init__(self, api: Api, project: int, person: int, seed: int) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}", "Annolog-On-Behalf-Of": str(person)}
        self.client = httpx.Client(base_url=api.url, headers=headers, timeout=30)
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


@pytest.mark.timeout(180)
def test_fifty_people_on_one_project_never_get_in_each_others_way(api: Api) -> None:
    body = {"title": "crowded", "label_config": LABEL_CONFIG, "settings": SETTINGS}
    project = api.done("POST", "/v1/projects", json=body)["project"]
    handles = [{"handle": f"p{number}"} for number in range(PEOPLE)]
    people = [found["person"] for found in api.done("POST", "/v1/people", json={"people": handles})["people"]]
    members = [{"person": person, "role": "annotator"} for person in people]
    api.done("POST", f"/v1/projects/{project}/members", json={"members": members})
    lines = [{"data": {"text": f"text {number}"}} for number in range(TASKS)]
    first = api.done("POST", f"/v1/projects/{project}/imports", json=lines)["first_task"]
    api.done("POST", f"/v1/projects/{project}/publish")
    crowd = [Annotator(api, project, person, seed) for seed, person in enumerate(people)]
    threads = [Thread(target=one.run, daemon=True) for one in crowd]
    for thread in threads:
        thread.start()
    tasks = range(first, first + TASKS)
    begun = monotonic()
    while not all_finished(api, project, tasks):
        assert monotonic() - begun < SECONDS, "somebody starves"
        sleep(0.2)
    for one in crowd:
        one.stopped = True
    for thread in threads:
        thread.join(30)
    assert [wrong for one in crowd for wrong in one.wrong] == []
    for task in tasks:
        lived_by_the_rules(api, task)
    assert any(one.told["no-work"] for one in crowd)


def all_finished(api: Api, project: int, tasks: range) -> bool:
    states = api.installation.states
    settings = states.project(project).settings
    return all(is_finished(states.task(task), settings) for task in tasks)


def lived_by_the_rules(api: Api, id: int) -> None:
    """Step through the task's history: at no moment more people than slots, and nobody twice."""
    task = Task(id)
    for recorded in api.installation.log.streams([task_stream(id)])[task_stream(id)]:
        task = evolve(task, recorded.event)
        assert len(task.holders(recorded.recorded_at)) <= task.slots
        authors = [annotation.annotator for annotation in task.live]
        assert len(authors) == len(set(authors))
    assert task.state is TaskState.COMPLETED
    assert len(task.annotations) >= 3
