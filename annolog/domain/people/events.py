"""Who there is. People appear in every other event by id only."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime, Field

from annolog.domain.event import Event
from annolog.domain.people.personal import UNKNOWN, Sealed
from annolog.domain.project.events import ProjectRole


class OrganizationRole(StrEnum):
    """What somebody is in their organization; `member` has only the roles given in projects and workspaces."""

    OWNER = "owner"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"


class Source(StrEnum):
    """Who said what somebody is: a person here, groups of an identity provider by the mapping, or a provider itself."""

    PERSON = "person"
    GROUPS = "groups"
    SCIM = "scim"


class PersonRegistered(Event):
    """Somebody is known. `handle` is the pseudonym the caller knows them by; names do not belong here."""

    schema_version: ClassVar[int] = 2

    person: int
    handle: str
    role: OrganizationRole
    organization: int = 1
    custom_role: str = ""
    service: bool = Field(default=False, description="Whether it is a program, which has tokens but never signs in.")
    awaits_approval: bool = Field(default=False, description="Whether somebody has to let them in first.")


class PersonApproved(Event):
    """Who waited for it may come in."""

    person: int


class PersonRoleChanged(Event):
    """Somebody is something else in their organization."""

    person: int
    old: OrganizationRole
    new: OrganizationRole
    old_custom_role: str = ""
    custom_role: str = ""
    source: Source = Source.PERSON


class PersonDeactivated(Event):
    """Nothing speaks for them any more: no session, no token. What they did stays."""

    person: int
    reason: str = ""
    source: Source = Source.PERSON


class PersonReactivated(Event):
    """They may come in again. Tokens from before hold again, sessions do not."""

    person: int
    source: Source = Source.PERSON


class TokenIssued(Event):
    """A token speaks for a person from now on. Only its SHA-256 is kept."""

    schema_version: ClassVar[int] = 2

    token: int
    person: int
    digest: str = Field(description="SHA-256 of the token, in hex.")
    label: str = ""
    scopes: list[str] = Field(default_factory=list, description="Permissions that it is limited to; none for all.")
    expires_at: AwareDatetime | None = None


class TokenRevoked(Event):
    """A token speaks for nobody any more."""

    token: int
    digest: str


class PersonRevised(Event):
    """Somebody is known by this name and e-mail from now on; both are sealed, and empty where they are unknown."""

    person: int
    name: Sealed = UNKNOWN
    email: Sealed = UNKNOWN
    vouched: bool = Field(default=False, description="Whether somebody else than the person says that it is theirs.")


class PersonErased(Event):
    """Nobody is to know any more who this was. What they did stays under the pseudonym; the key is destroyed."""

    person: int
    certificate: str = Field(description="The number under which the erasure is certified.")


class PersonInvited(Event):
    """Whoever has the link may come in once, until it expires. Only the SHA-256 of its secret is kept."""

    organization: int
    invitation: int
    digest: str
    role: OrganizationRole
    custom_role: str = ""
    expires_at: AwareDatetime
    inviter: int = Field(default=0, description="Who answers for it; 0 is the system.")
    workspaces: dict[int, ProjectRole] = Field(default_factory=dict, description="What they are to be in each.")
    approval: bool = Field(default=False, description="Whether somebody has to let them in once they came.")


class InvitationRevoked(Event):
    """The link lets nobody in."""

    organization: int
    invitation: int


class InvitationAccepted(Event):
    """Somebody came by the link; it lets nobody else in."""

    organization: int
    invitation: int
    person: int


class PasswordChanged(Event):
    """Somebody signs in with another password. Its hash is kept beside the log, where nobody reads it."""

    person: int


class PasswordRemoved(Event):
    """Somebody signs in by a password no longer."""

    person: int
