"""Settings of how answers are judged and put together, in words."""

from __future__ import annotations

from annolog.infra.web.pages.settings.wording import Group, Setting

REJECTIONS = {
    "remove": "No rework: the rejected annotation stays as it is, marked as rejected",
    "return": "Return to the annotator, who is asked to put it right",
    "pass_on": "Pass to another annotator: it no longer counts, and its slot is free again",
}

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
