"""Coming in by an invitation, over a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from tests.infra.http.coming import ANOTHER, COOKIE, PASSWORD, Door, door_in


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with door_in(tmp_path) as found:
        yield found


def test_who_is_invited_comes_in_with_a_password_and_is_signed_in(door: Door) -> None:
    ada, person = door.came("ada")
    me = ada.done("GET", "/v1/me")
    assert (me["person"], me["handle"], me["role"], me["standing"]) == (person, "ada", "member", "active")
    again = door.browser()
    assert again.sign_in("ada").status_code == 200
    assert again.done("GET", "/v1/me")["person"] == person


def test_a_program_comes_in_with_a_token_that_is_shown_once(door: Door) -> None:
    body = {"secret": door.invited(), "handle": "robot", "token": "nightly"}
    came = door.browser().post("/v1/invitations/accept", json=body)
    assert came.status_code == 201
    assert COOKIE not in came.cookies
    robot = door.with_token(came.json()["secret"])
    [token] = robot.done("GET", "/v1/me/tokens")["tokens"]
    assert (token["label"], "secret" in token) == ("nightly", False)
    assert door.browser().sign_in("robot", "").status_code == 401


def test_an_invitation_is_used_once_also_by_many_at_the_same_moment(door: Door) -> None:
    secret, together = door.invited(), Barrier(8)

    def try_it(number: int) -> int:
        together.wait(10)
        body = {"secret": secret, "handle": f"guest {number}", "token": "mine"}
        return visitors[number].post("/v1/invitations/accept", json=body).status_code

    visitors = [door.browser() for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        codes = sorted(threads.map(try_it, range(8)))
    assert codes == [201, *[410] * 7]
    handles = [person["handle"] for person in door.owner.done("GET", "/v1/people")["people"]]
    assert len([handle for handle in handles if handle.startswith("guest")]) == 1


def test_an_invitation_that_expired_or_was_taken_back_lets_nobody_in(door: Door) -> None:
    soon = (door.clock() + timedelta(hours=1)).isoformat()
    expiring = door.invited(expires_at=soon)
    invitation = door.owner.done("POST", "/v1/invitations", json={})
    assert door.owner.request("DELETE", f"/v1/invitations/{invitation['invitation']}").status_code == 200
    door.clock.forward(3601)
    for secret in (expiring, invitation["secret"], "never-was-one"):
        body = {"secret": secret, "handle": "eve", "password": PASSWORD}
        refused = door.browser().post("/v1/invitations/accept", json=body)
        assert (refused.status_code, refused.json()["code"]) == (410, "invitation-ended")
    assert not any(one["open"] for one in door.owner.done("GET", "/v1/invitations")["invitations"])


def test_an_invitation_without_a_time_lets_somebody_in_for_a_week(door: Door) -> None:
    first, second = door.invited(), door.invited()
    door.clock.forward(timedelta(days=7).total_seconds() - 60)
    body = {"handle": "ada", "password": PASSWORD}
    door.browser().done("POST", "/v1/invitations/accept", json={**body, "secret": first})
    door.clock.forward(120)
    assert door.browser().code("POST", "/v1/invitations/accept", json={**body, "secret": second}) == "invitation-ended"


def test_who_needs_approval_comes_in_once_they_have_it(door: Door) -> None:
    browser, person = door.came("ada", approval=True)
    assert not browser.is_in
    assert browser.sign_in("ada").status_code == 401
    [ada] = [one for one in door.owner.done("GET", "/v1/people")["people"] if one["person"] == person]
    assert ada["standing"] == "awaiting_approval"
    door.owner.done("POST", f"/v1/people/{person}/approve")
    assert browser.sign_in("ada").status_code == 200
    assert browser.is_in


def test_a_guest_belongs_to_the_projects_of_their_workspace(door: Door) -> None:
    workspace = door.owner.done("POST", "/v1/workspaces", json={"title": "films"})["workspace"]
    project = door.owner.done("POST", "/v1/projects", json={"title": "one"})["project"]
    door.owner.done("PUT", f"/v1/projects/{project}/workspace", json={"workspace": workspace})
    ada, _ = door.came("ada", workspaces={str(workspace): "manager"})
    door.installation.settle()
    assert [one["project"] for one in ada.done("GET", "/v1/projects")["projects"]] == [project]
    bob, _ = door.came("bob")
    assert bob.done("GET", "/v1/projects")["projects"] == []


def test_nobody_invites_somebody_to_be_more_than_themselves(door: Door) -> None:
    administrator, _ = door.came("adam", role="administrator")
    assert administrator.code("POST", "/v1/invitations", json={"role": "owner"}) == "forbidden"
    administrator.done("POST", "/v1/invitations", json={"role": "administrator"})
    member, _ = door.came("mia")
    assert member.code("POST", "/v1/invitations", json={}) == "forbidden"


def test_a_role_of_ones_own_invites_to_nothing_that_it_is_not_itself(door: Door) -> None:
    role = {"like": "administrator", "permissions": ["invite_people", "register_people", "change_roles"]}
    door.owner.done("PUT", "/v1/roles/host", json=role)
    host, _ = door.came("host", role="administrator", custom_role="host")
    assert host.code("POST", "/v1/invitations", json={"role": "administrator"}) == "forbidden"
    more = {"people": [{"handle": "more", "role": "administrator"}]}
    assert host.code("POST", "/v1/people", json=more) == "forbidden"
    _, mia = door.came("mia")
    assert host.code("PUT", f"/v1/people/{mia}/role", json={"role": "administrator"}) == "forbidden"
    host.done("POST", "/v1/invitations", json={"role": "administrator", "custom_role": "host"})
    host.done("POST", "/v1/invitations", json={})


def test_a_limited_token_invites_nobody_to_be_more_than_it_opens(door: Door) -> None:
    body = {"label": "hr", "scopes": ["invite_people", "register_people"]}
    limited = door.with_token(door.owner.done("POST", "/v1/me/tokens", json=body)["secret"])
    assert limited.code("POST", "/v1/invitations", json={"role": "owner"}) == "forbidden"
    more = {"people": [{"handle": "more", "role": "administrator"}]}
    assert limited.code("POST", "/v1/people", json=more) == "forbidden"
    limited.done("POST", "/v1/invitations", json={})
    limited.done("POST", "/v1/people", json={"people": [{"handle": "plain"}]})


def test_a_role_that_was_retired_meanwhile_is_not_given(door: Door) -> None:
    door.owner.done("PUT", "/v1/roles/senior", json={"like": "member", "permissions": ["create_project"]})
    secret = door.invited(custom_role="senior")
    door.owner.done("DELETE", "/v1/roles/senior")
    body = {"secret": secret, "handle": "ada", "password": PASSWORD}
    refused = door.browser().post("/v1/invitations/accept", json=body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/custom_role")


def test_a_wrong_password_or_a_taken_handle_leaves_the_invitation_open(door: Door) -> None:
    door.came("ada")
    secret = door.invited()
    for wrong in (
        {"handle": "bob", "password": "too short"},
        {"handle": "ada", "password": PASSWORD},
        {"handle": "bob"},
    ):
        refused = door.browser().post("/v1/invitations/accept", json={"secret": secret, **wrong})
        assert refused.status_code == 422, refused.text
    body = {"secret": secret, "handle": "bob", "password": PASSWORD}
    assert door.browser().post("/v1/invitations/accept", json=body).status_code == 201


def test_asking_again_under_the_same_key_makes_nothing_new_and_shows_no_secret_again(door: Door) -> None:
    for path, body in (
        ("/v1/invitations", {}),
        ("/v1/me/tokens", {"label": "mine"}),
        ("/v1/organizations", {"name": "one", "owner": "olga"}),
        ("/v1/organizations", {"name": "two"}),
    ):
        key = {"Idempotency-Key": f"{path} {body}"}
        first = door.owner.post(path, json=body, headers=key)
        again = door.owner.post(path, json=body, headers=key)
        assert (first.status_code, again.status_code) == (201, 201), again.text
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.json() == {name: value for name, value in first.json().items() if name != "secret"}
        assert first.json()["secret"]


def test_another_organization_is_owned_by_who_was_given_the_way_in_and_apart_from_the_first(door: Door) -> None:
    created = door.owner.done("POST", "/v1/organizations", json={"name": "other"})
    olga = door.browser()
    body = {"secret": created["secret"], "handle": "ada", "password": ANOTHER}
    olga.done("POST", "/v1/invitations/accept", json=body)
    me = olga.done("GET", "/v1/me")
    assert (me["organization"], me["organization_name"], me["role"]) == (created["organization"], "other", "owner")
    ada, _ = door.came("ada")
    there = [person["handle"] for person in olga.done("GET", "/v1/people")["people"]]
    here = [person["handle"] for person in door.owner.done("GET", "/v1/people")["people"]]
    assert (there, here) == (["ada"], ["owner", "ada"])
    assert olga.code("GET", "/v1/organizations") == "forbidden"
    assert olga.code("POST", f"/v1/people/{ada.done('GET', '/v1/me')['person']}/deactivate", json={}) == "not-found"
    token = door.owner.done("POST", "/v1/organizations", json={"name": "third", "owner": "tim"})["secret"]
    assert door.with_token(token).done("GET", "/v1/me")["handle"] == "tim"
