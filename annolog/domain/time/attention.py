"""What somebody's interactions with a page tell: when they had it open, and when they were at work on it.

The definitions are in docs/time.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

Interval = tuple[datetime, datetime]
Sign = tuple[str, datetime]

LOADED = "annotation_loaded"
LEFT = "annotation_left"
HIDDEN = "visibility_hidden"
VISIBLE = "visibility_visible"
IDLE_DETECTED = "idle_detected"
IDLE_RESUMED = "idle_resumed"

# A sign of somebody vouches for so much of what follows it, and for no more: pages die without a word.
VOUCHED = timedelta(seconds=120)
# Of so many pages it is known how far they were heard; the ones heard longest ago are forgotten.
MOST_SESSIONS = 50


@dataclass(frozen=True, slots=True)
class Session:
    """One page as it was last heard of, at the moment `at`."""

    sequence: int
    at: datetime
    loaded: bool = False
    visible: bool = True
    idle: bool = False

    @property
    def attentive(self) -> bool:
        """Whether somebody was at work on it."""
        return self.loaded and self.visible and not self.idle

    def told(self, kind: str, at: datetime) -> Session:
        """The page after one more interaction. Any but going away tells that it is open."""
        idle = kind == IDLE_DETECTED or (self.idle and kind in (HIDDEN, VISIBLE))
        visible = kind != HIDDEN and (self.visible or kind in (VISIBLE, LOADED))
        return replace(self, at=at, loaded=kind != LEFT, visible=visible, idle=idle)


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds that a page was open, idle included, and those of them with somebody at work."""

    open: float
    active: float


@dataclass(frozen=True, slots=True)
class Watch:
    """What has been heard of one person's pages with one piece of work since `since`, when they last answered.

    Intervals are apart from each other and in order, so that pages that are open together count once.
    """

    since: datetime | None = None
    sessions: Mapping[str, Session] = field(default_factory=lambda: MappingProxyType({}))
    open: tuple[Interval, ...] = ()
    active: tuple[Interval, ...] = ()

    def last(self, session: str) -> int:
        """The number of the last batch that was heard of a page; -1 for none."""
        found = self.sessions.get(session)
        return found.sequence if found else -1

    def heard(self, session: str, sequence: int, signs: Sequence[Sign]) -> Watch:
        """With one more batch, whose moments are as `placed` put them."""
        page = self.sessions.get(session)
        opened, active = list(self.open), list(self.active)
        for kind, at in signs:
            before = page or Session(sequence, at)
            if before.loaded:
                opened.append((before.at, at))
            if before.attentive:
                active.append((before.at, min(at, before.at + VOUCHED)))
            page = before.told(kind, at)
        if page is None:
            return self
        known = {name: other for name, other in self.sessions.items() if name != session}
        known[session] = replace(page, sequence=sequence)
        while len(known) > MOST_SESSIONS:
            del known[next(iter(known))]
        return replace(self, sessions=known, open=united(opened), active=united(active))

    def answered(self, at: datetime) -> Watch:
        """What goes on from an answer: nothing of before counts again, and a page counts once it is heard of again."""
        pages = {name: replace(page, loaded=False, at=max(page.at, at)) for name, page in self.sessions.items()}
        return Watch(at, pages)

    def spent(self, now: datetime) -> Spent | None:
        """Seconds until now; None where nothing was heard. What has no end yet ends now, or once nobody vouches."""
        pages = self.sessions.values()
        tails = [(page.at, min(now, page.at + VOUCHED), page) for page in pages if page.loaded and page.at <= now]
        opened = united([*self.open, *((start, end) for start, end, _ in tails)])
        if not opened:
            return None
        active = united([*self.active, *((start, end) for start, end, page in tails if page.attentive)])
        return Spent(_seconds(opened), _seconds(active))


def placed(
    interactions: Iterable[tuple[str, int]], received: datetime, floor: datetime | None
) -> tuple[list[Sign], bool]:
    """The moments of interactions by the log's clock, and whether any had to be moved.

    Each is given in milliseconds before it was sent, so that clocks that are wrong or jump do no harm. None is before
    `floor`, after `received`, or before the one in front of it.
    """
    signs: list[Sign] = []
    moved = False
    for kind, milliseconds in interactions:
        at = min(received - timedelta(milliseconds=milliseconds), received)
        if floor is not None and at < floor:
            at, moved = min(floor, received), True
        signs.append((kind, at))
        floor = at
    return signs, moved


def united(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same moments, each once."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _seconds(intervals: Iterable[Interval]) -> float:
    return sum([end - start for start, end in intervals], timedelta()).total_seconds()
