"""The workflow over the wire."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.world import result

Api = Any


def test_two_disagree_a_third_is_asked_and_the_review_completes(api: Api) -> None:
    project, (ann, bob, rev) = api.set_up(
        1, assignment={"overlap": 2}, reassignment={"enabled": True, "maximum_additional": 1}
    )
    people = api.done("POST", "/v1/people", json={"people": [{"handle": "cyd"}]})
    cyd = people["people"][0]["person"]
    members = {"members": [{"person": cyd, "role": "annotator"}]}
    api.done("POST", f"/v1/projects/{project}/members", json=members)
    for who, label in ((ann, "A"), (bob, "B")):
        task = api.done("POST", f"/v1/projects/{project}/next", who)["task"]
        answer = api.submit(task, who, label).json()
    api.installation.settle()
    assert api.done("POST", f"/v1/projects/{project}/next", cyd)["task"] == 1
    last = api.submit(1, cyd, "A").json()
    api.installation.settle()
    page = api.done("GET", "/v1/tasks/1")
    assert (page["overlap"], page["additional_slots"], page["flag"]) == (3, 1, "exhausted")
    review = {"verdict": "accepted"}
    path = f"/v1/tasks/1/annotations/{answer['annotation']}/reviews"
    position = api.done("POST", path, rev, json=review)["position"]
    found = api.done("GET", f"/v1/projects/{project}/progress", params={"min_position": position})
    assert found["tasks_by_state"]["completed"] == 1
    agreement = api.done("GET", f"/v1/projects/{project}/agreement")
    assert agreement["percent_agreement"] == pytest.approx(1 / 3)
    assert last["position"] < position
    history = api.done("GET", "/v1/tasks/1/history")["events"]
    added = next(event for event in history if event["type"] == "SlotAdded")
    assert added["data"]["evidence"]["score"] == 0.0


def test_a_repeated_key_gets_the_first_answer_and_another_body_is_refused(api: Api) -> None:
    project, (ann, *_) = api.set_up()
    key = {"Idempotency-Key": "once"}
    first = api.ask("POST", f"/v1/projects/{project}/next", ann, headers=key)
    again = api.ask("POST", f"/v1/projects/{project}/next", ann, headers=key)
    assert first.json() == again.json()
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    other = api.submit(1, ann, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")


def test_a_query_waits_for_ones_own_write_or_says_that_it_is_behind(api: Api) -> None:
    project, _ = api.set_up()
    api.installation.settings.wait_seconds = 0.05
    response = api.ask("GET", f"/v1/projects/{project}/progress", params={"min_position": 10_000})
    assert (response.status_code, response.json()["code"], response.headers["retry-after"]) == (503, "behind", "1")


def test_a_write_decided_on_an_older_version_is_refused(api: Api) -> None:
    project, _ = api.set_up()
    etag = api.ask("GET", f"/v1/projects/{project}").headers["etag"]
    path, body = f"/v1/projects/{project}/instructions", {"instructions": "Look closely."}
    api.done("PUT", path, headers={"If-Match": etag}, json=body)
    stale = api.ask("PUT", path, headers={"If-Match": etag}, json={"instructions": "Or not."})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale-version")


def test_what_comes_too_late_is_kept_as_a_draft(api: Api) -> None:
    _, (ann, bob, _) = api.set_up(1)
    api.submit(1, ann)
    late = api.submit(1, bob, "B")
    assert (late.status_code, late.json()["code"], late.json()["draft_kept"]) == (409, "slot-taken", True)
    assert api.done("GET", "/v1/tasks/1/draft", bob)["result"] == result("B")


@pytest.mark.conformance("B22")
def test_an_annotator_sees_their_own_work_and_nobody_elses(api: Api) -> None:
    project, (ann, bob, rev) = api.set_up(1, assignment={"overlap": 2})
    api.submit(1, ann)
    theirs = api.submit(1, bob, "B").json()["annotation"]
    truth = {"annotation": theirs}
    whole_position = api.done("PUT", "/v1/tasks/1/ground-truth", rev, json=truth)["position"]
    seen = api.done("GET", "/v1/tasks/1", ann)
    assert [annotation["annotator"] for annotation in seen["annotations"]] == [ann]
    assert not {"ground_truth", "reviewers", "assignees", "flag", "state_history"} & seen.keys()
    assert "ground_truth" not in seen["annotations"][0]
    for path in ("/v1/tasks/1/agreement", "/v1/tasks/1/history", f"/v1/projects/{project}/tasks"):
        assert api.ask("GET", path, ann).status_code == 403
    path, seen_by_now = f"/v1/projects/{project}/annotators", {"min_position": whole_position}
    rows = api.done("GET", path, ann, params=seen_by_now)["annotators"]
    assert [row["person"] for row in rows] == [ann]
    assert "agreement" not in rows[0]
    whole = api.done("GET", "/v1/tasks/1", rev)
    assert len(whole["annotations"]) == 2
    assert whole["ground_truth"] == theirs


def test_a_token_speaks_for_its_person_until_somebody_else_is_meant(api: Api) -> None:
    project, (ann, bob, _) = api.set_up()
    secret = api.done("POST", f"/v1/people/{ann}/tokens", json={"label": "page"})["secret"]
    with httpx.Client(base_url=api.url, headers={"Authorization": f"Token {secret}"}) as client:
        assert client.get("/v1/me").json()["person"] == ann
        assert client.post(f"/v1/projects/{project}/next").json()["task"] == 1
        meant = client.post(f"/v1/projects/{project}/next", headers={"Annolog-On-Behalf-Of": str(bob)})
        assert (meant.status_code, meant.json()["code"]) == (403, "forbidden")
        assert client.get("/v1/people").status_code == 403


def test_what_is_foreign_looks_as_if_it_were_not_there(api: Api) -> None:
    api.set_up()
    stranger = api.done("POST", "/v1/people", json={"people": [{"handle": "zoe"}]})["people"][0]["person"]
    foreign = api.ask("GET", "/v1/tasks/1", stranger)
    missing = api.ask("GET", "/v1/tasks/999", stranger)
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json()["code"] == missing.json()["code"]
    assert api.done("GET", "/v1/projects", stranger)["projects"] == []


def test_the_past_is_there_as_it_was(api: Api) -> None:
    _, (ann, *_) = api.set_up(1)
    before = api.submit(1, ann).json()["position"]
    annotation = api.done("GET", "/v1/tasks/1")["annotations"][0]["id"]
    api.done("PUT", f"/v1/tasks/1/annotations/{annotation}", ann, json={"result": result("B")})
    now = api.done("GET", "/v1/tasks/1")["annotations"][0]
    then = api.done("GET", "/v1/tasks/1", params={"as_of": before})["annotations"][0]
    assert (now["result"], then["result"]) == (result("B"), result("A"))
    assert api.ask("GET", "/v1/tasks/1", params={"as_of": "yesterday"}).status_code == 422


def test_the_stream_goes_on_where_it_broke_off(api: Api) -> None:
    _, (ann, *_) = api.set_up(1)
    position = api.submit(1, ann).json()["position"]
    seen = []
    with api.client.stream("GET", "/v1/events/stream", headers={"Last-Event-ID": str(position - 2)}) as response:
        for line in response.iter_lines():
            if line.startswith("data: "):
                seen.append(json.loads(line.removeprefix("data: ")))
            if len(seen) == 2:
                break
    assert [event["position"] for event in seen] == [position - 1, position]


def test_an_export_is_what_label_studio_reads(api: Api) -> None:
    project, (ann, bob, _) = api.set_up(2)
    api.submit(1, ann)
    api.done("POST", "/v1/tasks/2/skip", bob, json={"comment": "unclear"})
    lines = api.ask("GET", f"/v1/projects/{project}/export").text.splitlines()
    first, second = (json.loads(line) for line in lines)
    assert (first["data"], first["annotations"][0]["result"]) == ({"text": "text 0"}, result("A"))
    assert (second["annotations"][0]["was_cancelled"], second["annotations"][0]["completed_by"]) == (True, bob)


def test_the_description_is_complete(api: Api) -> None:
    found = api.done("GET", "/openapi.json")
    assert found["openapi"].startswith("3.1")
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            for member in ("summary", "description", "tags"):
                assert operation[member], (method, path, member)
            if path.startswith("/v1"):
                problems = [status for status in operation["responses"] if status >= "400"]
                assert problems, (method, path)


def test_the_board_pages_filters_and_orders_over_the_wire(api: Api) -> None:
    project, (ann, *_) = api.set_up(5)
    api.installation.settle()
    position = api.submit(3, ann).json()["position"]
    path = f"/v1/projects/{project}/tasks"
    page = api.done("GET", path, params={"order": "-task", "limit": 2, "min_position": position})
    assert [row["task"] for row in page["tasks"]] == [5, 4]
    page = api.done("GET", path, params={"order": "-task", "limit": 2, "cursor": page["next_cursor"]})
    assert [row["task"] for row in page["tasks"]] == [3, 2]
    only = {"filters": {"items": [{"filter": "annotators", "operator": "contains", "value": ann}]}}
    assert [row["task"] for row in api.done("POST", f"{path}/query", json=only)["tasks"]] == [3]
    wrong = api.ask("POST", f"{path}/query", json={"filters": {"items": [{"filter": "colour", "operator": "equal"}]}})
    assert wrong.json()["errors"][0]["pointer"] == "/filters/items/0/filter"
