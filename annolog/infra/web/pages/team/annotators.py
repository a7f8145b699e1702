"""The table of who annotates: a row a person, and what they come to together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annolog.infra.web.pages.team.crowd import person_path
from annolog.infra.web.parts.tables import Column, Kind, at_first

COUNTS = [
    "submitted",
    "assigned",
    "pending",
    "held",
    "skipped",
    "revised",
    "reviewed",
    "accepted",
    "fixed",
    "rejected",
    "lead_time_total",
    "active_time",
    "agreement_pairs",
    "consensus_tasks",
    "ground_truth_tasks",
]
# A mean of all is the mean of each, weighted by how much each rests on.
WEIGHTED = {
    "lead_time_mean": "timed",
    "acceptance_score": "reviewed",
    "agreement": "agreement_pairs",
    "consensus_accuracy": "consensus_tasks",
    "ground_truth_accuracy": "ground_truth_tasks",
}
ALWAYS = {"name", "state", "submitted"}
# Where nobody has any, a table need not begin with it.
IF_SAID = {
    "pending",
    "skipped",
    "accepted",
    "rejected",
    "acceptance_score",
    "lead_time_median",
    "agreement",
    "ground_truth_accuracy",
    "model_0",
    "last_active_at",
}


def columns(project: int, modelled: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[Column]:
    """What is said of each; `modelled` are the controls for which a model was fitted. At first those are shown that
    matter most and say something of these rows.
    """
    return at_first(_all(project, modelled), rows, ALWAYS, IF_SAID)


def _all(project: int, modelled: Sequence[str]) -> list[Column]:
    number, share, time = Kind.NUMBER, Kind.SHARE, Kind.DURATION
    return [
        Column("name", "Name", href=lambda row: person_path(project, row["person"])),
        Column("role"),
        Column("state", "Status", mark=lambda row: "warning" if row["state"] != "Active" else ""),
        Column("submitted", kind=number, means="Annotations that stand"),
        Column("assigned", kind=number, means="Tasks assigned by hand"),
        Column("pending", kind=number, means="Tasks assigned by hand of which nothing has come yet"),
        Column("held", "Holds", number, "Tasks reserved just now"),
        Column("skipped", kind=number),
        Column("revised", "Updated", number, "Annotations changed after they were submitted"),
        Column("reviewed", kind=number, means="Annotations with a verdict"),
        Column("accepted", kind=number, means="By the latest verdict"),
        Column("fixed", "Fix + accepted", number, "By the latest verdict"),
        Column("rejected", kind=number, means="By the latest verdict"),
        Column("acceptance_score", "Acceptance", share, "(accepted + fixed) / reviewed, by the latest verdict"),
        Column(
            "performance_score",
            "Performance",
            share,
            "Mean over all reviews: accepted 1, rejected 0, fixed as much as the fix kept",
        ),
        Column("lead_time_total", "Total time", time, "From opening to submitting, idle time included"),
        Column("lead_time_mean", "Average time", time, "Lead time an annotation"),
        Column("lead_time_median", "Median time", time, "Lead time an annotation"),
        Column("active_time", kind=time, means="Time at work, idle time left out"),
        Column("agreement", kind=share, means="Mean agreement with others over all common tasks"),
        Column("agreement_pairs", "Comparisons", number, "Answers of others compared with"),
        Column("consensus_accuracy", "With majority", share, "How often the answer was the majority's"),
        Column("ground_truth_accuracy", "Ground truth", share, "Mean agreement with the ground truth"),
        Column("ground_truth_tasks", "Truths", number, "Tasks with a ground truth answered"),
        Column("skill_ground_truth", "Skill: truth", share, "Measured against ground truth"),
        Column("skill_consensus", "Skill: others", share, "Measured against the others"),
        Column("skill_review", "Skill: review", share, "Measured by reviewers' verdicts"),
        *(
            Column(
                f"model_{at}",
                "Model" if len(modelled) == 1 else f"Model: {name}",
                share,
                "Accuracy as the consensus model estimates it",
            )
            for at, name in enumerate(modelled)
        ),
        Column("last_active_at", "Last active", Kind.MOMENT),
    ]


def total(rows: Sequence[Mapping[str, Any]], of_all: Mapping[str, Any]) -> dict[str, Any]:
    """What the rows come to; `of_all` are those figures of the whole that no sum gives."""
    found: dict[str, Any] = {"name": f"All {len(rows):,}"}
    for name in COUNTS:
        found[name] = sum(row.get(name) or 0 for row in rows)
    for name, weight in WEIGHTED.items():
        there = [(row[name], row[weight]) for row in rows if row.get(name) is not None and row.get(weight)]
        found[name] = sum(value * by for value, by in there) / sum(by for _, by in there) if there else None
    found["last_active_at"] = max((row["last_active_at"] for row in rows if row.get("last_active_at")), default=None)
    return found | dict(of_all)
