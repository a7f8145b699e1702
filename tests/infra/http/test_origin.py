"""What rides on a session's cookie comes from our own pages, or from those that were allowed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Scope

from annolog.infra.http.origin import PROVIDER_COOKIE, SAFE_METHODS, SESSION_COOKIE, OwnOrigin, why_foreign
from annolog.infra.peers import origin_of
from tests.infra.http.asgi import ask, saying, scope_of

OWN = "https://annolog.example"
OTHER = "https://labels.example"
EVIL = "https://evil.example"
COOKIE = f"theme=dark; {SESSION_COOKIE}=abc"
UNSAFE = ("POST", "PUT", "PATCH", "DELETE", "CONNECT", "PROPFIND", "post", "get")


def is_refused(method: str = "POST", *, cookie: str = COOKIE, **headers: str) -> bool:
    given_headers = {name.replace("_", "-"): value for name, value in headers.items()} | {"cookie": cookie}
    return why_foreign(method, given_headers, OWN, {OTHER}) is not None


@pytest.mark.parametrize("method", UNSAFE)
def test_a_page_of_somebody_elses_changes_nothing(method: str) -> None:
    assert is_refused(method, origin=EVIL)
    assert is_refused(method, origin=EVIL, sec_fetch_site="cross-site")
    assert not is_refused(method, origin=OWN, sec_fetch_site="same-origin")


@pytest.mark.parametrize("method", sorted(SAFE_METHODS))
def test_what_changes_nothing_is_asked_for_from_anywhere(method: str) -> None:
    assert not is_refused(method, origin=EVIL, sec_fetch_site="cross-site")


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({}, True),
        ({"sec_fetch_site": "same-origin"}, False),
        ({"sec_fetch_site": "none"}, False),
        ({"sec_fetch_site": "same-site"}, True),
        ({"sec_fetch_site": "cross-site"}, True),
        ({"sec_fetch_site": "same-origin; cross-site"}, True),
        ({"sec_fetch_site": ""}, True),
        ({"sec_fetch_site": "same-site", "origin": OTHER}, False),
        ({"sec_fetch_site": "cross-site", "origin": OTHER}, False),
        # The browser knows better than the address under which a proxy asks.
        ({"sec_fetch_site": "same-origin", "origin": "https://public.example"}, False),
        # What a form in a page without a referrer sends.
        ({"sec_fetch_site": "same-origin", "origin": "null"}, False),
        ({"sec_fetch_site": "cross-site", "origin": OWN}, True),
        ({"origin": OWN}, False),
        ({"origin": f"{OWN}:443"}, False),
        ({"origin": OWN.upper()}, False),
        ({"origin": OTHER}, False),
        ({"origin": "null"}, True),
        ({"origin": ""}, True),
        ({"origin": "http://annolog.example"}, True),
        ({"origin": f"{OWN}:8443"}, True),
        ({"origin": f"{OWN}.evil.example"}, True),
        ({"origin": "https://evilannolog.example"}, True),
        ({"origin": f"{OWN}@evil.example"}, True),
        ({"origin": f"{OWN}; {EVIL}"}, True),
        ({"origin": "https://[", "referer": f"{OWN}/"}, True),
        ({"referer": f"{OWN}/projects/1?x=y"}, False),
        ({"referer": f"{OTHER}/projects/1"}, False),
        ({"referer": f"{EVIL}/?{OWN}"}, True),
        ({"referer": OWN, "origin": EVIL}, True),
        ({"referer": EVIL, "origin": OWN}, False),
    ],
)
def test_where_a_request_comes_from_is_told_by_the_browser_the_origin_or_the_page_before(
    headers: dict[str, str], refused: bool
) -> None:
    assert is_refused(**headers) is refused


@pytest.mark.parametrize("authorization", ["Bearer abc", "bearer abc", "Token abc", " Bearer abc"])
def test_a_token_is_sent_by_no_browser_on_its_own(authorization: str) -> None:
    assert not is_refused(authorization=authorization, origin=EVIL)


@pytest.mark.parametrize("authorization", ["Basic bmFtZTpwYXNz", "Negotiate abc", "", "Digest x"])
def test_what_a_browser_adds_by_itself_vouches_for_nothing(authorization: str) -> None:
    assert is_refused(authorization=authorization, origin=EVIL)


@pytest.mark.parametrize(
    ("cookie", "refused"),
    [
        ("", False),
        ("theme=dark", False),
        (f"other={SESSION_COOKIE}", False),
        (f"x{SESSION_COOKIE}=1", False),
        (f"{SESSION_COOKIE}=1", True),
        (f"a=b;{SESSION_COOKIE}=1", True),
        (f"a=b;   {SESSION_COOKIE} =1", True),
        (f"{SESSION_COOKIE}", True),
        (f"{PROVIDER_COOKIE}=1", True),
    ],
)
def test_only_a_session_is_worth_riding_on(cookie: str, refused: bool) -> None:
    assert is_refused(cookie=cookie, origin=EVIL) is refused


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_that_is_not_exactly_ours_passes_whatever_it_is(origin: str, referer: str) -> None:
    theirs = origin_of(origin or referer)
    assert is_refused(origin=origin, referer=referer) is (theirs not in (OWN, OTHER))


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Annolog.Example:443/x", "https://annolog.example"),
        ("http://annolog.example:80", "http://annolog.example"),
        ("http://annolog.example:8080/", "http://annolog.example:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("ftp://annolog.example", None),
        ("annolog.example", None),
        ("https://", None),
        ("https://annolog.example:99999", None),
        ("null", None),
    ],
)
def test_origins_have_one_spelling(url: str, origin: str | None) -> None:
    assert origin_of(url) == origin


def request(method: str = "POST", *more: tuple[str, str], scheme: str = "https", kind: str = "http") -> Scope:
    headers = [("Host", "annolog.example"), ("Cookie", COOKIE), *more]
    return scope_of(headers=headers, method=method, scheme=scheme, kind=kind)


def test_a_foreign_request_does_not_reach_the_application() -> None:
    app = OwnOrigin(saying(), {OTHER})
    refused = ask(app, request("POST", ("Origin", EVIL)))
    assert (refused.status, refused.code) == (403, "foreign-origin")
    assert ask(app, request("POST", ("Origin", OWN))).status == 200
    assert ask(app, request("POST", ("Origin", OTHER))).status == 200
    assert ask(app, request("GET", ("Origin", EVIL))).status == 200


def test_our_own_origin_has_the_scheme_that_the_client_used() -> None:
    app = OwnOrigin(saying(), set())
    assert ask(app, request("POST", ("Origin", OWN), scheme="http")).status == 403


def test_two_origins_are_none() -> None:
    app = OwnOrigin(saying(), {OTHER})
    assert ask(app, request("POST", ("Origin", OWN), ("Origin", EVIL))).status == 403
    assert ask(app, request("POST", ("Origin", OWN), ("Origin", OWN))).status == 403


def test_a_session_hides_behind_no_second_cookie_header() -> None:
    app = OwnOrigin(saying(), set())
    scope = scope_of(
        headers=[("Host", "annolog.example"), ("Cookie", "a=b"), ("Cookie", COOKIE), ("Origin", EVIL)], method="POST"
    )
    assert ask(app, scope).status == 403


def test_a_websocket_is_opened_by_our_own_pages_only() -> None:
    opened: list[str] = []

    async def inside(scope: object, receive: object, send: object) -> None:
        opened.append("opened")

    app = OwnOrigin(inside, set())
    refused = ask(app, request("GET", ("Origin", EVIL), scheme="wss", kind="websocket"))
    assert (opened, b"websocket.close" in refused.body) == ([], True)
    ask(app, request("GET", ("Origin", OWN), scheme="wss", kind="websocket"))
    assert opened == ["opened"]
