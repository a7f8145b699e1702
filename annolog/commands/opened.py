"""What is sealed in the log, opened in memory and kept as long as the log holds it: only what is new is opened."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from annolog.commands.vault import Vault, value_of
from annolog.domain.people.personal import PersonalField, Sealed

Source = TypeVar("Source")
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

# What is sealed under each key where a state may differ from an earlier one; without that one, everything there is.
# `UNKNOWN` where nothing is sealed, or no longer.
Changes = Callable[[Source, Source | None], Iterator[tuple[Key, Sealed]]]


@dataclass(frozen=True, slots=True)
class Known(Generic[Source, Key, Value]):
    """What could be opened of a state, and which keys go by which name. It never changes."""

    source: Source | None = field(default=None, repr=False)
    sealed: Mapping[Key, Sealed] = field(default_factory=dict, repr=False)
    values: Mapping[Key, Value] = field(default_factory=dict, repr=False)
    names: Mapping[Hashable, Sequence[Key]] = field(default_factory=dict, repr=False)

    def named(self, name: Hashable) -> Sequence[Key]:
        """Every key that goes by a name."""
        return self.names.get(name, ())


@dataclass(frozen=True, slots=True)
class Opening(Generic[Source, Key, Value]):
    """How the values of one field are opened: whose they are, what they say, and what name their key goes by."""

    vault: Vault
    field: PersonalField
    changes: Changes[Source, Key]
    person_of: Callable[[Key], int]
    decoded: Callable[[str], Value]
    name_of: Callable[[Key, Value], Hashable]

    def after(self, before: Known[Source, Key, Value], source: Source) -> Known[Source, Key, Value]:
        """What is known of a state, by what was known of another. Nobody waits for it but who asks."""
        # A state that did not change is the very same object.
        if before.source is source:
            return before
        changed = {
            key: value for key, value in self.changes(source, before.source) if value != before.sealed.get(key, "")
        }
        if not changed:
            return Known(source, before.sealed, before.values, before.names)
        # To look something up makes no key: one that is missing may come back from a backup.
        self.vault.warm(sorted({self.person_of(key) for key, value in changed.items() if value}))
        sealed, values, names = dict(before.sealed), dict(before.values), dict(before.names)
        for key, new in changed.items():
            sealed.pop(key, None)
            if key in values:
                name = self.name_of(key, values.pop(key))
                names[name] = [other for other in names[name] if other != key]
                if not names[name]:
                    del names[name]
            if new:
                sealed[key] = new
        for key, value in self._opened(changed):
            values[key] = value
            name = self.name_of(key, value)
            names[name] = [*names.get(name, ()), key]
        return Known(source, sealed, values, names)

    def _opened(self, changed: Mapping[Key, Sealed]) -> Iterator[tuple[Key, Value]]:
        for key, sealed in changed.items():
            # One value that nobody can read keeps nobody from all others.
            text = value_of(self.vault, self.person_of(key), self.field, sealed) if sealed else None
            if text is not None:
                yield key, self.decoded(text)
