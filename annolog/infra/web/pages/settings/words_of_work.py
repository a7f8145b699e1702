"""Settings of how work is handed out, in words."""

from __future__ import annotations

from annolog.infra.web.pages.settings.wording import Group, Setting

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
