"""Where somebody is, and the form in which that is recorded."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any, Protocol

from starlette.types import Scope

# Of who has the databases at hand.
COMMAND_LINE = "command line"
# How much of the address of nobody known is kept: such an address could be erased at nobody's wish.
KEPT_BITS = {4: 24, 6: 48}


class Sealing(Protocol):
    """How an address is recorded so that it can vanish with its person."""

    def seal(self, person: int, address: str) -> str:
        """The address as it is recorded."""
        ...

    def open(self, person: int, sealed: str) -> str:
        """The address again; empty once it has vanished."""
        ...


class Unsealed:
    """Addresses are recorded as they are."""

    def seal(self, person: int, address: str) -> str:
        """The address as it is."""
        del person
        return address

    def open(self, person: int, sealed: str) -> str:
        """The address as it was."""
        del person
        return sealed


def address_of(scope: Scope) -> str:
    """The address that a request comes from, empty if it is not known."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def neighbourhood(address: str) -> str:
    """The network of an address: a /24, of IPv6 a /48; nothing of what is no address."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((found, KEPT_BITS[found.version]), strict=False))


def opened(entry: dict[str, Any], sealing: Sealing) -> dict[str, Any]:
    """An entry of the activity log with its address as somebody can read it. That of nobody known is not sealed."""
    person, address = entry["person"], entry["address"]
    return entry if not person or not address else entry | {"address": sealing.open(person, address)}
