"""What a project may be told about how it works, in groups that change one at a time."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Any, Literal

from pydantic import Field, model_validator

from annolog.domain.agreement.methodology import Methodology
from annolog.domain.project.data_fields import DataFieldSettings
from annolog.domain.project.settings_group import SettingsGroup
from annolog.domain.task.events import RejectAction, SkipMode

AGREEMENT, CONFIDENCE = "agreement", "confidence"
LONGEST_RESERVATION = 24 * 60 * 60
MOST_SLOTS = 100


class Distribution(StrEnum):
    """Who decides what a person works on."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


class Sampling(StrEnum):
    """In which order fresh tasks are handed out."""

    SEQUENTIAL = "sequential"
    UNIFORM = "uniform"
    UNCERTAINTY = "uncertainty"


class AssignmentSettings(SettingsGroup):
    """Who gets which task, how many people a task needs, and what skipping means."""

    distribution: Distribution = Distribution.AUTOMATIC
    overlap: int = Field(default=1, ge=1, le=MOST_SLOTS, description="Distinct people a covered task needs.")
    coverage_percent: int = Field(
        default=100, ge=0, le=100, description="Share of tasks that get the overlap; others one."
    )
    overlap_first: bool = Field(default=True, description="Tasks that need several people come before all others.")
    breadth_first: bool = Field(default=True, description="Started tasks are finished before fresh ones begin.")
    sampling: Sampling = Sampling.SEQUENTIAL
    seed: int = Field(default=0, ge=0, description="Decides coverage and uniform order, so that both can be repeated.")
    strict_overlap: bool = Field(
        default=True, description="No annotation beyond the slots, not even after a lost lease."
    )
    reservation_seconds: int = Field(default=3600, ge=1, le=LONGEST_RESERVATION)
    skipping: bool = True
    skip_mode: SkipMode = SkipMode.REQUEUE_FOR_OTHERS
    comment_on_skip: bool = False
    limit_count: int | None = Field(default=None, ge=1, description="Most annotations of one person.")
    limit_percent: int | None = Field(default=None, ge=1, le=100, description="Most of the tasks for one person.")


class MetricChoice(SettingsGroup):
    """Which metric compares a dimension, with its parameters."""

    metric: str
    parameters: dict[str, float | str] = Field(default_factory=dict)


class AgreementSettings(SettingsGroup):
    """How agreement is measured. A dimension not named here uses its default metric and weight 1.

    `label_weights` hold a weight for labels of a dimension; a label not named weighs 1, and 0 leaves it out. With a
    `custom` metric, which is named by its digest, the overall score is what that metric says.
    """

    methodology: Methodology = Methodology.PAIRWISE
    metrics: dict[str, MetricChoice] = Field(default_factory=dict)
    weights: dict[str, float] = Field(default_factory=dict)
    label_weights: dict[str, dict[str, float]] = Field(default_factory=dict)
    custom: str | None = Field(default=None, description="Digest of a registered metric of the project's own.")

    @model_validator(mode="after")
    def weights_are_shares(self) -> AgreementSettings:
        """A weight is in [0, 1]."""
        labelled = (item for labels in self.label_weights.values() for item in labels.items())
        for name, weight in (*self.weights.items(), *labelled):
            if not 0 <= weight <= 1:
                raise ValueError(f"the weight of {name!r} must be between 0 and 1")
        return self


class ConsensusSettings(SettingsGroup):
    """How one answer is made of several people's."""

    model: Literal["automatic", "majority", "weighted", "one_coin", "dawid_skene"] = Field(
        default="automatic", description="What weighs the answers; automatic lets the answers themselves decide."
    )
    quorum: float = Field(default=0.5, gt=0, le=1, description="Share of people who must have drawn a region.")
    region_overlap: float = Field(default=0.5, gt=0, le=1, description="Overlap from which two regions are one.")


