"""What may be asked about what is personal of people. Values are sealed while a command is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import ConfigDict, Field, SecretStr

from annolog.commands.command import Append, Command, Decision, handles
from annolog.commands.scope import Scope
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.event import Event
from annolog.domain.ids import DIRECTORY_STREAM
from annolog.domain.people import erasure
from annolog.domain.people.events import PersonRevised
from annolog.domain.people.personal import UNKNOWN, PersonalField, Sealed, acceptable
from annolog.domain.people.state import Person


class Personal(Command):
    """A command that carries what is personal of somebody: no dump, no representation and no error shows it."""

    model_config = ConfigDict(hide_input_in_errors=True)

    name: SecretStr | None = Field(default=None, exclude=True, examples=["Ada Lovelace"])
    email: SecretStr | None = Field(default=None, exclude=True, examples=["ada@example.org"])

    def personal(self) -> Sequence[str | None]:
        """Name and e-mail as they were sent."""
        if self.name is None and self.email is None:
            return []
        return [None if value is None else value.get_secret_value() for value in (self.name, self.email)]


class RevisePerson(Personal):
    """Know somebody by another name or e-mail. What is not given stays, what is empty becomes unknown."""

    person: int


class ErasePerson(Command):
    """Destroy what is known of somebody, for good. Their handle says a second time whom is meant."""

    person: int
    handle: str


def sealed(scope: Scope, person: int, field: PersonalField, value: SecretStr, pointer: str = "") -> Sealed:
    """A value as it may be recorded."""
    found = acceptable(field, value.get_secret_value(), f"{pointer}/{field.value}")
    return scope.vault.seal(person, field, found) if found else UNKNOWN


def revised(scope: Scope, person: Person, field: PersonalField, before: Sealed, value: SecretStr | None) -> Sealed:
    """What is recorded of a field afterwards: what it was, where the value is the same, though it would seal anew."""
    if value is None:
        return before
    if before and scope.vault.open(person.id, field, before) == value.get_secret_value().strip():
        return before
    return sealed(scope, person.id, field, value)


def introduced(scope: Scope, newcomers: Mapping[int, tuple[str, Personal]]) -> list[Event]:
    """What follows from what others say of people who have just become known; with where in the command it is said."""
    scope.vault.provide(list(newcomers))
    events: list[Event] = []
    for person, (pointer, said) in newcomers.items():
        name = UNKNOWN if said.name is None else sealed(scope, person, PersonalField.NAME, said.name, pointer)
        email = UNKNOWN if said.email is None else sealed(scope, person, PersonalField.EMAIL, said.email, pointer)
        if name or email:
            events.append(PersonRevised(person=person, name=name, email=email, vouched=bool(email)))
    return events


@handles(RevisePerson)
def revise_person(command: RevisePerson, scope: Scope) -> Decision:
    """For oneself, and for those who register people. The answer repeats nothing of what was said."""
    own_word = command.person == scope.person.id
    if not own_word or scope.person.limits is not None:
        rights.require(Permission.REGISTER_PEOPLE, scope.person)
    person = scope.colleague(command.person)
    erasure.must_not_be_erased(person)
    name = revised(scope, person, PersonalField.NAME, person.name, command.name)
    email = revised(scope, person, PersonalField.EMAIL, person.email, command.email)
    events = erasure.revise(person, name, email, vouched=command.email is not None and not own_word)
    return Decision([Append(DIRECTORY_STREAM, events)], {"person": person.id})


@handles(ErasePerson)
def erase_person(command: ErasePerson, scope: Scope) -> Decision:
    """For owners and administrators. The key is destroyed once this is recorded, however often that takes a new try."""
    rights.require(Permission.ERASE_PEOPLE, scope.person)
    person = scope.colleague(command.person)
    events = erasure.erase(scope.directory, person, command.handle, scope.request.id.hex)
    scope.credentials.passwords[person.id] = None
    scope.credentials.ended_of.add(person.id)
    return Decision([Append(DIRECTORY_STREAM, events)], {"person": person.id})
