"""Dashboards over the wire: everybody's for those who may see quality, one's own for everybody else."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Any

import polars as pl
import pytest

from tests.world import result

Api = Any


def submitted(api: Api, task: int, who: int, label: str, lead_time: float) -> int:
    """The annotation that was submitted."""
    body = {"result": result(label), "lead_time": lead_time}
    annotation: int = api.done("POST", f"/v1/tasks/{task}/annotations", who, json=body)["annotation"]
    return annotation


def worked_in(api: Api) -> tuple[Api, int, list[int]]:
    """Ann answers three tasks and Bob one of them; a reviewer judges two."""
    project, (ann, bob, rev) = api.set_up(3, assignment={"overlap": 2}, review={"only_finished": False})
    made = [submitted(api, task, ann, "AAB"[task - 1], 10.0 * task) for task in (1, 2, 3)]
    submitted(api, 1, bob, "C", 2.0)
    for annotation, task, verdict in ((made[0], 1, "accepted"), (made[1], 2, "rejected")):
        path = f"/v1/tasks/{task}/annotations/{annotation}/reviews"
        api.done("POST", path, rev, json={"verdict": verdict, "review_time": 3.0})
    api.installation.settle()
    return api, project, [ann, bob, rev]


@pytest.fixture
def worked(api: Api) -> tuple[Api, int, list[int]]:
    return worked_in(api)


@pytest.fixture(scope="module")
def shared_work(shared_api: Api) -> tuple[Api, int, list[int]]:
    """For what only looks."""
    return worked_in(shared_api)


def test_by_person_by_label_and_in_total(shared_work: tuple[Api, int, list[int]]) -> None:
    api, project, (ann, bob, rev) = shared_work
    path = f"/v1/projects/{project}/dashboard"
    wanted = "annotations,accepted,mean_lead_time,reviews_given"
    found = api.done("GET", path, rev, params={"by": "person", "measures": wanted})
    assert [list(row.values()) for row in found["rows"]] == [
        [ann, 3, 1, 20.0, 0],
        [bob, 1, 0, 2.0, 0],
        [rev, 0, 0, None, 2],
    ]
    assert found["total"] == {"annotations": 4, "accepted": 1, "mean_lead_time": 15.5, "reviews_given": 2}
    found = api.done("GET", path, rev, params={"by": "label", "measures": "labelled,acceptance_score"})
    assert [list(row.values()) for row in found["rows"]] == [
        ["label", "A", 2, 0.5],
        ["label", "B", 1, None],
        ["label", "C", 1, None],
    ]
    assert found["total"] is None
    found = api.done("GET", path, rev, params={"by": "person,label", "measures": "labelled"})
    assert [list(row.values()) for row in found["rows"]] == [
        [ann, "label", "A", 2],
        [ann, "label", "B", 1],
        [bob, "label", "C", 1],
    ]
    assert api.done("GET", path, rev, params={"person": bob})["total"]["annotations"] == 1
    nothing = api.done("GET", path, rev, params={"from": "2001-01-01", "to": "2001-12-31", "by": "day"})
    assert nothing["rows"] == []
    assert nothing["total"]["annotations"] == 0


def test_several_projects(worked: tuple[Api, int, list[int]]) -> None:
    api, project, (ann, _, rev) = worked
    body = {"title": "another", "label_config": "<View><Text name='t' value='$t'/></View>"}
    other = api.done("POST", "/v1/projects", json=body)["project"]
    asked = {"projects": f"{project},{other}", "by": "project", "measures": "annotations"}
    found = api.done("GET", "/v1/dashboard", params=asked)
    assert found["rows"] == [{"project": project, "annotations": 4}]
    assert api.ask("GET", "/v1/dashboard", rev, params=asked).status_code == 404
    mine = api.done("GET", "/v1/dashboard", ann, params={**asked, "projects": str(project)})
    assert mine["rows"] == [{"project": project, "annotations": 3}]
    for wrong in ("", "x", "1,,-3", ",".join(map(str, range(1, 60)))):
        refused = api.ask("GET", "/v1/dashboard", params={"projects": wrong})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == "query/projects"


def test_everybody_sees_what_they_may(worked: tuple[Api, int, list[int]]) -> None:
    api, project, (ann, bob, rev) = worked
    path = f"/v1/projects/{project}/dashboard"
    asked = {"by": "person", "measures": "annotations"}
    assert api.done("GET", path, ann, params=asked)["rows"] == [{"person": ann, "annotations": 3}]
    assert api.done("GET", path, ann, params={"measures": "annotations,tasks_done"})["total"] == {
        "annotations": 3,
        "tasks_done": None,
    }
    assert api.ask("GET", path, ann, params={"person": bob}).status_code == 403
    assert api.done("GET", path, ann, params={"person": ann})["total"]["annotations"] == 3
    stranger = api.done("POST", "/v1/people", json={"people": [{"handle": "eve"}]})["people"][0]["person"]
    assert api.ask("GET", path, stranger).status_code == 404
    assert api.ask("GET", "/v1/measures", stranger).status_code == 200
    # Where reviewers are not told who annotates, they are told of nobody but themselves.
    api.done("POST", f"/v1/projects/{project}/settings/review", json={"anonymize_annotations": True})
    assert api.done("GET", path, rev, params=asked)["rows"] == []
    assert api.done("GET", path, rev, params={"measures": "annotations"})["total"] == {"annotations": 4}
    assert api.ask("GET", path, rev, params={"person": ann}).status_code == 403
    assert [row["person"] for row in api.done("GET", path, params=asked)["rows"]] == [ann, bob]


def test_as_a_file(shared_work: tuple[Api, int, list[int]]) -> None:
    api, project, (ann, bob, _) = shared_work
    path = f"/v1/projects/{project}/dashboard"
    asked = {"by": "person,day", "measures": "annotations,mean_lead_time,acceptance_score", "zone": "Europe/Berlin"}
    rows = api.done("GET", path, params=asked)["rows"]
    answer = api.ask("GET", path, params={**asked, "format": "csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["x-lag"] == "0"
    lines = list(csv.DictReader(StringIO(answer.text, newline="")))
    assert [(int(line["person"]), line["day"], int(line["annotations"])) for line in lines] == [
        (row["person"], row["day"], row["annotations"]) for row in rows
    ]
    assert [line["acceptance_score"] for line in lines] == ["0.5", ""]
    answer = api.ask("GET", path, params={**asked, "format": "parquet"})
    frame = pl.read_parquet(BytesIO(answer.content))
    assert frame.schema == {
        "person": pl.Int64,
        "day": pl.Date,
        "annotations": pl.Int64,
        "mean_lead_time": pl.Float64,
        "acceptance_score": pl.Float64,
    }
    assert frame["person"].to_list() == [ann, bob]
    total = api.ask("GET", path, params={"measures": "annotations", "format": "csv"})
    assert total.text == "annotations\r\n4\r\n"


def test_what_every_measure_means(shared_api: Api) -> None:
    found = {measure["key"]: measure for measure in shared_api.done("GET", "/v1/measures")["measures"]}
    assert found["acceptance_score"]["formula"] == (
        "(verdict_accepted + verdict_fixed) / (verdict_accepted + verdict_fixed + verdict_rejected)"
    )
    assert (found["lead_time"]["unit"], found["lead_time"]["dated_by"]) == ("seconds", "last_action")
    assert found["tasks_done"]["segments"] == ["project", "hour", "day", "week", "month", "year"]
    assert "label" in found["labelled"]["segments"]


@pytest.mark.parametrize(
    ("asked", "pointers"),
    [
        ({"zone": "Mars/Olympus"}, ["query/zone"]),
        ({"zone": "Europe"}, ["query/zone"]),
        ({"zone": "../../etc/passwd"}, ["query/zone"]),
        ({"from": "2026-11-25", "to": "2026-11-24"}, ["query/to"]),
        ({"from": "yesterday"}, ["query/from"]),
        ({"from": "2026-11-25T12:07:00Z"}, ["query/from"]),
        ({"by": "day,week"}, ["query/by"]),
        ({"by": "moon"}, ["query/by"]),
        ({"by": "day,day"}, ["query/by"]),
        ({"measures": "happiness"}, ["query/measures"]),
        ({"measures": "labelled"}, ["query/measures"]),
        ({"measures": "tasks_done", "by": "person"}, ["query/measures"]),
        ({"measures": "skips", "by": "label"}, ["query/measures"]),
        ({"format": "xlsx"}, ["query/format"]),
        (
            {"zone": "x", "from": "x", "by": "x", "measures": "x"},
            [f"query/{n}" for n in ("zone", "from", "by", "measures")],
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(
    shared_work: tuple[Api, int, list[int]], asked: dict[str, str], pointers: list[str]
) -> None:
    api, project, _ = shared_work
    refused = api.ask("GET", f"/v1/projects/{project}/dashboard", params=asked)
    assert refused.status_code == 422, refused.text
    assert [error["pointer"] for error in refused.json()["errors"]] == pointers


def test_numbers_of_now_are_listed_and_made_of_what_their_path_answers(worked: tuple[Api, int, list[int]]) -> None:
    api, project, (_, _, rev) = worked
    listed = api.done("GET", "/v1/measures", rev)["snapshots"]
    assert {one["aggregation"] for one in listed} == {"snapshot"}
    assert len({one["key"] for one in listed}) == len(listed)
    for one in listed:
        found = api.done("GET", f"/v1/projects/{project}{one['path']}", rev)
        members = {**found, **found.get("tasks_by_state", {})}
        named = set(one["formula"].replace("+", " ").replace("/", " ").split())
        assert named <= set(members), one["key"]
