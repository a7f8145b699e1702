"""Signing in and out, over a real socket: what a password opens, for how long, and what ends it at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import pytest

from annolog.infra.composition import Installation
from annolog.infra.http.serve import running_server
from annolog.infra.settings import InstallationSettings
from tests.infra.http.coming import ANOTHER, COOKIE, PASSWORD, Door, Visitor, door_in
from tests.world import LABEL_CONFIG, Backend, MovableClock

HOUR = 3600
# What differs from answer to answer, whatever is asked.
VARYING = {"date", "x-correlation-id", "ratelimit-remaining", "ratelimit-reset"}


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with door_in(tmp_path) as found:
        yield found


def test_a_wrong_name_and_a_wrong_password_are_told_in_the_same_bytes_after_about_the_same_time(door: Door) -> None:
    door.came("ada")
    stranger = door.browser()
    stranger.sign_in("ada", "wrong")

    def asked(name: str) -> tuple[bytes, dict[str, str], float]:
        times = []
        for _ in range(4):
            begun = perf_counter()
            refused = stranger.sign_in(name, ANOTHER)
            times.append(perf_counter() - begun)
        assert refused.status_code == 401
        headers = {name: value for name, value in refused.headers.items() if name not in VARYING}
        return refused.content, headers, min(times)

    known, unknown = asked("ada"), asked("nobody")
    assert known[:2] == unknown[:2]
    assert COOKIE not in stranger.cookies
    assert 0.4 < known[2] / unknown[2] < 2.5


def test_too_many_wrong_passwords_have_the_name_wait_even_with_the_right_one(tmp_path: Path) -> None:
    with door_in(tmp_path, failed_passwords_per_name=3) as door:
        door.came("ada")
        door.came("bob")
        stranger = door.browser()
        for _ in range(3):
            assert stranger.sign_in("ada", "wrong").status_code == 401
        refused = stranger.sign_in("ada")
        assert (refused.status_code, refused.json()["code"]) == (429, "too-many-requests")
        assert 0 < int(refused.headers["retry-after"]) <= 300
        assert stranger.sign_in("bob").status_code == 200


def test_a_right_password_counts_for_nothing_and_leaves_the_wrong_ones_counted(tmp_path: Path) -> None:
    with door_in(tmp_path, failed_passwords_per_name=3) as door:
        door.came("ada")
        visitor = door.browser()
        for _ in range(2):
            assert visitor.sign_in("ada", "wrong").status_code == 401
            for _ in range(4):
                assert visitor.sign_in("ada").status_code == 200
        assert visitor.sign_in("ada", "wrong").status_code == 401
        assert visitor.sign_in("ada").status_code == 429


def test_an_address_waits_whatever_names_it_tries_and_others_behind_a_trusted_proxy_do_not(tmp_path: Path) -> None:
    networks = door_networks()
    with door_in(tmp_path, failed_passwords_per_address=3, trusted_proxies=networks) as door:
        door.came("ada")
        one, other = (door.browser(**{"X-Forwarded-For": address}) for address in ("198.51.100.7", "198.51.100.8"))
        for number in range(3):
            assert one.sign_in(f"name {number}", "wrong").status_code == 401
        assert one.sign_in("ada").status_code == 429
        for _ in range(5):
            assert other.sign_in("ada").status_code == 200


def door_networks() -> Any:
    return InstallationSettings.model_validate({"trusted_proxies": "127.0.0.1/32"}).trusted_proxies


def cookie_of(response: Any) -> dict[str, str]:
    [line] = [line for line in response.headers.get_list("set-cookie") if line.startswith(f"{COOKIE}=")]
    parts = (part.strip().partition("=") for part in line.split(";")[1:])
    return {name.lower(): value for name, _, value in parts}


def test_the_cookie_is_for_no_script_and_no_other_site_and_over_https_alone_where_there_is_https(
    tmp_path: Path,
) -> None:
    with door_in(tmp_path, trusted_proxies=door_networks()) as door:
        door.came("ada")
        plain = cookie_of(door.browser().sign_in("ada"))
        behind = door.browser(**{"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"})
        encrypted = cookie_of(behind.sign_in("ada"))
    for cookie in (plain, encrypted):
        assert ("httponly" in cookie, cookie["samesite"].lower(), cookie["path"]) == (True, "lax", "/")
        assert int(cookie["max-age"]) == 168 * HOUR
        assert "domain" not in cookie
    assert ("secure" in plain, "secure" in encrypted) == (False, True)


def test_nobody_says_https_for_themselves_whom_we_do_not_trust(door: Door) -> None:
    door.came("ada")
    assert "secure" not in cookie_of(door.browser(**{"X-Forwarded-Proto": "https"}).sign_in("ada"))


def used_until(door: Door, visitor: Visitor, hours: int) -> None:
    """Ask for something every hour, and have that noted."""
    for _ in range(hours):
        door.clock.forward(HOUR)
        assert visitor.is_in
        door.owner.done("PUT", "/v1/organization", json={"name": f"at {door.clock()}"})


def test_a_session_ends_when_nothing_is_asked_with_it_for_eight_hours(door: Door) -> None:
    ada, _ = door.came("ada")
    used_until(door, ada, 10)
    door.clock.forward(8 * HOUR)
    assert not ada.is_in


def test_a_session_ends_after_its_longest_time_however_much_it_is_used(tmp_path: Path) -> None:
    with door_in(tmp_path, session_hours=10) as door:
        ada, _ = door.came("ada")
        used_until(door, ada, 9)
        door.clock.forward(HOUR)
        assert not ada.is_in
        assert ada.sign_in("ada").status_code == 200
        assert ada.is_in


def test_signing_out_ends_the_session_here_and_no_other(door: Door) -> None:
    here, _ = door.came("ada")
    there = door.browser()
    there.sign_in("ada")
    stolen = here.cookies[COOKIE]
    assert here.post("/v1/sign-out").status_code == 204
    assert COOKIE not in here.cookies
    assert not here.is_in
    thief = door.browser(Cookie=f"{COOKIE}={stolen}")
    assert not thief.is_in
    assert there.is_in
    assert here.post("/v1/sign-out").status_code == 204


def test_signing_in_anew_ends_what_the_browser_had_before(door: Door) -> None:
    ada, _ = door.came("ada")
    before = ada.cookies[COOKIE]
    ada.sign_in("ada")
    assert ada.cookies[COOKIE] != before
    assert ada.is_in
    assert not door.browser(Cookie=f"{COOKIE}={before}").is_in


def test_signing_out_everywhere_ends_every_session_at_once_for_oneself_and_for_administrators(door: Door) -> None:
    ada, person = door.came("ada")
    other = door.browser()
    for who in (ada, door.owner):
        ada.sign_in("ada")
        other.sign_in("ada")
        assert ada.is_in
        assert other.is_in
        who.done("POST", f"/v1/people/{person}/sign-out")
        assert (ada.is_in, other.is_in) == (False, False)
    bob, _ = door.came("bob")
    assert bob.code("POST", f"/v1/people/{person}/sign-out") == "forbidden"


def test_a_changed_password_ends_every_session_and_the_old_one_opens_nothing(door: Door) -> None:
    ada, _ = door.came("ada")
    other = door.browser()
    other.sign_in("ada")
    assert other.is_in
    assert ada.code("POST", "/v1/me/password", json={"old": "wrong", "new": ANOTHER}) == "unauthenticated"
    assert ada.code("POST", "/v1/me/password", json={"new": ANOTHER}) == "unauthenticated"
    assert ada.code("POST", "/v1/me/password", json={"old": PASSWORD, "new": "short"}) == "invalid-input"
    ada.done("POST", "/v1/me/password", json={"old": PASSWORD, "new": ANOTHER})
    assert (ada.is_in, other.is_in) == (False, False)
    assert ada.sign_in("ada").status_code == 401
    assert ada.sign_in("ada", ANOTHER).status_code == 200


def test_who_came_by_a_token_sets_a_first_password_but_not_with_a_limited_one_nor_for_others(door: Door) -> None:
    body = {"secret": door.invited(), "handle": "ada", "token": "mine"}
    ada = door.with_token(door.browser().done("POST", "/v1/invitations/accept", json=body)["secret"])
    person = ada.done("GET", "/v1/me")["person"]
    scopes = {"scopes": ["issue_own_tokens"]}
    limited = door.with_token(ada.done("POST", "/v1/me/tokens", json=scopes)["secret"])
    new = {"new": PASSWORD}
    assert limited.code("POST", "/v1/me/password", json=new) == "forbidden"
    behalf = {"Annolog-On-Behalf-Of": str(person)}
    assert door.owner.code("POST", "/v1/me/password", json=new, headers=behalf) == "forbidden"
    ada.done("POST", "/v1/me/password", json=new)
    assert door.browser().sign_in("ada").status_code == 200


def test_without_a_password_and_with_a_removed_one_nobody_signs_in(door: Door) -> None:
    ada, person = door.came("ada")
    door.owner.done("DELETE", f"/v1/people/{person}/password")
    assert not ada.is_in
    assert ada.sign_in("ada").status_code == 401
    assert door.browser().sign_in("owner").status_code == 401


def test_who_is_kept_out_is_out_at_once_by_session_token_and_in_whose_name_others_act(door: Door) -> None:
    ada, person = door.came("ada")
    project = door.owner.done("POST", "/v1/projects", json={"title": "one", "label_config": LABEL_CONFIG})["project"]
    member = {"members": [{"person": person, "role": "annotator"}]}
    door.owner.done("POST", f"/v1/projects/{project}/members", json=member)
    door.owner.done("POST", f"/v1/projects/{project}/imports", json=[{"data": {"text": "x"}}])
    door.owner.done("POST", f"/v1/projects/{project}/publish")
    token = door.with_token(ada.done("POST", "/v1/me/tokens", json={})["secret"])
    task = ada.done("POST", f"/v1/projects/{project}/next")["task"]
    assert person in door.installation.states.task(task).leases
    behalf = {"Annolog-On-Behalf-Of": str(person)}
    assert door.owner.get("/v1/me", headers=behalf).json()["person"] == person
    assert token.is_in
    assert ada.is_in
    door.owner.done("POST", f"/v1/people/{person}/deactivate", json={"reason": "left"})
    assert (ada.is_in, token.is_in) == (False, False)
    assert door.owner.get("/v1/me", headers=behalf).status_code == 404
    assert ada.sign_in("ada").status_code == 401
    door.installation.settle()
    assert door.installation.states.task(task).leases == {}
    door.owner.done("POST", f"/v1/people/{person}/reactivate")
    assert token.is_in, "a token from before holds again"
    assert not ada.is_in, "a session from before does not"
    assert ada.sign_in("ada").status_code == 200
    assert ada.done("POST", f"/v1/projects/{project}/next")["task"] == task


def test_a_service_account_has_tokens_and_never_signs_in(door: Door) -> None:
    robots = {"people": [{"handle": "robot", "service": True}]}
    person = door.owner.done("POST", "/v1/people", json=robots)["people"][0]["person"]
    robot = door.with_token(door.owner.done("POST", f"/v1/people/{person}/tokens", json={})["secret"])
    assert robot.done("GET", "/v1/me")["service"]
    assert robot.code("POST", "/v1/me/password", json={"new": PASSWORD}) == "wrong-state"
    assert door.browser().sign_in("robot").status_code == 401


def test_two_people_of_two_organizations_are_told_apart_by_password_or_by_organization(door: Door) -> None:
    first, _ = door.came("ada")
    created = door.owner.done("POST", "/v1/organizations", json={"name": "other"})
    body = {"secret": created["secret"], "handle": "ada", "password": PASSWORD}
    second = door.browser()
    second.done("POST", "/v1/invitations/accept", json=body)
    # The same name and the same password: which of the two is not guessed.
    assert door.browser().sign_in("ada").status_code == 401
    for organization in (1, created["organization"]):
        visitor = door.browser()
        assert visitor.sign_in("ada", organization=organization).status_code == 200
        assert visitor.done("GET", "/v1/me")["organization"] == organization
    second.done("POST", "/v1/me/password", json={"old": PASSWORD, "new": ANOTHER})
    for password, organization in ((PASSWORD, 1), (ANOTHER, created["organization"])):
        visitor = door.browser()
        assert visitor.sign_in("ada", password).status_code == 200
        assert visitor.done("GET", "/v1/me")["organization"] == organization
    assert first.is_in, "another person's changed password ends none of theirs"


def test_what_another_site_has_a_browser_send_is_refused_and_changes_nothing(door: Door) -> None:
    ada, _ = door.came("ada")
    for headers in (
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://evil.example"},
    ):
        refused = ada.post("/v1/me/tokens", json={"label": "stolen"}, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "foreign-origin")
    assert ada.done("GET", "/v1/me/tokens")["tokens"] == []
    assert ada.is_in


def test_a_session_holds_after_a_restart(tmp_path: Path) -> None:
    with door_in(tmp_path) as door:
        ada, _ = door.came("ada")
        session = ada.cookies[COOKIE]
    with door_in(tmp_path) as door:
        assert door.browser(Cookie=f"{COOKIE}={session}").is_in


@pytest.mark.services
def test_a_session_holds_in_another_process_and_ends_there_within_moments(tmp_path: Path) -> None:
    with door_in(tmp_path, Backend.POSTGRESQL) as door:
        ada, person = door.came("ada")
        settings = door.installation.settings
        with Installation(settings, clock=MovableClock()) as there, running_server(there) as url:
            elsewhere = Visitor(url, {"Cookie": f"{COOKIE}={ada.cookies[COOKIE]}"})
            with elsewhere:
                assert elsewhere.is_in
                door.owner.done("POST", f"/v1/people/{person}/sign-out")
                assert not ada.is_in
                begun = perf_counter()
                while elsewhere.is_in:
                    assert perf_counter() - begun < 10
                    sleep(0.05)
