"""A changed overlap or coverage reaches every task: what was finished opens again, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annolog.commands.distributing import SetOverlap
from annolog.domain.event import Event
from annolog.domain.project.events import SettingsChanged
from annolog.domain.project.state import Project
from annolog.domain.recorded import Recorded
from annolog.domain.task.importing import covered_count
from annolog.services.ports import Queue, States
from annolog.services.reaction import Ask, Reaction

TOGETHER = 100
FIELDS = ("overlap", "coverage_percent")


def overlap(states: States, queue: Queue) -> Reaction:
    """After a change of overlap or coverage, ask for the new number of people on every task, some hundreds at a time.

    Tasks that enter or leave the coverage are the next in the order of their draw, so nothing is drawn again.
    """

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        # The latest change of a project is carried out by its settings of now, which takes in those before it.
        latest = {recorded.project: recorded for recorded in batch if _concerns(recorded.event)}
        for id, recorded in latest.items():
            assert id is not None
            yield from _carried(recorded, id, states, queue)

    return Reaction("overlap", frozenset({SettingsChanged}), react)


def _concerns(event: Event) -> bool:
    return (
        isinstance(event, SettingsChanged)
        and event.group == "assignment"
        and any(event.old[name] != event.new[name] for name in FIELDS)
    )


def _carried(recorded: Recorded, id: int, states: States, queue: Queue) -> Iterator[tuple[Recorded, Ask]]:
    project = states.project(id)
    slots = project.settings.assignment.overlap
    cause = "overlap or coverage changed"
    moved = _moved(project, queue)
    for tasks, covered, name in moved:
        wanted = slots if covered else 1
        yield recorded, _ask(id, tasks, wanted, covered, cause, name)
    done = {task for tasks, _, _ in moved for task in tasks}
    after = 0
    while tasks := queue.tasks(id, after, TOGETHER):
        after = tasks[-1]
        known = states.tasks(tasks)
        for covered in (True, False):
            some = [task for task in tasks if task not in done and known[task].covered is covered]
            if some:
                yield recorded, _ask(id, some, slots if covered else 1, covered, cause, f"{after}:{covered}")


def _moved(project: Project, queue: Queue) -> list[tuple[Sequence[int], bool, str]]:
    """Pieces of the tasks that enter (True) or leave (False) the coverage."""
    wanted = covered_count(project.settings.assignment.coverage_percent, project.tasks)
    more = wanted - project.covered
    if more == 0:
        return []
    enter = more > 0
    chosen = queue.by_draw(project.id, covered=not enter, descending=not enter, limit=abs(more))
    return [(chosen[start : start + TOGETHER], enter, f"coverage:{start}") for start in range(0, len(chosen), TOGETHER)]


def _ask(project: int, tasks: Sequence[int], slots: int, covered: bool, cause: str, name: str) -> Ask:
    command = SetOverlap(project=project, tasks=list(tasks), slots=slots, covered=covered, cause=cause)
    return Ask(command, name)
