"""Sign-in at a real provider, in a real browser: Keycloak and Debian's Chromium."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page

from annolog.domain.refusals import SignInRefused
from annolog.infra.identity import openid
from annolog.infra.identity.openid import Answer, OpenId
from annolog.infra.identity.providers import ClaimNames
from tests.infra.browsing import type_in
from tests.infra.identity.keeper import keeping
from tests.infra.identity.reception import COOKIE, Reception, now, received
from tools.services.keycloak import Keycloak
from tools.services.realm import CLIENT, CLIENT_SECRET, PEOPLE, TOKEN_SECONDS, password_of

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]

T = TypeVar("T")


@pytest.fixture
def reception(keycloak: Keycloak) -> Iterator[Reception]:
    with received(keycloak) as found:
        yield found


def done(question: Coroutine[Any, Any, T]) -> T:
    """Its answer. The browser is driven by an event loop in this thread, so the question needs another."""
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, question).result()


def sign_in(page: Page, reception: Reception, person: str = "ann") -> None:
    page.goto(f"{reception.url}/start")
    type_in(page, person)
    page.wait_for_url(f"{reception.url}/**")


def code_for(page: Page, reception: Reception, person: str = "ann") -> Answer:
    """An answer with a code that nobody has exchanged yet."""
    reception.takes_codes = False
    sign_in(page, reception, person)
    return reception.answers[-1]


@pytest.mark.parametrize("person", PEOPLE)
def test_who_types_their_password_is_let_in_with_their_groups(page: Page, reception: Reception, person: str) -> None:
    sign_in(page, reception, person)
    assert page.url == f"{reception.url}/welcome"
    assert page.inner_text("body") == f"welcome {person.capitalize()} Example"
    said = reception.said()
    expires_at = said.pop("expires_at")
    assert isinstance(expires_at, datetime)
    assert len(said.pop("subject")) == 36
    assert set(said.pop("groups")) == set(PEOPLE[person])
    assert said == {
        "issuer": reception.provider.settings.issuer,
        "email": f"{person}@example.org",
        "email_verified": person != "noe",
        "name": f"{person.capitalize()} Example",
    }
    assert reception.claims[-1].session


def test_a_person_is_the_same_subject_every_time(browser: Browser, reception: Reception) -> None:
    for _ in range(2):
        with browser.new_context() as context:
            sign_in(context.new_page(), reception)
    first, second = reception.claims
    assert first.subject == second.subject
    assert first.session != second.session


@pytest.mark.parametrize(("person", "password"), [("ann", "wrong"), ("ann", password_of("ola")), ("nobody", "x")])
def test_a_wrong_password_does_not_come_through(page: Page, reception: Reception, person: str, password: str) -> None:
    page.goto(f"{reception.url}/start")
    type_in(page, person, password)
    page.get_by_text("Invalid username or password.").wait_for()
    assert page.url.startswith(reception.provider.settings.issuer)
    assert (reception.answers, reception.claims) == ([], [])
    type_in(page, "ann")
    page.wait_for_url(f"{reception.url}/welcome")
    assert len(reception.claims) == 1


def test_leaving_ends_the_session_at_the_provider_too(page: Page, reception: Reception, keycloak: Keycloak) -> None:
    sign_in(page, reception, "rae")
    session = reception.claims[-1].session
    page.goto(f"{reception.url}/start")
    assert page.url == f"{reception.url}/welcome", "who has a session is not asked again"
    with keeping(keycloak) as keeper:
        assert session in [found["id"] for found in keeper.sessions_of("rae")]
        page.goto(f"{reception.url}/leave")
        assert (page.url, page.inner_text("body")) == (f"{reception.url}/gone", "gone")
        assert session not in [found["id"] for found in keeper.sessions_of("rae")]
    page.goto(f"{reception.url}/start")
    assert page.is_visible("#kc-login"), "who has left is asked again"
    assert len(reception.claims) == 2


def test_a_code_is_worth_nothing_without_its_verifier(page: Page, reception: Reception) -> None:
    """Whoever sees a code on its way back, in a log or over a shoulder, cannot use it."""
    answer = code_for(page, reception)
    (kept,) = reception.begun
    for verifier in ("", "v" * 43):
        with pytest.raises(SignInRefused, match="invalid_grant"):
            done(reception.open_id.finish(replace(kept, verifier=verifier), answer))


def test_a_code_that_was_not_stolen_is_worth_something(page: Page, reception: Reception) -> None:
    """The same as above with nothing wrong."""
    answer = code_for(page, reception)
    (kept,) = reception.begun
    assert done(reception.open_id.finish(kept, answer)).groups == ("annotators",)


def test_the_provider_demands_a_challenge(page: Page, reception: Reception) -> None:
    """The realm of the tests is as strict as docs/single-sign-on.md asks for: what we send is needed."""
    address, _ = done(reception.open_id.begin("keycloak", "/", reception.callback))
    asked = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
    without = {name: value for name, value in asked.items() if not name.startswith("code_challenge")}
    page.goto(f"{address.partition('?')[0]}?{urlencode(without)}")
    (answer,) = reception.answers
    assert (answer.error, answer.code) == ("invalid_request", "")
    assert page.inner_text("body").find("sign-in-refused") > 0


def test_a_code_is_used_once(page: Page, reception: Reception) -> None:
    sign_in(page, reception)
    (kept,), (answer,) = reception.begun, reception.answers
    with pytest.raises(SignInRefused, match="invalid_grant"):
        done(reception.open_id.finish(kept, answer))


def test_a_sign_in_that_another_browser_began_is_refused(browser: Browser, page: Page, reception: Reception) -> None:
    """Nobody is lured into the account of whoever sent them a link, with or without a sign-in of their own."""
    answer = code_for(page, reception, "ola")
    reception.takes_codes = True
    link = f"{reception.callback}?{urlencode({'state': answer.state, 'code': answer.code, 'iss': answer.issuer})}"
    with browser.new_context() as context:
        lured = context.new_page()
        assert "no sign-in under way" in goto(lured, link)
        lured.goto(f"{reception.url}/start")
        assert "another sign-in" in goto(lured, link)
    assert reception.claims == []
    assert "welcome Ola" in goto(page, link)


def goto(page: Page, address: str) -> str:
    page.goto(address)
    return page.inner_text("body")


def test_a_browser_keeps_nothing_of_a_sign_in_that_it_could_read(page: Page, reception: Reception) -> None:
    page.goto(f"{reception.url}/start")
    (cookie,) = page.context.cookies(reception.url)
    (kept,) = reception.begun
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == (COOKIE, True, "Lax")
    assert kept.verifier not in cookie["value"]
    type_in(page, "ann")
    page.wait_for_url(f"{reception.url}/welcome")
    assert page.context.cookies(reception.url) == []


def test_a_token_of_the_provider_expires(page: Page, reception: Reception, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(page, reception)
    (claims,) = reception.claims
    issued = json.loads(base64.urlsafe_b64decode(claims.id_token.split(".")[1] + "=="))["iat"]
    assert claims.expires_at.timestamp() - issued == TOKEN_SECONDS


def test_an_access_token_is_no_id_token(page: Page, reception: Reception, keycloak: Keycloak) -> None:
    """The provider signs both with one key: what is meant for an API lets nobody in here."""
    answer = code_for(page, reception)
    (kept,) = reception.begun
    form = {
        "grant_type": "authorization_code",
        "code": answer.code,
        "redirect_uri": kept.callback,
        "code_verifier": kept.verifier,
    }
    address = f"{keycloak.issuer}/protocol/openid-connect/token"
    given = httpx.post(address, data=form, auth=(CLIENT, CLIENT_SECRET), timeout=30).json()
    known = reception.open_id._of("keycloak")
    token = done(openid.tokens.signed(known.provider, given["access_token"], known.key))
    with pytest.raises(SignInRefused, match=r"meant for somebody else|nothing of"):
        openid.tokens.check_identity(known.provider, token, kept.nonce, None, known._clock())
    right = done(openid.tokens.signed(known.provider, given["id_token"], known.key))
    openid.tokens.check_identity(known.provider, right, kept.nonce, given["access_token"], known._clock())


def test_the_provider_can_be_asked_for_what_it_leaves_out(page: Page, reception: Reception) -> None:
    answer = code_for(page, reception, "max")
    (kept,) = reception.begun
    settings = reception.provider.settings.model_copy(
        update={"userinfo": True, "claims": ClaimNames(name="preferred_username")}
    )
    asking = OpenId({"keycloak": replace(reception.provider, settings=settings)}, now)
    claims = done(asking.finish(kept, answer))
    assert (claims.name, claims.email) == ("max", "max@example.org")
    assert set(claims.groups) == set(PEOPLE["max"])


def test_the_provider_changes_its_key_and_people_go_on_signing_in(
    browser: Browser, reception: Reception, keycloak: Keycloak, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openid, "AT_MOST_EVERY", openid.timedelta(0))

    def key_of_next_sign_in() -> str:
        with browser.new_context() as context:
            sign_in(context.new_page(), reception)
        header = reception.claims[-1].id_token.split(".")[0]
        return str(json.loads(base64.urlsafe_b64decode(header + "=="))["kid"])

    first = key_of_next_sign_in()
    with keeping(keycloak) as keeper:
        added = keeper.add_key("rotated", 500)
        second = key_of_next_sign_in()
        keeper.remove_key(added)
        third = key_of_next_sign_in()
    assert second != first
    assert third == first
    assert len(reception.claims) == 3
