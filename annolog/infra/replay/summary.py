"""What a replay came to, held against the truth where that is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from annolog.domain.agreement.majority import majority_credit
from annolog.infra.replay.dataset import Dataset, RecordedLabel
from annolog.infra.replay.plan import Plan
from annolog.infra.replay.run import Outcome


def summary(dataset: Dataset, plan: Plan, outcome: Outcome, figures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of the read models, and accuracy against the truth with and without the people asked in addition."""
    agreement, progress = figures["agreement"], figures["progress"]
    alphas = agreement["dimensions"]["label"]["coefficients"]
    labels = progress["annotations"]
    names = {id: task for task, id in outcome.ids.items()}
    winners = {names[row["task"]]: row["winners"].get("label", []) for row in figures["consensus"]}
    return {
        "dataset": dataset.name,
        "project": outcome.project,
        "tasks": progress["tasks"],
        "annotators": len(figures["annotators"]),
        "labels": labels,
        "labels_per_task": labels / progress["tasks"],
        "repeated_labels_left_out": dataset.repeated,
        "reassigned_tasks": progress["reassigned"],
        "exhausted_tasks": progress["exhausted"],
        "infeasible_tasks": progress["infeasible"],
        "waiting_tasks": outcome.waiting_tasks,
        "percent_agreement": agreement["percent_agreement"],
        "krippendorff_alpha_nominal": alphas["krippendorff_alpha_nominal"]["value"],
        "krippendorff_alpha_ordinal": alphas.get("krippendorff_alpha_ordinal", {}).get("value"),
        "majority_vote_accuracy": _accuracy(winners, dataset.truth),
        "majority_vote_accuracy_before_reassignment": _before(dataset, plan, outcome.sent),
        "events": outcome.events,
        "seconds": outcome.seconds,
    }


def _accuracy(winners: Mapping[str, Sequence[str]], truth: Mapping[str, str]) -> float | None:
    """The mean over tasks of known truth; answers that tie share the credit."""
    known = [task for task in winners if task in truth]
    if not known:
        return None
    credits = (1 / len(winners[task]) if truth[task] in winners[task] else 0.0 for task in known)
    return sum(credits) / len(known)


def _before(dataset: Dataset, plan: Plan, sent: Sequence[RecordedLabel]) -> float | None:
    """The accuracy of what the overlap alone would have given: the first labels of each task."""
    if plan.all_labels:
        return None
    first: dict[str, list[str]] = defaultdict(list)
    for label in sent:
        if len(first[label.task]) < plan.overlap:
            first[label.task].append(label.label)
    known = [task for task in first if task in dataset.truth]
    if not known:
        return None
    return sum(majority_credit(first[task], dataset.truth[task]) for task in known) / len(known)


def accuracy_of_people(dataset: Dataset, sent: Sequence[RecordedLabel]) -> dict[str, float]:
    """The share of each worker's labels that are true, over tasks of known truth."""
    right: dict[str, list[bool]] = defaultdict(list)
    for label in sent:
        if label.task in dataset.truth:
            right[label.worker].append(label.label == dataset.truth[label.task])
    return {worker: sum(found) / len(found) for worker, found in right.items()}
