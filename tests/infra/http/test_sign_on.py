"""People come in by a provider: as whom, with what, where to, and how they are out again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from http.cookiejar import Cookie
from pathlib import Path
from typing import Any

import httpx
import pytest

from annolog.infra.composition import Installation
from annolog.infra.http.origin import PAGES_HEADER
from annolog.infra.http.serve import running_server
from annolog.infra.identity.tokens import LEEWAY_SECONDS
from tests.infra.http.test_erasure import forms
from tests.infra.identity.front_door import FrontDoor, front_door
from tests.infra.identity.issuer import SUBJECT, Clock, Issuer, issuing
from tests.world import settings_in

SESSION, UNDER_WAY, THERE = "annolog_session", "annolog_sign_on", "annolog_signed_on"
ANN = {"sub": "s-ann", "email": "ann@example.org", "name": "Ann Example", "groups": ["annotators"]}


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing(Clock()) as found:
        yield found


@pytest.fixture
def door(issuer: Issuer, tmp_path: Path) -> Iterator[FrontDoor]:
    with settings_in(tmp_path / "data") as settings, front_door(settings, issuer) as found:
        yield found


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Routes are told that there are pages to lead browsers to."""
    monkeypatch.setattr("starlette.datastructures.State.pages", True, raising=False)


def cookie(browser: httpx.Client, name: str) -> Cookie | None:
    return next((found for found in browser.cookies.jar if found.name == name), None)


def refusal(answer: httpx.Response) -> str:
    """Why somebody did not come in, said as every refusal is."""
    assert answer.status_code == 401, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "sign-in-refused"
    assert SESSION not in answer.headers.get("set-cookie", "")
    detail: str = answer.json()["detail"]
    return detail


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


def _without_requests(caplog: pytest.LogCaptureFixture) -> bytes:
    """What was logged here, without what the client of the tests and its event loop say."""
    ours = [record for record in caplog.records if record.name.startswith(("annolog", "uvicorn", "sqlalchemy"))]
    return "\n".join(f"{record.getMessage()} {record.__dict__}" for record in ours).encode()


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


PLACES = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "@evil.example",
    ".evil.example",
    ":80@evil.example/",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\nSet-Cookie: a=b",
    "",
]


@pytest.mark.parametrize("place", PLACES)
def test_nobody_is_led_elsewhere(door: FrontDoor, place: str) -> None:
    browser = door.browser()
    assert door.tries(browser, return_to=place, **ANN).headers["location"] == "/"
    answer = browser.post("/v1/sign-on/sign-out", params={"return_to": place}, headers={"Origin": door.url})
    assert httpx.URL(answer.headers["location"]).params["post_logout_redirect_uri"] == f"{door.url}/"
    # Without a session at a provider it leads there directly.
    answer = browser.post("/v1/sign-on/sign-out", params={"return_to": place})
    assert answer.headers["location"] == "/"


def test_what_another_browser_began_is_not_ended_here(door: FrontDoor) -> None:
    asked = door.leaves(door.browser(), "acme")
    lured = door.browser()
    assert "no sign-in under way" in refusal(door.returns(lured, asked, "acme", **ANN))
    door.leaves(lured, "acme")
    assert "another sign-in" in refusal(door.returns(lured, asked, "acme", **ANN))
    assert cookie(lured, SESSION) is None


def test_what_was_begun_at_one_provider_is_not_ended_at_another(door: FrontDoor) -> None:
    browser = door.browser()
    asked = door.leaves(browser, "known")
    assert "another provider" in refusal(door.returns(browser, asked, "acme", **ANN))


def test_a_sign_in_is_worth_nothing_a_second_time(door: FrontDoor) -> None:
    browser = door.browser()
    asked = door.leaves(browser)
    assert door.returns(browser, asked, "acme", **ANN).status_code == 303
    assert "no sign-in under way" in refusal(door.returns(browser, asked, "acme", **ANN))


