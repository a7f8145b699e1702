"""What pages of an organization are made of: who may do what to whom, how everything is, where one is signed in."""

from __future__ import annotations

from itertools import product
from typing import Any

import httpx
import pytest

from annolog.domain.people.treatment import Treatment
from annolog.infra.pace import Pace
from tests.infra.http.conftest import Api

PASSWORD = "a perfectly good password"
WAYS: dict[str, tuple[str, str, Any]] = {
    "revise": ("PUT", "", {"name": "Somebody"}),
    "change_role": ("PUT", "/role", {"role": "member"}),
    "approve": ("POST", "/approve", None),
    "deactivate": ("POST", "/deactivate", {}),
    "reactivate": ("POST", "/reactivate", None),
    "end_sessions": ("POST", "/sign-out", None),
    "remove_password": ("DELETE", "/password", None),
    "issue_tokens": ("POST", "/tokens", {}),
    "erase": ("POST", "/erase", {}),
}


def registered(api: Api, handle: str, **more: Any) -> int:
    body = {"people": [{"handle": handle, **more}]}
    found: int = api.done("POST", "/v1/people", json=body)["people"][0]["person"]
    return found


def newcomer(api: Api, handle: str, who: int | None = None, **more: Any) -> dict[str, Any]:
    secret = api.done("POST", "/v1/invitations", who, json=more)["secret"]
    body = {"secret": secret, "handle": handle, "password": PASSWORD}
    return api.done("POST", "/v1/invitations/accept", json=body)


def test_who_is_told_that_they_may_do_something_to_somebody_may_and_nobody_else(api: Api) -> None:
    assert WAYS.keys() == set(Treatment)
    api.done("PUT", "/v1/permissions/see_people/member", json={"granted": True})
    api.done("PUT", "/v1/roles/inviter", json={"like": "member", "permissions": ["see_people", "invite_people"]})
    by = {name: registered(api, f"by {name}", role=name) for name in ("owner", "administrator", "member")}
    by["inviter"] = registered(api, "by inviter", role="member", custom_role="inviter")
    kinds: list[dict[str, Any]] = [{"role": role} for role in ("owner", "administrator", "member")]
    kinds += [{"role": "member", "custom_role": "inviter"}, {"service": True}]
    seen = set()
    for (name, who), (way, (method, path, body)) in product(by.items(), WAYS.items()):
        for number, kind in enumerate(kinds):
            handle = f"{name} {way} {number}"
            person = registered(api, handle, **kind)
            if way == "reactivate":
                api.done("POST", f"/v1/people/{person}/deactivate", json={})
            asked = {"handle": handle} if way == "erase" else body
            offered = way in api.done("GET", f"/v1/people/{person}", who)["may"]
            answer = api.ask(method, f"/v1/people/{person}{path}", who, json=asked)
            # What a program has none of is not offered to be ended, though nobody minds.
            idle = kind.get("service") and way in ("end_sessions", "remove_password")
            if way != "approve" and not idle:
                assert offered is (answer.status_code < 300), (name, way, kind, answer.text)
            seen.add(offered)
    assert seen == {True, False}


def test_who_waits_is_let_in_by_who_is_told_that_they_may(api: Api) -> None:
    waiting = newcomer(api, "wanda", approval=True)["person"]
    assert "approve" in api.done("GET", f"/v1/people/{waiting}")["may"]
    api.done("POST", f"/v1/people/{waiting}/approve")
    assert "approve" not in api.done("GET", f"/v1/people/{waiting}")["may"]


def test_the_only_owner_is_not_offered_to_be_lost(api: Api) -> None:
    me = api.done("GET", "/v1/me")["person"]
    assert not {"change_role", "deactivate", "erase"} & set(api.done("GET", f"/v1/people/{me}")["may"])
    registered(api, "second", role="owner")
    assert {"change_role", "erase"} <= set(api.done("GET", f"/v1/people/{me}")["may"])


