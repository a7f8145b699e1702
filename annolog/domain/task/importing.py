"""How tasks come in: what a line has to hold, and how many people each task needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from annolog.domain.labeling import LabelingConfig, validate_result, validate_suggestion
from annolog.domain.project.settings import Settings
from annolog.domain.project.state import Project
from annolog.domain.refusals import Fault, Refused


class ImportedAnnotation(BaseModel):
    """An annotation that comes with its task, as Label Studio exports it. Members not used here are let be."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    result: list[dict[str, Any]]
    completed_by: int | dict[str, Any] | None = None
    was_cancelled: bool = False
    ground_truth: bool = False
    lead_time: float | None = Field(default=None, ge=0, lt=10**9, allow_inf_nan=False)


class ImportedPrediction(BaseModel):
    """A prediction that comes with its task."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    result: list[dict[str, Any]]
    model_version: str = ""
    score: float | None = Field(default=None, allow_inf_nan=False)


class ImportedTask(BaseModel):
    """One task of an import. Label Studio's other members, such as id and created_at, are let be."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    data: dict[str, Any] = Field(min_length=1)
    meta: dict[str, Any] = Field(default_factory=dict)
    allow_skip: bool = True
    annotations: list[ImportedAnnotation] = Field(default_factory=list)
    predictions: list[ImportedPrediction] = Field(default_factory=list)


def faults_in(task: ImportedTask, project: Project) -> list[Fault]:
    """What keeps a task from being imported into this project: data that the labeling config needs and is not there,
    annotations and predictions that do not fit it.
    """
    config = project.config
    faults = [Fault(f"/data/{name}", "the labeling config needs this") for name in config.missing_variables(task.data)]
    for index, annotation in enumerate(task.annotations):
        if not annotation.was_cancelled:
            faults += _misfits(f"/annotations/{index}", validate_result, config, annotation.result)
    for index, prediction in enumerate(task.predictions):
        faults += _misfits(f"/predictions/{index}", validate_suggestion, config, prediction.result)
    return faults


def _misfits(
    place: str, rule: Callable[[LabelingConfig, object], None], config: LabelingConfig, result: object
) -> list[Fault]:
    try:
        rule(config, result)
    except Refused as refusal:
        return [Fault(place + fault.pointer, fault.message) for fault in refusal.faults]
    return []


def draw(seed: int, task: int) -> float:
    """The task's place in [0, 1) of the seeded order: the same seed and task always give the same."""
    digest = blake2b(f"{seed}:{task}".encode(), digest_size=7).digest()
    return (int.from_bytes(digest, "big") >> 3) / 2**53


def covered_count(percent: int, tasks: int) -> int:
    """How many of `tasks` tasks get the project's overlap, as Label Studio rounds it."""
    return int(percent / 100 * tasks + 0.5)


def covered_tasks(project: Project, draws: Sequence[float]) -> set[int]:
    """Which of the tasks coming in get the overlap, as indices: exactly as many as the coverage asks for in all.

    Tasks that came before keep what they got, so a task's share is decided once.
    """
    wanted = covered_count(project.settings.assignment.coverage_percent, project.tasks + len(draws)) - project.covered
    by_draw = sorted(range(len(draws)), key=draws.__getitem__)
    return set(by_draw[: max(0, wanted)])


def slots_of(settings: Settings, *, covered: bool) -> int:
    """How many people a task needs at first."""
    return settings.assignment.overlap if covered else 1
