"""What keeps somebody out who comes by a provider, and where they are sent."""

from __future__ import annotations

from http.cookies import SimpleCookie
from urllib.parse import unquote

import httpx
import pytest

from annolog.infra.composition import Installation
from annolog.infra.http.origin import PAGES_HEADER, REFUSED_COOKIE
from annolog.infra.http.serve import running_server
from tests.infra.http.sign_on.cookies import ANN, SESSION, UNDER_WAY, cookie, refusal
from tests.infra.identity.front_door import FrontDoor
from tests.infra.identity.issuer import Issuer

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


def told(answer: httpx.Response) -> str:
    """What the page to sign in on is given to say."""
    [words] = [one for one in answer.headers.get_list("set-cookie") if one.startswith(REFUSED_COOKIE)]
    return unquote(SimpleCookie(words)[REFUSED_COOKIE].value)


def test_a_browser_that_is_refused_is_back_at_the_page_to_sign_in_on_where_there_are_pages(
    door: FrontDoor, pages: None
) -> None:
    browser = door.browser(Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    answer = door.tries(browser, provider="known", **ANN)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in"
    assert "no account" in told(answer)
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert SESSION not in answer.headers.get("set-cookie", "")
    assert cookie(browser, UNDER_WAY) is None, "what was under way is worth nothing again"
    refused = browser.get("/v1/sign-on/acme/callback", params={"state": "of nobody", "code": "c"})
    assert "no sign-in under way" in told(refused)
    denied = browser.get("/v1/sign-on/acme/callback", params={"state": "x", "error": "</script>&return_to=//evil"})
    assert denied.headers["location"] == "/sign-in"
    assert browser.get("/v1/sign-on/nobody").json()["code"] == "not-found"


def test_pages_in_a_process_of_their_own_say_that_they_are_there(door: FrontDoor) -> None:
    browser = door.browser(**{"Accept": "text/html", PAGES_HEADER: "1"})
    assert door.tries(browser, provider="known", **ANN).headers["location"] == "/sign-in"


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
