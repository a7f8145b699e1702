"""A long history, written as it would be after all those commands, without deciding each of them again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from annolog.domain.event import Event
from annolog.domain.ids import IdKind, task_stream
from annolog.domain.recorded import Recorded
from annolog.domain.task.events import (
    AnnotationSubmitted,
    ReservationReason,
    TaskImported,
    TaskReserved,
    TaskState,
    TaskStateChanged,
)
from annolog.infra.composition import Installation
from benchmarks.workload import TEXT, answer_of, project_with

PEOPLE = 4
TOGETHER = 5_000
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
WHY = ReservationReason(policy="sequential", lane="fresh", rank=1, seed=0, settings_version=1)


def write(found: Installation, events: int, projects: int = 4) -> int:
    """Projects with tasks that four people were handed and answered; the position after the last event."""
    made = [project_with(found, 1, PEOPLE, overlap=PEOPLE) for _ in range(projects)]
    chance = Random(7)
    position, batch = found.log.head(), []
    first = position
    for task in range(1_000, 10**9):
        project, people = made[task % projects]
        for version, event in enumerate(_life(project, task, people, found, chance), start=1):
            position += 1
            id = UUID(int=position)
            moment = NOON + timedelta(milliseconds=position)
            actor = getattr(event, "annotator", 0) or getattr(event, "person", 0)
            batch.append(
                Recorded(position, id, task_stream(task), version, moment, actor, None, id, id, None, project, event)
            )
        if len(batch) >= TOGETHER or position - first >= events:
            with found.log.transaction() as transaction:
                transaction.append(batch)
            batch = []
        if position - first >= events:
            return position
    raise AssertionError


def _life(project: int, task: int, people: list[int], found: Installation, chance: Random) -> Iterator[Event]:
    """What happens to a task: it comes in, and each of four people is handed it and answers."""
    here = {"project": project, "task": task}
    yield TaskImported(
        **here,
        data={"text": f"{task}: {TEXT}"},
        import_id=1,
        line=task,
        slots=PEOPLE,
        covered=True,
        draw=chance.random(),
        seed=0,
    )
    for number, person in enumerate(people):
        lease = found.log.ids.take(IdKind.LEASE)
        yield TaskReserved(**here, person=person, lease=lease, expires_at=NOON + timedelta(days=365), why=WHY)
        yield AnnotationSubmitted(
            **here,
            annotation=found.log.ids.take(IdKind.ANNOTATION),
            annotator=person,
            result=answer_of("yes" if chance.random() < 0.7 else "no"),
            config_version=1,
            lease=lease,
            lead_time=12.5,
        )
        if number == 0:
            yield _moved(here, TaskState.CREATED, TaskState.ANNOTATION_IN_PROGRESS)
    yield _moved(here, TaskState.ANNOTATION_IN_PROGRESS, TaskState.NEEDS_REVIEW)


def _moved(here: dict[str, int], previous: TaskState, state: TaskState) -> TaskStateChanged:
    return TaskStateChanged(
        project=here["project"], task=here["task"], previous=previous, state=state, cause="AnnotationSubmitted"
    )
