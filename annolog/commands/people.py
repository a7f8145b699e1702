"""What may be asked about people and their tokens."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from annolog.commands.command import Append, Command, Decision, handles
from annolog.commands.personal import Personal, introduced
from annolog.commands.scope import Scope
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.event import Event
from annolog.domain.ids import ORGANIZATION_STREAM, IdKind
from annolog.domain.people import decisions
from annolog.domain.people.events import OrganizationRole
from annolog.domain.people.state import fold
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import Fault, InvalidInput


class NewPerson(Personal):
    """Somebody to be known by a handle, and by name and e-mail if they are given."""

    handle: str
    role: OrganizationRole = OrganizationRole.MEMBER


class RegisterPeople(Command):
    """Make people known. Who is known by the handle already keeps their id."""

    people: list[NewPerson] = Field(max_length=10_000)

    def personal(self) -> Sequence[str | None]:
        """Name and e-mail of everybody, if any is given."""
        found = [value for person in self.people for value in person.personal() or (None, None)]
        return found if any(value is not None for value in found) else []


class IssueToken(Command):
    """Let a token speak for a person. The token itself never comes here, only its SHA-256."""

    person: int
    digest: str = Field(pattern="^[0-9a-f]{64}$")
    label: str = Field(default="", max_length=200)


class RevokeToken(Command):
    """Let a token speak for nobody."""

    token: int
    digest: str


class ChangePermission(Command):
    """Give a permission to a role or take it away, everywhere in the installation; None leaves it to the table."""

    role: OrganizationRole | ProjectRole
    permission: Permission
    granted: bool | None


@handles(RegisterPeople)
def register_people(command: RegisterPeople, scope: Scope) -> Decision:
    """The answer holds an id per handle, in the order asked. Of who is known already nothing is changed."""
    rights.require(Permission.REGISTER_PEOPLE, scope.person)
    organization = scope.organization
    events: list[Event] = []
    newcomers: dict[int, tuple[str, Personal]] = {}
    for index, person in enumerate(command.people):
        rights.must_not_exceed(scope.person, person.role)
        try:
            registered = (
                decisions.register(organization, scope.id(IdKind.PERSON), person.handle, person.role)
                if person.handle not in organization.handles
                else []
            )
        except InvalidInput as wrong:
            pointer = f"/people/{index}/handle"
            raise InvalidInput(wrong.detail, faults=[Fault(pointer, wrong.faults[0].message)]) from wrong
        organization = fold(organization, registered)
        events += registered
        if registered and person.personal():
            newcomers[organization.handles[person.handle]] = (f"/people/{index}", person)
    if newcomers:
        events += introduced(scope, newcomers)
    ids = [{"handle": person.handle, "person": organization.handles[person.handle]} for person in command.people]
    return Decision([Append(ORGANIZATION_STREAM, events)], {"people": ids})


def _must_not_exceed(scope: Scope, person: int | None) -> None:
    found = scope.organization.people.get(person) if person is not None else None
    if found is not None:
        rights.must_not_exceed(scope.person, found.role)


@handles(IssueToken)
def issue_token(command: IssueToken, scope: Scope) -> Decision:
    """For administrators."""
    rights.require(Permission.ISSUE_TOKENS, scope.person)
    _must_not_exceed(scope, command.person)
    token = scope.id(IdKind.TOKEN)
    events = decisions.issue_token(scope.organization, command.person, token, command.digest, command.label)
    return Decision([Append(ORGANIZATION_STREAM, events)], {"token": token, "person": command.person})


@handles(RevokeToken)
def revoke_token(command: RevokeToken, scope: Scope) -> Decision:
    """For administrators."""
    rights.require(Permission.ISSUE_TOKENS, scope.person)
    _must_not_exceed(scope, scope.organization.tokens.get(command.digest))
    events = decisions.revoke_token(scope.organization, command.token, command.digest)
    return Decision([Append(ORGANIZATION_STREAM, events)], {"token": command.token})


@handles(ChangePermission)
def change_permission(command: ChangePermission, scope: Scope) -> Decision:
    """For owners. What they may do themselves cannot be changed, so that nobody locks an installation."""
    rights.require(Permission.CHANGE_PERMISSIONS, scope.person)
    events = decisions.change_permission(scope.organization, command.role, command.permission, command.granted)
    return Decision(
        [Append(ORGANIZATION_STREAM, events)],
        {"role": command.role.value, "permission": command.permission.value, "granted": command.granted},
    )
