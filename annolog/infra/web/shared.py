"""Answers that many open pages wait for, asked once for all whose standing is the same."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol

import orjson

from annolog.infra.web.door import Answer

MOST_KEPT = 2_000


class Asking(Protocol):
    """What can be asked: a door."""

    async def ask(self, method: str, path: str, **parameters: Any) -> Answer:
        """Ask, or raise `Refusal`."""
        ...


@dataclass(slots=True)
class _Kept:
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    answer: Answer | None = None
    at: float = float("-inf")


class SharedAnswers:
    """Remembers answers for a moment, by who may have them.

    Whoever asks has shown by a fresh answer of `/rights` what they may see; two with the same rights are told the same,
    so that what one was answered may be shown to the other. What is somebody's own names them in their rights.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    async def get(self, door: Asking, standing: bytes, path: str, seconds: float, **parameters: Any) -> Answer:
        """The answer to a query, no older than so many seconds. Raises `Refusal`, which nobody else is given."""
        key = orjson.dumps([standing.decode(), path, sorted(parameters.items())], default=str)
        kept = self._kept.setdefault(key, _Kept())
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        async with kept.asking:
            if kept.answer is None or monotonic() - kept.at > seconds:
                begun = monotonic()
                kept.answer = await door.ask("GET", path, **parameters)
                kept.at = begun
            return kept.answer


def standing_of(organization: int, rights: dict[str, Any]) -> bytes:
    """What an answer depends on of who asks."""
    return orjson.dumps([organization, rights], option=orjson.OPT_SORT_KEYS)
