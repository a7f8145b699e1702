"""Where somebody was, as who may read the activity log sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any

from annolog.commands.vault import value_of
from annolog.domain.activity.events import COMMAND_LINE
from annolog.domain.people.personal import PersonalField, Sealed
from annolog.domain.people.state import Directory
from annolog.infra.personal.vault import SqlVault

# How much of the address of nobody known is kept: such an address could be erased at nobody's wish.
KEPT_BITS = {4: 24, 6: 48}


def neighbourhood(address: str) -> str:
    """The network of an address: a /24, of IPv6 a /48; nothing of what is no address."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((found, KEPT_BITS[found.version]), strict=False))


def located(vault: SqlVault, directory: Directory, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Entries of the activity log with addresses that can be read. That of nobody known was never sealed; where an
    erased person was nobody learns.
    """
    vault.warm(sorted({row["person"] for row in rows if row["person"]} - directory.erased))
    return [dict(row) | {"address": _address(vault, directory, row["person"], row["address"])} for row in rows]


def _address(vault: SqlVault, directory: Directory, person: int | None, address: str) -> str:
    if not person or not address or address == COMMAND_LINE:
        return address
    if person in directory.erased:
        return ""
    return value_of(vault, person, PersonalField.ADDRESS, Sealed(address)) or ""
