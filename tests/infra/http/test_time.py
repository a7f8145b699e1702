"""Interactions and the burndown over the wire: what is shown to whom, and what is refused by name."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

Api = Any

TOLD = {
    "session": "s",
    "sequence": 0,
    "offset_ms": 0,
    "interactions": [{"kind": "annotation_loaded", "offset_ms": 0}],
}


@pytest.fixture(scope="module")
def reserved(shared_api: Api) -> tuple[Api, int, list[int]]:
    """A task that its annotator has in hand."""
    project, people = shared_api.set_up(1)
    shared_api.done("POST", "/v1/tasks/1/reservation", people[0])
    return shared_api, project, people


def test_what_a_page_tells_is_taken_once_and_shows_as_active_time(api: Api) -> None:
    _, (ann, _, rev) = api.set_up(1)
    api.done("POST", "/v1/tasks/1/reservation", ann)
    assert api.done("POST", "/v1/tasks/1/interactions", ann, json=TOLD)["recorded"] is True
    assert api.done("POST", "/v1/tasks/1/interactions", ann, json=TOLD)["recorded"] is False
    api.submit(1, ann)
    [annotation] = api.done("GET", "/v1/tasks/1", rev)["annotations"]
    assert 0 < annotation["active_time"] <= annotation["lead_time"] < 60


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"sequence": -1}, "/sequence"),
        ({"offset_ms": -5}, "/offset_ms"),
        ({"interactions": [{"kind": "annotation_loaded", "offset_ms": -5}]}, "/interactions/0/offset_ms"),
        ({"interactions": [{"kind": "Annotation loaded", "offset_ms": 0}]}, "/interactions/0/kind"),
        ({"interactions": [{"kind": "annotation_loaded", "offset_ms": 9}]}, "/interactions/0/offset_ms"),
        ({"interactions": [{"kind": "annotation_loaded", "at": "2026-11-24T12:00:00"}]}, "/interactions/0/at"),
        ({"interactions": []}, "/interactions"),
        ({"session": ""}, "/session"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    reserved: tuple[Api, int, list[int]], changed: dict[str, Any], pointer: str
) -> None:
    api, _, (ann, *_) = reserved
    response = api.ask("POST", "/v1/tasks/1/interactions", ann, json={**TOLD, **changed})
    assert response.status_code == 422
    assert pointer in {error["pointer"] for error in response.json()["errors"]}


@pytest.mark.parametrize("field", ["lead_time", "active_time"])
@pytest.mark.parametrize("value", ["-0.5", "1e400", "NaN", '"soon"'])
def test_a_time_that_is_none_is_refused_by_name(reserved: tuple[Api, int, list[int]], field: str, value: str) -> None:
    api, _, (ann, *_) = reserved
    body = f'{{"result": [], "{field}": {value}}}'
    headers = {"Content-Type": "application/json"}
    response = api.ask("POST", "/v1/tasks/1/annotations", ann, content=body, headers=headers)
    assert response.status_code in (400, 422)
    assert value in ("NaN", "1e400") or [error["pointer"] for error in response.json()["errors"]] == [f"/{field}"]


def test_the_burndown_by_hour_as_json_and_as_csv(api: Api) -> None:
    project, (ann, _, rev) = api.set_up(3, assignment={"overlap": 1}, review={"sample_percent": 0})
    api.submit(1, ann)
    api.installation.settle()
    asked = {"zone": "Asia/Kathmandu", "by": "hour"}
    found = api.done("GET", f"/v1/projects/{project}/burndown", rev, params=asked)
    assert (found["rows"][-1]["remaining"], found["rows"][-1]["completed"]) == (2, 1)
    assert found["rows"][0]["begin"].endswith("+05:45")
    assert found["forecast"]["remaining"] == 2
    assert "whole days" in found["forecast"]["reason"]
    response = api.ask("GET", f"/v1/projects/{project}/burndown", rev, params={**asked, "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [row["remaining"] for row in rows] == [str(row["remaining"]) for row in found["rows"]]


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, "from"),
        ({"from": "1990-01-01T00:00:00Z", "by": "hour"}, "by"),
        ({"from": "yesterday"}, "from"),
        ({"from": "9999-12-31T00:00:00Z", "to": "9999-12-31T12:00:00Z"}, "from"),
        ({"to": "9999-12-31T12:00:00Z"}, "to"),
        ({"from": "0001-01-01T00:00:00Z", "zone": "America/New_York"}, "from"),
        ({"by": "month"}, "by"),
    ],
)
def test_a_burndown_that_cannot_be_is_refused_by_name(
    reserved: tuple[Api, int, list[int]], asked: dict[str, str], parameter: str
) -> None:
    api, project, (_, _, rev) = reserved
    response = api.ask("GET", f"/v1/projects/{project}/burndown", rev, params=asked)
    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [f"query/{parameter}"]


def test_annotators_do_not_see_the_burndown(reserved: tuple[Api, int, list[int]]) -> None:
    api, project, (ann, *_) = reserved
    assert api.ask("GET", f"/v1/projects/{project}/burndown", ann).status_code == 403
