"""The first owner: where nobody owns an installation yet, whoever started it is told once how to become that."""

from __future__ import annotations

from datetime import timedelta

from annolog.commands.inviting import RevokeInvitation
from annolog.domain.organization.state import FIRST
from annolog.domain.people.events import OrganizationRole
from annolog.infra.composition import Installation
from annolog.infra.identity.ways_in import inviting

OPEN_FOR = timedelta(hours=24)


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
