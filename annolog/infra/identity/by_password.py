"""Coming in by a password: who it is that gives a name and a password, and how one gives oneself another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import SecretStr

from annolog.commands.signing_in import ChangePassword, RehashPassword
from annolog.domain.activity.events import SignInFailure
from annolog.domain.people.state import Person, Standing
from annolog.domain.refusals import Unauthenticated
from annolog.infra.composition import Installation
from annolog.infra.event_log import credentials
from annolog.infra.identity.passwords import hashed, verified

# People of as many organizations may share a handle before one has to say in which.
MOST_CANDIDATES = 4
REFUSAL = "Name or password is wrong, or nobody comes in by it."


def candidates(installation: Installation, name: str, organization: int | None) -> Sequence[Person]:
    """Who may be meant by a handle or an address, in one organization or in any."""
    directory, addresses = installation.directory, installation.bus.known_by.addresses
    places = directory.organizations if organization is None else (organization,)
    found: list[int | None] = [directory.by_handle(place, name) for place in places]
    if "@" in name:
        found += [person for place in places for person in addresses.people(directory, (place, ""), name)]
    people = [directory.person(id) for id in dict.fromkeys(found)]
    return [person for person in people if person is not None][:MOST_CANDIDATES]


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a name and a password: who it is, or why nobody came in, and whom it was about if that is known."""

    person: Person | None
    failure: SignInFailure | None = None
    meant: Person | None = None


def by_password(installation: Installation, name: str, password: str, organization: int | None) -> Tried:
    """Who this is. It takes about the same time whatever is wrong: tens of milliseconds of a processor, so it is not
    for the event loop. Where parameters of hashing have changed the password is hashed anew.
    """
    known = candidates(installation, name, organization)
    right: list[tuple[Person, str | None]] = []
    with installation.log_reader.connect() as connection:
        hashes = [credentials.password(connection, person.id) for person in known]
    for person, hash in zip(known, hashes, strict=True):
        is_right, anew = verified(password, hash)
        if is_right:
            right.append((person, anew))
    if not known:
        verified(password, None)
        return Tried(None, SignInFailure.UNKNOWN_PERSON)
    if len(right) != 1:
        return Tried(None, SignInFailure.WRONG_PASSWORD, known[0] if len(known) == 1 else None)
    person, anew = right[0]
    failure = why_not(person)
    if failure is not None:
        return Tried(None, failure, person)
    if anew is not None:
        installation.as_system(RehashPassword(person=person.id, hash=SecretStr(anew)))
    return Tried(person)


def why_not(person: Person) -> SignInFailure | None:
    """What keeps somebody out who showed who they are."""
    if person.service:
        return SignInFailure.NOT_ALLOWED_THIS_WAY
    if person.standing is Standing.AWAITING_APPROVAL:
        return SignInFailure.AWAITING_APPROVAL
    return None if person.is_active else SignInFailure.DEACTIVATED


def change_password(installation: Installation, person: Person, old: str | None, new: str) -> ChangePassword:
    """The command that gives somebody another password, once the old one was right. Takes as long as `by_password`.

    Who has none yet, having come in by a token or a provider, needs none to set one.
    """
    with installation.log_reader.connect() as connection:
        known = credentials.password(connection, person.id)
    if known is not None and not verified(old or "", known)[0]:
        raise Unauthenticated("The old password is wrong.")
    return ChangePassword(person=person.id, hash=SecretStr(hashed(new)))
