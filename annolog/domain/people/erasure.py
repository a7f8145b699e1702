"""What is known of a person, and how that ends: the rules about revising it and about erasing somebody."""

from __future__ import annotations

from annolog.domain.event import Event
from annolog.domain.organization.decisions import remove_workspace_member
from annolog.domain.people.decisions import another_owner_must_remain
from annolog.domain.people.events import PersonErased, PersonRevised, TokenRevoked
from annolog.domain.people.personal import Sealed
from annolog.domain.people.state import Directory, Person
from annolog.domain.refusals import Fault, InvalidInput, WrongState


def must_not_be_erased(person: Person) -> None:
    """Refuse what is for people who are there: whoever was erased comes back as somebody else."""
    if person.erased:
        raise WrongState(f"Person {person.id} was erased.")


def revise(person: Person, name: Sealed, email: Sealed, *, vouched: bool = False) -> list[Event]:
    """Know somebody by this name and e-mail from now on. What is known already is not news.

    `vouched`: whether somebody else says that the address is theirs. That holds until it is another one.
    """
    must_not_be_erased(person)
    certain = bool(email) and (vouched or (person.vouched and email == person.email))
    if (person.name, person.email, person.vouched) == (name, email, certain):
        return []
    return [PersonRevised(person=person.id, name=name, email=email, vouched=certain)]


def erase(directory: Directory, person: Person, handle: str, certificate: str) -> list[Event]:
    """Let nobody know who somebody was, and let nothing speak for them. Erasing somebody twice is not news.

    The handle says whom is meant a second time, since nothing brings an erased person back. The last owner stays.
    """
    if person.erased:
        return []
    if person.handle != handle:
        message = f"is not the handle of person {person.id}"
        raise InvalidInput(f"/handle {message}", faults=[Fault("/handle", message)])
    another_owner_must_remain(directory, person)
    organization = person.organization
    left: list[Event] = [
        event
        for workspace in organization.workspaces
        for event in remove_workspace_member(organization, workspace, person.id)
    ]
    revoked = [TokenRevoked(token=token.id, digest=token.digest) for token in directory.tokens_of(person.id)]
    return [*left, *revoked, PersonErased(person=person.id, certificate=certificate)]
