"""One answer made of several people's, for each task, with how sure it is and whom it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, select

from annolog.domain.agreement.comparison import winners_of
from annolog.domain.agreement.metrics.overlap import overlap_of
from annolog.domain.agreement.share import Votes, ballot_of, patterns_of
from annolog.domain.consensus.models import Kind, Model
from annolog.domain.consensus.regions import merge_regions
from annolog.domain.consensus.verdicts import consensus_of
from annolog.domain.labeling import Dimension, DimensionKind, LabelingConfig, decode_value
from annolog.domain.project.settings import ConsensusSettings
from annolog.projections.agreement.answers import votes_in
from annolog.projections.agreement.queries import config_of, project_of, score_by, tasks_by_id
from annolog.projections.agreement.tables import agreement_task
from annolog.projections.consensus.queries import model_of, models, shown


def consensus_page(
    connection: Connection, project: int, after: int, limit: int, settings: ConsensusSettings
) -> list[dict[str, Any]]:
    """The consensus of the tasks that anybody answered, by task."""
    row = project_of(connection, project)
    if row is None:
        return []
    table = agreement_task.c
    query = select(agreement_task).where(table.project == project, table.task > after, table.compared > 0)
    fitted = models(connection, project)
    return [
        _presented(task, row, fitted, settings)
        for task in map(dict, connection.execute(query.order_by(table.task).limit(limit)).mappings())
    ]


def consensus_of_task(connection: Connection, task: int, settings: ConsensusSettings) -> dict[str, Any] | None:
    """The consensus of one task, None where nobody answered it."""
    row = next(tasks_by_id(connection, [task]), None)
    if row is None or not row["compared"]:
        return None
    project = project_of(connection, row["project"])
    assert project is not None
    return _presented(row, project, models(connection, row["project"]), settings)


def _presented(
    task: Mapping[str, Any],
    project: Mapping[str, Any],
    fitted: Sequence[Mapping[str, Any]],
    settings: ConsensusSettings,
) -> dict[str, Any]:
    config = config_of(project)
    votes = votes_in(task, orjson.loads(task["answers"]))
    by_dimension = {found["dimension"]: found for found in fitted}
    return {
        "task": task["task"],
        "answers": task["compared"],
        "pairwise": score_by(task, project["definition"], "pairwise"),
        "consensus": score_by(task, project["definition"], "consensus"),
        "winners": orjson.loads(task["winners"]),
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
    if dimension.kind is DimensionKind.REGION:
        return _merged(dimension, votes, settings)
    if dimension.single_label and fitted is not None:
        return _weighed(dimension, votes, model_of(fitted), fitted)
    pattern = patterns_of(votes.compared, config).get(dimension.name)
    if pattern is None:
        return None
    people = sorted(person for person, answer in votes.compared.items() if dimension.name in answer)
    return {"model": Kind.MAJORITY.value, "version": 0, "winners": shown(winners_of(pattern)), "people": people}


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
