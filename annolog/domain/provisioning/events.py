"""What an identity provider says: who there is, and which groups they are in. What it says of people is sealed."""

from __future__ import annotations

from pydantic import Field

from annolog.domain.access.mapping import GroupRule
from annolog.domain.organization.events import OrganizationEvent
from annolog.domain.people.personal import Sealed


class PersonProvisioned(OrganizationEvent):
    """The identity provider answers for this person from now on, or says something else of them."""

    person: int
    profile: Sealed = Field(description="User name, names, e-mails and the provider's own id, sealed as one.")


class PersonReleased(OrganizationEvent):
    """The identity provider answers for them no longer, and what it said of them is forgotten here."""

    person: int


class GroupProvisioned(OrganizationEvent):
    """There is a group at the identity provider. Its name is that of a team or a department, never of a person."""

    group: int
    name: str
    external_id: str = ""
    members: list[int] = Field(default_factory=list)


class GroupRenamed(OrganizationEvent):
    """The group has another name at the provider, or another id."""

    group: int
    old: str
    name: str
    external_id: str = ""


class GroupMembershipChanged(OrganizationEvent):
    """Some people are in the group now who were not, some are not who were."""

    group: int
    added: list[int] = Field(default_factory=list)
    removed: list[int] = Field(default_factory=list)


class GroupRemoved(OrganizationEvent):
    """There is no such group any more."""

    group: int


class MappingChanged(OrganizationEvent):
    """Groups are worth something else here from now on."""

    old: list[GroupRule] = Field(default_factory=list)
    new: list[GroupRule] = Field(default_factory=list)
