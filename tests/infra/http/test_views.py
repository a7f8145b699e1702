"""Views of the board, counting, and doing something to many tasks, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.infra.http import over_filter
from tests.infra.http.conftest import Api
from tests.world import LABEL_CONFIG

LOW = {"conjunction": "and", "items": [{"filter": "agreement", "operator": "less", "value": 0.6}]}
ALL: dict[str, Any] = {"items": []}


def here(api: Api) -> dict[str, Any]:
    return {"params": {"min_position": api.installation.bus.head}}


def test_a_view_is_kept_changed_and_removed(api: Api) -> None:
    project, (_, _, rev) = api.set_up()
    path = f"/v1/projects/{project}/views"
    body = {"name": "Worst", "filters": LOW, "order": ["agreement"], "columns": ["task", "data.text"]}
    made = api.done("POST", path, rev, json=body | {"widths": {"data.text": 300}})
    [found] = api.done("GET", path, rev)["views"]
    assert found == body | {"view": made["view"], "owner": rev, "shared": False, "widths": {"data.text": 300}}
    assert api.done("GET", path)["views"] == []
    assert api.ask("PUT", f"{path}/{made['view']}", json=body).status_code == 404

    api.done("PUT", f"/v1/projects/{project}/label-config", json={"label_config": LABEL_CONFIG.replace("A", "Z", 1)})
    api.done("PUT", f"{path}/{made['view']}", rev, json=body | {"name": "Worst of all"})
    assert [view["name"] for view in api.done("GET", path, rev)["views"]] == ["Worst of all"]
    api.done("DELETE", f"{path}/{made['view']}", rev)
    assert api.done("GET", path, rev)["views"] == []


@pytest.mark.conformance("B18")
def test_what_all_see_is_kept_by_who_may_configure(api: Api) -> None:
    project, (ann, _, rev) = api.set_up()
    path = f"/v1/projects/{project}/views"
    assert api.ask("POST", path, rev, json={"name": "Ours", "shared": True}).status_code == 403
    made = api.done("POST", path, json={"name": "Ours", "shared": True})["view"]
    assert [view["name"] for view in api.done("GET", path, rev)["views"]] == ["Ours"]
    assert api.ask("DELETE", f"{path}/{made}", rev).status_code == 403
    assert api.ask("GET", path, ann).status_code == 403
    again = api.ask("POST", path, json={"name": "ours", "shared": True})
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (422, "/name")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (
            {"filters": {"items": [{"filter": "agreement", "operator": "like", "value": 1}]}},
            "/filters/items/0/operator",
        ),
        ({"order": ["nothing"]}, "/order/0"),
        ({"columns": ["task", "nothing"]}, "/columns/1"),
        ({"widths": {"task": 1}}, "widths"),
        ({"name": ""}, "/name"),
    ],
)
def test_a_view_that_means_nothing_is_refused_at_its_place(api: Api, change: dict[str, Any], pointer: str) -> None:
    project, _ = api.set_up(tasks=0)
    refused = api.ask("POST", f"/v1/projects/{project}/views", json={"name": "x", **change})
    assert refused.status_code == 422
    assert pointer in str(refused.json()["errors"])


def test_a_reviewer_keeps_no_view_by_what_is_hidden_from_them(api: Api) -> None:
    project, (_, _, rev) = api.set_up(review={"show_agreement": False})
    refused = api.ask("POST", f"/v1/projects/{project}/views", rev, json={"name": "x", "filters": LOW})
    assert refused.status_code == 403
    assert api.ask("POST", f"/v1/projects/{project}/tasks/count", rev, json={"filters": LOW}).status_code == 403


def test_tasks_are_counted_up_to_a_bound(api: Api) -> None:
    project, _ = api.set_up(tasks=12)
    path = f"/v1/projects/{project}/tasks/count"
    assert api.done("POST", path, json={}, **here(api)) == {"count": 12, "exact": True}
    assert api.done("POST", path, json={"up_to": 12}) == {"count": 12, "exact": True}
    assert api.done("POST", path, json={"up_to": 11}) == {"count": 11, "exact": False}
    few = {"items": [{"filter": "task", "operator": "less", "value": 3}]}
    assert api.done("POST", path, json={"filters": few}) == {"count": 2, "exact": True}


def test_tasks_are_deleted_over_a_filter_after_a_look_and_restored(api: Api) -> None:
    project, (ann, bob, _) = api.set_up(tasks=4)
    for task, who in ((1, ann), (2, bob)):
        assert api.submit(task, who).status_code == 201
    assert api.ask("POST", "/v1/tasks/3/reservation", ann).status_code == 200
    path = f"/v1/projects/{project}/tasks"
    body = {"filters": ALL, "excluded": [4]}
    seen = api.done("POST", f"{path}/delete", json=body | {"preview": True}, **here(api))
    assert {name: seen[name] for name in ("tasks", "annotations", "held", "would_change", "changed")} == {
        "tasks": 3, "annotations": 2, "held": 1, "would_change": 3, "changed": 0,
    }  # fmt: skip
    assert sum(seen["by_state"].values()) == 3

    done = api.done("POST", f"{path}/delete", json=body | {"reason": "twice"}, **here(api))
    assert (done["changed"], done["changed_tasks"], done["refused"]) == (3, [1, 2, 3], [])
    assert api.done("POST", f"{path}/count", json={}, **here(api))["count"] == 1
    again = api.done("POST", f"{path}/delete", json={"tasks": [3, 4]})
    assert (again["changed_tasks"], again["refused"]) == ([4], [])

    gone = {"items": [{"filter": "deleted", "operator": "equal", "value": True}]}
    back = api.done("POST", f"{path}/restore", json={"filters": gone, "excluded": [4]}, **here(api))
    assert back["changed_tasks"] == [1, 2, 3]
    assert api.ask("POST", f"{path}/delete", bob, json=body).status_code == 403


def test_of_each_task_is_told_what_became_of_it(api: Api) -> None:
    project, (ann, _, rev) = api.set_up(tasks=3, review={"only_finished": False})
    assert api.submit(1, ann).status_code == 201
    api.done("POST", f"/v1/projects/{project}/tasks/delete", json={"tasks": [3]})
    done = api.done("POST", f"/v1/projects/{project}/assignments", json={"tasks": [1, 2, 3], "people": [ann]})
    assert done["changed_tasks"] == [1, 2]
    assert [(refused["task"], refused["code"]) for refused in done["refused"]] == [(3, "not-found")]
    judged = api.done("POST", f"/v1/projects/{project}/review/bulk", rev, json={"tasks": [1, 2], "verdict": "accepted"})
    assert judged["changed_tasks"] == [1]
    assert [(refused["task"], refused["code"]) for refused in judged["refused"]] == [(2, "no-work")]


def test_of_very_many_it_is_told_how_many_were_left_out(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(over_filter, "TOLD_ONE_BY_ONE", 2)
    project, (_, _, rev) = api.set_up(tasks=3, review={"only_finished": False})
    body = {"filters": ALL, "verdict": "accepted"}
    done = api.done("POST", f"/v1/projects/{project}/review/bulk", rev, json=body, **here(api))
    assert (done["tasks"], done["changed"], len(done["refused"]), done["refused_count"]) == (3, 0, 2, 3)


def test_what_an_overlap_or_an_assignment_would_change_is_told_before(api: Api) -> None:
    project, (ann, bob, _) = api.set_up(tasks=3)
    api.done("POST", f"/v1/projects/{project}/overlap", json={"tasks": [1], "slots": 2})
    api.done("POST", f"/v1/projects/{project}/assignments", json={"tasks": [1, 2], "people": [ann]})
    path = f"/v1/projects/{project}"
    seen = api.done("POST", f"{path}/overlap", json={"filters": ALL, "slots": 2, "preview": True}, **here(api))
    assert (seen["tasks"], seen["would_change"]) == (3, 2)
    for people, unassign, expected in (([ann], False, 1), ([ann, bob], False, 3), ([ann, bob], True, 2)):
        body = {"filters": ALL, "people": people, "unassign": unassign, "preview": True}
        assert api.done("POST", f"{path}/assignments", json=body)["would_change"] == expected
    done = api.done("POST", f"{path}/overlap", json={"filters": ALL, "slots": 2})
    assert done["changed_tasks"] == [2, 3]
    assert all(api.installation.states.task(task).slots == 2 for task in (1, 2, 3))
