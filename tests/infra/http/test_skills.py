"""Measured skills over the wire: everybody's for those who may see quality, one's own for everybody else."""

from __future__ import annotations

from typing import Any

import pytest

Api = Any


@pytest.fixture(scope="module")
def measured(shared_api: Api) -> tuple[Api, int, list[int]]:
    """Ann is right about the truth of four tasks, Bob about two."""
    api = shared_api
    project, (ann, bob, rev) = api.set_up(4, assignment={"overlap": 2})
    for task, (one, other) in enumerate(("AA", "BC", "AA", "BC"), start=1):
        truth = api.submit(task, rev, "AB"[(task - 1) % 2]).json()["annotation"]
        api.done("PUT", f"/v1/tasks/{task}/ground-truth", rev, json={"annotation": truth})
        api.submit(task, ann, one)
        api.submit(task, bob, other)
    api.installation.settle()
    return api, project, [ann, bob, rev]


def test_skills_of_everybody_and_of_what_is_asked_for(measured: tuple[Api, int, list[int]]) -> None:
    api, project, (ann, bob, rev) = measured
    path = f"/v1/projects/{project}/skills"
    found = api.done("GET", path, rev)
    places = [("", ""), ("label", ""), ("label", "A"), ("label", "B")]
    assert [(row["person"], row["dimension"], row["label"]) for row in found["skills"]] == [
        (person, *place) for person in (ann, bob) for place in places
    ]
    assert {row["source"] for row in found["skills"]} == {"ground_truth"}
    [row] = api.done("GET", path, rev, params={"person": bob, "dimension": "label", "label": "B"})["skills"]
    assert row["recent"] == row["all_time"]
    assert (row["all_time"]["value"], row["all_time"]["answers"]) == (0.0, 2)
    low, high = row["all_time"]["interval"]
    assert low == 0.0 < high < 1.0
    [row] = api.done("GET", path, rev, params={"person": bob, "dimension": ""})["skills"]
    assert row["all_time"]["value"] == 0.5
    assert api.done("GET", path, rev, params={"source": "review"})["skills"] == []
    assert api.done("GET", path, rev, params={"until": "2001-01-01", "days": 7}) == {
        **found,
        "days": 7,
        "since": "2000-12-26",
        "until": "2001-01-01",
        "skills": [],
    }
    api.done("GET", found["fitted"], rev)


def test_the_history_of_one_skill(measured: tuple[Api, int, list[int]]) -> None:
    api, project, (_, bob, rev) = measured
    asked = {"person": bob, "source": "ground_truth", "dimension": "label", "days": 3}
    found = api.done("GET", f"/v1/projects/{project}/skills/history", rev, params=asked)
    assert (found["window"], found["source"], found["label"]) == (3, "ground_truth", "")
    assert sum(day["that_day"]["answers"] for day in found["days"]) == 4
    last = found["days"][-1]
    assert last["so_far"] == last["recent"]
    assert (last["so_far"]["value"], last["so_far"]["answers"]) == (0.5, 4)


def test_annotators_see_their_own(measured: tuple[Api, int, list[int]]) -> None:
    api, project, (ann, bob, _) = measured
    path = f"/v1/projects/{project}/skills"
    assert {row["person"] for row in api.done("GET", path, ann)["skills"]} == {ann}
    assert {row["person"] for row in api.done("GET", path, ann, params={"person": ann})["skills"]} == {ann}
    assert api.ask("GET", path, ann, params={"person": bob}).status_code == 403
    asked = {"person": ann, "source": "ground_truth"}
    assert api.done("GET", f"{path}/history", ann, params=asked)["days"]
    assert api.ask("GET", f"{path}/history", ann, params={**asked, "person": bob}).status_code == 403


@pytest.mark.parametrize(
    ("more", "status", "pointer"),
    [
        ({"source": "gut_feeling"}, 422, "query/source"),
        ({"days": 0}, 422, "query/days"),
        ({"days": 10**9}, 422, "query/days"),
        ({"until": "yesterday"}, 422, "query/until"),
        ({"person": 0}, 422, "query/person"),
        ({"label": "A"}, 422, "query/label"),
        ({"dimension": "colour"}, 404, "query/dimension"),
        ({"dimension": "label", "label": "D"}, 404, "query/label"),
    ],
)
def test_what_cannot_be_asked_is_named(
    measured: tuple[Api, int, list[int]], more: dict[str, Any], status: int, pointer: str
) -> None:
    api, project, (_, _, rev) = measured
    refused = api.ask("GET", f"/v1/projects/{project}/skills", rev, params=more)
    assert (refused.status_code, [error["pointer"] for error in refused.json()["errors"]]) == (status, [pointer])


@pytest.mark.parametrize("missing", ["person", "source"])
def test_a_history_is_of_one_person_and_one_source(measured: tuple[Api, int, list[int]], missing: str) -> None:
    api, project, (ann, _, rev) = measured
    asked = {"person": ann, "source": "consensus"}
    del asked[missing]
    refused = api.ask("GET", f"/v1/projects/{project}/skills/history", rev, params=asked)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, f"query/{missing}")


def test_of_a_project_that_is_not_there_nothing_is_said(measured: tuple[Api, int, list[int]]) -> None:
    api, _, (ann, _, _) = measured
    assert api.ask("GET", "/v1/projects/999/skills").status_code == 404
    assert api.ask("GET", "/v1/projects/999/skills", ann).status_code == 404
