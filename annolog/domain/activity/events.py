"""What people do at the doors of an organization: coming in, being refused, taking data out.

An address says where from. That of a person is sealed, so that it is gone once they are erased; of nobody known there
is only the network. What was typed to come in is in none of these: it may be a password in the wrong field.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from annolog.domain.event import Event

# The address of who has the databases at hand.
COMMAND_LINE = "command line"


class SignInMethod(StrEnum):
    """By what somebody comes in."""

    PASSWORD = "password"
    SIGN_ON = "sign_on"
    INVITATION = "invitation"


class SignInFailure(StrEnum):
    """Why somebody did not come in."""

    UNKNOWN_PERSON = "unknown_person"
    WRONG_PASSWORD = "wrong_password"
    AWAITING_APPROVAL = "awaiting_approval"
    DEACTIVATED = "deactivated"
    THROTTLED = "throttled"
    REFUSED_BY_PROVIDER = "refused_by_provider"
    NOT_ALLOWED_THIS_WAY = "not_allowed_this_way"


class SignOutCause(StrEnum):
    """Why a session is over."""

    PERSON = "person"
    REVOKED = "revoked"
    PROVIDER = "provider"


class ActivityEvent(Event):
    """Somebody did, or tried, something at a door of their organization."""

    organization: int
    person: int
    address: str = Field(default="", description="Where from; empty where that is not known.")


class SignedIn(ActivityEvent):
    """Somebody came in."""

    method: SignInMethod
    provider: str = Field(default="", description="Which identity provider vouched for them, where one did.")


class SignedOut(ActivityEvent):
    """A session is over."""

    cause: SignOutCause


class SignInFailed(Event):
    """Somebody did not come in. Who it was is known only where an existing person was meant."""

    organization: int | None = None
    person: int | None = None
    address: str = Field(default="", description="Where from; empty where that is not known.")
    method: SignInMethod
    reason: SignInFailure
    provider: str = ""
    count: int = Field(default=1, ge=1, description="How many attempts from this address it stands for.")
    since: AwareDatetime | None = Field(default=None, description="When the first of several was.")


class AccessDenied(ActivityEvent):
    """Somebody asked for what they may not do, or with a token that no longer speaks for them."""

    on_behalf_of: int | None = None
    method: str
    route: str = Field(description="The pattern of the route, without what was asked for in it.")
    # Not `project`: it would then be one of the project's events, and its managers would read it.
    in_project: int | None = None
    code: str = Field(description="The refusal's code; why a token does not hold; or `probing`, see docs/activity.md.")
    count: int = Field(default=1, ge=1, description="How many requests it stands for.")
    since: AwareDatetime | None = Field(default=None, description="When the first of several was.")


class DataExported(ActivityEvent):
    """Somebody is being given data to take away. It is recorded before the first byte of it leaves."""

    on_behalf_of: int | None = None
    what: str = Field(description="What of: project, comments, returned, activity.")
    format: str
    in_project: int | None = None
    filter: dict[str, Any] = Field(default_factory=dict, description="What was asked for of it; all if nothing.")
    rows: int | None = Field(default=None, description="How many there were, where that was known beforehand.")
    position: int = Field(description="How far the log was.")
    pseudonyms: bool = Field(default=False, description="Whether people are in it by pseudonyms that hold there only.")


class TokenUsed(ActivityEvent):
    """A token spoke for a person from an address, as it does again and again: once an hour is recorded."""

    token: int


class CommandLocated(ActivityEvent):
    """Where a command came from that granted or changed something. What it did is in the events with its command id."""

    command: UUID


Activity = SignedIn | SignedOut | SignInFailed | AccessDenied | DataExported | TokenUsed | CommandLocated
