"""Who has a sealed value, such as an address: opened in memory from what is sealed in the log, and never kept."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from string import ascii_lowercase, ascii_uppercase
from threading import Lock

from annolog.commands.vault import SealBroken, Vault
from annolog.domain.people.personal import PersonalField, Sealed
from annolog.domain.people.state import Directory

logger = logging.getLogger(__name__)

# What is sealed of whom, by where it is from: an organization, or an organization and a provider.
Place = tuple[int, str]
SealedValues = Mapping[tuple[int, Place], Sealed]


class Opened:
    """People by the values of one field. Only what is new is opened, and nothing while nothing changed."""

    def __init__(
        self,
        vault: Vault,
        field: PersonalField,
        of: Callable[[Directory], SealedValues],
        compared: Callable[[str], str],
    ) -> None:
        self._vault = vault
        self._field = field
        self._of = of
        self._compared = compared
        self._directory: Directory | None = None
        self._sealed: SealedValues = {}
        self._values: dict[tuple[int, Place], str] = {}
        self._people: dict[tuple[Place, str], list[int]] = {}
        self._one_at_a_time = Lock()

    def people(self, directory: Directory, place: Place, value: str) -> Sequence[int]:
        """Who has this value there, by id."""
        with self._one_at_a_time:
            # A state that did not change is the very same object.
            if directory is not self._directory:
                self._follow(directory)
            return list(self._people.get((place, self._compared(value)), ()))

    def _follow(self, directory: Directory) -> None:
        sealed = self._of(directory)
        fresh = {key: value for key, value in sealed.items() if self._sealed.get(key) != value}
        if fresh:
            # To look somebody up makes no key: one that is missing may come back from a backup.
            self._vault.warm(sorted({person for person, _ in fresh}))
        values = {key: value for key, value in self._values.items() if key in sealed and key not in fresh}
        for key, value in fresh.items():
            found = self._value(key[0], value)
            if found is not None:
                values[key] = found
        people: dict[tuple[Place, str], list[int]] = defaultdict(list)
        for (person, place), opened in sorted(values.items()):
            people[place, self._compared(opened)].append(person)
        self._directory, self._sealed, self._values, self._people = directory, sealed, values, people

    def _value(self, person: int, sealed: Sealed) -> str | None:
        try:
            return self._vault.open(person, self._field, sealed)
        except SealBroken as broken:
            # One value that nobody can read keeps nobody else from coming in.
            logger.warning("seal broken", extra={"person": person, "field": self._field.value, "cause": str(broken)})
            return None


def _addresses(directory: Directory) -> SealedValues:
    return {
        (person.id, (person.organization.id, "")): person.email
        for person in directory.accounts.values()
        if person.email and not person.erased
    }


def _subjects(directory: Directory) -> SealedValues:
    return {
        (person, (organization.id, provider)): sealed
        for organization in directory.organizations.values()
        for (person, provider), sealed in organization.provisioning.recognized.items()
    }


# Of the letters that everybody writes alike, and of no others: to `casefold` another mailbox may be the same.
SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)


def without_capitals(address: str) -> str:
    """An address in the form in which two are the same."""
    return address.translate(SMALL)


class KnownBy:
    """People by what is sealed of them: by their address in an organization, by what a provider names them."""

    def __init__(self, vault: Vault) -> None:
        self.addresses = Opened(vault, PersonalField.EMAIL, _addresses, without_capitals)
        self.subjects = Opened(vault, PersonalField.SUBJECT, _subjects, str)
