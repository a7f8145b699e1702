"""Giving tasks to people, by id and over a filter of the board."""

from __future__ import annotations

import pytest

from tests.infra.http.conftest import Api

UNKNOWN = {"filter": "nothing", "operator": "equal", "value": 1}
MANUAL = {"assignment": {"distribution": "manual"}}


def with_few_texts(last: int) -> dict[str, object]:
    """A filter that the tasks up to an id meet."""
    return {"conjunction": "and", "items": [{"filter": "task", "operator": "less_or_equal", "value": last}]}


def test_tasks_are_assigned_over_a_filter_with_some_left_out_and_taken_back(api: Api) -> None:
    project, (ann, bob, _) = api.set_up(tasks=1_200, **MANUAL)
    path = f"/v1/projects/{project}/assignments"
    body = {"filters": with_few_texts(1_100), "excluded": [5], "people": [ann]}
    here = {"params": {"min_position": api.installation.bus.head}}
    seen = api.done("POST", path, json={**body, "preview": True}, **here)
    assert (seen["tasks"], seen["would_change"], seen["changed"]) == (1_099, 1_099, 0)
    assert api.ask("POST", f"/v1/projects/{project}/next", ann).status_code == 404
    found = api.done("POST", path, json=body, **here)
    assert (found["tasks"], found["changed"]) == (1_099, 1_099)
    assert api.installation.states.task(1_100).assigned == {ann}
    assert api.installation.states.task(5).assigned == set()
    assert api.installation.states.task(1_101).assigned == set()
    assert api.done("POST", path, json=body, **here)["changed"] == 0
    back = api.done("POST", path, json={**body, "unassign": True}, **here)
    assert back["changed"] == 1_099
    assert api.ask("POST", path, bob, json=body).status_code == 403


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({}, ""),
        ({"tasks": [1], "filters": {}}, ""),
        (
            {"filters": {"conjunction": "and", "items": [{"filter": "nothing", "operator": "equal", "value": 1}]}},
            "filters",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(api: Api, change: dict[str, object], pointer: str) -> None:
    project, (ann, _, _) = api.set_up(tasks=1, **MANUAL)
    refused = api.ask("POST", f"/v1/projects/{project}/assignments", json={"people": [ann], **change})
    assert refused.status_code == 422
    assert pointer in refused.text


def test_people_are_told_how_much_they_have_before_them(api: Api) -> None:
    project, (ann, bob, rev) = api.set_up(tasks=4, **MANUAL)
    api.done("POST", f"/v1/projects/{project}/assignments", json={"tasks": [1, 2, 3], "people": [ann]})
    assert api.submit(1, ann).status_code == 201
    api.done("POST", f"/v1/projects/{project}/next", ann)
    path = f"/v1/projects/{project}/workload"
    anns = {"person": ann, "assigned": 3, "pending": 2, "held": 1}
    nothing = {"assigned": 0, "pending": 0, "held": 0}
    found = api.done("GET", path, rev)["people"]
    assert found == [anns, {"person": bob, **nothing}, {"person": rev, **nothing}]
    assert api.done("GET", path, ann)["people"] == [anns]
    assert api.done("GET", path, bob)["people"] == [{"person": bob, **nothing}]
