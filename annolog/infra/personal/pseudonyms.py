"""What is exported of a project, with other numbers in the place of people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from annolog.infra.personal.naming import NAMING_ANYBODY

# What people wrote or what they were given: names of members there are none of ours.
FOREIGN = frozenset({"data", "meta", "result"})

Pseudonym = Callable[[int], int]


class People(StrEnum):
    """How an export tells people apart."""

    IDS = "ids"
    PSEUDONYMS = "pseudonyms"


def pseudonymised(found: Mapping[str, Any], pseudonym: Pseudonym) -> dict[str, Any]:
    """The same with another number for every person in it. 0 is the system itself and stays."""
    return {name: value if name in FOREIGN else _pseudonymised(value, pseudonym, name) for name, value in found.items()}


def _pseudonymised(found: Any, pseudonym: Pseudonym, name: str) -> Any:
    match found:
        case Mapping():
            return pseudonymised(found, pseudonym)
        case list() | tuple():
            return [_pseudonymised(value, pseudonym, name) for value in found]
        case int() if name in NAMING_ANYBODY and found and not isinstance(found, bool):
            return pseudonym(found)
        case _:
            return found
