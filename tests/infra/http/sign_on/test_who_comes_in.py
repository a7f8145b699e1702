"""Who comes in by a provider, what they are then, and who is one of two."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.infra.http.sign_on.cookies import ANN, SESSION, THERE, UNDER_WAY, cookie, refusal
from tests.infra.http.test_erasure import forms
from tests.infra.identity.front_door import FrontDoor, front_door
from tests.infra.identity.issuer import Issuer
from tests.world import settings_in


def _without_requests(caplog: pytest.LogCaptureFixture) -> bytes:
    """What was logged here, without what the client of the tests and its event loop say."""
    ours = [record for record in caplog.records if record.name.startswith(("annolog", "uvicorn", "sqlalchemy"))]
    return "\n".join(f"{record.getMessage()} {record.__dict__}" for record in ours).encode()


def test_whoever_comes_is_in_and_where_they_wanted_to_be(door: FrontDoor) -> None:
    browser = door.browser()
    answer = door.tries(browser, return_to="/projects/1?x=é#y", **ANN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/projects/1?x=%C3%A9#y")
    assert answer.headers["cache-control"] == "no-store"
    me = door.me(browser)
    assert (me["name"], me["email"], me["role"], me["organization"]) == ("Ann Example", "ann@example.org", "member", 1)
    assert me["handle"] == f"person-{me['person']}"
    assert door.me(door.comes(**ANN))["person"] == me["person"]


def test_cookies_are_read_by_no_page_sent_by_no_other_site_and_the_one_for_the_way_is_gone(door: FrontDoor) -> None:
    browser = door.browser()
    asked = browser.get("/v1/sign-on/acme")
    kept = asked.headers["set-cookie"]
    assert kept.startswith(f"{UNDER_WAY}=")
    assert {"HttpOnly", "SameSite=lax", "Path=/v1/sign-on", "Max-Age=600"} <= set(kept.split("; "))
    answer = door.tries(browser, **ANN)
    said = dict(one.split("=", 1) for one in answer.headers.get_list("set-cookie"))
    for name, path in ((SESSION, "/"), (THERE, "/v1/sign-on")):
        assert {"HttpOnly", "SameSite=lax", f"Path={path}"} <= set(said[name].split("; "))
        assert "Secure" not in said[name]
    assert cookie(browser, UNDER_WAY) is None
    assert not [one for one in (ANN["sub"], ANN["email"], ANN["name"]) if one in answer.headers["set-cookie"]]


@pytest.mark.parametrize(
    ("more", "header"),
    [
        ({"public_url": "https://labels.example"}, {}),
        ({"trusted_proxies": ("127.0.0.0/8",)}, {"X-Forwarded-Proto": "https"}),
    ],
)
def test_over_https_cookies_are_for_https_alone(
    issuer: Issuer, tmp_path: Path, more: dict[str, Any], header: dict[str, str]
) -> None:
    with settings_in(tmp_path / "data") as settings:
        known = type(settings)(**{**settings.model_dump(exclude={"providers"}), **more})
        with front_door(known, issuer) as door:
            # The test itself speaks http, so that the cookie has to be carried by hand.
            left = door.browser().get("/v1/sign-on/acme", headers=header)
            assert "Secure" in left.headers["set-cookie"].split("; ")
            place = more.get("public_url", "https://" + door.url.removeprefix("http://"))
            callback = httpx.URL(left.headers["location"]).params
            assert callback["redirect_uri"] == f"{place}/v1/sign-on/acme/callback"
            carried = {**header, "Cookie": left.headers["set-cookie"].split(";")[0]}
            answer = door.returns(door.browser(**carried), dict(callback), "acme", **ANN)
            assert answer.status_code == 303
            cookies = [one for one in answer.headers.get_list("set-cookie") if not one.startswith(UNDER_WAY)]
            assert len(cookies) == 2
            assert all("Secure" in one.split("; ") for one in cookies)


def test_groups_are_worth_at_once_what_the_mapping_says_and_places_follow(door: FrontDoor) -> None:
    project, _ = door.set_up(tasks=0)
    workspace = door.done("POST", "/v1/workspaces", json={"title": "films"})["workspace"]
    door.maps(
        {"group": "admins", "role": "administrator"},
        {"group": "staff", "role": "member"},
        {"group": "staff", "project": project, "project_role": "annotator"},
        {"group": "seniors", "project": project, "project_role": "reviewer"},
        {"group": "staff", "workspace": workspace, "project_role": "viewer"},
    )
    browser = door.comes(**{**ANN, "groups": ["staff", "seniors", "admins", "nonsense"]})
    me = door.me(browser)
    assert me["role"] == "administrator"
    door.installation.settle(30)
    states = door.installation.states
    assert states.project(project).members[me["person"]].role.value == "reviewer"
    assert states.directory().organizations[1].member_of(workspace, me["person"]) is not None
    # Other groups on the next sign-in, and what they do not give is gone.
    door.comes(browser=browser, **{**ANN, "groups": ["staff"]})
    assert door.me(browser)["role"] == "member"
    door.installation.settle(30)
    assert states.project(project).members[me["person"]].role.value == "annotator"
    # Another mapping counts for who is known, without a sign-in.
    door.maps({"group": "staff", "role": "administrator"})
    door.installation.settle(30)
    assert door.me(browser)["role"] == "administrator"
    assert me["person"] not in states.project(project).members
    assert states.directory().organizations[1].member_of(workspace, me["person"]) is None


def test_what_was_given_by_hand_stays_whatever_groups_say(door: FrontDoor) -> None:
    browser = door.comes(**ANN)
    person = door.me(browser)["person"]
    door.done("PUT", f"/v1/people/{person}/role", json={"role": "administrator"})
    door.maps({"group": "annotators", "role": "member"})
    for groups in (["annotators"], []):
        door.comes(browser=browser, **{**ANN, "groups": groups})
        door.installation.settle(30)
        assert door.me(browser)["role"] == "administrator"


def test_a_provider_lets_in_whom_it_is_set_to(door: FrontDoor) -> None:
    assert "no account" in refusal(door.tries(provider="known", **ANN))
    assert "no account" in refusal(door.tries(provider="mapped", **ANN))
    # Rules of another provider are not about this one's groups.
    door.maps({"group": "annotators", "role": "member"})
    assert "no account" in refusal(door.tries(provider="mapped", **ANN))
    door.maps({"provider": "mapped", "group": "annotators", "role": "member"})
    person = door.me(door.comes("mapped", **ANN))["person"]
    # Who is known comes in though their groups are worth nothing any more.
    assert door.me(door.comes("mapped", **{**ANN, "groups": []}))["person"] == person
    assert "no account" in refusal(door.tries(provider="known", **{**ANN, "email": "other@example.org"}))
    assert len(door.installation.directory.accounts) == 3, "the two owners and one who was let in"


def test_a_verified_address_leads_to_who_is_known_by_it(door: FrontDoor) -> None:
    ann = door.registers("ann", email="Ann@Example.ORG", name="A. Example")
    found = door.me(door.comes("known", **ANN))
    assert (found["person"], found["handle"], found["name"]) == (ann, "ann", "Ann Example")
    # From now on it is the name at the provider that counts, and no address.
    moved = door.me(door.comes("known", **{**ANN, "email": "ann@elsewhere.example", "email_verified": False}))
    assert (moved["person"], moved["email"]) == (ann, "ann@example.org")
    assert door.me(door.comes("known", **{**ANN, "email": "ann@new.example"}))["email"] == "ann@new.example"


@pytest.mark.parametrize("verified", [False, None, "false", 1])
def test_an_address_that_is_not_verified_leads_nowhere_and_is_not_kept(door: FrontDoor, verified: object) -> None:
    """Else anybody could take over an account, or wait with the address of somebody who has none yet."""
    ann = door.registers("ann", email="ann@example.org")
    intruder = {**ANN, "sub": "s-eve", "email_verified": verified}
    assert "no account" in refusal(door.tries(provider="known", **intruder))
    eve = door.me(door.comes(**intruder))
    assert eve["person"] != ann
    assert eve["email"] is None
    assert door.me(door.comes(**ANN))["person"] == ann


def test_addresses_lead_nowhere_at_a_provider_that_is_not_to_link_by_them(door: FrontDoor) -> None:
    ann = door.registers("ann", email="ann@example.org")
    assert door.me(door.comes("unlinked", **ANN))["person"] != ann


def test_an_address_that_is_only_somebodys_own_word_leads_to_nobody(door: FrontDoor) -> None:
    """Else whoever writes an administrator's address into their profile has an administrator's groups one day."""
    door.maps({"group": "admins", "role": "administrator"})
    eve = door.registers("eve", email="eve@example.org")
    door.done("PUT", f"/v1/people/{eve}", eve, json={"email": "ada@example.org"})
    ada = {"sub": "s-ada", "email": "ada@example.org", "groups": ["admins"]}
    found = door.me(door.comes(**ada))
    assert (found["person"] != eve, found["role"]) == (True, "administrator")
    assert door.installation.directory.accounts[eve].role.value == "member"


def test_an_address_that_an_administrator_confirms_leads_to_its_owner(door: FrontDoor) -> None:
    bob = door.registers("bob")
    door.done("PUT", f"/v1/people/{bob}", bob, json={"email": "bob@example.org"})
    claims = {"sub": "s-bob", "email": "bob@example.org"}
    assert "no account" in refusal(door.tries(provider="known", **claims))
    door.done("PUT", f"/v1/people/{bob}", json={"email": "bob@example.org"})
    assert door.me(door.comes("known", **claims))["person"] == bob


def test_two_people_of_one_address_are_refused(door: FrontDoor) -> None:
    for handle in ("ann", "ann-too"):
        door.registers(handle, email="ann@example.org")
    assert "Several" in refusal(door.tries(**ANN))


def test_who_has_the_address_of_somebody_the_provider_knows_is_not_them(door: FrontDoor) -> None:
    """Addresses are given to somebody else in time."""
    ann = door.me(door.comes(**ANN))["person"]
    assert "another account" in refusal(door.tries(**{**ANN, "sub": "s-another-ann"}))
    assert door.me(door.comes(**ANN))["person"] == ann


def test_who_was_deactivated_does_not_come_in_and_is_out_at_once(door: FrontDoor) -> None:
    browser = door.comes(**ANN)
    person = door.me(browser)["person"]
    door.done("POST", f"/v1/people/{person}/deactivate", json={"reason": "gone"})
    assert not door.is_in(browser)
    assert "not open" in refusal(door.tries(**ANN))
    assert "not open" in refusal(door.tries(provider="mapped", **{**ANN, "sub": "s-other"}))
    door.done("POST", f"/v1/people/{person}/reactivate")
    assert door.me(door.comes(**ANN))["person"] == person


def test_nobody_comes_in_as_a_service(door: FrontDoor) -> None:
    door.done(
        "POST", "/v1/people", json={"people": [{"handle": "robot", "service": True, "email": "robot@example.org"}]}
    )
    assert "not open" in refusal(door.tries(**{**ANN, "email": "robot@example.org"}))


def test_whoever_was_erased_comes_back_as_somebody_new_and_of_them_nothing_is_left(
    door: FrontDoor, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    values = ("Quillfeather Zephyrine", "zephyrine@quillfeather.example", "subject-7f3a91c0-quill")
    claims = dict(zip(("name", "email", "sub"), values, strict=True)) | {"groups": ["annotators"]}
    door.maps({"group": "annotators", "role": "administrator"})
    browser = door.comes(**claims)
    person = door.me(browser)["person"]
    refusal(door.tries(**{**claims, "sub": f"{values[2]}-other"}))
    door.is_told(door.logout_token(sub=values[2]))
    browser = door.comes(**claims)

    def found() -> list[tuple[str, bytes]]:
        door.installation.settle(30)
        kept = {str(file): file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
        assert {"log.db", "read.db", "keys.db"} <= {Path(name).name for name in kept}
        said = {"log lines": _without_requests(caplog), "events": door.ask("GET", "/v1/events?limit=1000").content}
        assert b"PersonRecognized" in said["events"]
        words = {form for value in values for form in forms(value)}
        return [(name, word) for name, content in {**kept, **said}.items() for word in words if word in content]

    assert found() == []
    door.done("POST", f"/v1/people/{person}/erase", json={"handle": f"person-{person}"})
    assert found() == []
    assert not door.is_in(browser)
    again = door.me(door.comes(**claims))
    assert again["person"] != person
    assert (again["name"], again["role"]) == (values[0], "administrator")


def test_one_name_at_two_providers_of_two_organizations_is_two_people(door: FrontDoor) -> None:
    here, there = door.me(door.comes(**ANN)), door.me(door.comes("elsewhere", **ANN))
    assert (here["organization"], there["organization"]) == (1, 2)
    assert here["person"] != there["person"]
    for browser, expected in ((door.comes(**ANN), here), (door.comes("elsewhere", **ANN), there)):
        assert door.me(browser)["person"] == expected["person"]
    # Whom one provider sends off stays in at the other.
    browser = door.comes("elsewhere", **ANN)
    door.is_told(door.logout_token(sub=ANN["sub"]))
    assert door.is_in(browser)
