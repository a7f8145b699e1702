"""What is wrong with a result, found piece by piece, and the checks that every piece needs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from math import isfinite
from typing import NamedTuple, TypeGuard

# JSON knows integers of any length; beyond this they have no float.
_LARGEST = 1e308
MOST_SHOWN = 100


class Flaw(NamedTuple):
    """One thing that is wrong, at a place below whatever is being checked."""

    pointer: str
    message: str
    unknown_label: bool = False

    def under(self, place: str) -> Flaw:
        """The same flaw, seen from further up."""
        return Flaw(place + self.pointer, self.message, self.unknown_label)


def is_number(value: object) -> TypeGuard[float]:
    """Whether a JSON value is a finite number. True and false are not numbers."""
    if type(value) is float:
        return isfinite(value)
    return type(value) is int and -_LARGEST <= value <= _LARGEST


def is_text(value: object) -> TypeGuard[str]:
    """Whether a JSON value is a string that says something."""
    return isinstance(value, str) and bool(value)


def number(
    value: Mapping[str, object], field: str, least: float | None = None, most: float | None = None, slack: float = 0.0
) -> Iterator[Flaw]:
    """A field must hold a finite number, and lie within the limits there are."""
    found = value.get(field)
    if not is_number(found):
        yield Flaw(f"/{field}", f"{field} must be a finite number")
    elif least is not None and found < least - slack:
        yield Flaw(f"/{field}", f"{field} must be at least {least:.15g}")
    elif most is not None and found > most + slack:
        yield Flaw(f"/{field}", f"{field} must be at most {most:.15g}")


def optional_number(value: Mapping[str, object], field: str, least: float | None = None) -> Iterator[Flaw]:
    """The same for a field that may be left out."""
    if value.get(field) is not None:
        yield from number(value, field, least)


def entries(value: Mapping[str, object], field: str, *, least: int = 0) -> tuple[list[object], Iterator[Flaw]]:
    """The list in a field, empty when there is none, and what is wrong with it as a list."""
    found = value.get(field)
    if not isinstance(found, list):
        return [], iter([Flaw(f"/{field}", f"{field} must be a list")])
    if len(found) < least:
        return [], iter([Flaw(f"/{field}", f"{field} must not be empty")])
    return found, iter(())


def labels(found: object, field: str, known: Collection[str] | None, *, least: int = 0) -> Iterator[Flaw]:
    """A field must hold a list of labels that the config has; with no `known` labels, of any."""
    chosen, flaws = entries({field: found}, field, least=least)
    yield from flaws
    for index, label in enumerate(chosen):
        if not isinstance(label, str):
            yield Flaw(f"/{field}/{index}", f"{field} must hold texts")
        elif known is not None and label not in known:
            yield unknown_label(f"/{field}/{index}", label)


def unknown_label(pointer: str, label: str) -> Flaw:
    """A label that the config does not have, told by its beginning where it is long."""
    return Flaw(pointer, f"{label[:MOST_SHOWN]!r} is not a label of the labeling config", unknown_label=True)


def escaped(name: str) -> str:
    """A name as one step of a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
