"""What waits for a reviewer: asked without taking it, and passed by for now."""

from __future__ import annotations

from typing import Any

Api = Any


def test_a_reviewer_learns_whether_something_waits_without_taking_it(api: Api) -> None:
    project, (ann, _, rev) = api.set_up(2)
    path = f"/v1/projects/{project}/review/waiting"
    assert api.done("GET", path, rev)["waiting"] is False
    api.submit(1, ann, "A")
    assert api.done("GET", path, rev)["waiting"] is True
    other = api.done("POST", "/v1/people", json={"people": [{"handle": "ron"}]})["people"][0]["person"]
    members = {"members": [{"person": other, "role": "reviewer"}]}
    api.done("POST", f"/v1/projects/{project}/members", json=members)
    api.done("POST", f"/v1/projects/{project}/review/next", rev)
    assert api.done("GET", path, rev)["waiting"] is True
    assert api.done("GET", path, other)["waiting"] is False
    assert api.ask("GET", path, ann).status_code == 403


def test_a_task_that_is_passed_by_waits_for_later(api: Api) -> None:
    project, (ann, _, rev) = api.set_up(2)
    for task in (1, 2):
        api.submit(task, ann, "A")
    path = f"/v1/projects/{project}/review/next"
    assert api.done("POST", path, rev)["task"] == 1
    assert api.done("POST", path, rev, params={"passing": [1]})["task"] == 2
    assert api.ask("POST", path, rev, params={"passing": [1, 2]}).json()["code"] == "no-work"
    assert api.done("POST", path, rev)["task"] in (1, 2)


def test_my_work_says_where_something_is_to_be_reviewed(api: Api) -> None:
    _, (ann, _, rev) = api.set_up(1)
    position = api.submit(1, ann, "A").json()["position"]
    waiting = [
        row["to_review"]
        for who in (ann, rev)
        for row in api.done("GET", "/v1/me/work", who, params={"min_position": position})["projects"]
    ]
    assert waiting == [False, True]


def test_a_reviewer_is_told_how_to_reject_without_the_rest_of_the_settings(api: Api) -> None:
    rules = {
        "default_reject_action": "return",
        "allowed_reject_actions": ["remove", "return"],
        "comment_on_reject": True,
    }
    project, (ann, _, rev) = api.set_up(1, review=rules)
    expected = {"reviews": True, "reject_actions": ["return", "remove"], "comment_on_reject": True}
    path = f"/v1/projects/{project}"
    assert api.done("GET", path, rev)["reviewing"] == expected
    assert "reviewing" not in api.done("GET", path, ann)
    api.done("POST", f"{path}/settings/review", json={"sample_percent": 0})
    assert api.done("GET", path)["reviewing"]["reviews"] is False
