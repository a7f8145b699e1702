"""Who is at the other end: the peer itself, or whom a trusted proxy says it speaks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Literal

from starlette.types import ASGIApp, Receive, Scope, Send

from annolog.infra.peers import Network

Address = IPv4Address | IPv6Address
# Which headers proxies write. Only one of the two is believed: a proxy passes on the one that it does not know as a
# client wrote it.
Forwarding = Literal["x-forwarded", "forwarded"]

CLIENT = "annolog.client"
# From right to left; nobody has more proxies, and strangers write what they like.
MOST_HOPS = 20
MOST_REMEMBERED = 16_384


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from, and whether it came over `http` or `https` there. No address if none is known."""

    address: str
    scheme: str


def client_of(scope: Scope) -> Client:
    """The client of a request. Without `KnownClient` before it, nobody is believed but the connection."""
    found = scope.get(CLIENT)
    return found if isinstance(found, Client) else _peer(scope)


class KnownClient:
    """Says in the scope who the client is; `client_of` reads it. The scheme becomes the client's, so that links and
    redirections are written as the client sees them.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[Network], forwarding: Forwarding) -> None:
        self._app = app
        self._trusted = TrustedProxies(trusted)
        self._forwarding = forwarding

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its client named."""
        if scope["type"] in ("http", "websocket"):
            client = seen_through(scope, self._trusted, self._forwarding)
            scope[CLIENT] = client
            scope["scheme"] = _scheme_for(scope, client)
        await self._app(scope, receive, send)


class TrustedProxies:
    """Whose word about others is taken. Addresses come again and again, so the answer is remembered."""

    def __init__(self, networks: Iterable[Network]) -> None:
        self._networks = tuple(networks)
        self.trusts = lru_cache(MOST_REMEMBERED)(self._trusts) if self._networks else lambda _: False

    def _trusts(self, address: str) -> bool:
        if not address:
            return False
        found = ip_address(address)
        return any(found in network for network in self._networks)


def seen_through(scope: Scope, proxies: TrustedProxies, forwarding: Forwarding) -> Client:
    """The client behind trusted proxies: the last address, from the server outwards, that no trusted proxy has.

    What stands further out may be anybody's invention. An entry that is no address ends the search: the proxy that
    wrote it is the last whom we know.
    """
    peer = _peer(scope)
    if not proxies.trusts(peer.address):
        return peer
    hops = _forwarded(scope) if forwarding == "forwarded" else _x_forwarded(scope)
    client = peer
    for text, scheme in list(reversed(hops))[:MOST_HOPS]:
        address = _address_in(text) or ""
        client = Client(address or client.address, scheme or client.scheme)
        if not proxies.trusts(address):
            break
    return client


def _peer(scope: Scope) -> Client:
    host = (scope.get("client") or ("", 0))[0]
    encrypted = scope.get("scheme", "http") in ("https", "wss")
    return Client(_address_in(host) or "", "https" if encrypted else "http")


def _scheme_for(scope: Scope, client: Client) -> str:
    if scope["type"] == "http":
        return client.scheme
    return "wss" if client.scheme == "https" else "ws"


def _forwarded(scope: Scope) -> list[tuple[str, str]]:
    """Address and scheme of every hop, after RFC 7239."""
    return [_hop(element) for element in _list(scope, b"forwarded")]


def _hop(element: str) -> tuple[str, str]:
    pairs = (pair.partition("=") for pair in element.split(";"))
    members = {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}
    return members.get("for", ""), _scheme(members.get("proto", ""))


def _x_forwarded(scope: Scope) -> list[tuple[str, str]]:
    """Address and scheme of every hop. Where there are not as many schemes as addresses the last one is for all."""
    addresses = _list(scope, b"x-forwarded-for")
    schemes = [_scheme(text) for text in _list(scope, b"x-forwarded-proto")]
    if not addresses:
        return [("", schemes[-1])] if schemes else []
    if len(schemes) != len(addresses):
        schemes = [schemes[-1] if schemes else ""] * len(addresses)
    return list(zip(addresses, schemes, strict=True))


def _scheme(text: str) -> str:
    return text.lower() if text.lower() in ("http", "https") else ""


def _list(scope: Scope, name: bytes) -> list[str]:
    """The elements of a header, also if it comes several times."""
    values = [value.decode("latin-1") for header, value in scope["headers"] if header == name]
    return [element.strip() for value in values for element in value.split(",")]


@lru_cache(MOST_REMEMBERED)
def _address_in(text: str) -> str | None:
    """An address without port, brackets and zone, in one spelling; None if it is none."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found: Address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    inner = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(inner or found)
