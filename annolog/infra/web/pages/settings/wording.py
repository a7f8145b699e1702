"""What words of settings are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting in words. `options` say what each choice does, `nothing` what it means that there is no value.

    `elsewhere` are those that a form of their own is for.
    """

    label: str
    means: str
    options: Mapping[str, str] = field(default_factory=lambda: NONE)
    unit: str = ""
    nothing: str = ""
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A group of settings, which changes as one; its settings under headings, in the order in which they are shown."""

    title: str
    note: str
    sections: Mapping[str, Mapping[str, Setting]]

    def settings(self) -> Iterator[tuple[str, Setting]]:
        """Every setting by its name in the API."""
        for section in self.sections.values():
            yield from section.items()