class ReassignmentSettings(SettingsGroup):
    """When one more person is asked about a task, by which policy, and who.

    `policy` is `agreement`, `confidence`, or the name of one that is installed as a plug-in. The agreement rule goes by
    `threshold`, the confidence rule by `confidence` and `budget`. With `expert_after` a task with so many answers
    against the most frequent one goes to experts only: to who has `expert_skill` of `expert_least` at least.
    """

    enabled: bool = False
    policy: str = Field(default=AGREEMENT, min_length=1, max_length=100)
    threshold: float = Field(default=0.75, ge=0, le=1, description="Agreement under which one more person is asked.")
    confidence: float = Field(default=0.95, ge=0, le=1, description="Probability of the consensus that is enough.")
    budget: float | None = Field(default=None, ge=1, le=MOST_SLOTS, description="Most answers a task, on average.")
    maximum_additional: int = Field(default=2, ge=0, le=MOST_SLOTS, description="People asked beyond the overlap.")
    parameter: float | None = Field(default=None, description="The parameter of a policy that is a plug-in.")
    preference_seconds: int = Field(
        default=900,
        ge=0,
        le=LONGEST_RESERVATION,
        description="How long a slot is kept for the best.",
    )
    expert_after: int | None = Field(default=None, ge=1, le=MOST_SLOTS, description="Disagreements that call experts.")
    expert_skill: str | None = Field(default=None, min_length=1, max_length=100)
    expert_least: float = Field(default=0.0, description="Least value of that skill.")

    @model_validator(mode="after")
    def experts_are_named(self) -> ReassignmentSettings:
        """Experts are told by a skill."""
        if self.expert_after is not None and self.expert_skill is None:
            raise ValueError("expert_skill must be named where expert_after is set")
        return self


class ReviewOrder(StrEnum):
    """In which order tasks come to reviewers."""

    TASK = "task"
    RANDOM = "random"
    BY_ANNOTATOR = "by_annotator"


class RoutingRule(SettingsGroup):
    """How many of the tasks whose agreement is so are reviewed. Without an operator it is for every task."""

    dimension: str | None = Field(default=None, max_length=200, description="Whose agreement; None for the overall.")
    operator: Literal["lt", "lte", "gt", "gte", "eq"] | None = None
    threshold: float | None = Field(default=None, ge=0, le=1)
    sample_percent: int = Field(ge=0, le=100)

    @model_validator(mode="after")
    def threshold_goes_with_operator(self) -> RoutingRule:
        """A comparison has something to compare with; what is for every task compares nothing."""
        if (self.operator is None) is not (self.threshold is None):
            raise ValueError("operator and threshold go together")
        if self.operator is None and self.dimension is not None:
            raise ValueError("a rule without an operator is for every task, so it has no dimension")
        return self


class Adjudication(StrEnum):
    """When a third person settles what two reviewers said."""

    NEVER = "never"
    ON_DISAGREEMENT = "on_disagreement"
    ALWAYS = "always"


class ReviewSettings(SettingsGroup):
    """What is reviewed, by whom, in which order, when that is enough, and what a rejection may do.

    The first rule of `routing` that a task meets says with what share it is reviewed; where it meets none it is
    `sample_percent`. Reviewers who do not manage the project do not see annotators' names if `anonymize_annotations`,
    nor agreement unless `show_agreement`.
    """

    sample_percent: int = Field(default=100, ge=0, le=100, description="Share of finished tasks that need review.")
    routing: tuple[RoutingRule, ...] = Field(default=(), max_length=50)
    seed: int = Field(default=0, ge=0, description="Decides where in each quota the first task is taken.")
    criteria: Literal["one", "all"] = "one"
    only_finished: bool = True
    only_assigned: bool = Field(default=False, description="A task without reviewers of its own comes to nobody.")
    order: ReviewOrder = ReviewOrder.TASK
    anonymize_annotations: bool = False
    show_agreement: bool = True
    allowed_reject_actions: tuple[RejectAction, ...] = tuple(RejectAction)
    default_reject_action: RejectAction = RejectAction.REMOVE
    comment_on_reject: bool = False
    second_review_percent: int = Field(
        default=0, ge=0, le=100, description="Share of reviews that a second reviewer gives again, without seeing them."
    )
    adjudication: Adjudication = Field(
        default=Adjudication.NEVER, description="When a third person settles what the two said."
    )

    @model_validator(mode="after")
    def default_is_allowed(self) -> ReviewSettings:
        """At least one action is allowed, and the default is one of them."""
        if self.default_reject_action not in self.allowed_reject_actions:
            raise ValueError("default_reject_action must be one of allowed_reject_actions")
        return self

    @property
    def samples(self) -> bool:
        """Whether some tasks are reviewed and others not: where it is all or none there is nothing to decide."""
        return bool(self.routing) or 0 < self.sample_percent < 100

    @property
    def routes_by_agreement(self) -> bool:
        """Whether it takes a task's agreement to tell by which rule it goes."""
        return any(rule.operator is not None for rule in self.routing)


