"""What is personal of people, and the form in which alone it is ever recorded: sealed."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import NewType

from annolog.domain.refusals import Fault, InvalidInput

# A value that only the key of its person opens. It fits no other person and no other field.
Sealed = NewType("Sealed", str)
UNKNOWN = Sealed("")


class PersonalField(StrEnum):
    """What is known of a person beside the pseudonym they work under."""

    NAME = "name"
    EMAIL = "email"
    # All that an identity provider says of somebody, as one text.
    PROFILE = "profile"
    # What an identity provider names somebody, on whichever day they sign in.
    SUBJECT = "subject"
    # Where they were when they did something of note.
    ADDRESS = "address"


LONGEST = {
    PersonalField.NAME: 200,
    PersonalField.EMAIL: 320,
    PersonalField.PROFILE: 100_000,
    PersonalField.SUBJECT: 500,
    PersonalField.ADDRESS: 100,
}
# Of the kinds of characters there are, those that stand for nothing that anybody could read in a line.
UNREADABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def generated_handle(person: int) -> str:
    """The pseudonym of somebody who comes with none: handles are in the log for ever, so no e-mail may be one."""
    return f"person-{person}"


def is_readable(text: str) -> bool:
    """Whether a line can show it, and a database keep it."""
    return not any(unicodedata.category(character) in UNREADABLE for character in text)


def acceptable(field: PersonalField, value: str, pointer: str) -> str:
    """The value without spaces around it, as it may be sealed; a refusal never repeats it. Empty is unknown."""
    found = value.strip()
    if len(found) > LONGEST[field]:
        raise _wrong(pointer, f"has at most {LONGEST[field]} characters")
    if not is_readable(found):
        raise _wrong(pointer, "is one line of text that can be read")
    if field is PersonalField.EMAIL and found and not _is_address(found):
        raise _wrong(pointer, "is an e-mail address such as somebody@example.org")
    return found


def _is_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return bool(local and at and domain) and " " not in text


def _wrong(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(f"{pointer} {message}", faults=[Fault(pointer, message)])