def test_everybody_sees_themselves_and_only_who_may_sees_others(api: Api) -> None:
    ann, bob = registered(api, "ann"), registered(api, "bob")
    assert api.done("GET", f"/v1/people/{ann}", ann)["may"] == ["end_sessions", "issue_tokens", "revise"]
    assert api.ask("GET", f"/v1/people/{bob}", ann).status_code == 403
    assert api.ask("GET", "/v1/people/9999").status_code == 404


def test_roles_that_are_offered_to_be_given_can_be(api: Api) -> None:
    api.done("PUT", "/v1/permissions/create_project/administrator", json={"granted": False})
    api.done("PUT", "/v1/roles/lead", json={"like": "member", "permissions": ["create_project"]})
    api.done("PUT", "/v1/roles/gone", json={"like": "member", "permissions": []})
    api.done("DELETE", "/v1/roles/gone")
    admin = registered(api, "admin", role="administrator")
    everything = [("member", None), ("administrator", None), ("owner", None), ("member", "lead")]
    for who, expected in ((None, everything), (admin, everything[:2])):
        given = api.done("GET", "/v1/roles", who)["gives"]
        assert [(one["role"], one["custom_role"]) for one in given] == expected
    for number, (role, own) in enumerate(everything):
        body = {"people": [{"handle": f"x{number}", "role": role, "custom_role": own or ""}]}
        allowed = api.ask("POST", "/v1/people", admin, json=body).status_code == 201
        assert allowed is ((role, own) in everything[:2])


def test_people_are_found_by_words_role_and_standing_page_by_page(api: Api) -> None:
    people = [{"handle": f"crowd/{number:04}", "name": f"Zoë {number}"} for number in range(1, 1201)]
    ids = api.done("POST", "/v1/people", json={"people": people})["people"]
    api.done("POST", f"/v1/people/{ids[-1]['person']}/deactivate", json={})

    def found(**params: Any) -> list[int]:
        rows: list[int] = []
        after = 0
        while after is not None:
            page = api.done("GET", "/v1/people", params={"limit": 500, "after": after, **params})
            rows += [row["person"] for row in page["people"]]
            after = page["next"]
        return rows

    assert len(found()) == 1201
    assert found(text="ZOË 12", limit=7) == [
        one["person"] for number, one in enumerate(ids, 1) if str(number).startswith("12")
    ]
    assert found(text="crowd/0007") == [ids[6]["person"]]
    assert found(standing="deactivated") == [ids[-1]["person"]]
    assert found(role="owner") == [api.done("GET", "/v1/me")["person"]]
    assert found(service=True) == []
    assert api.ask("GET", "/v1/people", params={"text": "\0"}).status_code == 422


def test_a_workspace_tells_what_one_may_do_in_it_and_which_roles_one_may_give(api: Api) -> None:
    _, (ann, bob, _) = api.set_up(0)
    api.done("PUT", f"/v1/people/{ann}", json={"name": "Ann Example"})
    workspace = api.done("POST", "/v1/workspaces", json={"title": "films"})["workspace"]
    members = [{"person": ann, "role": "manager"}, {"person": bob, "role": "viewer"}]
    api.done("POST", f"/v1/workspaces/{workspace}/members", json={"members": members})
    api.done("PUT", "/v1/permissions/export/manager", json={"granted": False})
    api.done("PUT", "/v1/permissions/export/viewer", json={"granted": True})
    there = api.done("GET", f"/v1/workspaces/{workspace}", ann)
    assert there["permissions"] == ["see_workspace", "manage_workspace"]
    assert there["members"][0]["name"] == "Ann Example"
    assert [one["role"] for one in there["gives"]] == ["manager", "reviewer", "annotator"]
    for role in ("manager", "reviewer", "annotator", "viewer"):
        body = {"members": [{"person": bob, "role": role}]}
        answer = api.ask("POST", f"/v1/workspaces/{workspace}/members", ann, json=body)
        assert (answer.status_code == 200) is (role != "viewer")
    assert api.done("GET", f"/v1/workspaces/{workspace}", bob)["permissions"] == ["see_workspace"]
    [listed] = api.done("GET", "/v1/workspaces", bob)["workspaces"]
    assert listed["permissions"] == ["see_workspace"]
    assert "members" not in api.done("GET", f"/v1/workspaces/{workspace}", bob)


