"""Review over the wire: what comes next, verdicts over a filter, and what a reviewer of a blind project gets to see."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.http.conftest import Api

TWO = {"assignment": {"overlap": 2}}
BLIND = {"review": {"anonymize_annotations": True, "show_agreement": False}}


def up_to(task: int, column: str = "task") -> dict[str, Any]:
    return {"conjunction": "and", "items": [{"filter": column, "operator": "less_or_equal", "value": task}]}


def test_a_reviewer_is_given_one_annotation_after_the_other_and_can_leave_one(api: Api) -> None:
    project, (ann, _, rev) = api.set_up(tasks=2)
    for task in (1, 2):
        assert api.submit(task, ann).status_code == 201
    path = f"/v1/projects/{project}/review/next"
    found = api.done("POST", path, rev)
    assert (found["task"], found["revision"], found["state"]) == (1, 1, "needs_review")
    assert "annotator" not in found
    assert api.done("POST", path, rev)["annotation"] == found["annotation"]
    assert api.ask("POST", path, ann).status_code == 403
    api.done("DELETE", "/v1/tasks/1/review", rev)
    for task in (1, 2):
        given = api.done("POST", path, rev)
        assert given["task"] == task
        api.done(
            "POST", f"/v1/tasks/{task}/annotations/{given['annotation']}/reviews", rev, json={"verdict": "accepted"}
        )
    refused = api.ask("POST", path, rev)
    assert (refused.status_code, refused.json()["code"], refused.json()["reason"]) == (
        404, "no-work", "nothing_to_review",
    )  # fmt: skip


def test_what_meets_a_filter_is_accepted_at_once_and_what_was_not_meant_is_not(api: Api) -> None:
    project, (ann, _, rev) = api.set_up(tasks=5)
    for task in range(1, 6):
        api.submit(task, ann)
    path = f"/v1/projects/{project}/review/bulk"
    body = {"filters": up_to(4), "excluded": [2], "verdict": "accepted"}
    here = {"params": {"min_position": api.installation.bus.head}}
    seen = api.done("POST", path, rev, json={**body, "preview": True}, **here)
    assert (seen["tasks"], seen["would_change"], seen["changed"]) == (3, 3, 0)
    found = api.done("POST", path, rev, json=body, **here)
    assert {name: found[name] for name in ("tasks", "changed", "reviewed", "left", "held")} == {
        "tasks": 3, "changed": 3, "reviewed": 3, "left": 0, "held": 0,
    }  # fmt: skip
    states = [api.installation.states.task(task).state.value for task in range(1, 6)]
    assert states == ["completed", "needs_review", "completed", "completed", "needs_review"]
    assert api.done("POST", path, rev, json={"tasks": [2], "verdict": "rejected"})["reviewed"] == 1
    assert api.ask("POST", path, ann, json=body).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"verdict": "accepted"},
        {"verdict": "accepted", "tasks": [1], "filters": {}},
        {"verdict": "fixed", "tasks": [1]},
        {"verdict": "accepted", "filters": up_to(1, "nothing")},
    ],
)
def test_what_cannot_be_meant_is_refused(api: Api, wrong: dict[str, Any]) -> None:
    project, (_, _, rev) = api.set_up(tasks=1)
    assert api.ask("POST", f"/v1/projects/{project}/review/bulk", rev, json=wrong).status_code == 422


def test_a_verdict_of_the_wrong_kind_for_the_project_is_refused_in_bulk_as_well(api: Api) -> None:
    project, (ann, _, rev) = api.set_up(tasks=1, review={"allowed_reject_actions": ["remove"]})
    api.submit(1, ann)
    body = {"tasks": [1], "verdict": "rejected", "action": "return"}
    refused = api.ask("POST", f"/v1/projects/{project}/review/bulk", rev, json=body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/action")


def test_a_blind_project_hides_names_and_agreement_from_reviewers_and_not_from_managers(api: Api) -> None:
    project, (ann, bob, rev) = api.set_up(tasks=1, **TWO, **BLIND)
    api.submit(1, bob, "A")
    api.submit(1, ann, "B")
    api.done("POST", "/v1/tasks/1/comments", ann, json={"text": "hm"})
    page = api.done("GET", "/v1/tasks/1", rev)
    assert [found["annotator"] for found in page["annotations"]] == ["annotator 1", "annotator 2"]
    assert page["comments"][0]["author"] == "annotator 2"
    assert [found["revisions"][0]["by"] for found in page["annotations"]] == ["annotator 1", "annotator 2"]
    assert "flag" not in page
    history = api.done("GET", "/v1/tasks/1/history", rev)["events"]
    submitted = [event for event in history if event["type"] == "AnnotationSubmitted"]
    assert [event["data"]["annotator"] for event in submitted] == ["annotator 1", "annotator 2"]
    assert {event["on_behalf_of"] for event in submitted} == {"annotator 1", "annotator 2"}
    here = {"params": {"min_position": api.installation.bus.head}}
    rows = f"/v1/projects/{project}/tasks"
    [row] = api.done("GET", rows, rev, **here)["tasks"]
    assert row["annotators"] == ["annotator 1", "annotator 2"]
    assert "agreement" not in row
    for refused in (
        api.ask("GET", "/v1/tasks/1/agreement", rev),
        api.ask("GET", "/v1/tasks/1/why", rev),
        api.ask("GET", f"/v1/projects/{project}/agreement", rev),
        api.ask("GET", rows, rev, params={"order": "-agreement"}),
        api.ask("POST", f"{rows}/query", rev, json={"filters": up_to(1, "agreement")}),
        api.ask(
            "POST",
            f"/v1/projects/{project}/review/bulk",
            rev,
            json={"verdict": "accepted", "filters": up_to(1, "filter:tasks:agreement")},
        ),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden"), refused.text
    assert api.done("GET", "/v1/tasks/1")["annotations"][0]["annotator"] == bob
    assert api.done("GET", rows, **here)["tasks"][0]["annotators"] != row["annotators"]
    assert api.ask("GET", "/v1/tasks/1/agreement").status_code == 200


def test_a_blind_project_has_a_consensus_that_names_nobody_and_does_not_tell_how_sure_it_is(api: Api) -> None:
    project, (ann, bob, rev) = api.set_up(tasks=1, **TWO, **BLIND)
    api.submit(1, bob, "A")
    api.submit(1, ann, "A")
    here = {"params": {"min_position": api.installation.bus.head}}
    whole = api.done("GET", "/v1/tasks/1/consensus", **here)
    assert whole["dimensions"]["label"]["people"] == sorted([ann, bob])
    assert whole["pairwise"] == 1.0
    blind = api.done("GET", "/v1/tasks/1/consensus", rev, **here)
    assert blind["winners"] == whole["winners"]
    assert not {"pairwise", "consensus"} & blind.keys()
    assert not {"people", "posterior", "entropy"} & blind["dimensions"]["label"].keys()
    assert api.done("GET", f"/v1/projects/{project}/consensus", rev, **here)["tasks"] == [blind]


def test_who_is_shown_no_names_is_told_figures_of_nobody_else(api: Api) -> None:
    project, (ann, bob, rev) = api.set_up(tasks=2, **TWO, review={"anonymize_annotations": True})
    api.submit(1, ann, "A")
    api.submit(1, bob, "A")
    api.done("POST", f"/v1/projects/{project}/review/bulk", rev, json={"tasks": [1], "verdict": "accepted"})
    here = {"params": {"min_position": api.installation.bus.head}}

    def told(path: str, who: int | None) -> set[int]:
        [rows] = [found for found in api.done("GET", path, who, **here).values() if isinstance(found, list)]
        return {row["person"] for row in rows}

    for of in ("annotators", "workload", "skills"):
        path = f"/v1/projects/{project}/{of}"
        assert {ann, bob} <= told(path, None), of
        assert told(path, rev) <= {rev}, of
        assert told(path, ann) <= {ann}, of
    of_each = ("agreement/pairs", f"agreement/pairs/{ann}/{bob}?dimension=label", "consensus/skills")
    for path in (*of_each, f"skills?person={ann}", f"firings?person={ann}"):
        assert api.ask("GET", f"/v1/projects/{project}/{path}").status_code == 200, path
        assert api.ask("GET", f"/v1/projects/{project}/{path}", rev).status_code == 403, path
    path = f"/v1/projects/{project}/agreement/explanation?dimension=label"
    assert api.done("GET", path, rev).keys() == api.done("GET", path).keys() - {"annotators"}
    # Of the whole it is still told how people agree.
    assert api.done("GET", f"/v1/projects/{project}/agreement", rev, **here)["percent_agreement"] == 1.0


def test_a_matrix_of_agreement_without_names(api: Api) -> None:
    _, (ann, bob, rev) = api.set_up(tasks=1, **TWO, review={"anonymize_annotations": True})
    api.submit(1, bob, "A")
    api.submit(1, ann, "B")
    path, here = "/v1/tasks/1/agreement", {"min_position": api.installation.bus.head}
    [pair] = api.done("GET", path, rev, params=here)["matrix"]
    assert {pair["one"], pair["other"]} == {"annotator 1", "annotator 2"}
    assert pair["agreement"] == 0
    assert api.ask("GET", path, rev, params={"participant": str(ann)}).status_code == 403
