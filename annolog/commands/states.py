"""Warm states: what the rules need, folded once and kept, and the working copies of a batch."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from annolog.commands.aggregates import aggregate_of
from annolog.commands.command import Append
from annolog.domain.event import Unreadable
from annolog.domain.recorded import Recorded

MOST_STATES = 10_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """A state and the version of the stream it was folded from."""

    state: Any
    version: int


def fold_stream(stream: str, events: Iterable[Recorded]) -> Loaded:
    """The state after a whole history."""
    aggregate, id = aggregate_of(stream)
    state, version = aggregate.begin(id), 0
    for recorded in events:
        if isinstance(recorded.event, Unreadable):
            recorded.event.refuse()
        state, version = aggregate.after(state, recorded.event, recorded.recorded_at), recorded.version
    return Loaded(state, version)


class StateCache:
    """The states used last, safe to read from any thread since states never change."""

    def __init__(self, most: int = MOST_STATES) -> None:
        self._most = most
        self._states: OrderedDict[str, Loaded] = OrderedDict()
        self._lock = Lock()

    def get(self, stream: str) -> Loaded | None:
        """The state of a stream, if it is warm."""
        with self._lock:
            found = self._states.get(stream)
            if found is not None:
                self._states.move_to_end(stream)
            return found

    def put(self, states: Mapping[str, Loaded]) -> None:
        """Keep states; the ones unused for longest make room."""
        with self._lock:
            for stream, loaded in states.items():
                self._states[stream] = loaded
                self._states.move_to_end(stream)
            while len(self._states) > self._most:
                self._states.popitem(last=False)

    def forget(self, streams: Iterable[str]) -> None:
        """Drop states that others have moved on."""
        with self._lock:
            for stream in streams:
                self._states.pop(stream, None)

    def forget_older(self, versions: Mapping[str, int]) -> None:
        """Drop states that are older than these versions of their streams."""
        with self._lock:
            for stream, version in versions.items():
                found = self._states.get(stream)
                if found is not None and found.version < version:
                    del self._states[stream]

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._states.clear()


class WorkingStates:
    """The states as a batch sees them: what earlier commands of the batch decided is already so.

    Nothing of it reaches the cache until the batch is durable. Fresh streams are not kept: an import would push
    everything else out of the cache.
    """

    def __init__(self, cache: StateCache, load: Callable[[Sequence[str]], Mapping[str, Sequence[Recorded]]]) -> None:
        self._cache = cache
        self._load = load
        self._read: dict[str, Loaded] = {}
        self._changed: dict[str, Loaded] = {}

    def get(self, stream: str) -> Loaded:
        """The state of a stream."""
        found = self._changed.get(stream) or self._read.get(stream) or self._cache.get(stream)
        if found is None:
            found = fold_stream(stream, self._load([stream])[stream])
        self._read[stream] = found
        return found

    def warm(self, streams: Sequence[str]) -> None:
        """Load those of the streams that are not warm, in one query."""
        cold = {stream for stream in streams if stream not in self._read and self._cache.get(stream) is None}
        if cold:
            for stream, events in self._load(list(cold)).items():
                self._read[stream] = fold_stream(stream, events)

    def apply(self, appends: Iterable[Append], at: datetime) -> list[int]:
        """Let all that was decided have happened at this moment or, if a fold fails, nothing; the versions before."""
        changed: dict[str, Loaded] = {}
        versions = []
        for append in appends:
            if append.fresh:
                versions.append(0)
                continue
            aggregate, _ = aggregate_of(append.stream)
            loaded = changed.get(append.stream) or self.get(append.stream)
            versions.append(loaded.version)
            state = loaded.state
            for event in append.events:
                state = aggregate.after(state, event, at)
            changed[append.stream] = Loaded(state, loaded.version + len(append.events))
        self._changed |= changed
        return versions

    def commit(self) -> None:
        """Make what was read and decided the warm states.

        A stream that was asked for before it began is left out: its beginning would pass the cache by.
        """
        states = {**self._read, **self._changed}
        self._cache.put({stream: loaded for stream, loaded in states.items() if loaded.version})
