"""Who there is. People appear in every other event by id only."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from annolog.domain.event import Event
from annolog.domain.people.personal import UNKNOWN, Sealed


class OrganizationRole(StrEnum):
    """What somebody is in the whole installation; `member` has only the roles given in projects."""

    OWNER = "owner"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"


class PersonRegistered(Event):
    """Somebody is known. `handle` is the pseudonym the caller knows them by; names do not belong here."""

    person: int
    handle: str
    role: OrganizationRole


class TokenIssued(Event):
    """A token speaks for a person from now on. Only its SHA-256 is kept."""

    token: int
    person: int
    digest: str = Field(description="SHA-256 of the token, in hex.")
    label: str = ""


class TokenRevoked(Event):
    """A token speaks for nobody any more."""

    token: int
    digest: str


class PermissionChanged(Event):
    """An owner gave a permission to a role, or took it away; None leaves it to the table of permissions again."""

    role: str
    permission: str
    old: bool | None = Field(default=None, description="What an owner had said before.")
    granted: bool | None = None


class PersonRevised(Event):
    """Somebody is known by this name and e-mail from now on; both are sealed, and empty where they are unknown."""

    person: int
    name: Sealed = UNKNOWN
    email: Sealed = UNKNOWN


class PersonErased(Event):
    """Nobody is to know any more who this was. What they did stays under the pseudonym; the key is destroyed."""

    person: int
    certificate: str = Field(description="The number under which the erasure is certified.")
