"""What owners change about roles holds at once, over the wire, and is in the log."""

from __future__ import annotations

from typing import Any

Api = Any


def test_a_role_gets_what_an_owner_gives_it_and_loses_what_is_taken(api: Api) -> None:
    project, (ann, _, rev) = api.set_up(2)
    path = f"/v1/projects/{project}/overlap"
    wider = {"tasks": [1], "slots": 2}
    assert api.ask("POST", path, rev, json=wider).status_code == 403
    api.done("PUT", "/v1/permissions/change_overlap/reviewer", json={"granted": True})
    assert api.done("POST", path, rev, json=wider)["changed"] == 1
    assert api.ask("POST", path, ann, json=wider).status_code == 403
    api.done("PUT", "/v1/permissions/comment/annotator", json={"granted": False})
    assert api.ask("POST", "/v1/tasks/1/comments", ann, json={"text": "so?"}).status_code == 403
    api.done("PUT", "/v1/permissions/comment/annotator", json={"granted": None})
    assert api.ask("POST", "/v1/tasks/1/comments", ann, json={"text": "so?"}).status_code == 201
    changes = [
        (event["data"]["role"], event["data"]["permission"], event["data"].get("old"), event["data"].get("granted"))
        for event in api.done("GET", "/v1/events", params={"limit": 1000})["events"]
        if event["type"] == "PermissionChanged"
    ]
    assert changes == [
        ("reviewer", "change_overlap", None, True),
        ("annotator", "comment", None, False),
        ("annotator", "comment", False, None),
    ]
    rows = {row["permission"]: row for row in api.done("GET", "/v1/permissions", ann)["permissions"]}
    assert "reviewer" in rows["change_overlap"]["roles"]
    assert "reviewer" not in rows["change_overlap"]["default"]


def test_what_cannot_be_changed_is_refused_by_name(api: Api) -> None:
    for permission, role in (("see_quality", "annotator"), ("export", "owner")):
        refused = api.ask("PUT", f"/v1/permissions/{permission}/{role}", json={"granted": True})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/role")
    for path in ("export/king", "happiness/manager"):
        assert api.ask("PUT", f"/v1/permissions/{path}", json={"granted": True}).status_code in (404, 422)


def test_whoever_only_looks_sees_all_and_changes_nothing(api: Api) -> None:
    project, (ann, _, rev) = api.set_up(2, review={"anonymize_annotations": True})
    vera = api.done("POST", "/v1/people", json={"people": [{"handle": "vera"}]})["people"][0]["person"]
    member = {"person": vera, "role": "viewer"}
    api.done("POST", f"/v1/projects/{project}/members", json={"members": [member]})
    annotation = api.submit(1, ann).json()["annotation"]
    api.installation.settle()
    [seen] = api.done("GET", "/v1/tasks/1", vera)["annotations"]
    assert (seen["id"], seen["annotator"]) == (annotation, ann), "names are hidden from reviewers alone"
    assert api.done("GET", "/v1/tasks/1", rev)["annotations"][0]["annotator"] == "annotator 1"
    assert {row["person"] for row in api.done("GET", f"/v1/projects/{project}", vera)["members"]} >= {ann, vera}
    assert api.done("GET", f"/v1/projects/{project}/events", vera)["events"]
    assert api.submit(2, vera).status_code == 403
    assignment = {"tasks": [2], "people": [vera]}
    refused = api.ask("POST", f"/v1/projects/{project}/assignments", json=assignment)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/people")
