"""A mapping that never changes, of which a larger one is made without writing all of it anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")

LEAST_RECENT = 16


class Growing(Mapping[K, V]):
    """A large settled part that mappings share, and a small recent one on top of it.

    One more costs about the square root of what there is, where a copy would cost all of it: a history of ten thousand
    people would be read in minutes.
    """

    __slots__ = ("_recent", "_settled")

    def __init__(self, settled: Mapping[K, V] | None = None, recent: Mapping[K, V] | None = None) -> None:
        self._settled: Mapping[K, V] = {} if settled is None else settled
        self._recent: Mapping[K, V] = {} if recent is None else recent

    def having(self, key: K, value: V) -> Growing[K, V]:
        """The same with this under this key."""
        recent = {**self._recent, key: value}
        if len(recent) <= LEAST_RECENT or len(recent) ** 2 <= len(self._settled):
            return Growing(self._settled, recent)
        return Growing({**self._settled, **recent})

    def without(self, key: K) -> Growing[K, V]:
        """The same with nothing under this key. Costs as much as there is."""
        return Growing({known: value for known, value in self.items() if known != key})

    def __getitem__(self, key: K) -> V:
        return self._recent[key] if key in self._recent else self._settled[key]

    def __iter__(self) -> Iterator[K]:
        yield from self._settled
        yield from (key for key in self._recent if key not in self._settled)

    def __len__(self) -> int:
        return len(self._settled) + sum(key not in self._settled for key in self._recent)

    def __repr__(self) -> str:
        return f"Growing({dict(self)!r})"
