"""Evaluation over the wire: what reviewers and managers see and do, and that annotators are told nothing."""

from __future__ import annotations

from typing import Any

import pytest

Api = Any
TODAY = {"since": "2000-01-01", "until": "2100-01-01"}


@pytest.fixture
def tested(api: Api) -> tuple[Api, int, list[int]]:
    """Two tasks have a truth. Ann is right about the first of them."""
    rules = {"enabled": True, "continuous_every": 2, "onboarding_tasks": 2, "pause_on_failure": False}
    project, (ann, bob, rev) = api.set_up(6, evaluation=rules)
    for task in (1, 2):
        truth = api.submit(task, rev, "A").json()["annotation"]
        api.done("PUT", f"/v1/tasks/{task}/ground-truth", rev, json={"annotation": truth})
    api.submit(1, ann, "A")
    return api, project, [ann, bob, rev]


def test_nothing_that_an_annotator_sees_tells_a_test_from_other_work(tested: tuple[Api, int, list[int]]) -> None:
    api, project, (ann, bob, _) = tested
    api.installation.settle()
    seen = []
    for _ in range(6):
        answer = api.done("POST", f"/v1/projects/{project}/next", bob)
        page = api.ask("GET", f"/v1/tasks/{answer['task']}", bob)
        mine = api.done("GET", f"/v1/projects/{project}/annotators/{bob}/why", bob)
        assert page.status_code == 200
        assert "etag" not in page.headers
        for text in (page.text, str(mine), str(answer)):
            assert "ground_truth" not in text
        submitted = api.submit(answer["task"], bob).json()
        seen.append((answer["task"], answer["lane"], sorted(answer), sorted(page.json()), sorted(submitted)))
    assert {one[0] for one in seen[:2]} == {1, 2}
    assert len({str(one[1:]) for one in seen}) == 1
    api.installation.settle()
    assert api.done("GET", f"/v1/projects/{project}/skills", ann)["skills"] == []
    asked = {"person": ann, "source": "ground_truth"}
    assert api.ask("GET", f"/v1/projects/{project}/skills/history", ann, params=asked).status_code == 403


def test_answers_and_people_are_held_against_the_truth_for_reviewers_alone(tested: tuple[Api, int, list[int]]) -> None:
    api, project, (ann, bob, rev) = tested
    annotation = api.submit(2, ann, "B").json()["annotation"]
    api.installation.settle()
    path = f"/v1/tasks/2/annotations/{annotation}/against-truth"
    found = api.done("GET", path, rev)
    assert (found["score"], found["dimensions"], found["person"]) == (0.0, {"label": 0.0}, ann)
    assert api.ask("GET", path, ann).status_code == 403
    assert api.ask("GET", "/v1/tasks/2/annotations/999/against-truth", rev).status_code == 404
    assert api.ask("GET", f"/v1/tasks/99/annotations/{annotation}/against-truth", rev).status_code == 404
    path = f"/v1/projects/{project}/people/{ann}/against-truth"
    found = api.done("GET", path, rev)
    assert ([row["score"] for row in found["tasks"]], found["mean"]["value"]) == ([1.0, 0.0], 0.5)
    assert api.ask("GET", path, ann).status_code == 403
    assert api.done("GET", f"/v1/projects/{project}/people/{bob}/against-truth", rev)["mean"] is None
    blind = {"anonymize_annotations": True}
    api.done("POST", f"/v1/projects/{project}/settings/review", json=blind)
    for named in (path, f"/v1/tasks/2/annotations/{annotation}/against-truth", f"/v1/projects/{project}/drift"):
        assert api.ask("GET", named, rev).status_code == 403
        assert api.ask("GET", named).status_code == 200


def test_a_window_is_foreseen_and_requeued_by_managers_alone(tested: tuple[Api, int, list[int]]) -> None:
    api, project, (ann, _, rev) = tested
    api.installation.settle()
    path = f"/v1/projects/{project}/requeue"
    assert api.done("GET", path, params={"person": ann, **TODAY})["tasks"] == [1]
    assert api.ask("GET", path, rev, params={"person": ann, **TODAY}).status_code == 403
    assert api.ask("POST", path, rev, json={"person": ann, **TODAY}).status_code == 403
    backwards = {"person": ann, "since": TODAY["until"], "until": TODAY["since"]}
    refused = api.ask("POST", path, json=backwards)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/until")
    assert api.ask("POST", path, json={"person": ann, "since": "yesterday", "until": "today"}).status_code == 422
    api.done("POST", path, json={"person": ann, **TODAY})
    api.installation.settle()
    assert api.done("GET", path, params={"person": ann, **TODAY})["answers"] == 0


def test_alarms_are_listed_for_reviewers_and_dismissed_by_managers(tested: tuple[Api, int, list[int]]) -> None:
    api, project, (ann, _, rev) = tested
    path = f"/v1/projects/{project}/drift"
    assert api.done("GET", path, rev) == {"alarms": [], "next": None}
    assert api.ask("GET", path, ann).status_code == 403
    assert api.ask("POST", f"{path}/1/dismiss", rev, json={}).status_code == 403
    assert api.ask("POST", f"{path}/1/dismiss", json={}).status_code == 404
