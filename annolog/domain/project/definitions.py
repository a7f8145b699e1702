"""Changing how agreement is measured without mixing scores: proposed, computed beside the old, then in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from annolog.domain.agreement.methodology import Methodology
from annolog.domain.agreement.metrics import fits, metric
from annolog.domain.faults import faults_of, pointer_to, under
from annolog.domain.ids import LARGEST_ID
from annolog.domain.project.events import (
    AgreementDefinitionActivated,
    AgreementDefinitionProposed,
    AgreementDefinitionWithdrawn,
    AgreementRecomputed,
    CustomMetricRegistered,
    ProjectEvent,
)
from annolog.domain.project.settings import AgreementSettings, plain
from annolog.domain.project.state import Project
from annolog.domain.refusals import Fault, InvalidInput, StaleVersion, WrongState

MOST_CUSTOM_METRICS = 100


def propose(
    project: Project, definition: Mapping[str, Any], *, activate: bool, threshold: float | None
) -> list[ProjectEvent]:
    """Begin to measure another way, beside the one in force; what is not named stays. Takes an open proposal's place.

    Where the reassignment rule is on, its threshold was set for the scores in force: a proposal that takes over by
    itself has to say which threshold goes with it.
    """
    new = checked(project, {**plain(project.settings.agreement), **definition})
    if new == project.settings.agreement:
        return []
    if activate:
        _threshold_is_given(project, threshold)
    proposed = AgreementDefinitionProposed(
        project=project.id,
        version=project.definitions + 1,
        definition=plain(new),
        activate=activate,
        threshold=threshold,
    )
    return [*withdraw(project, "another definition was proposed"), proposed]


def recompute(project: Project, version: int, tasks: Sequence[int], most: int) -> list[ProjectEvent]:
    """The next tasks, by id, get scores by the proposed definition; fewer than `most` of them are the last."""
    proposal = project.proposal
    if proposal is None or proposal.version != version or proposal.complete:
        return []
    complete = len(tasks) < most
    last = LARGEST_ID if complete else tasks[-1]
    first = proposal.computed + 1
    return [
        AgreementRecomputed(project=project.id, version=version, first_task=first, last_task=last, complete=complete)
    ]


def activate(project: Project, version: int, threshold: float | None) -> list[ProjectEvent]:
    """Let the proposed definition take over, once every task has scores by it."""
    proposal = project.proposal
    if proposal is None or proposal.version != version:
        if project.definition == version:
            return []
        raise StaleVersion(f"Definition {version} of agreement is not the one that is proposed.")
    if not proposal.complete:
        raise WrongState(f"Definition {version} of agreement is still being computed.")
    chosen = proposal.threshold if threshold is None else threshold
    _threshold_is_given(project, chosen)
    return [
        AgreementDefinitionActivated(
            project=project.id,
            version=version,
            previous=project.definition,
            definition=plain(proposal.settings),
            threshold=chosen,
        )
    ]


def withdraw(project: Project, reason: str) -> list[ProjectEvent]:
    """Take the open proposal back, if there is one."""
    if project.proposal is None:
        return []
    return [AgreementDefinitionWithdrawn(project=project.id, version=project.proposal.version, reason=reason)]


def register_metric(project: Project, name: str, source: str) -> list[ProjectEvent]:
    """Make a metric of the project's own known. The same source again is not news; nothing uses it by itself."""
    from annolog.domain.agreement.custom import CustomMetric

    found = CustomMetric(name, source)
    if found.digest in project.custom_metrics:
        return []
    if len(project.custom_metrics) >= MOST_CUSTOM_METRICS:
        raise WrongState(f"A project has at most {MOST_CUSTOM_METRICS} metrics of its own.")
    return [CustomMetricRegistered(project=project.id, name=name, digest=found.digest, source=source)]


def checked(project: Project, definition: Mapping[str, Any]) -> AgreementSettings:
    """The definition as settings; refused, with the field, where a metric, a parameter or a weight cannot be."""
    try:
        found = AgreementSettings.model_validate(definition)
    except ValidationError as error:
        raise faults_of(error, prefix="/definition") from error
    with under("/definition"):
        metrics_exist(project, found)
    return found


def metrics_exist(project: Project, settings: AgreementSettings) -> None:
    """Refuse metrics that nobody knows."""
    for name, choice in settings.metrics.items():
        with under(pointer_to(("metrics", name))):
            metric(choice.metric, choice.parameters)
    _controls_exist(project, settings)
    if settings.custom is not None and settings.custom not in project.custom_metrics:
        raise _wrong("/custom", "no metric with this digest is registered with the project")


def _controls_exist(project: Project, settings: AgreementSettings) -> None:
    """Refuse what speaks of controls that the labeling config has not, or compares answers that it cannot."""
    by_name = project.config.by_name
    if not by_name:
        return
    for field in ("metrics", "weights", "label_weights"):
        for name in getattr(settings, field):
            if name not in by_name:
                raise _wrong(pointer_to((field, name)), f"the labeling config has no control {name!r}")
    for name, choice in settings.metrics.items():
        if not fits(choice.metric, by_name[name]):
            raise _wrong(
                pointer_to(("metrics", name)), f"{choice.metric} cannot compare the answers of {by_name[name].tag}"
            )
    if settings.custom is None and settings.methodology is Methodology.CONSENSUS and not _judges(project, settings):
        raise _wrong("/methodology", "consensus needs a control whose metric says yes or no, such as a threshold does")
    if settings.weights and all(settings.weights.get(name, 1.0) == 0 for name in by_name):
        raise _wrong("/weights", "at least one control must have a weight above 0")


def _judges(project: Project, settings: AgreementSettings) -> bool:
    """Whether there is anything that consensus could be about."""
    from annolog.domain.agreement.task_agreement import metric_of

    return any(
        metric_of(dimension, settings).binary and settings.weights.get(dimension.name, 1.0) > 0
        for dimension in project.config.dimensions
    )


def _wrong(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(f"{pointer}: {message}", faults=[Fault(pointer, message)])


def _threshold_is_given(project: Project, threshold: float | None) -> None:
    if project.settings.reassigns and threshold is None:
        message = (
            f"the reassignment rule is on, and its threshold of {project.settings.reassignment.threshold} was set for"
            " other scores: say which threshold goes with the new definition"
        )
        raise _wrong("/threshold", message)
    if threshold is not None and not 0 <= threshold <= 1:
        raise _wrong("/threshold", "must be between 0 and 1")
