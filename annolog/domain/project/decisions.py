"""What may be done with a project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from annolog.domain.faults import faults_of, pointer_to, under
from annolog.domain.project import definitions, effects
from annolog.domain.project.budget import first_answers
from annolog.domain.project.data_fields import DataFieldSettings, hidden_at_work
from annolog.domain.project.events import (
    InstructionsRevised,
    LabelConfigRevised,
    ProjectCreated,
    ProjectEvent,
    ProjectMoved,
    ProjectPublished,
    ProjectRevised,
    ProjectUnpublished,
    SettingsChanged,
)
from annolog.domain.project.settings import (
    AGREEMENT,
    GROUPS,
    AgreementSettings,
    ReassignmentSettings,
    Settings,
    plain,
)
from annolog.domain.project.settings_group import SettingsGroup
from annolog.domain.project.state import Project, fold, parsed_config
from annolog.domain.refusals import Fault, InvalidInput, NotFound, WrongState


def must_exist(project: Project) -> None:
    """Refuse what is asked of a project that was never created."""
    if not project.exists:
        raise NotFound(f"There is no project {project.id}.")


def create(
    project: Project, title: str, description: str, organization: int = 1, workspace: int | None = None
) -> list[ProjectEvent]:
    """Begin a project. A title is what people tell projects apart by, so it cannot be empty."""
    _must_be_a_title(title)
    return [
        ProjectCreated(
            project=project.id,
            title=title,
            description=description,
            organization=organization,
            workspace=workspace,
        )
    ]


def revise(project: Project, title: str, description: str) -> list[ProjectEvent]:
    """Call the project something else, or say something else about it."""
    must_exist(project)
    _must_be_a_title(title)
    if (title, description) == (project.title, project.description):
        return []
    return [ProjectRevised(project=project.id, title=title, description=description)]


def _must_be_a_title(title: str) -> None:
    if not title.strip():
        raise InvalidInput("/title: a project needs a title", faults=[Fault("/title", "a project needs a title")])


def move(project: Project, workspace: int | None) -> list[ProjectEvent]:
    """Have the project in another workspace, or in none."""
    must_exist(project)
    if project.workspace == workspace:
        return []
    return [ProjectMoved(project=project.id, old=project.workspace, workspace=workspace)]


def revise_label_config(project: Project, label_config: str) -> list[ProjectEvent]:
    """Ask something else from now on. The same config again is not news."""
    must_exist(project)
    config = parsed_config(label_config)
    if config.xml == project.config.xml and project.config_version > 0:
        return []
    for name, roles in hidden_at_work(project.fields.rules, config.variables):
        message = f"it needs the field {name!r}, which is hidden from {roles}"
        raise InvalidInput(f"/label_config: {message}", faults=[Fault("/label_config", message)])
    version = project.config_version + 1
    return [LabelConfigRevised(project=project.id, version=version, label_config=label_config)]


def revise_instructions(project: Project, instructions: str) -> list[ProjectEvent]:
    """Tell annotators something else."""
    must_exist(project)
    if instructions == project.instructions:
        return []
    return [InstructionsRevised(project=project.id, instructions=instructions)]


def changed_settings(project: Project, group: str, changes: Mapping[str, Any]) -> Settings:
    """The settings as they would be: some of one group changed, what is not named as it is."""
    must_exist(project)
    if group not in GROUPS:
        raise InvalidInput(
            f"/group: there is no group of settings {group!r}",
            faults=[Fault("/group", f"must be one of {', '.join(GROUPS)}")],
        )
    old: SettingsGroup = getattr(project.settings, group)
    try:
        new = GROUPS[group].model_validate({**plain(old), **changes})
    except ValidationError as error:
        raise faults_of(error, prefix=f"/{group}") from error
    return project.settings.model_copy(update={group: new})


def change_settings(
    project: Project, group: str, changes: Mapping[str, Any], *, accept_infeasible: bool = False
) -> list[ProjectEvent]:
    """Change some settings of one group; what is not named stays. The event holds the whole group, old and new.

    Settings that ask for more people than there are have to be accepted expressly.
    """
    events = _changed(project, group, changes, accept_infeasible=accept_infeasible)
    if events:
        _budget_covers_the_overlap(fold(project, events), f"/{group}")
    return events


def _changed(
    project: Project, group: str, changes: Mapping[str, Any], *, accept_infeasible: bool
) -> list[ProjectEvent]:
    settings = changed_settings(project, group, changes)
    old, new = getattr(project.settings, group), getattr(settings, group)
    if new == old:
        return []
    if isinstance(new, ReassignmentSettings):
        _policy_can_judge(project, new)
    if isinstance(new, DataFieldSettings):
        _work_needs_no_hidden_field(project, new)
    if not accept_infeasible:
        effects.must_be_feasible(project, settings, f"/{group}")
    before: list[ProjectEvent] = []
    if isinstance(new, AgreementSettings):
        with under("/agreement"):
            definitions.metrics_exist(project, new)
        _no_threshold_is_in_force(project)
        if (new.custom or project.settings.agreement.custom) and project.tasks:
            raise WrongState("A metric of the project's own takes time for every task: propose the definition instead.")
        before = definitions.withdraw(project, "the settings of agreement were changed")
    version = project.settings_version + 1
    return [*before, SettingsChanged(project=project.id, group=group, version=version, old=plain(old), new=plain(new))]


def _work_needs_no_hidden_field(project: Project, settings: DataFieldSettings) -> None:
    for name, roles in hidden_at_work(settings.fields, project.config.variables):
        pointer = pointer_to(("data_fields", "fields", name, "hidden_from"))
        message = f"the labeling config shows {name!r}, so it cannot be hidden from {roles}"
        raise InvalidInput(f"{pointer}: {message}", faults=[Fault(pointer, message)])


def _policy_can_judge(project: Project, rule: ReassignmentSettings) -> None:
    """The policy is there, and the labeling config, once there is one, asks for something that it can judge."""
    from annolog.domain.policies.live import known_policies

    if rule.policy not in known_policies():
        message = f"there is no policy {rule.policy!r}; there are {', '.join(known_policies())}"
        raise InvalidInput(f"/reassignment/policy: {message}", faults=[Fault("/reassignment/policy", message)])
    dimensions = project.config.dimensions
    if rule.policy != AGREEMENT and dimensions and not any(dimension.single_label for dimension in dimensions):
        message = "only answers of a single label can be weighed by a model of people, and the project asks for none"
        raise InvalidInput(f"/reassignment/policy: {message}", faults=[Fault("/reassignment/policy", message)])


def change_settings_together(
    project: Project, changes: Mapping[str, Mapping[str, Any]], *, accept_infeasible: bool = False
) -> list[ProjectEvent]:
    """Change several groups, one after the other, each as `change_settings` does: all of them, or none.

    A budget is held against the overlap that there is in the end.
    """
    events: list[ProjectEvent] = []
    for group, values in changes.items():
        changed = _changed(project, group, values, accept_infeasible=accept_infeasible)
        project = fold(project, changed)
        events += changed
    if events:
        _budget_covers_the_overlap(project, "/reassignment")
    return events


def _budget_covers_the_overlap(project: Project, pointer: str) -> None:
    """What the overlap asks for is not rationed, so a smaller budget would leave every task at what it has."""
    settings = project.settings
    budget, first = settings.reassignment.budget, first_answers(settings.assignment)
    if not settings.reassigns or budget is None or budget >= first:
        return
    message = f"the overlap alone asks for {first:g} answers a task on average, and the budget is {budget:g}"
    raise InvalidInput(f"{pointer}: {message}", faults=[Fault(pointer, message)])


def undo_settings(project: Project, group: str, *, accept_infeasible: bool = False) -> list[ProjectEvent]:
    """Take the latest change of a group back, as another change; done twice, it is there again."""
    must_exist(project)
    before = project.settings_before.get(group)
    if before is None:
        raise WrongState(f"The settings of {group!r} were never changed.")
    return change_settings(project, group, before, accept_infeasible=accept_infeasible)


def _no_threshold_is_in_force(project: Project) -> None:
    """Scores of another definition never meet a threshold that was set for the one before, unless somebody says so."""
    if project.settings.reassigns and project.published:
        raise WrongState(
            f"Tasks are being judged by a threshold of {project.settings.reassignment.threshold}, which was set for the"
            " scores in force. Propose a definition of agreement together with its threshold instead."
        )


def publish(project: Project) -> list[ProjectEvent]:
    """Let annotators and reviewers work. That takes something to ask and something to ask it about."""
    must_exist(project)
    if project.published:
        return []
    if not project.config.dimensions:
        raise WrongState("A project needs a labeling config with at least one control before it is published.")
    if project.tasks == 0:
        raise WrongState("A project needs tasks before it is published.")
    return [ProjectPublished(project=project.id)]


def unpublish(project: Project) -> list[ProjectEvent]:
    """Make annotators and reviewers wait."""
    must_exist(project)
    return [ProjectUnpublished(project=project.id)] if project.published else []
