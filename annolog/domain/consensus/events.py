"""What can happen to a project's consensus: a model of its people is fitted to their answers."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from annolog.domain.event import Event


class ConsensusModelFitted(Event):
    """From here on the answers of one dimension are weighed like this.

    Decisions rest on it, and a model fitted later would say something else, so it is recorded whole.
    """

    project: int
    dimension: str
    version: int = Field(description="Counts the models of the dimension, from 1.")
    kind: str = Field(description="majority, weighted, one_coin or dawid_skene")
    parameters: dict[str, Any] = Field(description="The model itself, complete.")
    tasks: int = Field(description="Tasks it was fitted on.")
    answers: int = Field(description="Answers it was fitted on.")
    known: int = Field(description="Of the tasks, those with a ground truth, which is taken as known.")
    position: int = Field(description="The position of the log up to which answers were looked at.")
    skills: dict[str, list[tuple[str, str, float]]] = Field(
        description="By person, how many of their answers are expected to have been: true label, label given, count."
    )
    evidence: dict[str, Any] = Field(default_factory=dict, description="Why this kind, where it was chosen.")
