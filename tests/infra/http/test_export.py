"""What leaves as Label Studio tasks: everything, or what meets a filter of the board."""

from __future__ import annotations

import json
from typing import Any

import pytest

from annolog.domain.activity.events import DataExported
from tests.infra.http.conftest import Api


def exported(api: Api, project: int, filters: Any = None, who: int | None = None) -> list[int]:
    params: dict[str, Any] = {"min_position": api.installation.bus.head}
    if filters is not None:
        params["filters"] = json.dumps(filters)
    response = api.ask("GET", f"/v1/projects/{project}/export", who, params=params)
    assert response.status_code == 200, response.text
    return [json.loads(line)["id"] for line in response.text.splitlines()]


def test_of_a_filter_what_meets_it_leaves_whatever_its_conjunctions(api: Api) -> None:
    project, (ann, *_) = api.set_up(5)
    every = exported(api, project)
    api.submit(every[1], ann)
    api.submit(every[3], ann)
    answered = {"items": [{"filter": "annotation_count", "operator": "greater", "value": 0}]}
    assert exported(api, project, answered) == [every[1], every[3]]
    but_one = {"items": [answered, {"filter": "task", "operator": "not_in_list", "value": [every[1]]}]}
    assert exported(api, project, but_one) == [every[3]]
    assert exported(api, project, {"items": []}) == every
    assert exported(api, project, {"items": [{"filter": "task", "operator": "equal", "value": 10**9}]}) == []


def test_the_activity_log_keeps_which_filter_it_was(api: Api) -> None:
    project, _ = api.set_up(1)
    filters = {"items": [{"filter": "task", "operator": "equal", "value": 1}]}
    exported(api, project, filters)
    [noted] = [one.event for one in api.installation.log.after(0, 10_000) if isinstance(one.event, DataExported)]
    assert json.loads(noted.filter["filters"]) == filters


@pytest.mark.parametrize("filters", ["[", "[]", '{"items": [{"filter": "no such"}]}', '{"conjunction": "nor"}'])
def test_a_filter_that_is_none_is_refused_and_nothing_leaves(api: Api, filters: str) -> None:
    project, _ = api.set_up(1)
    response = api.ask("GET", f"/v1/projects/{project}/export", params={"filters": filters})
    assert response.status_code == 422
    assert response.json()["code"] == "invalid-input"
    assert response.json()["errors"]
    assert not [one for one in api.installation.log.after(0, 10_000) if isinstance(one.event, DataExported)]


def test_who_may_export_but_not_look_at_the_board_takes_everything_or_nothing(api: Api) -> None:
    project, _ = api.set_up(2)
    courier = api.done("POST", "/v1/people", json={"people": [{"handle": "courier"}]})["people"][0]["person"]
    api.done("PUT", "/v1/roles/courier", json={"like": "viewer", "permissions": ["see_project", "export"]})
    member = {"person": courier, "role": "viewer", "custom_role": "courier"}
    api.done("POST", f"/v1/projects/{project}/members", json={"members": [member]})
    assert len(exported(api, project, who=courier)) == 2
    params = {"filters": '{"items": []}'}
    assert api.ask("GET", f"/v1/projects/{project}/export", courier, params=params).status_code == 403
