"""Whom a sign-in at a provider lets in, and as whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from annolog.domain.access.mapping import Granted
from annolog.domain.people.state import Person
from annolog.domain.refusals import SignInRefused

MOST_GROUPS = 2_000
LONGEST_GROUP = 500


class Admits(StrEnum):
    """Whom a provider lets in beside those who are known: nobody, whose groups are worth something here, everybody."""

    KNOWN = "known"
    MAPPED = "mapped"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who may be meant: whom the provider named so before, and who has the address that it vouches for."""

    recognized: Person | None
    by_address: Sequence[Person] = ()


def person_of(candidates: Candidates, admits: Admits, granted: Granted) -> Person | None:
    """Who signs in; None for somebody new. Refused where nobody is let in.

    Two people of one address are not told apart by it, and an address never leads to who cannot come in by it.
    """
    found = candidates.recognized
    if found is None and len(candidates.by_address) == 1:
        found = candidates.by_address[0]
    if found is not None:
        if found.service or not found.is_active:
            raise SignInRefused("This account is not open; ask who administers it.")
        return found
    if candidates.by_address:
        raise SignInRefused("Several accounts have this address; ask who administers them.")
    if admits is Admits.KNOWN or (admits is Admits.MAPPED and not _is_worth_anything(granted)):
        raise SignInRefused("There is no account for you here; ask to be invited.")
    return None


def readable(groups: Sequence[str]) -> list[str]:
    """The groups in one order, those left out that no rule could name."""
    return sorted({group for group in groups if 0 < len(group) <= LONGEST_GROUP})[:MOST_GROUPS]


def _is_worth_anything(granted: Granted) -> bool:
    return bool(granted.role is not None or granted.projects or granted.workspaces)
