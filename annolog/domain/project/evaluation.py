"""When somebody falls short of the ground truth."""

from __future__ import annotations

from annolog.domain.project.settings import Settings


def fails(settings: Settings, score: float, tasks: int) -> bool:
    """Whether a score over so many ground-truth tasks pauses an annotator."""
    rules = settings.evaluation
    return (
        settings.evaluates and rules.pause_on_failure and tasks >= rules.minimum_tasks and score < rules.minimum_score
    )