def test_somebody_sees_where_they_are_signed_in_and_ends_one_of_it(api: Api) -> None:
    person = newcomer(api, "sue")["person"]
    browsers = [httpx.Client(base_url=api.url, headers={"Sec-Fetch-Site": "same-origin"}) for _ in range(2)]
    for browser in browsers:
        answer = browser.post("/v1/sign-in", json={"name": "sue", "password": PASSWORD})
        assert answer.status_code == 200
    rows = browsers[0].get("/v1/me/sessions").json()["sessions"]
    # One began with the invitation.
    assert [row["here"] for row in rows] == [False, True, False]
    assert {row["method"] for row in rows} == {"password", "invitation"}
    assert browsers[0].delete(f"/v1/me/sessions/{rows[2]['session']}").status_code == 200
    assert [browser.get("/v1/me").status_code for browser in browsers] == [200, 401]
    assert browsers[0].delete(f"/v1/me/sessions/{rows[2]['session']}").status_code == 404
    assert api.ask("DELETE", f"/v1/me/sessions/{rows[1]['session']}").status_code == 404, "that is not the owner's"
    assert len(api.done("GET", "/v1/me/sessions", person)["sessions"]) == 2
    for browser in browsers:
        browser.close()


def test_the_system_is_told_as_status_has_it_to_who_may_read_the_log(api: Api) -> None:
    api.set_up(2)
    api.installation.settle(30)
    found = api.done("GET", "/v1/system")
    assert (found["status"], found["reasons"], found["parked"]) == ("ok", [], [])
    readers = {reader["name"]: reader["standing"] for reader in found["readers"]}
    assert (readers["board"], readers["agreement"]) == ("current", "current")
    assert "reaction.reassignment" in readers
    # As many as there are, less those recorded before; the test began less than an hour ago.
    assert sum(found["events_by_minute"]) == api.installation.bus.head
    assert len(found["events_by_minute"]) == 60
    assert found["process"]["version"]
    assert found["data"]["log"]
    text = api.ask("GET", "/v1/system").text
    assert "password" not in text.lower()
    plain = registered(api, "plain")
    assert api.ask("GET", "/v1/system", plain).status_code == 403


def test_of_what_is_parked_for_others_only_the_number_is_told(api: Api) -> None:
    project, _ = api.set_up(1)
    writer = api.installation.read_writer
    row = {"reader": "board", "position": 3, "place": f"project-{project}", "stream": f"project-{project}"}
    more = {"type": "ProjectCreated", "error": "ValueError: what is in it", "waits": 1, "attempts": 2, "parked_at": 1}
    with writer.begin() as connection:
        from annolog.projections.engine.parking import parked

        connection.execute(parked.insert(), [row | more])
    found = api.done("GET", "/v1/system")
    assert (found["status"], found["parked_elsewhere"]) == ("warning", 0)
    [told] = found["parked"]
    assert (told["reader"], told["project"], told["error"], told["attempts"]) == ("board", project, more["error"], 2)
    secret = api.done("POST", "/v1/organizations", json={"name": "others", "owner": "other"})["secret"]
    with httpx.Client(base_url=api.url, headers={"Authorization": f"Bearer {secret}"}) as other:
        theirs = other.get("/v1/system").json()
    assert (theirs["parked"], theirs["parked_elsewhere"], theirs["data"]) == ([], 1, None)
    assert "what is in it" not in str(theirs)
    assert api.done("GET", "/v1/system")["parked"] == [told]


@pytest.mark.parametrize("minutes", [1, 7, 60])
def test_the_pace_is_what_counting_says(shared_api: Api, minutes: int) -> None:
    installation = shared_api.installation
    registered(shared_api, f"for {minutes}")
    now = installation.clock()
    times = [recorded.recorded_at for recorded in installation.log.after(0, 100_000)]
    this = int(now.timestamp()) // 60
    counted = [0] * minutes
    for at in times:
        back = this - int(at.timestamp()) // 60
        if back < minutes:
            counted[minutes - 1 - back] += 1
    assert Pace(installation.log_reader).by_minute(now, minutes) == counted
