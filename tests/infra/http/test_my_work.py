"""What lies before somebody: their part of a task, and all that waits for them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import result

Api = Any


def test_ones_part_of_a_task_has_what_it_takes_to_begin_and_to_go_on(api: Api) -> None:
    project, (ann, bob, _) = api.set_up(1, assignment={"overlap": 2, "comment_on_skip": True})
    api.submit(1, bob, "B")
    lease = api.done("POST", f"/v1/projects/{project}/next", ann)["lease"]
    found = api.done("GET", "/v1/tasks/1/mine", ann)
    assert (found["task"], found["project"], found["config_version"]) == (1, project, 1)
    assert found["reservation"]["lease"] == lease
    assert (found["allow_skip"], found["comment_on_skip"]) == (True, True)
    assert (found["annotation"], found["draft"], found["comments"]) == (None, None, [])
    api.done("PUT", "/v1/tasks/1/draft", ann, json={"result": result("C"), "lead_time": 2.5})
    draft = api.done("GET", "/v1/tasks/1/mine", ann)["draft"]
    assert (draft["result"], draft["lead_time"], draft["reason"]) == (result("C"), 2.5, "autosaved")
    assert draft["saved_at"]
    api.submit(1, ann, "A")
    after = api.done("GET", "/v1/tasks/1/mine", ann)
    assert (after["draft"], after["reservation"], after["allow_skip"]) == (None, None, False)
    assert (after["annotation"]["result"], after["annotation"]["revision"]) == (result("A"), 1)


@pytest.mark.parametrize("who", ["owner", "reviewer"])
def test_ones_part_of_a_task_has_nobody_elses_work_in_it_whoever_asks(api: Api, who: str) -> None:
    _, (ann, _, rev) = api.set_up(1, assignment={"overlap": 2})
    api.submit(1, ann, "B")
    found = api.done("GET", "/v1/tasks/1/mine", rev if who == "reviewer" else None)
    assert found["annotation"] is None
    assert "annotations" not in found


def test_a_stale_draft_is_refused_and_a_dropped_one_is_gone(api: Api) -> None:
    _, (ann, *_) = api.set_up(1)
    api.submit(1, ann, "A")
    late = api.ask("PUT", "/v1/tasks/1/draft", ann, json={"result": result("B")})
    assert (late.status_code, late.json()["code"], late.json()["revision"]) == (412, "stale-version", 1)
    api.done("PUT", "/v1/tasks/1/draft", ann, json={"result": result("B"), "revision": 1})
    api.done("DELETE", "/v1/tasks/1/draft", ann)
    assert api.ask("GET", "/v1/tasks/1/draft", ann).status_code == 404


def test_everything_that_waits_for_somebody_is_in_one_answer(api: Api) -> None:
    project, (ann, bob, rev) = api.set_up(3)
    annotation = api.submit(1, ann, "A").json()["annotation"]
    review = {"verdict": "rejected", "action": "return", "comment": "Look again."}
    api.done("POST", f"/v1/tasks/1/annotations/{annotation}/reviews", rev, json=review)
    api.done("POST", f"/v1/projects/{project}/assignments", json={"tasks": [3], "people": [ann]})
    api.done("POST", "/v1/tasks/2/reservation", ann)
    position = api.done("PUT", "/v1/tasks/2/draft", ann, json={"result": result("C")})["position"]
    found = api.done("GET", "/v1/me/work", ann, params={"min_position": position})
    [back] = found["returned"]
    assert (back["task"], back["annotation"], back["returned"]["comment"]) == (1, annotation, "Look again.")
    assert back["words"]
    assert [row["task"] for row in found["assigned"]] == [3]
    assert [(row["task"], row["reason"], row["answered"]) for row in found["drafts"]] == [(2, "autosaved", False)]
    [row] = found["projects"]
    assert (row["project"], row["returned"], row["assigned"], row["held"], row["submitted"]) == (project, 1, 1, 1, 1)
    assert row["has_work"]
    other = api.done("GET", "/v1/me/work", bob, params={"min_position": position})
    assert (other["returned"], other["assigned"], other["drafts"]) == ([], [], [])


def test_a_task_is_known_by_words_and_never_by_an_image_written_out_in_letters(api: Api) -> None:
    project, (ann, *_) = api.set_up(1)
    data = {"page": "data:image/png;base64,AAAA", "text": "The first page."}
    task = api.done("POST", f"/v1/projects/{project}/imports", json=[{"data": data}])["first_task"]
    api.done("POST", f"/v1/tasks/{task}/reservation", ann)
    position = api.done("PUT", f"/v1/tasks/{task}/draft", ann, json={"result": result("C")})["position"]
    [draft] = api.done("GET", "/v1/me/work", ann, params={"min_position": position})["drafts"]
    assert draft["words"] == "The first page."


def test_a_pause_and_an_unpublished_project_are_said(api: Api) -> None:
    project, (ann, *_) = api.set_up(1)
    api.done("POST", f"/v1/projects/{project}/members/{ann}/pause", json={"reason": "training on Monday"})
    position = api.done("POST", f"/v1/projects/{project}/members/{ann}/pause", json={"reason": "again"})["position"]
    [row] = api.done("GET", "/v1/me/work", ann, params={"min_position": position})["projects"]
    assert row["bound"]["reason"] == "paused"
    assert not row["has_work"]
    position = api.done("POST", f"/v1/projects/{project}/unpublish")["position"]
    assert api.done("GET", "/v1/me/work", ann, params={"min_position": position})["projects"] == []


def test_nothing_keeps_a_manager_from_work_before_publication(api: Api) -> None:
    project, (_, bob, _) = api.set_up(1)
    members = {"members": [{"person": bob, "role": "manager"}]}
    api.done("POST", f"/v1/projects/{project}/members", json=members)
    position = api.done("POST", f"/v1/projects/{project}/unpublish")["position"]
    [row] = api.done("GET", "/v1/me/work", bob, params={"min_position": position})["projects"]
    assert (row["published"], row["bound"], row["has_work"]) == (False, None, True)
    assert api.done("POST", f"/v1/projects/{project}/next", bob)["task"] == 1


def test_who_waits_for_publication_is_who_is_refused_work_until_then(api: Api) -> None:
    project, (ann, bob, rev) = api.set_up(1)
    members = {"members": [{"person": bob, "role": "manager"}]}
    api.done("POST", f"/v1/projects/{project}/members", json=members)

    def waits(who: int | None) -> bool:
        said: bool = api.done("GET", f"/v1/projects/{project}/rights", who)["waits_for_publication"]
        return said

    assert not any(waits(who) for who in (ann, bob, rev, None))
    api.done("POST", f"/v1/projects/{project}/unpublish")
    assert [waits(who) for who in (ann, bob, rev, None)] == [True, False, True, False]
    for who, path in ((ann, "next"), (rev, "review/next")):
        assert api.ask("POST", f"/v1/projects/{project}/{path}", who).json()["code"] == "not-published"
    assert api.done("POST", f"/v1/projects/{project}/next", bob)["task"] == 1
