"""What the API asks when somebody comes from an identity provider, or has left it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import AwareDatetime, Field, SecretStr

from annolog.commands.activity import told
from annolog.commands.command import Command, Decision, handles
from annolog.commands.people import recorded
from annolog.commands.personal import Personal, introduced, revised
from annolog.commands.provisioning import newcomer
from annolog.commands.scope import Scope
from annolog.domain.access.mapping import granted
from annolog.domain.activity.events import SignedOut, SignOutCause
from annolog.domain.event import Event
from annolog.domain.people import decisions, erasure
from annolog.domain.people.personal import PersonalField, acceptable
from annolog.domain.people.state import Directory, Person, fold
from annolog.domain.provisioning import following
from annolog.domain.refusals import InvalidInput
from annolog.domain.sign_on.admission import LONGEST_SUBJECT, Admits, Candidates, person_of, readable
from annolog.domain.sign_on.events import GroupsClaimed, PersonRecognized


class RecognizePerson(Personal):
    """Find out who it is that a provider names so; make them known if they are let in and nobody knows them.

    An address that the provider does not vouch for is left out; `links_by_email`: whether one may lead to who is known
    by it.
    """

    remembered: ClassVar[bool] = False

    provider: str = Field(max_length=40)
    organization: int
    admits: Admits
    subject: SecretStr = Field(exclude=True, max_length=LONGEST_SUBJECT)
    links_by_email: bool = False
    groups: list[str] = Field(default_factory=list)

    def personal(self) -> Sequence[str | None]:
        """Also what the provider names them."""
        return [*super().personal(), self.subject.get_secret_value()]


class EndSessionsThere(Command):
    """Let sessions end that a provider ended: one of its own, or all that somebody had begun by then."""

    remembered: ClassVar[bool] = False

    provider: str = Field(max_length=40)
    organization: int
    begun_by: AwareDatetime
    session: str | None = None
    subject: SecretStr | None = Field(default=None, exclude=True)


def _recognized(scope: Scope, organization: int, provider: str, subject: str) -> Person | None:
    found = scope.known_by.subjects.people(scope.directory, (organization, provider), subject)
    return scope.directory.person(found[0]) if found else None


def _by_address(scope: Scope, command: RecognizePerson) -> list[Person]:
    if not command.links_by_email or command.email is None:
        return []
    address = command.email.get_secret_value()
    found = scope.known_by.addresses.people(scope.directory, (command.organization, ""), address)
    people = [person for id in found if (person := scope.directory.person(id)) is not None]
    # Whoever says of themselves that they have somebody's address gets nobody's groups by it.
    return [person for person in people if person.vouched]


@handles(RecognizePerson)
def recognize_person(command: RecognizePerson, scope: Scope) -> Decision:
    """Whoever is recognized has at once what their groups are worth in the organization; workspaces and projects
    follow by a service.
    """
    scope.must_be_system()
    organization = decisions.organization_of(scope.directory, command.organization)
    groups = readable(command.groups)
    worth = granted(organization.provisioning.rules, command.provider, groups)
    subject = command.subject.get_secret_value()
    recognized = _recognized(scope, organization.id, command.provider, subject)
    candidates = Candidates(command.provider, recognized, _by_address(scope, command))
    person = person_of(candidates, command.admits, worth)
    events: list[Event] = []
    if person is None:
        events += newcomer(scope, organization.id)
        person = _newest(scope.directory, events)
        scope.vault.provide([person.id])
        events += introduced(scope, {person.id: ("", _readable(command))})
    else:
        events += _as_the_provider_says(scope, person, command)
    if recognized is None:
        sealed = scope.vault.seal(person.id, PersonalField.SUBJECT, subject)
        events.append(
            PersonRecognized(organization=organization.id, person=person.id, provider=command.provider, subject=sealed)
        )
    if groups != list(organization.provisioning.claimed.get(person.id, {}).get(command.provider, ())):
        events.append(
            GroupsClaimed(organization=organization.id, person=person.id, provider=command.provider, groups=groups)
        )
    events += following.roles(fold(scope.directory, events), organization.id, person.id)
    return recorded(events, person=person.id)


def _newest(directory: Directory, events: Sequence[Event]) -> Person:
    there = fold(directory, events)
    [id] = there.accounts.keys() - directory.accounts.keys()
    found = there.person(id)
    assert found is not None
    return found


def _readable(command: RecognizePerson) -> Personal:
    """Name and address as they may be kept. What cannot be is left out: it keeps nobody from coming in."""
    kept: dict[str, SecretStr] = {}
    for field in (PersonalField.NAME, PersonalField.EMAIL):
        said: SecretStr | None = getattr(command, field.value)
        if said is None:
            continue
        try:
            kept[field.value] = SecretStr(acceptable(field, said.get_secret_value(), field.value))
        except InvalidInput:
            continue
    return Personal(**kept)


def _as_the_provider_says(scope: Scope, person: Person, command: RecognizePerson) -> list[Event]:
    """Name and address of somebody known, unless they come over SCIM, which knows better."""
    if person.organization.provisioning.answers_for(person.id):
        return []
    said = _readable(command)
    name = revised(scope, person, PersonalField.NAME, person.name, said.name)
    email = revised(scope, person, PersonalField.EMAIL, person.email, said.email)
    return erasure.revise(person, name, email, vouched=said.email is not None)


@handles(EndSessionsThere)
def end_sessions_there(command: EndSessionsThere, scope: Scope) -> Decision:
    """Who is named without a session is out everywhere, whatever they came by."""
    scope.must_be_system()
    person = None
    if command.subject is not None:
        person = _recognized(scope, command.organization, command.provider, command.subject.get_secret_value())
    if command.session is not None:
        scope.credentials.ended_there.add((command.provider, command.session))
    elif person is not None:
        scope.credentials.ended_by[person.id] = command.begun_by
    if person is None:
        return Decision()
    ended = SignedOut(organization=command.organization, person=person.id, cause=SignOutCause.PROVIDER)
    return Decision([told(scope, [ended])])
