"""Whom an identity provider means by a user name: opened in memory, from what is sealed in the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from annolog.commands import opened
from annolog.commands.vault import Vault
from annolog.domain.growing import differing
from annolog.domain.organization.state import Organization
from annolog.domain.people.personal import UNKNOWN, PersonalField, Sealed
from annolog.domain.provisioning.profile import Profile, compared

Sealeds = Mapping[int, Sealed]
# Everybody that the provider of an organization answers for, as it knows them, and by user name.
Known = opened.Known[Sealeds, int, Profile]


class Profiles:
    """What is opened is kept as long as the log holds it, and forgotten with the person."""

    def __init__(self, vault: Vault) -> None:
        self._opening: opened.Opening[Sealeds, int, Profile] = opened.Opening(
            vault,
            PersonalField.PROFILE,
            _changes,
            int,
            Profile.model_validate_json,
            lambda _, profile: compared(profile.user_name),
        )
        self._known: dict[int, Known] = {}

    def of(self, organization: Organization) -> Known:
        """Everybody of an organization. Only what is new is opened, and nothing while nothing changed."""
        before = self._known.get(organization.id, opened.Known())
        found = self._known[organization.id] = self._opening.after(before, organization.provisioning.people)
        return found

    def called(self, organization: Organization, user_name: str) -> int | None:
        """Who goes by a user name there."""
        people = self.of(organization).named(compared(user_name))
        return people[-1] if people else None


def _changes(after: Sealeds, before: Sealeds | None) -> Iterator[tuple[int, Sealed]]:
    for person in differing(after, before or {}):
        yield person, after.get(person, UNKNOWN)
