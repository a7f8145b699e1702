"""What happens in projects is sent to their webhooks: one look at the log for all, then each in its own time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Protocol

from annolog.commands.states import fold_stream
from annolog.domain.event import UnreadableEvent
from annolog.domain.ids import project_stream
from annolog.domain.project import events as happened
from annolog.domain.project.state import Project
from annolog.domain.recorded import Recorded
from annolog.services.delivering import Deliveries, Delivery, Line, Log, Standing, heard

SCAN_TOGETHER = 2_000
# Under load events are gathered this long: nobody outside waits for a hundredth of a second.
GATHER_SECONDS = 0.05
LOOK_SECONDS = 0.5
NOTE_SECONDS = 1.0
# Webhooks that nothing concerns are not written down at every step; after a restart they look at so many events again.
NOTE_EVENTS = 1_000
# Whoever is told to stop waits for so long for requests under way. What they come to then is met again.
LAST_SECONDS = 3.0

WebhookEvent = (
    happened.WebhookRegistered
    | happened.WebhookChanged
    | happened.WebhookRemoved
    | happened.WebhookDisabled
    | happened.WebhookRewound
)
TYPES = tuple(
    kind.type_name()
    for kind in (
        happened.WebhookRegistered,
        happened.WebhookChanged,
        happened.WebhookRemoved,
        happened.WebhookDisabled,
        happened.WebhookRewound,
    )
)


# Position, type and project of an event.
Heading = tuple[int, str, int | None]


class WholeLog(Log, Protocol):
    """The log, as it is looked at for all webhooks."""

    def head(self) -> int:
        """The position of the latest committed event."""
        ...

    def headings(self, position: int, limit: int) -> Sequence[Heading]:
        """What there is beyond a position, in order."""
        ...

    def headings_of(self, types: Sequence[str], last: int) -> Sequence[Heading]:
        """The events of a few rare types up to a position, in order."""
        ...

    def streams(self, names: Sequence[str]) -> Mapping[str, Sequence[Recorded]]:
        """The committed history of each stream."""
        ...


class Webhooks:
    """Looks at the log once for all webhooks and wakes those that something concerns.

    Every webhook has a task of its own on the same event loop, so that none waits for another. One such object may be
    at work at a time; `still_ours` raises when it is not ours any more.
    """

    def __init__(
        self, log: WholeLog, deliveries: Deliveries, delivery: Delivery, still_ours: Callable[[], object]
    ) -> None:
        self._log = log
        self._deliveries = deliveries
        self._delivery = delivery
        self._still_ours = still_ours
        self._lines: dict[int, Line] = {}
        self._of_project: dict[int, list[Line]] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._noted = (0, 0.0)
        self._until = 0.0
        self.bell = asyncio.Event()

    async def run(self, at_work: Callable[[], None]) -> None:
        """Send until told to stop; raises what is wrong with a database. `at_work` is called after every good look."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            await self._begin()
            self._delivery.begun.set()
            looking = True
            while looking:
                self.bell.clear()
                self._still_ours()
                batch = await self._delivery.read(partial(self._log.headings, self._delivery.scanned, SCAN_TOGETHER))
                if batch:
                    await self._take(batch, batch[-1][0])
                await self._note_now_and_then()
                at_work()
                if self._delivery.stopping:
                    looking = bool(batch) and monotonic() < self._until
                elif not batch:
                    await heard(self.bell, LOOK_SECONDS)
                elif len(batch) < SCAN_TOGETHER:
                    await asyncio.sleep(GATHER_SECONDS)
            await self._finish()

    def stop(self) -> None:
        """Finish what is at hand. Called on the event loop."""
        self._delivery.stopping = True
        self._until = monotonic() + LAST_SECONDS
        self.bell.set()
        for line in self._lines.values():
            # What waits for another try need not. Its turn stays, for what a request comes to still counts.
            line.told.set()

    async def _begin(self) -> None:
        """Go on where the last one stopped; the very first finds out what there is, and past events are no concern."""
        scanned, standings = await self._delivery.read(self._deliveries.begin)
        projects: dict[int, Project] = {}
        gone = []
        for standing in standings:
            webhook = (await self._project(standing.project, projects)).webhooks.get(standing.webhook)
            if webhook is None:
                gone.append(standing.webhook)
            else:
                self._add(Line(webhook, standing, noted=standing))
        if gone:
            await self._delivery.note(None, [], gone)
        if scanned:
            self._delivery.scanned = scanned
            return
        head = await self._delivery.read(self._log.head)
        await self._take(await self._delivery.read(lambda: self._log.headings_of(TYPES, head)), head)
        await self._delivery.note(head, [])

    async def _project(self, id: int, known: dict[int, Project]) -> Project:
        """The project as the log has it now, which is at least as new as what is being looked at."""
        if id not in known:
            stream = project_stream(id)
            loaded = await self._delivery.read(lambda: fold_stream(stream, self._log.streams([stream])[stream]))
            known[id] = loaded.state
        return known[id]

    async def _take(self, batch: Sequence[Heading], reached: int) -> None:
        """Look at events, and note at once what they say about webhooks."""
        said: dict[int, Line] = {}
        gone: list[int] = []
        projects: dict[int, Project] = {}
        for position, type_name, project in batch:
            if type_name in TYPES:
                [recorded] = await self._delivery.read(partial(self._log.after, position - 1, 1))
                await self._hear(recorded, projects, said, gone)
            for line in self._of_project.get(project or 0, ()):
                if position > line.standing.position and line.webhook.wants(type_name):
                    _pass(line, position - 1)
                    line.due.set()
        self._delivery.scanned = reached
        if said or gone:
            await self._delivery.note(reached, list(said.values()), gone)

    async def _hear(
        self, recorded: Recorded, projects: dict[int, Project], said: dict[int, Line], gone: list[int]
    ) -> None:
        event = recorded.event
        if not isinstance(event, WebhookEvent):
            # A newer version wrote it. Whoever cannot read it must not go past it.
            raise UnreadableEvent(f"{recorded.type} at {recorded.position} cannot be read")
        project = await self._project(event.project, projects)
        webhook, line = project.webhooks.get(event.webhook), self._lines.get(event.webhook)
        if webhook is None:
            if line is not None:
                await self._drop(line)
                gone.append(event.webhook)
            return
        if line is None:
            if not isinstance(event, happened.WebhookRegistered):
                return
            # A position that the log has not reached yet is none to wait for in silence.
            start = recorded.position if event.after is None else min(event.after, recorded.position)
            line = Line(webhook, Standing(webhook.id, event.project, start))
            self._add(line)
        elif isinstance(event, happened.WebhookRewound):
            if event.after < line.standing.position:
                line.standing = replace(line.standing.begun_anew(), position=event.after)
                line.tell()
        else:
            _pass(line, recorded.position - 1)
            line.webhook = webhook
            if isinstance(event, happened.WebhookChanged):
                line.standing = line.standing.begun_anew()
            line.tell()
        said[webhook.id] = line

    def _add(self, line: Line) -> None:
        self._lines[line.webhook.id] = line
        self._of_project.setdefault(line.standing.project, []).append(line)
        line.due.set()
        name = f"webhook {line.webhook.id}"
        self._tasks[line.webhook.id] = self._group.create_task(self._delivery.serve(line), name=name)

    async def _drop(self, line: Line) -> None:
        """Its task is over before anything is noted, so that nothing of it is noted afterwards."""
        id = line.webhook.id
        del self._lines[id]
        self._of_project[line.standing.project].remove(line)
        await _ended([self._tasks.pop(id)])

    async def _note_now_and_then(self, *, last: bool = False) -> None:
        """Note how far the log has been looked at, with the lines that nothing concerned for long."""
        scanned = self._delivery.scanned
        position, at = self._noted
        # At the end each line is noted, also where the log was before and the line lagged too little to be worth it.
        if not last and (position == scanned or monotonic() - at < NOTE_SECONDS):
            return
        late = []
        for line in self._lines.values():
            _pass(line, scanned)
            if line.idle and line.noted != line.standing and (last or _unnoted(line) >= NOTE_EVENTS):
                late.append(line)
        self._noted = (scanned, monotonic())
        await self._delivery.note(scanned, late)

    async def _finish(self) -> None:
        """Let requests under way come to their end, for a while."""
        busy = [self._tasks[id] for id, line in self._lines.items() if not line.idle]
        if busy:
            await asyncio.wait(busy, timeout=LAST_SECONDS)
        await _ended(self._tasks.values())
        await self._note_now_and_then(last=True)


def _pass(line: Line, position: int) -> None:
    """A webhook that waits for what concerns it has nothing before it up to where the log has been looked at."""
    if line.idle and line.webhook.active and not line.due.is_set():
        line.pass_to(position)


def _unnoted(line: Line) -> int:
    return line.standing.position - (line.noted.position if line.noted else 0)


async def _ended(tasks: Collection[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