def test_what_is_refused_says_why_and_shows_no_secret(door: FrontDoor, issuer: Issuer) -> None:
    browser = door.browser()
    asked = door.leaves(browser)
    kept = cookie(browser, UNDER_WAY)
    assert kept is not None
    answers = [
        browser.get("/v1/sign-on/acme/callback", params={"state": asked["state"], "error": "access_denied"}),
        browser.get("/v1/sign-on/acme/callback", params={"state": asked["state"], "error": "<script>"}),
        browser.get("/v1/sign-on/acme/callback", params={"state": asked["state"]}),
        browser.get("/v1/sign-on/acme/callback"),
        door.returns(browser, asked, "acme", **{**ANN, "aud": "another"}),
        door.returns(browser, asked, "acme", **{**ANN, "nonce": "another"}),
        door.returns(browser, asked, "acme", **{**ANN, "sub": "half\ud800"}),
    ]
    issuer.token_reply = (400, {"error": "invalid_grant", "error_description": "canary"})
    answers.append(browser.get("/v1/sign-on/acme/callback", params={"state": asked["state"], "code": "secret-code"}))
    secrets = ("canary", "secret-code", asked["state"], asked["nonce"], kept.value or "-", "ann@example", "<script>")
    for answer in answers:
        assert refusal(answer)
        assert not [secret for secret in secrets if secret in answer.text]
    assert "access_denied" in answers[0].text
    assert browser.get("/v1/sign-on/nobody").json()["code"] == "not-found"
    assert browser.get("/v1/sign-on/nobody/callback").json()["code"] == "sign-in-refused"


