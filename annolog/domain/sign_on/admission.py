"""Whom a sign-in at a provider lets in, and as whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from annolog.domain.access.mapping import Granted
from annolog.domain.people.personal import is_readable
from annolog.domain.people.state import Person
from annolog.domain.refusals import SignInRefused

# What a provider names somebody, as OpenID Connect limits it.
LONGEST_SUBJECT = 255
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

    provider: str
    recognized: Person | None
    by_address: Sequence[Person] = ()


def person_of(candidates: Candidates, admits: Admits, granted: Granted) -> Person | None:
    """Who signs in; None for somebody new. Refused where nobody is let in.

    Two people of one address are not told apart by it. An address leads neither to who cannot come in, nor to whom the
    provider names otherwise: addresses are given to somebody else in time, names are not.
    """
    if candidates.recognized is not None:
        return _open(candidates.recognized)
    if len(candidates.by_address) > 1:
        raise SignInRefused("Several accounts have this address; ask who administers them.")
    for found in candidates.by_address:
        if found.organization.provisioning.recognizes(found.id, candidates.provider):
            raise SignInRefused("This address belongs to another account; ask who administers it.")
        return _open(found)
    if admits is Admits.KNOWN or (admits is Admits.MAPPED and not _is_worth_anything(granted)):
        raise SignInRefused("There is no account for you here; ask to be invited.")
    return None


def readable(groups: Sequence[str]) -> list[str]:
    """The groups in one order, those left out that no rule could name."""
    return sorted({group for group in groups if 0 < len(group) <= LONGEST_GROUP and is_readable(group)})[:MOST_GROUPS]


def _open(person: Person) -> Person:
    if person.service or not person.is_active:
        raise SignInRefused("This account is not open; ask who administers it.")
    return person


def _is_worth_anything(granted: Granted) -> bool:
    return bool(granted.role is not None or granted.projects or granted.workspaces)
