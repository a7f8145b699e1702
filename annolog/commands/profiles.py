"""Whom an identity provider means by a user name: opened in memory, from what is sealed in the log."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from types import MappingProxyType

from annolog.commands.vault import SealBroken, Vault
from annolog.domain.organization.state import Organization
from annolog.domain.people.personal import PersonalField, Sealed
from annolog.domain.provisioning.profile import Profile, compared

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """Everybody that the provider of an organization answers for, as it knows them."""

    people: Mapping[int, Sealed] = field(repr=False)
    profiles: Mapping[int, Profile] = field(repr=False)
    by_user_name: Mapping[str, int] = field(repr=False)


class Profiles:
    """What is opened is kept as long as the log holds it, and forgotten with the person."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._known: dict[int, Known] = {}
        self._one_at_a_time = Lock()

    def of(self, organization: Organization) -> Known:
        """Everybody of an organization. Only what is new is opened, and nothing while nothing changed."""
        people = organization.provisioning.people
        with self._one_at_a_time:
            before = self._known.get(organization.id)
            # A state that did not change is the very same object.
            if before is not None and before.people is people:
                return before
            found = self._opened(people, before)
            self._known[organization.id] = found
            return found

    def _opened(self, people: Mapping[int, Sealed], before: Known | None) -> Known:
        profiles: dict[int, Profile] = {}
        fresh: dict[int, Sealed] = {}
        for person, sealed in people.items():
            if before is not None and sealed and before.people.get(person) == sealed and person in before.profiles:
                profiles[person] = before.profiles[person]
            elif sealed:
                fresh[person] = sealed
        if fresh:
            # Their keys are found together rather than one by one.
            self._vault.provide(list(fresh))
        for person, sealed in fresh.items():
            profile = self._profile(person, sealed)
            if profile is not None:
                profiles[person] = profile
        names = {compared(profile.user_name): person for person, profile in profiles.items()}
        return Known(people, MappingProxyType(profiles), MappingProxyType(names))

    def _profile(self, person: int, sealed: Sealed) -> Profile | None:
        try:
            text = self._vault.open(person, PersonalField.PROFILE, sealed)
        except SealBroken as broken:
            # One profile that nobody can read keeps nobody from provisioning all others.
            logger.warning("seal broken", extra={"person": person, "field": "profile", "cause": str(broken)})
            return None
        return None if text is None else Profile.model_validate_json(text)
