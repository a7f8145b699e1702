"""Why, over the wire: managers and reviewers see all of it, annotators what is about themselves."""

from __future__ import annotations

from tests.infra.http.conftest import Api


def test_a_task_says_who_was_considered_and_annotators_do_not_see_it(api: Api) -> None:
    _, (ann, bob, rev) = api.set_up(tasks=1)
    assert api.submit(1, ann).status_code == 201
    found = api.done("GET", "/v1/tasks/1/why", rev)
    assert {one["person"]: one["reason"] for one in found["people"]} == {ann: "answered", bob: "no_slot"}
    assert found["decisions"][0]["type"] == "TaskImported"
    assert api.ask("GET", "/v1/tasks/1/why", ann).status_code == 403
    assert api.ask("GET", "/v1/tasks/99/why", rev).status_code == 404


def whys(api: Api, project: int, person: int, who: int) -> dict[str, object]:
    [held] = api.done("GET", f"/v1/projects/{project}/annotators/{person}/why", who)["holds"]
    return held["why"]


def test_everybody_may_ask_why_of_themselves_only(api: Api) -> None:
    project, (ann, bob, rev) = api.set_up(tasks=2)
    task = api.done("POST", f"/v1/projects/{project}/next", ann)["task"]
    mine = api.done("GET", f"/v1/projects/{project}/annotators/{ann}/why", ann)
    assert [held["task"] for held in mine["holds"]] == [task]
    assert api.ask("GET", f"/v1/projects/{project}/annotators/{ann}/why", bob).status_code == 403
    assert api.done("GET", f"/v1/projects/{project}/annotators/{ann}/why", rev)["holds"] == [
        {**held, "why": held_why} for held, held_why in zip(mine["holds"], [whys(api, project, ann, rev)], strict=True)
    ]
    # It would tell who is being tested.
    assert "why" not in mine["holds"][0]


def test_nobody_is_told_without_work_that_there_is_none_but_why(api: Api) -> None:
    project, (ann, bob, _) = api.set_up(tasks=1)
    api.done("POST", f"/v1/projects/{project}/next", ann)
    refused = api.ask("POST", f"/v1/projects/{project}/next", bob)
    assert refused.status_code == 404
    assert refused.json()["reason"] == "held"
    assert refused.json()["next_expiry"]
    nothing = api.done("GET", f"/v1/projects/{project}/annotators/{bob}/why", bob)["no_work"]
    assert (nothing["words"], nothing["next_expiry"]) == (refused.json()["detail"], refused.json()["next_expiry"])
