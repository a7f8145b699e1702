"""What may be asked about people: who they are, what they are, and whether they may come in."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from annolog.commands.command import Append, Command, Decision, handles
from annolog.commands.personal import Personal, introduced
from annolog.commands.scope import Scope
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.event import Event
from annolog.domain.ids import DIRECTORY_STREAM, IdKind
from annolog.domain.people import decisions
from annolog.domain.people.events import OrganizationRole
from annolog.domain.people.state import Person, fold
from annolog.domain.people.treatment import must_be_able_to_make
from annolog.domain.refusals import Fault, Forbidden, InvalidInput


class NewPerson(Personal):
    """Somebody to be known by a handle, and by name and e-mail if they are given. A `service` is a program: it has
    tokens and never signs in.
    """

    handle: str
    role: OrganizationRole = OrganizationRole.MEMBER
    custom_role: str = Field(default="", max_length=200)
    service: bool = False


class RegisterPeople(Command):
    """Make people known in the sender's organization. Who is known by the handle already keeps their id."""

    people: list[NewPerson] = Field(max_length=10_000)

    def personal(self) -> Sequence[str | None]:
        """Name and e-mail of everybody, if any is given."""
        found = [value for person in self.people for value in person.personal() or (None, None)]
        return found if any(value is not None for value in found) else []


class PersonCommand(Command):
    """An intention about one person."""

    person: int


class ChangeOrganizationRole(PersonCommand):
    """Let somebody be something else in their organization."""

    role: OrganizationRole
    custom_role: str = Field(default="", max_length=200)


class DeactivatePerson(PersonCommand):
    """Let nothing speak for somebody any more."""

    reason: str = Field(default="", max_length=10_000)


class ReactivatePerson(PersonCommand):
    """Let somebody in again who was kept out."""


class ApprovePerson(PersonCommand):
    """Let somebody in who waited for it."""


def recorded(events: Sequence[Event], **answer: object) -> Decision:
    """What follows in the stream of everybody."""
    return Decision([Append(DIRECTORY_STREAM, events)], answer)


def colleague(scope: Scope, id: int, permission: Permission) -> Person:
    """Somebody of the sender's organization whom they may do this to: nobody who is more than themselves."""
    rights.require(permission, scope.person)
    return scope.colleague(id)


def must_have_all_of(scope: Scope, role: OrganizationRole, custom_role: str) -> None:
    """Refuse to make somebody more than oneself, or than the token one came with opens. What every member has is
    anybody's to give.
    """
    must_be_able_to_make(scope.person, role, custom_role)


@handles(RegisterPeople)
def register_people(command: RegisterPeople, scope: Scope) -> Decision:
    """The answer holds an id per handle, in the order asked. Of who is known already nothing is changed."""
    rights.require(Permission.REGISTER_PEOPLE, scope.person)
    directory, organization = scope.directory, scope.organization
    events: list[Event] = []
    newcomers: dict[int, tuple[str, Personal]] = {}
    for index, person in enumerate(command.people):
        must_have_all_of(scope, person.role, person.custom_role)
        try:
            registered = (
                decisions.register(
                    directory,
                    scope.id(IdKind.PERSON),
                    person.handle,
                    person.role,
                    organization,
                    person.custom_role,
                    service=person.service,
                )
                if directory.by_handle(organization, person.handle) is None
                else []
            )
        except InvalidInput as wrong:
            pointer = f"/people/{index}{wrong.faults[0].pointer}"
            raise InvalidInput(wrong.detail, faults=[Fault(pointer, wrong.faults[0].message)]) from wrong
        directory = fold(directory, registered)
        events += registered
        newcomer = directory.by_handle(organization, person.handle)
        if registered and newcomer is not None and person.personal():
            newcomers[newcomer] = (f"/people/{index}", person)
    if newcomers:
        events += introduced(scope, newcomers)
    ids = [
        {"handle": person.handle, "person": directory.by_handle(organization, person.handle)}
        for person in command.people
    ]
    return recorded(events, people=ids)


@handles(ChangeOrganizationRole)
def change_organization_role(command: ChangeOrganizationRole, scope: Scope) -> Decision:
    """For administrators; only an owner makes owners."""
    person = colleague(scope, command.person, Permission.CHANGE_ROLES)
    must_have_all_of(scope, command.role, command.custom_role)
    events = decisions.change_role(scope.directory, person, command.role, command.custom_role)
    return recorded(events, person=person.id, role=command.role.value)


@handles(DeactivatePerson)
def deactivate_person(command: DeactivatePerson, scope: Scope) -> Decision:
    """For administrators. What the person holds is given up by a service that reacts to it."""
    person = colleague(scope, command.person, Permission.DEACTIVATE_PEOPLE)
    if person.id == scope.person.id:
        raise Forbidden("Nobody deactivates themselves.")
    scope.credentials.ended_of.add(person.id)
    return recorded(decisions.deactivate(scope.directory, person, command.reason), person=person.id)


@handles(ReactivatePerson)
def reactivate_person(command: ReactivatePerson, scope: Scope) -> Decision:
    """For administrators."""
    person = colleague(scope, command.person, Permission.DEACTIVATE_PEOPLE)
    return recorded(decisions.reactivate(person), person=person.id)


@handles(ApprovePerson)
def approve_person(command: ApprovePerson, scope: Scope) -> Decision:
    """For whoever may invite."""
    person = colleague(scope, command.person, Permission.INVITE_PEOPLE)
    return recorded(decisions.approve(person), person=person.id)
