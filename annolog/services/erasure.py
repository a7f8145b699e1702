"""Whoever was erased belongs to no project any more, and nothing waits for them anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annolog.commands.distributing import GiveUpWork
from annolog.commands.members import RemoveMember
from annolog.domain.people.events import PersonErased
from annolog.domain.recorded import Recorded
from annolog.services.ports import Queue, States
from annolog.services.reaction import Ask, Reaction, about

TOGETHER = 100


def erasure(states: States, queue: Queue) -> Reaction:
    """Each project loses its member by a command of its own; what waits for them elsewhere, as it may for
    administrators, is given up."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        for recorded in batch:
            if isinstance(recorded.event, PersonErased):
                yield from _leaves(recorded, recorded.event.person, states, queue)

    return Reaction("erasure", frozenset({PersonErased}), react)


def _leaves(recorded: Recorded, person: int, states: States, queue: Queue) -> Iterator[tuple[Recorded, Ask]]:
    for project in queue.projects():
        if person in states.project(project).members:
            yield recorded, Ask(RemoveMember(project=project, person=person), str(project))
            continue
        tasks = sorted({*queue.waiting_for(project, person), *queue.reviewed_by(project, person)})
        for start in range(0, len(tasks), TOGETHER):
            some = tasks[start : start + TOGETHER]
            yield recorded, Ask(GiveUpWork(project=project, person=person, tasks=some), f"{project}:{about(some)}")
