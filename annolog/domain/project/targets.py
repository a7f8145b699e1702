"""Where a webhook may send to: the open network, unless an installation allows its own."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from annolog.domain.refusals import Fault, InvalidInput

LONGEST_URL = 2_000
# Names that mean this very machine, wherever they are asked (RFC 6761).
HERE = "localhost"
# What stands for an IPv4 address in the IPv6 address space of translators (RFC 6052).
TRANSLATED = 0x0064_FF9B << 96
# What leads to networks of somebody's own as well, and is in no registry that Python 3.11 has: translators of a network
# (RFC 8215), sites (RFC 3879), IPv4 addresses as they were once written in IPv6 (RFC 4291 and 2765), protocol
# assignments (RFC 6890), documentation (RFC 9637) and segments of a network (RFC 9602). The last one looks open, and is
# where machines at Azure ask about themselves.
NOT_OPEN = tuple(
    ip_network(network)
    for network in (
        "64:ff9b:1::/48",
        "fec0::/10",
        "::/96",
        "::ffff:0:0:0/96",
        "192.0.0.0/24",
        "3fff::/20",
        "5f00::/16",
        "168.63.129.16/32",
    )
)


def check_target(url: str, *, to_private: bool) -> None:
    """Refuse a URL that nothing is sent to: not HTTP, with credentials, or, unless allowed, on a private network.

    A name is looked up when something is sent, and its addresses are checked then.
    """
    wrong = _wrong_with(url, to_private=to_private)
    if wrong:
        raise InvalidInput(f"/url: {wrong}", faults=[Fault("/url", wrong)])


def _wrong_with(url: str, *, to_private: bool) -> str | None:
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        return f"must be at most {LONGEST_URL} printable ASCII characters without blanks"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"is no URL: {error}"
    if parts.scheme not in ("http", "https") or not host:
        return "must begin with http:// or https:// and name a host"
    if parts.username is not None or parts.password is not None:
        return "may hold no name or password: everybody who reads events would know them"
    if parts.fragment:
        return "may have no fragment: it is never sent"
    if not to_private and _is_private_host(host):
        return "must not be on this machine or a private network, unless the installation allows it"
    return None


def _is_private_host(host: str) -> bool:
    name = host.rstrip(".").lower()
    if name == HERE or name.endswith(f".{HERE}"):
        return True
    try:
        return is_private(ip_address(host.partition("%")[0]))
    except ValueError:
        return False


def is_private(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is anything but one of the open network: private, loopback, link-local, shared, reserved.

    After the registries of special-purpose addresses (RFC 6890), as Python has them. An IPv6 address that stands for an
    IPv4 address is judged by that.
    """
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or _translated(address)
        if inner is not None:
            return is_private(inner)
    return not address.is_global or address.is_multicast or any(address in network for network in NOT_OPEN)


def _translated(address: IPv6Address) -> IPv4Address | None:
    number = int(address)
    return IPv4Address(number - TRANSLATED) if TRANSLATED <= number < TRANSLATED + 2**32 else None
