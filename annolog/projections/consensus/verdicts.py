"""One answer made of several people's, for each task, with how sure it is and whom it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import Connection

from annolog.domain.agreement.comparison import winners_of
from annolog.domain.agreement.metrics.overlap import overlap_of
from annolog.domain.agreement.share import Votes, ballot_of, patterns_of
from annolog.domain.consensus.models import Kind, Model
from annolog.domain.consensus.regions import merge_regions
from annolog.domain.consensus.verdicts import consensus_of
from annolog.domain.labeling import Dimension, DimensionKind, LabelingConfig, decode_value
from annolog.domain.project.settings import ConsensusSettings
from annolog.projections.agreement.answers import votes_in
from annolog.projections.agreement.queries import config_of, project_of, score_by, tasks_by_id, tasks_of
from annolog.projections.consensus.queries import model_of, models, shown


def votes_page(connection: Connection, project: int, after: int, limit: int) -> list[dict[str, Any]]:
    """What most people said, by task that anybody answered: `winners` holds all answers that tie, by dimension."""
    row = project_of(connection, project)
    if row is None:
        return []
    answered = (task for task, votes in _answered(connection, project, after, limit) if votes.compared)
    return [_voted(task, row) for task in islice(answered, limit)]


def consensus_page(
    connection: Connection, project: int, after: int, limit: int, settings: ConsensusSettings
) -> list[dict[str, Any]]:
    """The consensus of the tasks that anybody answered or that have a ground truth, by task."""
    row = project_of(connection, project)
    if row is None:
        return []
    fitted = models(connection, project)
    return [
        _presented(task, votes, row, fitted, settings)
        for task, votes in islice(_answered(connection, project, after, limit), limit)
    ]


def consensus_of_task(connection: Connection, task: int, settings: ConsensusSettings) -> dict[str, Any] | None:
    """The consensus of one task, None where nobody answered it and it has no ground truth."""
    row = next(tasks_by_id(connection, [task]), None)
    votes = _votes(row) if row is not None else None
    if row is None or votes is None:
        return None
    project = project_of(connection, row["project"])
    assert project is not None
    return _presented(row, votes, project, models(connection, row["project"]), settings)


def _answered(
    connection: Connection, project: int, after: int, together: int
) -> Iterator[tuple[Mapping[str, Any], Votes]]:
    for task in tasks_of(connection, project, after, answered=True, together=together):
        votes = _votes(task)
        if votes is not None:
            yield task, votes


def _votes(task: Mapping[str, Any]) -> Votes | None:
    """What was said about a task and what is true of it, None where that is nothing: a deleted task has neither."""
    votes = votes_in(task, orjson.loads(task["answers"]))
    return votes if votes.compared or votes.truth is not None else None


def _voted(task: Mapping[str, Any], project: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "task": task["task"],
        "answers": task["compared"],
        "pairwise": score_by(task, project["definition"], "pairwise"),
        "consensus": score_by(task, project["definition"], "consensus"),
        "winners": orjson.loads(task["winners"]),
    }


def _presented(
    task: Mapping[str, Any],
    votes: Votes,
    project: Mapping[str, Any],
    fitted: Sequence[Mapping[str, Any]],
    settings: ConsensusSettings,
) -> dict[str, Any]:
    config = config_of(project)
    by_dimension = {found["dimension"]: found for found in fitted}
    return {
        **_voted(task, project),
        "dimensions": {
            dimension.name: found
            for dimension in config.dimensions
            if (found := _of_dimension(dimension, votes, config, by_dimension.get(dimension.name), settings))
        },
    }


def _of_dimension(
    dimension: Dimension,
    votes: Votes,
    config: LabelingConfig,
    fitted: Mapping[str, Any] | None,
    settings: ConsensusSettings,
) -> dict[str, Any] | None:
    if dimension.single_label and fitted is not None:
        return _weighed(dimension, votes, model_of(fitted), fitted)
    if not votes.compared:
        return _true(dimension, votes)
    if dimension.kind is DimensionKind.REGION:
        return _merged(dimension, votes, settings)
    pattern = patterns_of(votes.compared, config).get(dimension.name)
    if pattern is None:
        return None
    people = sorted(person for person, answer in votes.compared.items() if dimension.name in answer)
    return {"model": Kind.MAJORITY.value, "version": 0, "winners": shown(winners_of(pattern)), "people": people}


def _true(dimension: Dimension, votes: Votes) -> dict[str, Any] | None:
    """The ground truth, where it is all that was said."""
    value = (votes.truth or {}).get(dimension.name)
    if value is None or not (dimension.categorical or dimension.kind is DimensionKind.REGION):
        return None
    if dimension.kind is DimensionKind.REGION:
        regions: Any = decode_value(value)
        drawn: list[dict[str, Any]] = [{"region": dict(region), "people": [], "support": None} for region in regions]
        return {"model": "regions", "version": 0, "people": [], "regions": drawn, "known": True}
    return {"model": Kind.MAJORITY.value, "version": 0, "winners": shown([value]), "people": [], "known": True}


def _weighed(dimension: Dimension, votes: Votes, model: Model, fitted: Mapping[str, Any]) -> dict[str, Any] | None:
    given = {person: answer[dimension.name] for person, answer in votes.compared.items() if dimension.name in answer}
    known = (votes.truth or {}).get(dimension.name)
    if not given and known is None:
        return None
    found = consensus_of(model, given, known)
    posterior = [
        {"label": decode_value(label), "probability": probability} for label, probability in found.posterior.items()
    ]
    return {
        "model": fitted["kind"],
        "version": fitted["version"],
        "winners": shown(found.winners),
        "posterior": sorted(posterior, key=lambda entry: -entry["probability"]),
        "entropy": found.entropy,
        "people": list(found.people),
        "known": known is not None,
    }


def _merged(dimension: Dimension, votes: Votes, settings: ConsensusSettings) -> dict[str, Any] | None:
    ballot = ballot_of(votes.compared, dimension)
    drawn: dict[int, Any] = {person: value or () for person, value in ballot.items()}
    if not any(drawn.values()):
        return None
    found = merge_regions(drawn, overlap_of, settings.quorum, settings.region_overlap)
    return {
        "model": "regions",
        "version": 0,
        "quorum": settings.quorum,
        "people": sorted(drawn),
        "regions": [
            {"region": dict(merged.region), "people": list(merged.people), "support": merged.support}
            for merged in found
        ],
    }
