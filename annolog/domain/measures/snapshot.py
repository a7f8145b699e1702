"""Numbers of a project as it is now, beside the measures of a stretch of time, each declared once."""

from __future__ import annotations

from dataclasses import dataclass

from annolog.domain.measures.measure import Unit


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One number of now. `formula` is in members of what `path`, below the project, answers."""

    key: str
    says: str
    unit: Unit
    formula: str
    path: str


SNAPSHOTS = (
    Snapshot("tasks", "Tasks that are not deleted.", Unit.COUNT, "tasks", "/progress"),
    Snapshot(
        "annotated_tasks",
        "Tasks that have all the annotations they are to have, reviewed or not.",
        Unit.COUNT,
        "needs_review + review_in_progress + completed",
        "/progress",
    ),
    Snapshot(
        "remaining_tasks",
        "Tasks that are not completed.",
        Unit.COUNT,
        "created + annotation_in_progress + needs_review + review_in_progress",
        "/progress",
    ),
    Snapshot(
        "tasks_pending_review",
        "Tasks of which a review is due, begun or not.",
        Unit.COUNT,
        "needs_review + review_in_progress",
        "/progress",
    ),
    Snapshot("completed_share", "How many of the tasks are completed.", Unit.SHARE, "completed / tasks", "/progress"),
    Snapshot(
        "agreement",
        "Mean agreement of the tasks with two answers or more, by the definition in force.",
        Unit.SHARE,
        "score",
        "/agreement",
    ),
    Snapshot(
        "low_agreement_tasks",
        "Tasks whose agreement is under the threshold of the project's reassignment rule.",
        Unit.COUNT,
        "low",
        "/agreement/distribution",
    ),
)
