"""What SCIM clients see: users and groups with the attributes that are kept here, and what the service can do."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Filter,
    Mutability,
    Pagination,
    Patch,
    Reference,
    Required,
    Resource,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)

MOST_RESULTS = 1000
USUAL_RESULTS = 100

# Providers send what their own directories have: what is not kept here is left out, not refused. Entra says what to
# remove by a value, and replaces what is not there yet.
TOLERANT = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)


class Name(ComplexAttribute):
    """What somebody is called."""

    formatted: str | None = None
    """The whole name as it is shown."""

    family_name: str | None = None
    """The family name."""

    given_name: str | None = None
    """The given name."""


class Email(ComplexAttribute):
    """An e-mail address."""

    # Directories have addresses that no mail ever reached: any text with an @ is taken.
    value: str | None = None
    """The address."""

    display: str | None = None
    """How it is shown."""

    type: str | None = Field(None, examples=["work", "home", "other"])
    """What it is for."""

    primary: bool | None = None
    """Whether it is the one to write to."""


class GroupOfUser(ComplexAttribute):
    """A group that somebody is in."""

    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    """The id of the group."""

    display: Annotated[str | None, Mutability.read_only] = None
    """What the group is called."""


class User(Resource[Any]):
    """Somebody whom the identity provider answers for."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """What the provider knows the user by: nobody else in the organization has it."""

    # Required, so that nobody comes in or is kept out by leaving it unsaid; see `with_defaults`.
    active: Annotated[bool | None, Required.true] = None
    """Whether the user may come in."""

    name: Name | None = None
    """What the user is called."""

    display_name: str | None = None
    """What the user is called, as it is shown to others."""

    emails: list[Email] | None = None
    """E-mail addresses of the user."""

    groups: Annotated[list[GroupOfUser] | None, Mutability.read_only] = None
    """The groups that the user is in."""


class GroupMember(ComplexAttribute):
    """A user who is in a group. Groups are in no group."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    """The id of the user."""

    ref: Annotated[Reference[User] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """Where the user is found."""

    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])
    """What it is: a user."""


class Group(Resource[Any]):
    """Users whom the identity provider has together."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true, Uniqueness.server] = None
    """What the group is called, by which rules name it."""

    members: list[GroupMember] | None = None
    """Who is in the group."""


CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MOST_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=True),
    pagination=Pagination(cursor=False, index=True, default_page_size=USUAL_RESULTS, max_page_size=MOST_RESULTS),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer token",
            description="A token of a service account with the permission to provision.",
            primary=True,
        )
    ],
)
SERVICE = ScimProvider(models=[User, Group], config=CONFIG, policy=TOLERANT)


def with_defaults(said: Any, active: bool) -> Any:
    """A user as it was sent; where it does not say whether they may come in, it is as given here."""
    if isinstance(said, dict) and not any(isinstance(key, str) and key.lower() == "active" for key in said):
        return {**said, "active": active}
    return said
