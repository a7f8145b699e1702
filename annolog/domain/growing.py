"""Mappings of which a changed one is made without copying what is in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from math import isqrt
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

LEAST_RECENT = 64


class _Gone:
    """Stands where something was."""


GONE = _Gone()


def differing(one: Mapping[Key, Value], other: Mapping[Key, Value]) -> Iterator[Key]:
    """The keys under which two mappings do not hold the same object, if they hold one at all."""
    if one is other:
        return
    keys = one.not_shared_with(other) if isinstance(one, Growing) else one.keys() | other.keys()
    yield from (key for key in keys if one.get(key) is not other.get(key))


class Growing(Mapping[Key, Value], Generic[Key, Value]):
    """A mapping that never changes. One with something more, or less, shares all but its latest changes with it.

    So a history of n changes costs n steps of some square root of n, where copies would cost n squared: ten thousand
    people are folded in a blink instead of half a minute.
    """

    __slots__ = ("_base", "_recent", "_size")

    def __init__(self) -> None:
        self._base: dict[Key, Value] = {}
        self._recent: dict[Key, Value | _Gone] = {}
        self._size = 0

    def __getitem__(self, key: Key) -> Value:
        """What is known by a key."""
        found = self._recent[key] if key in self._recent else self._base[key]
        if isinstance(found, _Gone):
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[Key]:
        """The keys, in no order that anybody may rely on."""
        yield from (key for key in self._base if key not in self._recent)
        yield from (key for key, value in self._recent.items() if not isinstance(value, _Gone))

    def __len__(self) -> int:
        """How many keys there are."""
        return self._size

    def with_one(self, key: Key, value: Value) -> Growing[Key, Value]:
        """The same, with this known by the key."""
        return self._after(key, value, self._size + (key not in self))

    def without(self, key: Key) -> Growing[Key, Value]:
        """The same, with nothing known by the key."""
        return self._after(key, GONE, self._size - 1) if key in self else self

    def not_shared_with(self, other: Mapping[Key, Value]) -> Set[Key]:
        """Where another may hold something else: of one that this grew from, or that grew from this, few keys."""
        if isinstance(other, Growing) and other._base is self._base:
            return self._recent.keys() | other._recent.keys()
        return self.keys() | other.keys()

    def _after(self, key: Key, value: Value | _Gone, size: int) -> Growing[Key, Value]:
        found: Growing[Key, Value] = Growing()
        found._size = size
        found._base, found._recent = self._base, self._recent | {key: value}
        if len(found._recent) > max(LEAST_RECENT, isqrt(len(self._base))):
            found._base, found._recent = found._whole(), {}
        return found

    def _whole(self) -> dict[Key, Value]:
        whole = self._base.copy()
        for key, value in self._recent.items():
            if isinstance(value, _Gone):
                whole.pop(key, None)
            else:
                whole[key] = value
        return whole
