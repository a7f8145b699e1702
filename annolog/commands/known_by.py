"""Who has a sealed value, such as an address: opened in memory from what is sealed in the log, and never kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from string import ascii_lowercase, ascii_uppercase

from annolog.commands.opened import Changes, Known, Opening
from annolog.commands.vault import Vault
from annolog.domain.growing import differing
from annolog.domain.people.personal import UNKNOWN, PersonalField, Sealed
from annolog.domain.people.state import Directory, Person

# Where it is from: an organization, or an organization and a provider; and whose it is, and where that is from.
Place = tuple[int, str]
Whose = tuple[int, Place]


class People:
    """People by the values of one field."""

    def __init__(
        self,
        vault: Vault,
        field: PersonalField,
        changes: Changes[Directory, Whose],
        compared: Callable[[str], str],
    ) -> None:
        self._compared = compared
        self._opening: Opening[Directory, Whose, str] = Opening(
            vault, field, changes, _person, str, lambda whose, value: (whose[1], compared(value))
        )
        self._known: Known[Directory, Whose, str] = Known()

    def people(self, directory: Directory, place: Place, value: str) -> Sequence[int]:
        """Who has this value there, by id. Two who ask at once may both open what is new; neither waits."""
        known = self._known = self._opening.after(self._known, directory)
        return sorted(person for person, _ in known.named((place, self._compared(value))))


def _person(whose: Whose) -> int:
    return whose[0]


def _addresses(after: Directory, before: Directory | None) -> Iterator[tuple[Whose, Sealed]]:
    earlier: Mapping[int, Person] = before.accounts if before is not None else {}
    for id in differing(after.accounts, earlier):
        # Of a state that was never committed there may be people of whom the next one knows nothing.
        for person in (earlier.get(id), after.accounts.get(id)):
            if person is not None:
                is_there = id in after.accounts and not after.accounts[id].erased
                yield (id, (person.organization.id, "")), after.accounts[id].email if is_there else UNKNOWN


def _subjects(after: Directory, before: Directory | None) -> Iterator[tuple[Whose, Sealed]]:
    earlier = before.organizations if before is not None else {}
    for id in after.organizations.keys() | earlier.keys():
        recognized = after.organizations[id].provisioning.recognized if id in after.organizations else {}
        recognized_before = earlier[id].provisioning.recognized if id in earlier else {}
        for person, provider in differing(recognized, recognized_before):
            yield (person, (id, provider)), recognized.get((person, provider), UNKNOWN)


# Of the letters that everybody writes alike, and of no others: to `casefold` another mailbox may be the same.
SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)


def without_capitals(address: str) -> str:
    """An address in the form in which two are the same."""
    return address.translate(SMALL)


class KnownBy:
    """People by what is sealed of them: by their address in an organization, by what a provider names them."""

    def __init__(self, vault: Vault) -> None:
        self.addresses = People(vault, PersonalField.EMAIL, _addresses, without_capitals)
        self.subjects = People(vault, PersonalField.SUBJECT, _subjects, str)
