"""Leaving, here and at the provider; what others cannot do with a session."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from annolog.infra.identity.tokens import LEEWAY_SECONDS
from tests.infra.http.sign_on.cookies import ANN, SESSION, THERE, cookie
from tests.infra.identity.front_door import FrontDoor, front_door
from tests.infra.identity.issuer import SUBJECT, Issuer
from tests.world import settings_in


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
