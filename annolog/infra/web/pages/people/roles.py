"""Roles in words, and the choice among those that may be given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from annolog.infra.web.parts.words import sentence

STANDINGS = {
    "active": ("Active", "good"),
    "awaiting_approval": ("Waits for approval", "warning"),
    "deactivated": ("Deactivated", "bad"),
    "erased": ("Erased", "plain"),
}
# Of a role and one of the organization's own that is like it.
Pair = tuple[str, str]


def pair_of(row: Mapping[str, Any]) -> Pair:
    """What somebody is, as the API has it in a row."""
    return str(row["role"]), str(row.get("custom_role") or "")


def role_in_words(row: Mapping[str, Any]) -> str:
    """What somebody is called who is this."""
    role, custom = pair_of(row)
    return f"{custom} ({role})" if custom else sentence(role)


def role_choice(given: Sequence[Mapping[str, Any]], value: Pair | None, label: str = "Role") -> ui.select:
    """A choice among the roles that the API says may be given; its value is the role and the organization's own."""
    options = {pair_of(row): role_in_words(row) for row in given}
    first = value if value in options else next(iter(options), None)
    found = ui.select(options, value=first, label=label or None).props("outlined dense")
    found.props["popup-content-class"] = "an-menu-list"
    return found


def sent(pair: Pair) -> dict[str, str]:
    """A choice as commands take it."""
    return {"role": pair[0], "custom_role": pair[1]}
