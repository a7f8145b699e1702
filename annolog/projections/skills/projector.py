"""How answers change skills: what a task added is taken out, what it adds now is put in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Table

from annolog.domain.event import Event
from annolog.domain.labeling import LabelingConfig
from annolog.domain.project import events as project_events
from annolog.domain.project.settings import AgreementSettings
from annolog.domain.project.state import EMPTY_CONFIG, parsed_config
from annolog.domain.recorded import Recorded
from annolog.domain.skills.credits import Measuring, measuring_of
from annolog.domain.task import events as happened
from annolog.domain.task.answers import CHANGING_ANSWERS
from annolog.projections.engine.moments import day_of
from annolog.projections.engine.projector import Projector, Sweep
from annolog.projections.engine.rows import Key, Rows, Values
from annolog.projections.skills.answers import Shares, change, new_row, shares_of
from annolog.projections.skills.tables import skill_day, skill_project, skill_task

ANSWERS: frozenset[type[Event]] = CHANGING_ANSWERS | {
    happened.TaskDeleted,
    happened.TaskRestored,
}
GIVING = (happened.AnnotationSubmitted, happened.AnnotationRevised)
CHANGES: frozenset[type[Event]] = frozenset(
    {
        project_events.LabelConfigRevised,
        project_events.SettingsChanged,
        project_events.AgreementDefinitionActivated,
    }
)


@dataclass(slots=True)
class Standing:
    """A task while a batch of events changes its answers, and the shares that the sums still hold."""

    row: Values
    answers: dict[str, Any]
    config: LabelingConfig
    measuring: Measuring
    began: Shares

    @classmethod
    def of(cls, row: Values, project: Values) -> Standing:
        """The task as its row has it."""
        answers = orjson.loads(row["answers"])
        measuring = measuring_of(project["label_config"], project["settings"])
        return cls(row, answers, parsed_config(project["label_config"]), measuring, shares_of(row, answers, measuring))


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The task and how its project compares."""
    yield skill_project, (recorded.project,)
    if isinstance(recorded.event, happened.TaskEvent):
        yield skill_task, (recorded.event.task,)


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event into skills."""
    event = recorded.event
    if isinstance(event, happened.TaskEvent):
        _changed_task(rows, recorded, event)
    elif isinstance(event, project_events.ProjectCreated):
        rows.put(skill_project, _new_project(event.project))
    elif _concerns(recorded):
        # What people did so far was measured as the project was until now.
        settle(rows)
        project = rows.change(skill_project, recorded.project)
        if project is not None:
            _changed_project(project, event)


def _new_project(project: int) -> Values:
    settings = AgreementSettings().model_dump_json()
    return {
        "project": project,
        "label_config": EMPTY_CONFIG,
        "settings": settings,
        "label_config_before": EMPTY_CONFIG,
        "settings_before": settings,
        "day": "",
    }


def _changed_project(project: Values, event: Event) -> None:
    project["label_config_before"], project["settings_before"] = project["label_config"], project["settings"]
    match event:
        case project_events.LabelConfigRevised(label_config=xml):
            project["label_config"] = xml
        case project_events.SettingsChanged(new=settings):
            project["settings"] = AgreementSettings.model_validate(settings).model_dump_json()
        case project_events.AgreementDefinitionActivated(definition=settings):
            project["settings"] = AgreementSettings.model_validate(settings).model_dump_json()


def _changed_task(rows: Rows, recorded: Recorded, event: happened.TaskEvent) -> None:
    project = rows.find(skill_project, event.project)
    if project is None:
        return
    standing = rows.opened.get(event.task)
    if standing is None:
        row = rows.change(skill_task, event.task)
        if row is None and isinstance(event, happened.AnnotationSubmitted):
            row = rows.put(skill_task, new_row(event.task, event.project))
        if row is None:
            return
        standing = rows.opened[event.task] = Standing.of(row, project)
    change(standing.row, standing.answers, recorded, standing.config)
    if isinstance(event, GIVING) and (day := day_of(recorded)) > project["day"]:
        rows.change(skill_project, event.project)
        project["day"] = day


def settle(rows: Rows) -> None:
    """Bring sums in line with what became of the answers of each task since they were last."""
    for standing in rows.opened.values():
        standing.row["answers"] = orjson.dumps(standing.answers).decode()
        after = shares_of(standing.row, standing.answers, standing.measuring)
        _exchange(rows, standing.row["project"], standing.began, after)
    rows.opened.clear()


def _exchange(rows: Rows, project: int, before: Shares, after: Shares) -> None:
    """Take out of the sums what the answers added, and put in what they add; most stays."""
    changes: list[tuple[Key, tuple[int, int]]] = []
    for shares, others, step in ((before, after, -1), (after, before, 1)):
        for key, share in shares.items():
            if others.get(key) != share:
                person, day, credits = share
                changes += [
                    ((project, person, *place, day), (step * right, step * total))
                    for place, (right, total) in credits.items()
                ]
    rows.add_all(skill_day, changes)


def _concerns(recorded: Recorded) -> bool:
    """Whether the event changes how answers are compared: the labeling config, or the settings of agreement."""
    return not isinstance(recorded.event, project_events.SettingsChanged) or recorded.event.group == "agreement"


def _swept(task: Values, recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    return iter(())


def _sweep(rows: Rows, key: Key, recorded: Recorded) -> None:
    """Measure the answers to a task as the project compares now, no longer as it did before."""
    project, row = rows.find(skill_project, recorded.project), rows.find(skill_task, *key)
    if project is None or row is None:
        return
    answers = orjson.loads(row["answers"])
    before = measuring_of(project["label_config_before"], project["settings_before"])
    after = measuring_of(project["label_config"], project["settings"])
    _exchange(rows, row["project"], shares_of(row, answers, before), shares_of(row, answers, after))


skills = Projector(
    name="skills",
    version=1,
    tables=(skill_project, skill_task, skill_day),
    interests=ANSWERS | CHANGES | {project_events.ProjectCreated},
    touches=touches,
    apply=apply,
    sweep=Sweep(CHANGES, skill_task, _swept, _sweep, _concerns),
    settle=settle,
)
