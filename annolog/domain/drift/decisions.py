"""When a change in somebody's work raises an alarm, and what may follow from one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from annolog.domain.drift.detector import Figure, Measure, find
from annolog.domain.drift.events import DriftDetected, DriftDismissed, WindowRequeued
from annolog.domain.project.decisions import must_exist
from annolog.domain.project.events import ProjectEvent
from annolog.domain.project.state import Project
from annolog.domain.refusals import Fault, InvalidInput, NotFound
from annolog.domain.task.events import Standing
from annolog.domain.task.state import Annotation, Task

MOST_TASKS = 1_000


def raise_drift(
    project: Project, person: int, measure: Measure, figures: Sequence[Figure], tasks: Sequence[int]
) -> list[ProjectEvent]:
    """Say that somebody's work has changed, if these figures say so and no alarm rests on them already."""
    must_exist(project)
    rules = project.settings.evaluation
    change = find(measure, figures, rules.drift_shift, rules.drift_false_alarms_every)
    known = project.alarms.last_day(person, measure)
    if not rules.drift or not project.annotates(person) or change is None or figures[0].day <= known:
        return []
    return [
        DriftDetected(
            project=project.id,
            alarm=len(project.alarms.by_number) + 1,
            person=person,
            measure=measure.value,
            direction=change.direction.value,
            since=figures[change.first].day,
            until=figures[change.last].day,
            figures=[{"day": one.day, "value": one.value, "answers": one.answers} for one in figures],
            tasks=list(tasks),
        )
    ]


def dismiss(project: Project, number: int, reason: str) -> list[ProjectEvent]:
    """Have an alarm seen to. Dismissed already is not news."""
    must_exist(project)
    alarm = project.alarms.by_number.get(number)
    if alarm is None:
        raise NotFound(f"Project {project.id} has no alarm {number}.")
    if alarm.dismissed:
        return []
    return [DriftDismissed(project=project.id, alarm=number, person=alarm.person, reason=reason)]


def requeue(project: Project, person: int, since: date, until: date, reason: str) -> list[ProjectEvent]:
    """Have what somebody answered on these days answered anew, also by who has left the project since."""
    must_exist(project)
    must_be_window(since, until)
    return [
        WindowRequeued(
            project=project.id, person=person, since=since.isoformat(), until=until.isoformat(), reason=reason
        )
    ]


def must_be_window(since: date, until: date) -> None:
    """Refuse days of which the last comes before the first."""
    if until < since:
        message = "the last day comes before the first"
        raise InvalidInput(f"/until: {message}", faults=[Fault("/until", message)])


def taken_out(task: Task, annotation: int) -> Annotation | None:
    """The answer that is to be given anew, None where it counts for nothing already or is the truth itself."""
    found = task.annotations.get(annotation)
    if not task.exists or found is None or found.deleted or found.standing is Standing.PASSED_ON:
        return None
    return None if found.id == task.ground_truth else found
