"""How pydantic's findings become a refusal that names the fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pydantic import ValidationError

from annolog.domain.refusals import Fault, InvalidInput

MOST_FAULTS = 20


def pointer_to(location: tuple[int | str, ...], prefix: str = "") -> str:
    """The JSON Pointer (RFC 6901) of a pydantic location."""
    return prefix + "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in location)


def faults_of(error: ValidationError, prefix: str = "") -> InvalidInput:
    """The refusal that says which fields are wrong, the first of them in words."""
    faults = [Fault(pointer_to(found["loc"], prefix) or "/", found["msg"]) for found in error.errors()[:MOST_FAULTS]]
    first = faults[0]
    return InvalidInput(f"{first.pointer}: {first.message}", faults=faults)


@contextmanager
def under(prefix: str) -> Iterator[None]:
    """Fields that a rule inside finds wrong are named from the top of what was sent, where it only sees a part."""
    try:
        yield
    except InvalidInput as refusal:
        faults = [Fault(f"{prefix}{fault.pointer}", fault.message) for fault in refusal.faults]
        detail = f"{faults[0].pointer}: {faults[0].message}" if faults else refusal.detail
        raise InvalidInput(detail, faults=faults, facts=refusal.facts) from refusal


def refuse_nul(sent: object) -> None:
    """Refuse text with the character NUL, which not every database can hold, naming where it is."""
    waiting: list[tuple[tuple[int | str, ...], object]] = [((), sent)]
    while waiting:
        location, value = waiting.pop()
        if isinstance(value, str) and "\x00" in value:
            message = "text may not contain the character NUL"
            raise InvalidInput(f"{pointer_to(location)}: {message}", faults=[Fault(pointer_to(location), message)])
        if isinstance(value, Mapping):
            waiting += [((*location, key), key) for key in value]
            waiting += [((*location, key), inner) for key, inner in value.items()]
        elif isinstance(value, list | tuple | set | frozenset):
            waiting += [((*location, index), inner) for index, inner in enumerate(value)]
