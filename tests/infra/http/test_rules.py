"""Rules over the wire: managers set them, people see what was done to them and object, managers overrule."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.http.conftest import Api

RULE = {
    "conditions": [
        {"collector": "fast_answers", "comparison": "gte", "value": 2, "parameters": {"seconds": 3, "last": 4}}
    ],
    "action": {"do": "pause", "kind": "full", "minutes": 60},
}


def hurried(api: Api) -> tuple[int, list[int]]:
    """A project in which Ann has answered twice within a second and was paused for it."""
    project, people = api.set_up(tasks=4)
    assert api.done("PUT", f"/v1/projects/{project}/rules/too-fast", json=RULE)["version"] == 1
    for task in (1, 2):
        found = api.done("POST", f"/v1/tasks/{task}/annotations", people[0], json={"result": [], "lead_time": 1})
        assert found["task"] == task
    api.installation.settle()
    return project, people


def test_a_rule_is_set_shown_changed_and_removed(api: Api) -> None:
    project, (ann, _, rev) = api.set_up()
    path = f"/v1/projects/{project}/rules"
    assert api.done("GET", path)["rules"] == []
    api.done("PUT", f"{path}/too-fast", json=RULE)
    assert api.done("PUT", f"{path}/too-fast", json=RULE)["version"] == 1
    assert api.done("PUT", f"{path}/too-fast", json={**RULE, "enabled": False})["version"] == 2
    [shown] = api.done("GET", path, rev)["rules"]
    assert (shown["name"], shown["version"], shown["enabled"], shown["again"]) == ("too-fast", 2, False, True)
    assert {name: shown[name] for name in RULE} == RULE
    assert api.ask("GET", path, ann).status_code == 403
    assert api.ask("PUT", f"{path}/mine", rev, json=RULE).status_code == 403
    assert api.ask("DELETE", f"{path}/too-fast", rev).status_code == 403
    api.done("DELETE", f"{path}/too-fast")
    assert api.ask("DELETE", f"{path}/too-fast").status_code == 404
    assert api.done("GET", path)["rules"] == []
    assert api.ask("GET", "/v1/projects/99/rules").status_code == 404


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"conditions": []}, "/conditions"),
        ({"conditions": [{**RULE["conditions"][0], "collector": "speed"}]}, "/conditions/0/collector"),  # type: ignore[dict-item]
        ({"conditions": [{**RULE["conditions"][0], "parameters": {}}]}, "/conditions/0/parameters/seconds"),  # type: ignore[dict-item]
        ({"action": {"do": "pause", "minutes": -1}}, "/action/minutes"),
        ({"action": {"do": "nothing"}}, "/action"),
        ({"then": {}}, "/then"),
    ],
)
def test_a_rule_that_is_none_is_refused_by_field(api: Api, change: dict[str, Any], pointer: str) -> None:
    project, _ = api.set_up(tasks=0)
    refused = api.ask("PUT", f"/v1/projects/{project}/rules/r", json={**RULE, **change})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == pointer


def test_people_see_and_appeal_what_was_done_to_them_and_to_nobody_else(api: Api) -> None:
    project, (ann, bob, rev) = hurried(api)
    path = f"/v1/projects/{project}/firings"
    paused = api.ask("POST", f"/v1/projects/{project}/next", ann)
    assert (paused.status_code, paused.json()["rule"]) == (403, "too-fast")
    [mine] = api.done("GET", path, ann)["firings"]
    assert mine["inputs"] == {"fast_answers": 2}
    assert mine["conditions"] == RULE["conditions"]
    assert (mine["tasks"], mine["appealed"], mine["overruled"]) == ([1, 2], False, False)
    assert api.done("GET", path, bob)["firings"] == []
    assert api.ask("GET", path, bob, params={"person": ann}).status_code == 403
    assert api.done("GET", path, rev, params={"person": bob})["firings"] == []
    assert len(api.done("GET", path, rev)["firings"]) == 1

    appeal = f"{path}/1/appeal"
    assert api.ask("POST", appeal, bob, json={"words": "no"}).status_code == 404
    assert api.ask("POST", appeal, rev, json={"words": "no"}).status_code == 403
    assert api.ask("POST", appeal, ann, json={"words": ""}).status_code == 422
    api.done("POST", appeal, ann, json={"words": "they are short"})
    assert api.ask("POST", appeal, ann, json={"words": "really"}).status_code == 409

    assert api.ask("POST", f"{path}/1/overrule", ann, json={}).status_code == 403
    assert api.ask("POST", f"{path}/9/overrule", json={}).status_code == 404
    position = api.done("POST", f"{path}/1/overrule", json={"reason": "they are"})["position"]
    [after] = api.done("GET", path, ann, params={"min_position": position})["firings"]
    assert (after["appeal"], after["overruled"], after["overruled_because"]) == ("they are short", True, "they are")
    assert api.done("POST", f"/v1/projects/{project}/next", ann)["task"]


def test_firings_come_in_pages(api: Api) -> None:
    project, (ann, bob, _) = hurried(api)
    for task in (1, 2):
        assert api.ask("POST", f"/v1/tasks/{task}/annotations", bob, json={"result": []}).status_code == 409
    for task in (3, 4):
        api.done("POST", f"/v1/tasks/{task}/annotations", bob, json={"result": [], "lead_time": 1})
    api.installation.settle()
    first = api.done("GET", f"/v1/projects/{project}/firings", params={"limit": 1})
    assert ([one["person"] for one in first["firings"]], first["next"]) == ([ann], 1)
    rest = api.done("GET", f"/v1/projects/{project}/firings", params={"limit": 2, "after": 1})
    assert ([one["person"] for one in rest["firings"]], rest["next"]) == ([bob], None)


def test_a_pause_by_rule_is_shown_and_ended_by_its_rule(api: Api) -> None:
    project, (ann, _, rev) = hurried(api)
    members = {one["person"]: one for one in api.done("GET", f"/v1/projects/{project}")["members"]}
    [pause] = members[ann]["pauses"]
    assert (pause["cause"], pause["rule"]) == ("rule", "too-fast")
    resume = f"/v1/projects/{project}/members/{ann}/resume"
    api.done("POST", resume)
    assert api.ask("POST", f"/v1/projects/{project}/next", ann).status_code == 403
    assert api.ask("POST", resume, rev, params={"rule": "too-fast"}).status_code == 403
    api.done("POST", resume, params={"rule": "too-fast"})
    assert api.done("POST", f"/v1/projects/{project}/next", ann)["task"]


def test_skills_are_set_by_managers_and_shown(api: Api) -> None:
    project, (ann, _, rev) = api.set_up(tasks=0)
    path = f"/v1/projects/{project}/members/{ann}/skills/films"
    assert api.ask("PUT", path, rev, json={"value": 1}).status_code == 403
    assert api.ask("PUT", path, json={"value": "much"}).status_code == 422
    assert api.ask("PUT", path.replace(str(ann), "99"), json={"value": 1}).status_code == 404
    api.done("PUT", path, json={"value": 0.5})
    members = {one["person"]: one["skills"] for one in api.done("GET", f"/v1/projects/{project}")["members"]}
    assert members == {ann: {"films": 0.5}, ann + 1: {}, rev: {}}
    api.done("PUT", path, json={"value": None})
    members = {one["person"]: one["skills"] for one in api.done("GET", f"/v1/projects/{project}")["members"]}
    assert members[ann] == {}