class EvaluationMode(StrEnum):
    """What annotators are judged by."""

    GROUND_TRUTH = "ground_truth"
    ACCEPTANCE_SCORE = "acceptance_score"
    REJECTION_RATE = "rejection_rate"


class EvaluationSettings(SettingsGroup):
    """How annotators are judged, what follows from it, and what they are told while they learn.

    Ground-truth tasks are handed out in every mode. `minimum_score` is asked for where the truth or acceptance judges,
    `maximum_rejection_rate` where rejections do. `drift` looks for changes in each annotator's work; it takes neither
    `enabled` nor automatic distribution.
    """

    enabled: bool = False
    mode: EvaluationMode = EvaluationMode.GROUND_TRUTH
    onboarding_tasks: int = Field(default=0, ge=0, description="Ground-truth tasks a person answers first.")
    continuous_every: int | None = Field(
        default=None, ge=2, le=10_000, description="One of about so many tasks after that is a ground-truth task."
    )
    minimum_tasks: int = Field(default=1, ge=1, description="Answers, or reviews, before anybody can fail.")
    minimum_score: float = Field(default=0.7, ge=0, le=1)
    maximum_rejection_rate: float = Field(default=0.3, ge=0, le=1)
    pause_on_failure: bool = True
    resume: Literal["automatic", "manual"] = Field(
        default="automatic", description="Whether a pause ends once the score recovers, or when a manager ends it."
    )
    feedback: Literal["none", "hint"] = Field(
        default="none", description="Whether who is being introduced is told if an answer was right, and what differs."
    )
    feedback_tries: int = Field(default=1, ge=0, le=100, description="How often such an answer may be revised.")
    drift: bool = Field(default=False, description="Whether changes in people's work raise an alarm.")
    drift_shift: float = Field(
        default=1.0, ge=0.25, le=5, description="The change to be found soonest, in standard deviations of a day."
    )
    drift_false_alarms_every: int = Field(
        default=500, ge=20, le=1_000_000, description="Days of work between two false alarms of one figure, on average."
    )


class Settings(SettingsGroup):
    """All settings of a project."""

    assignment: AssignmentSettings = AssignmentSettings()
    agreement: AgreementSettings = AgreementSettings()
    consensus: ConsensusSettings = ConsensusSettings()
    reassignment: ReassignmentSettings = ReassignmentSettings()
    review: ReviewSettings = ReviewSettings()
    evaluation: EvaluationSettings = EvaluationSettings()
    data_fields: DataFieldSettings = DataFieldSettings()

    @property
    def reassigns(self) -> bool:
        """Whether low agreement brings in further people: only where tasks are handed out automatically."""
        return self.reassignment.enabled and self.assignment.distribution is Distribution.AUTOMATIC

    @property
    def least_compared(self) -> int:
        """How many answers the policy needs to judge a task: agreement takes two, a model of people judges one."""
        return 2 if self.reassignment.policy == AGREEMENT else 1

    @property
    def evaluates(self) -> bool:
        """Whether annotators are held against ground truth: only where tasks are handed out automatically."""
        return self.evaluation.enabled and self.assignment.distribution is Distribution.AUTOMATIC

    @property
    def most_slots(self) -> int:
        """How many people a task can come to need."""
        return self.assignment.overlap + (self.reassignment.maximum_additional if self.reassigns else 0)


GROUPS: dict[str, type[SettingsGroup]] = {
    "assignment": AssignmentSettings,
    "agreement": AgreementSettings,
    "consensus": ConsensusSettings,
    "reassignment": ReassignmentSettings,
    "review": ReviewSettings,
    "evaluation": EvaluationSettings,
    "data_fields": DataFieldSettings,
}


@lru_cache(maxsize=1024)
def agreement_settings(text: str) -> AgreementSettings:
    """The agreement settings that were stored as JSON; read models look at the same ones again and again."""
    return AgreementSettings.model_validate_json(text)


def plain(group: SettingsGroup) -> dict[str, Any]:
    """The settings as JSON values, as events and answers carry them."""
    return group.model_dump(mode="json")
