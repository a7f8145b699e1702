"""What can happen to a project: its configuration and its people, never a submission."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

from pydantic import AwareDatetime, Field

from annolog.domain.event import Event


class ProjectRole(StrEnum):
    """What somebody is in one project."""

    MANAGER = "manager"
    REVIEWER = "reviewer"
    ANNOTATOR = "annotator"
    VIEWER = "viewer"


class MemberSource(StrEnum):
    """Why somebody is a member: added here, for belonging to the project's workspace, or by groups of an identity
    provider."""

    PROJECT = "project"
    WORKSPACE = "workspace"
    GROUPS = "groups"


class PauseKind(StrEnum):
    """A full pause stops everything; a flexible one leaves returned work, comments and reviewing."""

    FULL = "full"
    FLEXIBLE = "flexible"


class PauseCause(StrEnum):
    """Who or what paused a member."""

    PERSON = "person"
    EVALUATION = "evaluation"
    RULE = "rule"
    ACCOUNT = "account"


class ProjectEvent(Event):
    """A fact about one project."""

    project: int


class ProjectCreated(ProjectEvent):
    """The project exists, with default settings and an empty labeling config."""

    schema_version: ClassVar[int] = 2

    title: str
    description: str = ""
    organization: int = 1
    workspace: int | None = None


class ProjectRevised(ProjectEvent):
    """The project is called something else, or something else is said about it."""

    title: str
    description: str = ""


class ProjectMoved(ProjectEvent):
    """The project is in another workspace, or in none."""

    old: int | None = None
    workspace: int | None = None


class LabelConfigRevised(ProjectEvent):
    """The project asks something else. Annotations keep the version they were made with."""

    version: int
    label_config: str


class InstructionsRevised(ProjectEvent):
    """What annotators are told."""

    instructions: str


class SettingsChanged(ProjectEvent):
    """One group of settings has other values; `old` and `new` hold the whole group."""

    group: str
    version: int = Field(description="Counts the changes of any group, from 1.")
    old: dict[str, Any]
    new: dict[str, Any]


class AgreementDefinitionProposed(ProjectEvent):
    """Agreement is to be measured another way. Its scores are computed beside those in force."""

    version: int = Field(description="Counts the definitions of the project, also those set directly, from 1.")
    definition: dict[str, Any] = Field(description="The agreement settings that it consists of.")
    activate: bool = Field(description="Whether it takes over by itself once every task is computed.")
    threshold: float | None = Field(
        default=None, description="The threshold of the reassignment rule that goes with it, where that rule is on."
    )


class AgreementRecomputed(ProjectEvent):
    """From here on the tasks with ids from `first_task` to `last_task` have scores by this definition too."""

    version: int
    first_task: int
    last_task: int
    complete: bool = Field(description="Whether these were the last; tasks to come have them from the beginning.")


class AgreementDefinitionActivated(ProjectEvent):
    """Agreement is measured by this definition now. The scores by the one before stay as they were."""

    version: int
    previous: int
    definition: dict[str, Any]
    threshold: float | None = Field(default=None, description="The new threshold of the reassignment rule, if on.")


class AgreementDefinitionWithdrawn(ProjectEvent):
    """The proposal is off."""

    version: int
    reason: str


class CustomMetricRegistered(ProjectEvent):
    """A metric of the project's own, told apart from its other versions by the digest of its source."""

    name: str
    digest: str = Field(description="SHA-256 of the source, hexadecimal.")
    source: str


class TasksImported(ProjectEvent):
    """A part of an import went in: `count` tasks with consecutive ids from `first_task`."""

    import_id: int
    first_task: int
    count: int
    covered: int = Field(description="How many of them got the project's overlap.")


class CoverageSet(ProjectEvent):
    """Another number of tasks gets the project's overlap."""

    covered: int


class LabelsGranted(ProjectEvent):
    """So many further answers were asked for out of the label budget."""

    count: int
    granted: int = Field(description="All that were, these among them.")


class ProjectPublished(ProjectEvent):
    """Annotators and reviewers may work."""


class ProjectUnpublished(ProjectEvent):
    """Annotators and reviewers have to wait."""


class MemberAdded(ProjectEvent):
    """The person belongs to the project."""

    schema_version: ClassVar[int] = 3

    person: int
    role: ProjectRole
    custom_role: str = ""
    source: MemberSource = MemberSource.PROJECT


class MemberRoleChanged(ProjectEvent):
    """The person is something else in the project now, or is it for another reason."""

    schema_version: ClassVar[int] = 3

    person: int
    old: ProjectRole
    new: ProjectRole
    custom_role: str = ""
    source: MemberSource = MemberSource.PROJECT


class MemberRemoved(ProjectEvent):
    """The person no longer belongs to the project."""

    person: int


class MemberPaused(ProjectEvent):
    """The person may not take new work, for the cause and until the time given."""

    schema_version: ClassVar[int] = 3

    person: int
    kind: PauseKind
    cause: PauseCause
    reason: str
    until: AwareDatetime | None = None
    evidence: dict[str, Any] = Field(default_factory=dict)
    rule: str | None = Field(default=None, description="Which rule, where the cause is one: each pauses on its own.")


class MemberResumed(ProjectEvent):
    """The pause is over."""

    schema_version: ClassVar[int] = 3

    person: int
    cause: PauseCause
    rule: str | None = Field(default=None, description="Which rule's pause, where the cause is one.")


class WebhookRegistered(ProjectEvent):
    """From here on, or from the position `after`, what happens in the project is sent to a URL, in order.

    Its secret is kept beside the log, where nobody finds it who reads events.
    """

    webhook: int
    url: str
    event_types: list[str] = Field(default_factory=list, description="Empty for all there are.")
    include_task_data: bool = False
    after: int | None = Field(default=None, description="A position of the log; none for that of this event.")
    secret_fingerprint: str = Field(description="The first 16 hexadecimal digits of the secret's SHA-256.")


class WebhookChanged(ProjectEvent):
    """The webhook is this now, also for what waits to be sent. `active` begins anew where it had been given up."""

    webhook: int
    url: str
    event_types: list[str] = Field(default_factory=list)
    include_task_data: bool = False
    active: bool = True
    secret_fingerprint: str


class WebhookRemoved(ProjectEvent):
    """Nothing more is sent."""

    webhook: int


class WebhookDisabled(ProjectEvent):
    """Nothing more is sent until somebody makes the webhook active again; then all of it is that was not."""

    webhook: int
    reason: str


class WebhookRewound(ProjectEvent):
    """Everything after a position is sent once more."""

    webhook: int
    after: int


class ViewSaved(ProjectEvent):
    """The board can be looked at in this way by its name: the whole of it, also where a view was changed.

    A private view is listed to its owner alone; whose a shared one is tells who saved it last.
    """

    view: int
    owner: int
    shared: bool
    name: str
    filters: dict[str, Any] | None = Field(default=None, description="As the board's query takes them.")
    order: list[str] = Field(default_factory=list)
    columns: list[str] = Field(default_factory=list, description="Those shown, in their order; empty for the usual.")
    widths: dict[str, int] = Field(default_factory=dict, description="Pixels by column, where not the usual.")


class ViewRemoved(ProjectEvent):
    """The view is gone."""

    view: int
