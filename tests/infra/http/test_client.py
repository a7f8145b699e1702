"""Who is at the other end: proxies are believed if they are trusted, strangers never."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.infra.http.client import Client, KnownClient, TrustedProxies, client_of, seen_through
from tests.infra.http.asgi import ask, saying, scope_of

PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]
PROXY = "10.0.0.1"
FORWARDED_FOR = "X-Forwarded-For"


def behind(*headers: tuple[str, str], peer: str | None = PROXY, forwarding: str = "x-forwarded") -> Client:
    return seen_through(scope_of(headers=list(headers), peer=peer), TrustedProxies(PROXIES), forwarding)  # type: ignore[arg-type]


def test_a_stranger_is_not_believed_about_whom_it_speaks_for() -> None:
    headers = ((FORWARDED_FOR, "198.51.100.7"), ("X-Forwarded-Proto", "https"), ("Forwarded", "for=198.51.100.7"))
    for forwarding in ("x-forwarded", "forwarded"):
        assert behind(*headers, peer="203.0.113.9", forwarding=forwarding) == Client("203.0.113.9", "http")


def test_without_trusted_proxies_nobody_is_believed() -> None:
    scope = scope_of(headers={FORWARDED_FOR: "198.51.100.7", "X-Forwarded-Proto": "https"}, peer=PROXY)
    assert seen_through(scope, TrustedProxies([]), "x-forwarded") == Client(PROXY, "http")


@pytest.mark.parametrize(
    ("chain", "address"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("1.2.3.4, 198.51.100.7", "198.51.100.7"),
        ("1.2.3.4, 198.51.100.7, 10.9.9.9", "198.51.100.7"),
        ("1.2.3.4, 198.51.100.7, 10.9.9.9,10.8.8.8", "198.51.100.7"),
        ("10.7.7.7, 10.9.9.9", "10.7.7.7"),
        ("198.51.100.7:4711", "198.51.100.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:DB8:0::7]:4711", "2001:db8::7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("1.2.3.4, fd00::2", "1.2.3.4"),
        ("", PROXY),
        ("unknown", PROXY),
        ("1.2.3.4, unknown", PROXY),
        ("1.2.3.4, <script>, 10.9.9.9", "10.9.9.9"),
    ],
)
def test_the_client_is_the_first_address_outwards_that_no_trusted_proxy_has(chain: str, address: str) -> None:
    assert behind((FORWARDED_FOR, chain)).address == address


def test_headers_that_come_several_times_are_one_list() -> None:
    assert behind((FORWARDED_FOR, "1.2.3.4"), (FORWARDED_FOR, "198.51.100.7, 10.9.9.9")).address == "198.51.100.7"


@pytest.mark.parametrize(
    ("addresses", "schemes", "scheme"),
    [
        ("198.51.100.7", "https", "https"),
        ("198.51.100.7", "HTTPS", "https"),
        ("198.51.100.7", "", "http"),
        ("198.51.100.7", "gopher", "http"),
        # As many schemes as addresses: each hop has its own, and the client's counts.
        ("198.51.100.7, 10.9.9.9", "https, http", "https"),
        ("1.2.3.4, 198.51.100.7", "https, http", "http"),
        ("1.2.3.4, 198.51.100.7", "http", "http"),
        ("198.51.100.7", "https, http", "http"),
    ],
)
def test_the_scheme_is_the_one_between_the_client_and_the_outermost_trusted_proxy(
    addresses: str, schemes: str, scheme: str
) -> None:
    assert behind((FORWARDED_FOR, addresses), ("X-Forwarded-Proto", schemes)).scheme == scheme


def test_a_proxy_may_tell_the_scheme_alone() -> None:
    assert behind(("X-Forwarded-Proto", "https")) == Client(PROXY, "https")


@pytest.mark.parametrize(
    ("header", "client"),
    [
        ("for=198.51.100.7;proto=https;by=203.0.113.43", Client("198.51.100.7", "https")),
        ('For="[2001:db8::7]:4711"', Client("2001:db8::7", "http")),
        ("for=1.2.3.4, for=198.51.100.7;proto=https, for=10.9.9.9;proto=http", Client("198.51.100.7", "https")),
        ("for=_hidden;proto=https", Client(PROXY, "https")),
        ("nonsense", Client(PROXY, "http")),
    ],
)
def test_the_standard_header_is_read_where_the_settings_say_so(header: str, client: Client) -> None:
    assert behind(("Forwarded", header), forwarding="forwarded") == client


def test_only_one_of_the_two_kinds_of_headers_is_believed_as_the_other_passes_a_proxy_unseen() -> None:
    headers = (("Forwarded", "for=1.2.3.4;proto=https"), (FORWARDED_FOR, "198.51.100.7"))
    assert behind(*headers) == Client("198.51.100.7", "http")
    assert behind(*headers, forwarding="forwarded") == Client("1.2.3.4", "https")


@given(st.lists(st.sampled_from(["1.2.3.4", "10.3.3.3", "unknown", "", "::1"])))
def test_whatever_is_written_further_out_the_client_stays_who_the_trusted_proxy_saw(invented: list[str]) -> None:
    assert behind((FORWARDED_FOR, ", ".join([*invented, "198.51.100.7"]))).address == "198.51.100.7"


def test_an_endless_chain_of_trusted_addresses_is_not_followed_to_its_end() -> None:
    chain = ", ".join(["1.2.3.4", *(["10.9.9.9"] * 5_000)])
    assert behind((FORWARDED_FOR, chain)).address == "10.9.9.9"


def test_a_connection_without_an_address_has_none_and_is_trusted_with_nothing() -> None:
    assert behind((FORWARDED_FOR, "1.2.3.4"), peer=None) == Client("", "http")


def test_the_client_is_in_the_scope_and_links_are_written_with_its_scheme() -> None:
    for kind, scheme in (("http", "https"), ("websocket", "wss")):
        scope = scope_of(headers={FORWARDED_FOR: "198.51.100.7", "X-Forwarded-Proto": "https"}, peer=PROXY, kind=kind)
        scope["scheme"] = "ws" if kind == "websocket" else "http"
        ask(KnownClient(saying() if kind == "http" else _silent, PROXIES, "x-forwarded"), scope)
        assert client_of(scope) == Client("198.51.100.7", "https")
        assert scope["scheme"] == scheme


def test_nobody_but_the_connection_is_believed_before_the_settings_are_known() -> None:
    assert client_of(scope_of(headers={FORWARDED_FOR: "1.2.3.4"}, peer=PROXY, scheme="https")) == Client(PROXY, "https")


async def _silent(*_: object) -> None:
    return None
