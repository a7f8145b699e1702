"""A provider tells us behind the browser's back that a session is over: only it, and only of sessions."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from annolog.domain.refusals import SignInRefused
from annolog.infra.identity.tokens import LEEWAY_SECONDS, LOGGED_OUT
from tests.infra.identity.issuer import SUBJECT, Desk, Issuer

NOW = 1_795_780_800


def logout(issuer: Issuer, **changed: Any) -> dict[str, Any]:
    right = {
        "iss": issuer.url,
        "aud": "annolog",
        "iat": NOW,
        "exp": NOW + 60,
        "jti": "j-1",
        "sub": SUBJECT,
        "sid": "s-1",
        "events": {LOGGED_OUT: {}},
    }
    return {name: value for name, value in (right | changed).items() if value is not None}


def test_a_logout_token_says_whose_session_is_over(issuer: Issuer, desk: Desk) -> None:
    found = asyncio.run(desk.open_id.logged_out("acme", issuer.signs(logout(issuer), typ="logout+jwt")))
    assert (found.issuer, found.subject, found.session, found.token) == (issuer.url, SUBJECT, "s-1", "j-1")
    # Clocks differ: what began a little later had begun.
    assert found.begun_by.timestamp() == NOW + LEEWAY_SECONDS
    everywhere = asyncio.run(desk.open_id.logged_out("acme", issuer.signs(logout(issuer, sid=None))))
    assert (everywhere.subject, everywhere.session) == (SUBJECT, None)


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"iat": None},
        {"iat": NOW + LEEWAY_SECONDS + 1},
        {"exp": NOW - LEEWAY_SECONDS},
        {"exp": None},
        {"jti": None},
        {"sub": None, "sid": None},
        {"sid": 5},
        {"sub": 5},
        {"sub": ["s"], "sid": None},
        {"iat": -1e30},
        {"events": None},
        {"events": {}},
        {"events": [LOGGED_OUT]},
        {"events": {LOGGED_OUT: True}},
        {"nonce": "n"},
    ],
)
def test_what_is_not_quite_a_logout_token_ends_no_session(issuer: Issuer, desk: Desk, changed: dict[str, Any]) -> None:
    with pytest.raises(SignInRefused):
        asyncio.run(desk.open_id.logged_out("acme", issuer.signs(logout(issuer, **changed))))


def test_nobody_else_ends_sessions(issuer: Issuer, desk: Desk) -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "one"})
    with pytest.raises(SignInRefused, match="signature"):
        asyncio.run(desk.open_id.logged_out("acme", issuer.signs(logout(issuer), stranger)))


def test_an_id_token_ends_no_session_and_a_logout_token_lets_nobody_in(issuer: Issuer, desk: Desk) -> None:
    with pytest.raises(SignInRefused):
        asyncio.run(desk.open_id.logged_out("acme", issuer.signs(issuer.claims("n"))))
    with pytest.raises(SignInRefused, match="says nothing of nonce"):
        asyncio.run(desk.with_token(lambda _: issuer.signs(logout(issuer))))


def test_people_are_named_as_the_settings_say_also_when_they_leave(issuer: Issuer) -> None:
    desk = Desk(issuer, claims={"subject": "oid"})
    found = asyncio.run(desk.open_id.logged_out("acme", issuer.signs(logout(issuer, oid="o-1", sid=None))))
    assert (found.subject, found.session) == ("o-1", None)
    with pytest.raises(SignInRefused, match="says nothing of sub"):
        asyncio.run(desk.open_id.logged_out("acme", issuer.signs(logout(issuer, sid=None))))