def test_a_browser_that_is_refused_is_back_at_the_page_to_sign_in_on_where_there_are_pages(
    door: FrontDoor, pages: None
) -> None:
    browser = door.browser(Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    answer = door.tries(browser, provider="known", **ANN)
    assert answer.status_code == 303
    place = httpx.URL(answer.headers["location"])
    assert (place.path, place.host) == ("/sign-in", "")
    assert "no account" in place.params["failed"]
    assert SESSION not in answer.headers.get("set-cookie", "")
    assert cookie(browser, UNDER_WAY) is None, "what was under way is worth nothing again"
    refused = browser.get("/v1/sign-on/acme/callback", params={"state": "of nobody", "code": "c"})
    assert "no sign-in under way" in httpx.URL(refused.headers["location"]).params["failed"]
    denied = browser.get("/v1/sign-on/acme/callback", params={"state": "x", "error": "</script>&return_to=//evil"})
    assert httpx.URL(denied.headers["location"]).params.keys() == {"failed"}
    assert browser.get("/v1/sign-on/nobody").json()["code"] == "not-found"


def test_pages_in_a_process_of_their_own_say_that_they_are_there(door: FrontDoor) -> None:
    browser = door.browser(**{"Accept": "text/html", PAGES_HEADER: "1"})
    assert door.tries(browser, provider="known", **ANN).headers["location"].startswith("/sign-in?failed=")


def test_programs_are_refused_as_ever_where_there_are_pages(door: FrontDoor, pages: None) -> None:
    for accepts in ("application/json", "*/*"):
        assert "no account" in refusal(door.tries(door.browser(Accept=accepts), provider="known", **ANN))


def test_a_browser_is_refused_as_programs_are_where_there_are_no_pages(door: FrontDoor) -> None:
    assert "no account" in refusal(door.tries(door.browser(Accept="text/html"), provider="known", **ANN))


def test_what_no_line_can_show_of_a_name_or_a_group_keeps_nobody_out(door: FrontDoor) -> None:
    door.maps({"group": "annotators", "role": "administrator"})
    odd = {**ANN, "name": "Ann\nExample", "groups": ["annotators", "half\ud800", "nul\0", "g" * 600], "sid": "s\0"}
    me = door.me(door.comes(**odd))
    assert (me["name"], me["role"]) == (None, "administrator")


def test_a_second_process_ends_what_the_first_began(door: FrontDoor, issuer: Issuer) -> None:
    with (
        Installation(door.installation.settings, parts=frozenset(), clock=issuer.clock) as second,
        running_server(second) as url,
    ):
        browser = door.browser()
        asked = door.leaves(browser)
        browser.base_url = httpx.URL(url)
        assert door.returns(browser, asked, "acme", **ANN).status_code == 303
        assert door.me(browser)["name"] == "Ann Example"
        # And what the second let in is in at the first, and out there where it is out here.
        browser.base_url = httpx.URL(door.url)
        assert browser.get("/v1/me").status_code == 200
        answer = browser.post("/v1/sign-on/sign-out", headers={"Origin": door.url})
        assert answer.headers["location"].startswith(f"{issuer.url}/end?")


def test_leaving_ends_the_session_here_and_sends_the_browser_to_end_it_there(door: FrontDoor, issuer: Issuer) -> None:
    browser = door.comes(**ANN)
    session = browser.cookies[SESSION]
    answer = browser.post("/v1/sign-on/sign-out", params={"return_to": "/gone"}, headers={"Origin": door.url})
    address = httpx.URL(answer.headers["location"])
    assert (answer.status_code, str(address).partition("?")[0]) == (303, f"{issuer.url}/end")
    assert address.params["post_logout_redirect_uri"] == f"{door.url}/gone"
    assert address.params["id_token_hint"].count(".") == 2
    assert (cookie(browser, SESSION), cookie(browser, THERE)) == (None, None)
    assert not door.is_in(door.browser(Cookie=f"{SESSION}={session}"))


def test_leaving_ends_the_session_here_also_while_the_provider_is_away(door: FrontDoor, issuer: Issuer) -> None:
    browser = door.comes(**ANN)
    session = browser.cookies[SESSION]
    issuer.clock.passes(hours=2)
    issuer.metadata = {"issuer": "https://somebody.else.example"}
    answer = browser.post("/v1/sign-on/sign-out", headers={"Origin": door.url})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (cookie(browser, SESSION), cookie(browser, THERE)) == (None, None)
    assert not door.is_in(door.browser(Cookie=f"{SESSION}={session}"))


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {}])
@pytest.mark.parametrize("without", [None, SESSION])
def test_no_page_of_somebody_elses_signs_anybody_out(
    door: FrontDoor, headers: dict[str, str], without: str | None
) -> None:
    """Also where only the session at the provider is left."""
    browser = door.comes(**ANN)
    session = browser.cookies[SESSION]
    if without is not None:
        browser.cookies.delete(without)
    answer = browser.post("/v1/sign-on/sign-out", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign-origin")
    assert door.is_in(door.browser(Cookie=f"{SESSION}={session}"))
    assert cookie(browser, THERE) is not None


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_no_page_of_somebody_elses_signs_anybody_in(door: FrontDoor, kind: str) -> None:
    """What a page may send elsewhere without asking first is no sign-in, so nobody works in an intruder's account."""
    body = b'{"name": "eve", "password": "a password of an intruder"}'
    answer = door.browser().post("/v1/sign-in", content=body, headers={"Content-Type": kind})
    assert answer.status_code in (415, 422)


def test_who_brings_nothing_has_nothing_taken_away(door: FrontDoor) -> None:
    """A page of another site is sent without cookies, but what it is answered with is kept."""
    for path in ("/v1/sign-on/sign-out", "/v1/sign-out"):
        assert "set-cookie" not in door.browser().post(path).headers


def test_whoever_signs_in_anew_has_a_new_session_and_the_old_one_is_over(door: FrontDoor) -> None:
    browser = door.comes(**ANN)
    first = browser.cookies[SESSION]
    bob = door.comes(browser=browser, sub="s-bob", email="bob@example.org", name="Bob")
    assert door.me(bob)["name"] == "Bob"
    assert bob.cookies[SESSION] != first
    assert not door.is_in(door.browser(Cookie=f"{SESSION}={first}"))


def test_a_token_too_long_for_a_cookie_leaves_nobody_elses_there(door: FrontDoor) -> None:
    browser = door.comes(**ANN)
    assert cookie(browser, THERE) is not None
    door.comes(browser=browser, sub="s-bob", email="bob@example.org", more="m" * 4_000)
    assert cookie(browser, THERE) is None
    answer = browser.post("/v1/sign-on/sign-out", headers={"Origin": door.url})
    assert answer.headers["location"] == "/"


def test_a_session_that_ended_there_is_over_here_and_no_other(door: FrontDoor) -> None:
    one, other = door.comes(**ANN, sid="one"), door.comes(**ANN, sid="other")
    elsewhere = door.comes("unlinked", **ANN, sid="one")
    assert door.is_told(door.logout_token(sub=ANN["sub"], sid="one")).status_code == 200
    assert [door.is_in(browser) for browser in (one, other, elsewhere)] == [False, True, True]
    # Said again it ends nothing more, and of a session that nobody has nothing comes.
    for sid in ("one", "nobodys"):
        assert door.is_told(door.logout_token(sub=ANN["sub"], sid=sid)).status_code == 200
    assert [door.is_in(browser) for browser in (other, elsewhere)] == [True, True]


def test_who_is_named_without_a_session_is_out_everywhere_and_nobody_else(door: FrontDoor) -> None:
    browsers = [door.comes(**ANN, sid="one"), door.comes(**ANN)]
    bob = door.comes(sub="s-bob", email="bob@example.org")
    assert door.is_told(door.logout_token(sub=ANN["sub"])).status_code == 200
    assert [door.is_in(browser) for browser in browsers] == [False, False]
    assert door.is_in(bob)
    assert door.is_told(door.logout_token(sub="s-nobody")).status_code == 200
    assert door.is_in(bob)


def test_a_logout_token_that_is_sent_again_ends_nothing_that_began_since(door: FrontDoor, issuer: Issuer) -> None:
    before = door.comes(**ANN)
    token = door.logout_token(sub=ANN["sub"])
    door.is_told(token)
    assert not door.is_in(before)
    issuer.clock.passes(seconds=LEEWAY_SECONDS + 5)
    since = door.comes(**ANN)
    assert door.is_told(token).status_code == 200
    assert door.is_in(since)


def test_what_is_no_logout_token_ends_nothing(door: FrontDoor) -> None:
    browser = door.comes(**ANN)
    for token in (
        door.logout_token(sub=ANN["sub"], aud="another"),
        door.logout_token(sub=ANN["sub"], exp=1),
        door.logout_token(sub=5),
        door.logout_token(sub=None),
        door.issuer.signs(door.issuer.claims("n", sub=ANN["sub"])),
        "nonsense",
    ):
        answer = door.is_told(token)
        assert (answer.status_code, answer.json()["code"]) == (401, "sign-in-refused")
    assert door.is_told(door.logout_token(), "nobody").status_code == 404
    assert httpx.post(f"{door.url}/v1/sign-on/acme/ended").status_code == 422
    assert door.is_in(browser)


def test_what_the_host_header_says_is_at_most_where_the_provider_is_asked_to_send_the_browser(door: FrontDoor) -> None:
    for host, place in (
        ("labels.example", "http://labels.example"),
        ("a@labels.example:81", "http://labels.example:81"),
    ):
        left = door.browser().get("/v1/sign-on/acme", headers={"Host": host})
        assert httpx.URL(left.headers["location"]).params["redirect_uri"] == f"{place}/v1/sign-on/acme/callback"
    nowhere = door.browser().get("/v1/sign-on/acme", headers={"Host": "*"})
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "invalid-input")


