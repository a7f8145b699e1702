"""Nothing waits for somebody who left the project or its annotators, or may not come back soon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annolog.commands.distributing import GiveUpWork
from annolog.domain.project.events import MemberPaused, MemberRemoved, MemberRoleChanged, PauseKind, ProjectRole
from annolog.domain.recorded import Recorded
from annolog.services.ports import Queue
from annolog.services.reaction import Ask, Reaction, about

TOGETHER = 100


def departures(queue: Queue) -> Reaction:
    """Who is removed, or paused fully, keeps no reservation and no slot that was kept for them after a skip.

    Of who is removed the assignments that are not done go too. A flexible pause leaves what was begun. Who was an
    annotator and becomes something else finishes what they hold, and keeps no slot after a skip.
    """

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        for recorded in batch:
            event = recorded.event
            if isinstance(event, MemberPaused) and event.kind is not PauseKind.FULL:
                continue
            if isinstance(event, MemberRoleChanged) and event.old is not ProjectRole.ANNOTATOR:
                continue
            assert isinstance(event, MemberPaused | MemberRemoved | MemberRoleChanged)
            project, person = event.project, event.person
            waiting = set(queue.waiting_for(project, person))
            if isinstance(event, MemberRemoved):
                waiting |= set(queue.reviewed_by(project, person))
            tasks = sorted(waiting)
            for start in range(0, len(tasks), TOGETHER):
                some = tasks[start : start + TOGETHER]
                yield recorded, Ask(GiveUpWork(project=project, person=person, tasks=some), about(some))

    return Reaction("departures", frozenset({MemberPaused, MemberRemoved, MemberRoleChanged}), react)
