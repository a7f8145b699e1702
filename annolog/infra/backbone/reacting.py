"""Reactions fed by Kafka: any number of processes share the partitions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from annolog.commands.bus import CommandBus
from annolog.domain.recorded import Recorded
from annolog.infra.backbone.member import Log, Member, MemberObserver
from annolog.infra.backbone.topic import Topic
from annolog.infra.databases import Database
from annolog.infra.progress import Progress
from annolog.infra.read_side import REACTION_VERSION, ReactionBookmarks
from annolog.projections.engine.bookmarks import Bookmark
from annolog.projections.engine.feeding import Missed, Stretch
from annolog.services.reactor import Reactor

GROUP = "reactions"
WAIT_SECONDS = 0.5


class KafkaReactor(Member):
    """Reacts to its share of the partitions, once the read models have seen what it reacts to.

    At least once is enough, since a command that is repeated changes nothing.
    """

    def __init__(
        self,
        topic: Topic,
        log: Log,
        bus: CommandBus,
        database: Database,
        reactor: Reactor,
        horizon: Progress,
        observer: MemberObserver,
    ) -> None:
        super().__init__(topic, GROUP, log, self, observer)
        self._bus = bus
        self._database = database
        self._reactor = reactor
        self._horizon = horizon
        self._names = [reaction.name for reaction in reactor.reactions]
        self._bookmarks: ReactionBookmarks | None = None

    def start(self) -> None:
        """Join the group."""
        partitions = range(self._topic.partitions)
        self._bookmarks = ReactionBookmarks(self._database.writer, self._names, partitions)
        super().start()

    def offsets(self, partitions: Sequence[int]) -> Mapping[int, int]:
        """Where the reaction that is least far goes on."""
        assert self._bookmarks is not None
        known = self._bookmarks.read()
        return {partition: min(marks[partition].next_offset for marks in known.values()) for partition in partitions}

    def take(self, stretches: Mapping[int, Stretch]) -> None:
        """React, and note how far that came."""
        assert self._bookmarks is not None
        known = self._bookmarks.read()
        for partition, stretch in stretches.items():
            seen = {name: known[name][partition] for name in self._names}
            if min(mark.position for mark in seen.values()) < stretch.after:
                raise Missed(partition, min(mark.position for mark in seen.values()))
            for events in self._seen_by_read_models(partition, stretch.events):
                self._bus.refresh()
                self._reactor.handle(events, {name: mark.position for name, mark in seen.items()})
            self._bookmarks.move({(name, partition): _moved(mark, stretch) for name, mark in seen.items()})

    def _seen_by_read_models(self, partition: int, events: Sequence[Recorded]) -> Iterator[Sequence[Recorded]]:
        """Pieces of the events, each as soon as the read models that reactions look at have seen it."""
        start = 0
        while start < len(events):
            while not self._horizon.wait_for_partition(partition, events[start].position, WAIT_SECONDS):
                if self._stopping.is_set():
                    raise Stopped
            reached = self._horizon.position_in(partition)
            end = bisect_right(events, reached, start, key=lambda recorded: recorded.position)
            yield events[start:end]
            start = end


class Stopped(Exception):
    """There was no time to finish; what was not noted is met again."""


def _moved(mark: Bookmark, stretch: Stretch) -> Bookmark:
    offset = mark.next_offset if stretch.next_offset is None else stretch.next_offset
    return Bookmark(REACTION_VERSION, max(mark.position, stretch.position), offset)
