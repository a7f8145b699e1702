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
# An answer that took long is not asked for again until so many times as long has passed: no question costs more than a
# twentieth of a core, however many look.
RESTING = 20
# As long an answer may serve while nothing was recorded; what goes by the clock alone is told again after it.
UNCHANGED_SECONDS = 60.0
NOTED_SECONDS = 2.0


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
    took: float = 0.0
    position: int = 0

    def serves(self, seconds: float, position: int) -> bool:
        """Whether the answer need not be asked for again."""
        age = monotonic() - self.at
        unchanged = position > 0 and self.position == position and age <= UNCHANGED_SECONDS
        return self.answer is not None and (unchanged or age <= max(seconds, RESTING * self.took))


class SharedAnswers:
    """Remembers answers for a moment, by who may have them.

    Whoever asks has shown by a fresh answer of `/rights` what they may see; two with the same rights are told the same,
    so that what one was answered may be shown to the other. What is somebody's own names them in their rights.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._position, self._noted_at = 0, float("-inf")

    def note(self, position: int) -> None:
        """Somebody has just been told where the log is."""
        self._position, self._noted_at = position, monotonic()

    @property
    def position(self) -> int:
        """Where the log is, by what anybody was told in the last moments; 0 if nobody was."""
        return self._position if monotonic() - self._noted_at <= NOTED_SECONDS else 0

    def __len__(self) -> int:
        return len(self._kept)

    async def get(
        self,
        door: Asking,
        standing: bytes,
        path: str,
        seconds: float,
        *,
        position: int = 0,
        least: int = 0,
        **parameters: Any,
    ) -> Answer:
        """The answer to a query, as a rule no older than so many seconds: older if it took long, or if nothing was
        recorded since, which `position` tells, where the asker knows the log to be. One of before position `least`,
        where the asker wrote something, is asked for again. With a `body` it is posted. Raises `Refusal`, which nobody
        else is given.
        """
        key = orjson.dumps([standing.decode(), path, sorted(parameters.items())], default=str)
        kept = self._kept.setdefault(key, _Kept())
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        async with kept.asking:
            if kept.answer is None or kept.answer.position < least or not kept.serves(seconds, position):
                begun = monotonic()
                kept.answer = await door.ask("POST" if "body" in parameters else "GET", path, **parameters)
                # Where the log was before asking, so that nothing is missed that came meanwhile.
                kept.at, kept.position, kept.took = begun, position, monotonic() - begun
            return kept.answer


def standing_of(organization: int, rights: dict[str, Any]) -> bytes:
    """What an answer depends on of who asks."""
    return orjson.dumps([organization, rights], option=orjson.OPT_SORT_KEYS)
