"""How pydantic's findings become a refusal that names the fields."""

from __future__ import annotations

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
