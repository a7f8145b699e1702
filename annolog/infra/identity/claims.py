"""What a provider says of a person, under the names it uses for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from annolog.domain.people.personal import is_readable
from annolog.domain.sign_on.admission import LONGEST_SUBJECT, MOST_GROUPS
from annolog.infra.identity.providers import ClaimNames, Provider
from annolog.infra.identity.refusing import moment_in, untrusted

LONGEST_TEXT = 320


@dataclass(frozen=True, slots=True)
class Claims:
    """Who somebody is. `issuer` and `subject` together are the person; all else may change from login to login."""

    issuer: str
    subject: str
    email: str | None
    email_verified: bool
    name: str | None
    groups: tuple[str, ...]
    expires_at: datetime
    session: str | None
    # To end the session there; it tells everything above, so it is shown nowhere.
    id_token: str = field(repr=False)


def read(provider: Provider, said: Mapping[str, Any], id_token: str) -> Claims:
    """The claims of an id token that has been checked."""
    names = provider.settings.claims
    subject = _found(said, names.subject)
    if not isinstance(subject, str) or not subject or len(subject) > LONGEST_SUBJECT or not is_readable(subject):
        raise untrusted(provider.title, "it does not say who signs in")
    return Claims(
        issuer=provider.settings.issuer,
        subject=subject,
        email=_text(_found(said, names.email)),
        email_verified=_vouches(said) and names.email == ClaimNames().email,
        name=_text(_found(said, names.name)),
        groups=_groups(provider, said),
        expires_at=moment_in(provider.title, said["exp"]),
        session=_text(said.get("sid")),
        id_token=id_token,
    )


def _vouches(said: Mapping[str, Any]) -> bool:
    # Some send the word. It is about the claim `email`, and about no other that an address may be taken from.
    return (verified := said.get("email_verified")) is True or verified == "true"


def _found(said: Mapping[str, Any], name: str) -> object:
    if name in said:
        return said[name]
    inside: object = said
    for part in name.split("."):
        inside = inside.get(part) if isinstance(inside, Mapping) else None
    return inside


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT and is_readable(value) else None


def _groups(provider: Provider, said: Mapping[str, Any]) -> tuple[str, ...]:
    found = _found(said, provider.settings.claims.groups)
    # Entra leaves groups out where there are many and says where to ask for them. To read that as *no groups* would
    # take away what people have by them.
    elsewhere = said.get("_claim_names")
    if found is None and isinstance(elsewhere, Mapping) and provider.settings.claims.groups in elsewhere:
        raise untrusted(provider.title, "it has too many groups to name them; let it send only those that are mapped")
    groups = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    if len(groups) > MOST_GROUPS:
        raise untrusted(provider.title, "it names too many groups")
    return tuple(dict.fromkeys(group for group in groups if isinstance(group, str) and is_readable(group)))
