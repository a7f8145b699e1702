"""Where the keys of people are: what the command side needs of it, in its own words."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Protocol

from annolog.domain.people.personal import PersonalField, Sealed
from annolog.domain.refusals import Unavailable

logger = logging.getLogger(__name__)


class SealBroken(Exception):
    """A sealed value was changed, or belongs to another person or another field."""


class Vault(Protocol):
    """Keeps one key for each person, apart from the log. A key that was destroyed never comes back."""

    def provide(self, people: Sequence[int]) -> None:
        """See to it that each of these people has a key, unless theirs was destroyed."""
        ...

    def warm(self, people: Sequence[int]) -> None:
        """Have the keys of these people at hand, as far as there are any: found together rather than one by one."""
        ...

    def seal(self, person: int, field: PersonalField, value: str) -> Sealed:
        """A value that only this person's key opens, as this field. Refused if the key was destroyed."""
        ...

    def open(self, person: int, field: PersonalField, sealed: Sealed) -> str | None:
        """The value, None once the key is destroyed; raises `SealBroken` if it does not fit."""
        ...

    def forget(self, people: Sequence[int]) -> None:
        """Destroy the keys of these people, for good. Doing it again changes nothing."""
        ...

    def digest(self, said: bytes) -> bytes:
        """What tells whether the same was said before, and tells nobody what it was who does not have the keys.

        Once anybody is forgotten, nothing that was said before is known again.
        """
        ...


def value_of(vault: Vault, person: int, field: PersonalField, sealed: Sealed) -> str | None:
    """A value of somebody, None where nobody can read it any more: one such keeps nobody from seeing all others."""
    try:
        return vault.open(person, field, sealed)
    except SealBroken as broken:
        logger.warning("seal broken", extra={"person": person, "field": field.value, "cause": str(broken)})
        return None


class NoVault:
    """There are no keys here, so nothing personal can be said."""

    def provide(self, people: Sequence[int]) -> None:
        """Refuse."""
        raise self._refusal()

    def warm(self, people: Sequence[int]) -> None:
        """Refuse."""
        raise self._refusal()

    def seal(self, person: int, field: PersonalField, value: str) -> Sealed:
        """Refuse."""
        raise self._refusal()

    def open(self, person: int, field: PersonalField, sealed: Sealed) -> str | None:
        """Refuse."""
        raise self._refusal()

    def forget(self, people: Sequence[int]) -> None:
        """Refuse."""
        raise self._refusal()

    def digest(self, said: bytes) -> bytes:
        """Refuse."""
        raise self._refusal()

    @staticmethod
    def _refusal() -> Unavailable:
        return Unavailable("The keys of personal data are not here.")
