"""What other policies would have made of the work in a project, as the API and the command line show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np

from annolog.domain.consensus.ballots import Indexes
from annolog.domain.faults import under
from annolog.domain.policies.catalogue import POLICIES, policies
from annolog.domain.refusals import Fault, InvalidInput
from annolog.domain.simulation.outcome import Outcome, references_of
from annolog.domain.simulation.recording import UNKNOWN
from annolog.domain.simulation.trial import Trial
from annolog.infra.composition import Installation
from annolog.infra.replay.worked import recording_of_project

# Half a minute of reading, and about a minute and a half of working out, on a slow core.
MOST_TASKS = 100_000
MOST_LOOKED_AT = 10_000_000


def simulate_project(
    installation: Installation,
    project: int,
    wanted: Sequence[tuple[str, Sequence[float]]],
    seeds: int,
    *,
    routed: bool = True,
    budget: float | None = None,
    dimension: str | None = None,
) -> dict[str, Any]:
    """A row for each policy, parameter and seed, as of the position that it names.

    `wanted` are policies with their parameters; each over its range where none is named, and all policies where no
    policy is. Refused where it would take too long, naming what there could be less of.
    """
    tried = wanted or [(name, ()) for name in POLICIES]
    # Before the answers are read, which takes long.
    _policies(tried, most_answers=1)
    tasks = installation.states.project(project).tasks
    if tasks > MOST_TASKS:
        message = f"has {tasks:,} tasks, more than the {MOST_TASKS:,} that are simulated here"
        raise InvalidInput(f"Project {project} {message}; `annolog simulate` can.", faults=[Fault("path/id", message)])
    worked = recording_of_project(installation, project, dimension)
    recording = worked.recording
    trial = Trial(_policies(tried, int(recording.ballots.sizes.max())), seeds, routed, budget)
    trial.must_be_within(MOST_LOOKED_AT, recording)
    references, against = references_of(recording)
    people = recording.ballots.person_ids
    return {
        "project": project,
        "position": worked.position,
        "dimension": worked.dimension,
        "tasks": recording.tasks,
        "answers": recording.answers,
        "compared_tasks": int((references != UNKNOWN).sum()),
        "outcomes": [
            {**row_of(outcome, against), "asked": _asked(outcome, people)}
            for outcome in trial.outcomes(recording, references)
        ],
    }


def row_of(outcome: Outcome, against: str) -> dict[str, Any]:
    """An outcome as JSON values; `against` is what its accuracy is held against."""
    asked = outcome.asked
    return {
        "policy": outcome.policy,
        "parameter": outcome.parameter,
        "seed": outcome.seed,
        "labels_per_task": outcome.labels_per_task,
        "accuracy": _known(outcome.accuracy.share),
        "accuracy_low": outcome.accuracy.low,
        "accuracy_high": outcome.accuracy.high,
        "against": against,
        "accuracy_by_model": _known(outcome.by_model),
        "accuracy_by_majority": _known(outcome.by_majority),
        "labels": outcome.answers,
        "people": int((asked > 0).sum()),
        "labels_of_busiest": int(asked.max()),
        "seconds": outcome.seconds,
        "assumed_seconds_share": outcome.assumed_share,
        "imputed_share": outcome.imputed_share,
        "wanting_tasks": outcome.wanting,
        "budget_spent": outcome.spent,
        "policy_version": outcome.version,
    }


def _policies(tried: Sequence[tuple[str, Sequence[float]]], most_answers: int) -> list[Any]:
    found = []
    for place, (name, parameters) in enumerate(tried):
        with under(f"/policies/{place}"):
            found.append(policies(name, most_answers, parameters))
    return found


def _asked(outcome: Outcome, people: Indexes) -> list[Mapping[str, int]]:
    """Who is asked how often, the busiest first."""
    counts = outcome.asked
    order = np.argsort(-counts, kind="stable")
    return [{"person": int(people[place]), "labels": int(counts[place])} for place in order if counts[place]]


def _known(value: float) -> float | None:
    return value if isfinite(value) else None
