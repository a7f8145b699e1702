"""States, stages and returned work over the wire: who sees what of them."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.world import result

Api = Any


@pytest.fixture
def returned(api: Api) -> tuple[Api, int, list[int]]:
    """Ann's answer to the first task came back and was answered; Bob's to the second waits for him."""
    project, people = api.set_up(2)
    ann, bob, rev = people
    for task, who in ((1, ann), (2, bob)):
        answer = {"result": [{**item, "id": "r1"} for item in result("A")]}
        annotation = api.done("POST", f"/v1/tasks/{task}/annotations", who, json=answer)["annotation"]
        verdict = {"verdict": "rejected", "action": "return", "comment": f"to {task}", "region": "r1"}
        api.done("POST", f"/v1/tasks/{task}/annotations/{annotation}/reviews", rev, json=verdict)
        if who == ann:
            path = f"/v1/tasks/{task}/annotations/{annotation}"
            api.done("PUT", path, ann, json={"result": result("B")})
            api.done("POST", f"{path}/reviews", rev, json={"verdict": "accepted"})
    api.installation.settle()
    return api, project, people


def test_authors_are_told_why_their_work_came_back_and_see_nobody_elses(returned: tuple[Api, int, list[int]]) -> None:
    api, project, (ann, bob, rev) = returned
    path = f"/v1/projects/{project}/returned"
    rows = api.done("GET", path, rev)["returned"]
    assert [(row["annotator"], row["reviewer"], row["status"]) for row in rows] == [
        (ann, rev, "answered"),
        (bob, rev, "waiting"),
    ]
    mine = api.done("GET", path, bob)["returned"]
    assert [(row["comment"], row["region"], row["task"]) for row in mine] == [("to 2", "r1", 2)]
    assert "reviewer" not in mine[0]
    assert api.ask("GET", path, bob, params={"annotator": ann}).status_code == 403
    assert api.ask("GET", path, bob, params={"reviewer": rev}).status_code == 403
    assert [row["task"] for row in api.done("GET", path, rev, params={"status": "waiting"})["returned"]] == [2]
    given = api.done("POST", f"/v1/projects/{project}/next", bob)
    assert (given["returned"]["comment"], given["returned"]["region"]) == ("to 2", "r1")
    page = api.done("GET", "/v1/tasks/1", ann)["annotations"][0]
    [first, second] = page["reviews"]
    assert (first["region"], first["answered_by_revision"], second["answered_by_revision"]) == ("r1", 2, None)
    assert [revision["review"] for revision in page["revisions"]] == [None, first["id"]]
    assert "reviewer" not in first


def test_returned_work_comes_as_csv(returned: tuple[Api, int, list[int]]) -> None:
    api, project, (_, bob, rev) = returned
    path = f"/v1/projects/{project}/returned"
    text = api.ask("GET", path, rev, headers={"Accept": "text/csv"})
    assert text.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(text.text)))
    assert [(row["task"], row["comment"], row["answered_revision"]) for row in rows] == [
        ("1", "to 1", "2"),
        ("2", "to 2", ""),
    ]
    own = list(csv.DictReader(io.StringIO(api.ask("GET", path, bob, params={"format": "csv"}).text)))
    assert ([row["task"] for row in own], "reviewer" in own[0]) == (["2"], False)


def test_stages_are_for_reviewers_and_ones_own_part_for_everybody(returned: tuple[Api, int, list[int]]) -> None:
    api, project, (ann, bob, rev) = returned
    path = f"/v1/projects/{project}/stages"
    found = api.done("GET", path, rev)
    assert (found["first_pass"]["judged"], found["first_pass"]["acceptance"]) == (2, 0.0)
    assert (found["rework"]["distribution"], found["rework"]["under_way"]) == ({"1": 1}, 1)
    assert (found["time"]["completed"]["open"], found["time"]["waiting_for_author"]["open"]) == (1, 1)
    assert [row["annotator"] for row in found["annotators"]] == [ann, bob]
    mine = api.done("GET", path, ann)
    assert sorted(mine) == ["as_of", "first_pass", "project", "rework", "time"]
    assert sorted(mine["time"]) == ["waiting_for_author"]
    assert mine["rework"]["ended"] == 1
    assert api.ask("GET", path, ann, params={"annotator": bob}).status_code == 403
    before = {"as_of": "2000-01-01T00:00:00Z"}
    assert api.done("GET", path, rev, params=before)["first_pass"]["judged"] == 0
    for edge in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        for name in ("since", "until", "as_of"):
            assert api.ask("GET", path, rev, params={name: edge}).status_code == 200
    assert api.ask("GET", path, rev, params={"since": "2026-01-01T00:00:00"}).status_code == 422


def test_states_are_for_who_may_see_quality(returned: tuple[Api, int, list[int]]) -> None:
    api, project, (ann, _, rev) = returned
    found = api.done("GET", "/v1/tasks/1/states", rev)["states"]
    assert [row["state"] for row in found] == [
        "created",
        "needs_review",
        "annotation_in_progress",
        "needs_review",
        "completed",
    ]
    assert [row["triggered_by"] for row in found[1:]] == [ann, rev, ann, rev]
    asked = {"transition": "returned", "triggered_by": rev}
    assert len(api.done("GET", "/v1/tasks/1/states", rev, params=asked)["states"]) == 1
    page = api.done("GET", "/v1/tasks/1/states", rev, params={"limit": 2})
    rest = api.done("GET", "/v1/tasks/1/states", rev, params={"after": page["next"]})
    assert [row["position"] for row in page["states"] + rest["states"]] == [row["position"] for row in found]
    states = api.done("GET", f"/v1/projects/{project}/states", rev)["states"]
    assert (states[0]["state"], states[-1]["state"]) == ("created", "annotation_in_progress")
    for path in ("/v1/tasks/1/states", f"/v1/projects/{project}/states"):
        assert api.ask("GET", path, ann).status_code == 403
        assert api.ask("GET", path, rev, params={"state": "somewhere"}).status_code == 422
    assert api.ask("GET", "/v1/tasks/99/states", rev).status_code == 404
    assert api.ask("GET", "/v1/projects/99/states", rev).status_code == 404


def test_blind_review_names_nobody(api: Api) -> None:
    project, (ann, _, rev) = api.set_up(1, review={"anonymize_annotations": True})
    annotation = api.submit(1, ann).json()["annotation"]
    verdict = {"verdict": "rejected", "action": "return"}
    api.done("POST", f"/v1/tasks/1/annotations/{annotation}/reviews", rev, json=verdict)
    api.installation.settle()
    [_, submitted, _] = api.done("GET", "/v1/tasks/1/states", rev)["states"]
    assert submitted["triggered_by"] == "annotator 1"
    for row in api.done("GET", f"/v1/projects/{project}/states", rev)["states"]:
        assert "triggered_by" not in row
    [row] = api.done("GET", f"/v1/projects/{project}/returned", rev)["returned"]
    assert "annotator" not in row
    assert "annotators" not in api.done("GET", f"/v1/projects/{project}/stages", rev)
    for path in ("/v1/tasks/1/states", f"/v1/projects/{project}/states"):
        assert api.ask("GET", path, rev, params={"triggered_by": ann}).status_code == 403
    for name in ("stages", "returned"):
        assert api.ask("GET", f"/v1/projects/{project}/{name}", rev, params={"annotator": ann}).status_code == 403
    assert api.done("GET", "/v1/tasks/1/states")["states"][1]["triggered_by"] == ann
