"""What people come in by, made where it is handed out: only digests and hashes of it go any further."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from annolog.commands.inviting import AcceptInvitation, InvitePerson
from annolog.commands.organizations import CreateOrganization
from annolog.domain.people.sessions import must_be_good
from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.digests import digest_of
from annolog.infra.identity.passwords import hashed


def new_token() -> str:
    """What speaks for somebody. It says whose it is, so that scanners find it where it does not belong."""
    return f"annolog_{secrets.token_urlsafe(32)}"


def new_secret() -> str:
    """What an invitation is accepted with. It says what it is, and never begins like an option of a command line."""
    return f"invitation_{secrets.token_urlsafe(32)}"


def inviting(fields: Mapping[str, Any]) -> tuple[InvitePerson, str]:
    """The command that invites somebody, and the secret that they are to be given."""
    secret = new_secret()
    return InvitePerson(digest=digest_of(secret), **fields), secret


def creating(name: str, owner: str | None, expires_at: datetime | None = None) -> tuple[CreateOrganization, str]:
    """The command that begins an organization, and what its first owner comes in by: a token where they have a handle
    already, else the secret of an invitation.
    """
    if owner is not None:
        token = new_token()
        return CreateOrganization(name=name, owner=owner, token_digest=digest_of(token)), token
    secret = new_secret()
    command = CreateOrganization(name=name, invitation_digest=digest_of(secret), invitation_expires_at=expires_at)
    return command, secret


def accepting(secret: str, handle: str, password: str | None, label: str | None) -> tuple[AcceptInvitation, str | None]:
    """The command by which whoever has the secret comes in, and the token they get if they have a label for one.

    With a password it takes tens of milliseconds of a processor and is not for the event loop.
    """
    if password is None and label is None:
        message = "give a password to sign in by, or a label for a token"
        raise InvalidInput(f"/password: {message}", faults=[Fault("/password", message)])
    if password is not None:
        must_be_good(password, handle)
    token = new_token() if label is not None else None
    command = AcceptInvitation(
        digest=digest_of(secret),
        handle=handle,
        hash=None if password is None else SecretStr(hashed(password)),
        token_digest=None if token is None else digest_of(token),
        label=label or "",
    )
    return command, token
