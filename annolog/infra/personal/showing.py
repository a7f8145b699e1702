"""People as they are shown to those who may know their names: opened for that moment, and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annolog.commands.vault import value_of
from annolog.domain.people.personal import PersonalField, Sealed
from annolog.domain.people.state import Person
from annolog.infra.personal.vault import SqlVault


def pseudonymous(person: Person) -> dict[str, Any]:
    """Somebody as everybody may know them."""
    return {
        "person": person.id,
        "handle": person.handle,
        "role": person.role.value,
        "custom_role": person.custom_role or None,
        "standing": person.standing.value,
        "service": person.service,
        "erased": person.erased,
    }


def named(vault: SqlVault, people: Sequence[Person]) -> list[dict[str, Any]]:
    """People with name and e-mail, None where that is unknown. Of who was erased nothing is opened."""
    there = [person for person in people if not person.erased and (person.name or person.email)]
    vault.warm([person.id for person in there])
    opened = {person.id: _opened(vault, person) for person in there}
    nothing: Mapping[str, str | None] = dict.fromkeys((PersonalField.NAME, PersonalField.EMAIL))
    return [pseudonymous(person) | dict(opened.get(person.id, nothing)) for person in people]


def _opened(vault: SqlVault, person: Person) -> dict[str, str | None]:
    sealed: Mapping[PersonalField, Sealed] = {PersonalField.NAME: person.name, PersonalField.EMAIL: person.email}
    return {field.value: value_of(vault, person.id, field, value) for field, value in sealed.items()}
