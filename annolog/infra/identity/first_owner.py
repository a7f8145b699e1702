"""The first owner: where nobody owns an installation yet, whoever started it is told once how to become that."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from annolog.commands.inviting import RevokeInvitation
from annolog.commands.people import NewPerson, RegisterPeople
from annolog.commands.tokens import IssueToken
from annolog.domain.organization.state import FIRST
from annolog.domain.people.events import OrganizationRole
from annolog.infra.digests import digest_of
from annolog.infra.identity.ways_in import inviting

if TYPE_CHECKING:
    from annolog.infra.composition import Installation

logger = logging.getLogger(__name__)

OPEN_FOR = timedelta(hours=24)
HANDLE = "owner"


def invite_first_owner(installation: Installation) -> str | None:
    """The secret of a fresh invitation to own the installation; None where somebody does.

    Those from before let nobody in any more: who starts it again has perhaps lost the last one, or shown it around.
    """
    directory = installation.directory
    if any(person.role is OrganizationRole.OWNER for person in directory.people_of(FIRST)):
        return None
    # While there is no owner nobody else can have invited one.
    for earlier in directory.invitations_of(FIRST):
        if earlier.open and earlier.role is OrganizationRole.OWNER:
            installation.as_system(RevokeInvitation(invitation=earlier.id))
    command, secret = inviting({"role": OrganizationRole.OWNER, "expires_at": installation.clock() + OPEN_FOR})
    installation.as_system(command)
    return secret


def introduce_owner(installation: Installation, token: str) -> None:
    """Make the first owner, whom this token speaks for, unless it speaks for somebody already, or did before it was
    revoked. Who was the first owner and is none any more is given nothing.
    """
    digest, known = digest_of(token), installation.directory
    if digest in known.tokens or digest in known.revoked:
        return
    first = known.person(known.by_handle(FIRST, HANDLE))
    if first is not None and not (first.is_active and first.role is OrganizationRole.OWNER):
        logger.warning("bootstrap token not used", extra={"person": first.id, "standing": first.standing.value})
        return
    owner = NewPerson(handle=HANDLE, role=OrganizationRole.OWNER)
    registered = installation.as_system(RegisterPeople(people=[owner]))
    person = registered.value["people"][0]["person"]
    installation.as_system(IssueToken(person=person, digest=digest, label="bootstrap"))
