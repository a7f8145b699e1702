"""What an identity provider said when somebody signed in."""

from __future__ import annotations

from pydantic import Field

from annolog.domain.organization.events import OrganizationEvent
from annolog.domain.people.personal import Sealed


class PersonRecognized(OrganizationEvent):
    """Whoever the provider names so is this person, from now on. What it names them is sealed."""

    person: int
    provider: str
    subject: Sealed


class GroupsClaimed(OrganizationEvent):
    """The provider said on somebody's sign-in which groups they are in: other ones than the time before."""

    person: int
    provider: str
    groups: list[str] = Field(default_factory=list)
