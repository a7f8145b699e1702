"""Predictions came in unchecked once. They are facts: agreement goes on, and hears nothing in what fits no config."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine

from annolog.domain.project import events as project_events
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.projections.agreement.matrix import task_agreement_of
from annolog.projections.agreement.projector import agreement
from annolog.projections.agreement.quality import labels

XML = """<View><Text name="text" value="$text"/>
<Choices name="label" toName="text"><Choice value="a"/><Choice value="b"/></Choices></View>"""
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
SAID = {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": ["a"]}}


def predicted(version: str, item: dict[str, Any]) -> happened.PredictionRecorded:
    return happened.PredictionRecorded(project=1, task=1, prediction=1, model_version=version, result=[item])


@pytest.mark.parametrize(
    "item",
    [
        {"value": 3},
        {"from_name": "label"},
        {"from_name": ["label"], "type": "choices"},
        SAID | {"type": ["choices"]},
        SAID | {"value": None},
        SAID | {"value": {"choices": 10**400}},
        SAID | {"value": {"choices": [{"a": float("nan")}]}},
    ],
)
def test_a_prediction_that_fits_nothing_says_nothing_and_stops_nothing(item: dict[str, Any]) -> None:
    history = [
        project_events.ProjectCreated(project=1, title="p"),
        project_events.LabelConfigRevised(project=1, version=1, label_config=XML),
        predicted("wrong", item),
        predicted("right", SAID),
    ]
    id = UUID(int=1)
    recorded = [
        Recorded(position, id, "s", position, NOON, 1, None, id, id, None, 1, event)
        for position, event in enumerate(history, 1)
    ]
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        agreement.metadata.create_all(connection)
        agreement.fold(connection, recorded)
        told = {row["label"]: row["predictions"] for row in labels(connection, 1, "label")["labels"]}
        matrix = task_agreement_of(connection, 1)
    engine.dispose()
    assert told == {"a": 1, "b": 0}
    assert matrix is not None
    assert [(pair["one"], pair["other"]) for pair in matrix["matrix"]] == [("model:wrong", "model:right")]
