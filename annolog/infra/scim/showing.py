"""Users and groups of an organization as SCIM has them, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from scim2_models import InvalidValueException, Meta, Reference

from annolog.commands.profiles import Known
from annolog.domain.organization.state import Organization
from annolog.domain.people.state import Directory, Person
from annolog.domain.provisioning import decisions, state
from annolog.domain.provisioning.profile import Address, Profile
from annolog.infra.scim.models import Email, Group, GroupMember, GroupOfUser, Name, User


def etag(version: str) -> str:
    """A version as HTTP has it. Weak: two representations of it may differ in what was asked for."""
    return f'W/"{version}"'


def user_of(
    organization: Organization, person: Person, profile: Profile, groups: Sequence[state.Group], base: str
) -> User:
    """Somebody, by what the provider said of them."""
    said = {"formatted": profile.formatted, "given_name": profile.given_name, "family_name": profile.family_name}
    name = {part: text for part, text in said.items() if text}
    return User(
        id=str(person.id),
        external_id=profile.external_id or None,
        user_name=profile.user_name,
        active=person.is_active,
        name=Name(**name) if name else None,
        display_name=profile.display_name or None,
        emails=[_email(address) for address in profile.emails] or None,
        groups=[GroupOfUser(value=str(group.id), display=group.name) for group in groups] or None,
        meta=Meta(
            resource_type="User",
            location=f"{base}/Users/{person.id}",
            version=etag(decisions.version_of_person(organization.provisioning, person, groups)),
        ),
    )


def _email(address: Address) -> Email:
    return Email(
        value=address.value,
        type=address.type or None,
        primary=address.primary,
        display=address.display or None,
    )


def users(directory: Directory, organization: Organization, known: Known, base: str) -> Iterable[User]:
    """Everybody whom the provider answers for, by id."""
    groups = defaultdict[int, list[state.Group]](list)
    for _, group in sorted(organization.provisioning.groups.items()):
        for member in group.members:
            groups[member].append(group)
    for id in sorted(known.values):
        person = directory.accounts.get(id)
        if person is not None:
            yield user_of(organization, person, known.values[id], groups[id], base)


def group_of(group: state.Group, base: str) -> Group:
    """A group."""
    members = [
        GroupMember(value=str(person), ref=Reference[User](f"{base}/Users/{person}"), type="User")
        for person in sorted(group.members)
    ]
    return Group(
        id=str(group.id),
        external_id=group.external_id or None,
        display_name=group.name,
        members=members or None,
        meta=Meta(
            resource_type="Group",
            location=f"{base}/Groups/{group.id}",
            version=etag(decisions.version_of_group(group)),
        ),
    )


def groups(organization: Organization, base: str) -> Iterable[Group]:
    """Every group, by id."""
    for _, group in sorted(organization.provisioning.groups.items()):
        yield group_of(group, base)


def profile_of(user: User) -> Profile:
    """What a client says of somebody, as it is kept."""
    name = user.name or Name()
    return Profile(
        user_name=user.user_name or "",
        external_id=user.external_id or "",
        display_name=user.display_name or "",
        formatted=name.formatted or "",
        given_name=name.given_name or "",
        family_name=name.family_name or "",
        emails=tuple(_address(email) for email in user.emails or ()),
    )


def _address(email: Email) -> Address:
    if not email.value:
        raise InvalidValueException(detail="emails.value is missing")
    return Address(value=email.value, type=email.type or "", primary=email.primary, display=email.display or "")


def members_of(group: Group) -> list[int]:
    """Who a client says is in a group."""
    return [_member(member) for member in group.members or ()]


def _member(member: GroupMember) -> int:
    text = member.value or str(member.ref or "").rpartition("/")[2]
    found = number(text)
    if found is None or (member.type or "User").lower() != "user":
        raise InvalidValueException(detail="members are users, by their id")
    return found


def number(id: str) -> int | None:
    """The id that a client means, None where it is none that was ever given out."""
    return int(id) if id.isascii() and id.isdigit() and len(id) <= 16 else None
