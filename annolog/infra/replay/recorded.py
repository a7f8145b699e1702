"""A folder of recorded crowd work as the recording that a simulation asks."""

from __future__ import annotations

from annolog.domain.simulation.recording import RecordedAnswer, Recording
from annolog.infra.replay.dataset import Dataset


def recording_of(crowd: Dataset) -> Recording:
    """Its tasks and workers, numbered in recorded order, with the truth of the tasks that were labeled."""
    tasks = {name: number for number, name in enumerate(crowd.tasks)}
    people = {name: number for number, name in enumerate(crowd.workers)}
    answers = (
        RecordedAnswer(tasks[label.task], people[label.worker], label.label, label.duration) for label in crowd.labels
    )
    return Recording.of(answers, {tasks[name]: truth for name, truth in crowd.truth.items() if name in tasks})
