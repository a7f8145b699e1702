"""What every setting is called and means: forms are made from this table and the settings' own types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting in words. `options` say what each choice does, `nothing` what it means that there is no value.

    `elsewhere` are those that a form of their own is for.
    """

    label: str
    means: str
    options: Mapping[str, str] = field(default_factory=lambda: NONE)
    unit: str = ""
    nothing: str = ""
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A group of settings, which changes as one; its settings under headings, in the order in which they are shown."""

    title: str
    note: str
    sections: Mapping[str, Mapping[str, Setting]]

    def settings(self) -> Iterator[tuple[str, Setting]]:
        """Every setting by its name in the API."""
        for section in self.sections.values():
            yield from section.items()


REJECTIONS = {
    "remove": "No rework: the rejected annotation stays as it is, marked as rejected",
    "return": "Return to the annotator, who is asked to put it right",
    "pass_on": "Pass to another annotator: it no longer counts, and its slot is free again",
}

ASSIGNMENT = Group(
    "Assignment and overlap",
    "Who is given which task, how many people answer each, and what skipping means.",
    {
        "Distribution": {
            "distribution": Setting(
                "Task distribution",
                "Who decides what a person works on.",
                {
                    "automatic": "Automatic: everybody is given the next task that needs an answer",
                    "manual": "Manual: only tasks that somebody assigned to them",
                },
            ),
            "sampling": Setting(
                "Order of fresh tasks",
                "In which order tasks that nobody has begun are handed out.",
                {
                    "sequential": "Sequential: as they were imported",
                    "uniform": "Uniform: in a random order that the seed decides",
                    "uncertainty": "Uncertainty: where the model is least sure comes first",
                },
            ),
            "breadth_first": Setting("Finish started tasks first", "Tasks with some answers come before fresh ones."),
            "seed": Setting(
                "Seed", "Decides which tasks are covered and the uniform order, so that both can be repeated."
            ),
            "reservation_seconds": Setting(
                "Reservation", "How long a task is kept for whoever opened it.", unit="seconds"
            ),
        },
        "Overlap": {
            "overlap": Setting(
                "Annotations per task", "How many different people answer a covered task.", unit="people"
            ),
            "coverage_percent": Setting(
                "Coverage", "Share of tasks that get this overlap; the others are answered by one person.", unit="%"
            ),
            "overlap_first": Setting("Overlap first", "Tasks that need several people come before all others."),
            "strict_overlap": Setting(
                "Strict overlap",
                "Never take more annotations than the overlap, not even from who took longer than the reservation; "
                "their work is kept as a draft.",
            ),
        },
        "Skipping": {
            "skipping": Setting("Skipping allowed", "Whether annotators may pass a task over."),
            "skip_mode": Setting(
                "What a skip does",
                "What becomes of a task that somebody passed over.",
                {
                    "requeue_for_me": "Requeue for me: they see it again when nothing else is left",
                    "requeue_for_others": "Requeue for others: they never see it again, somebody else does",
                    "ignore_skipped": "Ignore: the skip counts as an answer",
                },
            ),
            "comment_on_skip": Setting("Comment required", "Who skips has to say why."),
        },
        "Limits": {
            "limit_count": Setting(
                "Most annotations of one person",
                "Who has given so many is paused.",
                unit="annotations",
                nothing="no limit",
            ),
            "limit_percent": Setting(
                "Most of the tasks for one person",
                "The same as a share of the project's tasks. Where both are set the smaller one holds.",
                unit="%",
                nothing="no limit",
            ),
        },
    },
)

CONSENSUS = Group(
    "Consensus",
    "How one answer is made of several people's.",
    {
        "Model": {
            "model": Setting(
                "Consensus model",
                "What weighs the answers of different people.",
                {
                    "automatic": "Automatic: the answers themselves decide which model fits",
                    "majority": "Majority: every answer counts the same",
                    "weighted": "Weighted: answers count by how often their author agrees",
                    "one_coin": "One accuracy a person",
                    "dawid_skene": "Dawid and Skene: a confusion matrix a person",
                },
            ),
        },
        "Regions": {
            "quorum": Setting("Quorum", "Share of people who must have drawn a region for it to be in the consensus."),
            "region_overlap": Setting(
                "Region overlap", "Overlap (IoU) from which two regions are taken to be the same."
            ),
        },
    },
)

REASSIGNMENT = Group(
    "Reassignment",
    "When one more person is asked about a task by itself, by which policy, and who.",
    {
        "Policy": {
            "enabled": Setting(
                "Reassign automatically",
                "Ask one more person where answers disagree. It works with automatic distribution only.",
            ),
            "policy": Setting(
                "Policy",
                "What decides whether the answers of a task are enough.",
                {
                    "agreement": "Agreement: the answers agree well enough",
                    "confidence": "Confidence: the consensus is probable enough",
                },
            ),
            "threshold": Setting("Agreement threshold", "Agreement policy: below this one more person is asked."),
            "confidence": Setting("Confidence", "Confidence policy: the probability of the consensus that is enough."),
            "parameter": Setting(
                "Parameter of a plug-in", "For a policy that is installed as a plug-in.", nothing="none"
            ),
        },
        "How far it goes": {
            "maximum_additional": Setting(
                "Most additional people",
                "How many people may be asked about one task beyond the overlap.",
                unit="people",
            ),
            "budget": Setting(
                "Budget",
                "Confidence policy: the most answers a task, on average over the project.",
                unit="answers a task",
                nothing="no limit",
            ),
        },
        "Who is asked": {
            "preference_seconds": Setting(
                "Preference",
                "How long an added slot is kept for the people whose answers are expected to tell most.",
                unit="seconds",
            ),
            "expert_after": Setting(
                "Experts after",
                "After so many answers against the most frequent one only experts are asked.",
                unit="disagreements",
                nothing="never",
            ),
            "expert_skill": Setting("Experts' skill", "The skill that makes somebody an expert.", nothing="none"),
            "expert_least": Setting(
                "Least value of that skill", "From which value of the skill on somebody is an expert."
            ),
        },
    },
)

REVIEW = Group(
    "Review",
    "What is reviewed, by whom, in which order, when that is enough, and what a rejection may do.",
    {
        "What is reviewed": {
            "sample_percent": Setting(
                "Share of tasks reviewed", "Of the tasks that no routing rule is about.", unit="%"
            ),
            "routing": Setting(
                "Routing by agreement",
                "Ordered rules: the first that a task meets says with what share such tasks are reviewed.",
                elsewhere=True,
            ),
            "criteria": Setting(
                "A task is reviewed when",
                "How many of its annotations need a verdict.",
                {"one": "one annotation has a verdict", "all": "every annotation has a verdict"},
            ),
            "only_finished": Setting(
                "Only finished tasks", "A task comes to reviewers once it has all the annotations it needs."
            ),
            "seed": Setting("Seed", "Decides where in each quota the first task is taken."),
        },
        "Reviewers": {
            "only_assigned": Setting("Only assigned reviewers", "A task without reviewers of its own comes to nobody."),
            "order": Setting(
                "Order",
                "In which order tasks come to reviewers.",
                {
                    "task": "By task",
                    "random": "Random",
                    "by_annotator": "By annotator: the work of one person after the other's",
                },
            ),
            "anonymize_annotations": Setting(
                "Hide annotators' names", "Reviewers do not see who made an annotation; managers do."
            ),
            "show_agreement": Setting("Show agreement", "Reviewers see how far the answers of a task agree."),
        },
        "Rejections": {
            "allowed_reject_actions": Setting(
                "What a rejection may do", "At least one; the reviewer chooses among them.", REJECTIONS
            ),
            "default_reject_action": Setting(
                "What it does unless the reviewer chooses", "One of those above.", REJECTIONS
            ),
            "comment_on_reject": Setting("Comment required", "Who rejects has to say why."),
        },
        "Second review": {
            "second_review_percent": Setting(
                "Share reviewed twice",
                "Share of reviews that a second reviewer gives again, without seeing the first.",
                unit="%",
            ),
            "adjudication": Setting(
                "Adjudication",
                "When a third person settles what the two reviewers said.",
                {"never": "Never", "on_disagreement": "Where they disagree", "always": "Always"},
            ),
        },
    },
)

EVALUATION = Group(
    "Evaluation",
    "How annotators are judged, what follows from it, and what they are told while they learn.",
    {
        "Judging": {
            "enabled": Setting("Evaluate annotators", "It works with automatic distribution only."),
            "mode": Setting(
                "Judged by",
                "What the score of a person is.",
                {
                    "ground_truth": "Ground truth: agreement with the true answers",
                    "acceptance_score": "Acceptance score: share of reviewed annotations that were accepted or fixed",
                    "rejection_rate": "Rejection rate: share of reviewed annotations that were rejected",
                },
            ),
            "minimum_tasks": Setting("Before anybody can fail", "Answers to tasks with a truth, or reviewed answers."),
            "minimum_score": Setting("Least score", "Ground truth and acceptance score: under this somebody fails."),
            "maximum_rejection_rate": Setting("Greatest rejection rate", "Rejection rate: over this somebody fails."),
            "pause_on_failure": Setting("Pause who fails", "Otherwise the score is only shown."),
            "resume": Setting(
                "The pause ends",
                "When somebody who failed may go on.",
                {"automatic": "by itself, once the score recovers", "manual": "when a manager ends it"},
            ),
        },
        "Tests": {
            "onboarding_tasks": Setting(
                "Introductory tasks", "Tasks with a ground truth that everybody answers first.", unit="tasks"
            ),
            "continuous_every": Setting(
                "One test in",
                "One of about so many tasks after that is a test. Nobody is told which.",
                unit="tasks",
                nothing="no tests",
            ),
            "feedback": Setting(
                "Feedback while being introduced",
                "Whether somebody is told if an introductory answer was right.",
                {"none": "None", "hint": "A hint: which controls differ, and how many regions"},
            ),
            "feedback_tries": Setting("Tries", "How often such an answer may be revised.", unit="times"),
        },
        "Drift": {
            "drift": Setting("Watch for drift", "Raise an alarm when somebody's accuracy, agreement or speed changes."),
            "drift_shift": Setting(
                "Change to find", "The change to be found soonest.", unit="standard deviations of a day"
            ),
            "drift_false_alarms_every": Setting(
                "Days between false alarms", "Of one person and figure, on average.", unit="days of work"
            ),
        },
    },
)

AGREEMENT = Group(
    "Agreement",
    "How alike answers are: which metric compares each control, how much each weighs, and how a task's score is made.",
    {
        "Task score": {
            "methodology": Setting(
                "Methodology",
                "How the score of a task is made of its answers.",
                {
                    "pairwise": "Pairwise: the mean over all pairs of answers",
                    "consensus": "Consensus: the share of people who gave the most frequent answer",
                },
            ),
        },
        "Controls": {
            "metrics": Setting("Metrics", "Which metric compares the answers of a control.", elsewhere=True),
            "weights": Setting("Weights", "How much a control weighs in the overall score, 0 to 1.", elsewhere=True),
            "label_weights": Setting("Weights of labels", "How much a label weighs; 0 leaves it out.", elsewhere=True),
            "custom": Setting(
                "A metric of the project's own",
                "Its digest; see docs/custom-metrics.md.",
                nothing="none",
                elsewhere=True,
            ),
        },
    },
)

DATA_FIELDS = Group(
    "Data fields",
    "Fields of the tasks' data that not everybody sees, and what is there instead.",
    {
        "Fields": {
            "fields": Setting(
                "Rules", "By field: from whom it is hidden, whether it is sensitive, and how.", elsewhere=True
            )
        }
    },
)

GROUPS: Mapping[str, Group] = MappingProxyType(
    {
        "assignment": ASSIGNMENT,
        "agreement": AGREEMENT,
        "consensus": CONSENSUS,
        "reassignment": REASSIGNMENT,
        "review": REVIEW,
        "evaluation": EVALUATION,
        "data_fields": DATA_FIELDS,
    }
)
