"""What is known of a person, and how that ends: the rules about revising it and about erasing somebody."""

from __future__ import annotations

from annolog.domain.event import Event
from annolog.domain.people.events import OrganizationRole, PersonErased, PersonRevised, TokenRevoked
from annolog.domain.people.personal import Sealed
from annolog.domain.people.state import Organization, Person
from annolog.domain.refusals import Fault, InvalidInput, NotFound, WrongState


def known(organization: Organization, person: int) -> Person:
    """Somebody who is registered."""
    found = organization.people.get(person)
    if found is None:
        raise NotFound(f"There is no person {person}.")
    return found


def must_not_be_erased(person: Person) -> None:
    """Refuse what is for people who are there: whoever was erased comes back as somebody else."""
    if person.erased:
        raise WrongState(f"Person {person.id} was erased.")


def revise(organization: Organization, person: int, name: Sealed, email: Sealed) -> list[Event]:
    """Know somebody by this name and e-mail from now on. What is known already is not news."""
    found = known(organization, person)
    must_not_be_erased(found)
    if (found.name, found.email) == (name, email):
        return []
    return [PersonRevised(person=person, name=name, email=email)]


def erase(organization: Organization, person: int, handle: str, certificate: str) -> list[Event]:
    """Let nobody know who somebody was, and let nothing speak for them. Erasing somebody twice is not news.

    The handle says whom is meant a second time, since nothing brings an erased person back. The last owner stays: an
    installation without one could not be governed.
    """
    found = known(organization, person)
    if found.erased:
        return []
    if found.handle != handle:
        message = f"is not the handle of person {person}"
        raise InvalidInput(f"/handle {message}", faults=[Fault("/handle", message)])
    if found.role is OrganizationRole.OWNER and not _other_owners(organization, person):
        raise WrongState("The last owner cannot be erased: make somebody else an owner first.")
    theirs = [digest for digest, whose in organization.tokens.items() if whose == person]
    revoked = [TokenRevoked(token=organization.token_ids[digest], digest=digest) for digest in theirs]
    return [*revoked, PersonErased(person=person, certificate=certificate)]


def _other_owners(organization: Organization, person: int) -> bool:
    return any(
        other.role is OrganizationRole.OWNER and other.id != person and not other.erased
        for other in organization.people.values()
    )
