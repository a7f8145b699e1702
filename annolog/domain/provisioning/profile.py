"""What an identity provider says of a person. It is never recorded but sealed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from unicodedata import normalize

from pydantic import BaseModel, ConfigDict, Field

from annolog.domain.people.personal import UNREADABLE
from annolog.domain.refusals import Fault, InvalidInput

LONGEST_TEXT = 500
MOST_EMAILS = 20


class Part(BaseModel):
    """A part of what is said of somebody. No error repeats it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Address(Part):
    """An e-mail address."""

    value: str
    type: str = ""
    primary: bool | None = None
    display: str = ""


class Profile(Part):
    """Somebody as their identity provider knows them. `user_name` is theirs alone in an organization."""

    user_name: str
    external_id: str = ""
    display_name: str = ""
    formatted: str = ""
    given_name: str = ""
    family_name: str = ""
    emails: tuple[Address, ...] = Field(default=())

    @property
    def name(self) -> str:
        """What the person is called."""
        return self.display_name or self.formatted or f"{self.given_name} {self.family_name}".strip()

    @property
    def email(self) -> str:
        """The one address to write to: the primary one, else the first."""
        primary = next((address for address in self.emails if address.primary), None)
        found = primary or next(iter(self.emails), None)
        return "" if found is None else found.value


def compared(user_name: str) -> str:
    """A user name in the form in which two are the same: capitals do not count."""
    return normalize("NFC", normalize("NFC", user_name).lower())


def must_be_readable(profile: Profile) -> None:
    """Refuse what is empty where it must not be, too long, or no line of text; no refusal repeats it."""
    if not profile.user_name.strip():
        raise _wrong("userName", "is not empty")
    if len(profile.emails) > MOST_EMAILS:
        raise _wrong("emails", f"are at most {MOST_EMAILS}")
    for name, text in _texts(profile):
        if len(text) > LONGEST_TEXT:
            raise _wrong(name, f"has at most {LONGEST_TEXT} characters")
        if any(unicodedata.category(character) in UNREADABLE for character in text):
            raise _wrong(name, "is one line of text that can be read")


def _texts(profile: Profile) -> Iterator[tuple[str, str]]:
    yield "userName", profile.user_name
    yield "externalId", profile.external_id
    yield "displayName", profile.display_name
    yield "name.formatted", profile.formatted
    yield "name.givenName", profile.given_name
    yield "name.familyName", profile.family_name
    for address in profile.emails:
        yield "emails.value", address.value
        yield "emails.type", address.type
        yield "emails.display", address.display


def _wrong(name: str, message: str) -> InvalidInput:
    pointer = "/" + name.replace(".", "/")
    return InvalidInput(f"{name} {message}", faults=[Fault(pointer, message)])