def test_with_a_public_address_the_host_header_says_nothing(issuer: Issuer, tmp_path: Path) -> None:
    with (
        settings_in(tmp_path / "data") as settings,
        front_door(settings, issuer, public_url="http://labels.example:8080") as door,
    ):
        left = door.browser().get("/v1/sign-on/acme", headers={"Host": "evil.example"})
        callback = httpx.URL(left.headers["location"]).params["redirect_uri"]
        assert callback == "http://labels.example:8080/v1/sign-on/acme/callback"


def test_people_may_choose_from_providers_by_title(door: FrontDoor) -> None:
    found = door.browser().get("/v1/sign-on").json()["providers"]
    assert {"provider": "mapped", "title": "By groups"} in found
    assert {"provider": "acme", "title": "acme"} in found
    assert "issuer" not in str(found)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/sign-on"), ("POST", "/v1/sign-on/sign-out"), ("POST", "/v1/sign-out")]
)
def test_no_route_without_a_token_says_that_one_is_good(issuer: Issuer, tmp_path: Path, method: str, path: str) -> None:
    """Else tokens could be guessed as often as anybody likes: whoever is known is not held back for the others."""
    with (
        settings_in(tmp_path / "data") as settings,
        front_door(settings, issuer, failed_tokens_per_minute_per_address=3) as door,
    ):
        guesses = [door.browser(Authorization=f"Bearer guess-{number}") for number in range(6)]
        for guess in guesses:
            assert guess.request(method, path).status_code < 400
        assert [guess.get("/v1/me").status_code for guess in guesses] == [401] * 3 + [429] * 3


def test_the_name_that_the_provider_gives_is_not_the_one_of_the_tests(door: FrontDoor) -> None:
    """The issuer says somebody unless it is told otherwise: what is proved above is proved of others."""
    assert ANN["sub"] != SUBJECT
    assert door.me(door.comes())["person"] != door.me(door.comes(**{**ANN, "email": "other@example.org"}))["person"]
