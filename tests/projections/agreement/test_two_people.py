"""What is said of two people is about the tasks that both answered, and is of them alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sklearn.metrics import cohen_kappa_score
from sqlalchemy import Connection, create_engine

from annolog.domain.agreement.coefficients import Continuum, metric_alpha, unitizing_alpha
from annolog.domain.agreement.metrics import METRICS
from annolog.domain.agreement.two_people import coefficients_of_two
from annolog.domain.event import Event
from annolog.domain.labeling import Value, comparable_values, encode_value, parse_labeling_config
from annolog.domain.project.events import LabelConfigRevised, ProjectCreated
from annolog.domain.recorded import Recorded
from annolog.domain.task.events import AnnotationSubmitted
from annolog.projections.agreement import chance
from annolog.projections.agreement.projector import agreement
from annolog.projections.agreement.queries import shown
from annolog.projections.board.tables import board

XML = (
    '<View><Text name="text" value="$text"/>'
    '<Choices name="label" toName="text"><Choice value="a"/><Choice value="b"/><Choice value="c"/></Choices>'
    '<Rating name="stars" toName="text" maxRating="5"/><TextArea name="note" toName="text"/>'
    '<Labels name="span" toName="text"><Label value="PER"/><Label value="LOC"/></Labels></View>'
)
CONFIG = parse_labeling_config(XML)
TASKS = 60
ONE, OTHER = 3, 2
Answers = dict[int, dict[int, dict[str, Value]]]


def result(of: Random) -> list[dict[str, Any]]:
    """An answer in which any control may be left open."""
    where = {"to_name": "text"}
    found: list[dict[str, Any]] = []
    if of.random() < 0.8:
        value: dict[str, Any] = {"choices": [of.choice("aabc")]}
        found.append({"id": "c", "from_name": "label", "type": "choices", "value": value, **where})
    if of.random() < 0.8:
        value = {"rating": of.choice([1, 2, 2, 3, 5])}
        found.append({"id": "s", "from_name": "stars", "type": "rating", "value": value, **where})
    if of.random() < 0.8:
        value = {"text": [of.choice(["red cat", "red car", "blue sea"])]}
        found.append({"id": "n", "from_name": "note", "type": "textarea", "value": value, **where})
    for place in range(of.randint(0, 2)):
        start = of.choice([0, 10, 20]) + of.randint(0, 1)
        value = {"start": start, "end": start + 6, "text": "t", "labels": [of.choice(["PER", "LOC"])]}
        found.append({"id": f"r{place}", "from_name": "span", "type": "labels", "value": value, **where})
    return found


@pytest.fixture(scope="module")
def read() -> Iterator[tuple[Connection, Answers]]:
    """Four people, each of whom skips a task in four; and what they said, as the inputs have it."""
    of, answers = Random(11), Answers()
    events: list[Event] = [
        ProjectCreated(project=1, title="p"),
        LabelConfigRevised(project=1, version=1, label_config=XML),
    ]
    for task in range(1, TASKS + 1):
        for person in range(1, 5):
            if of.random() < 0.75:
                said = result(of)
                answers.setdefault(task, {})[person] = dict(comparable_values(CONFIG, said))
                events.append(
                    AnnotationSubmitted(
                        project=1, task=task, annotation=len(events), annotator=person, result=said, config_version=1
                    )
                )
    noon = datetime(2026, 11, 26, 12, tzinfo=UTC)
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        agreement.metadata.create_all(connection)
        board.metadata.create_all(connection)
        ids = [UUID(int=position) for position in range(len(events) + 1)]
        agreement.fold(
            connection,
            [
                Recorded(place, ids[place], "s", place, noon, 1, None, ids[place], ids[place], None, 1, event)
                for place, event in enumerate(events, start=1)
            ],
        )
        yield connection, answers


def both(answers: Answers, dimension: str) -> list[tuple[Value | None, Value | None]]:
    """What the two said to every task that both answered."""
    return [
        (people[ONE].get(dimension), people[OTHER].get(dimension))
        for people in answers.values()
        if ONE in people and OTHER in people
    ]


@pytest.mark.parametrize(("dimension", "label"), [("label", None), ("label", "a"), ("stars", None), ("stars", "2")])
def test_categories_of_two(read: tuple[Connection, Answers], dimension: str, label: str | None) -> None:
    connection, answers = read
    pairs = [(one, other) for one, other in both(answers, dimension) if one is not None and other is not None]
    found = chance.of_pair(connection, 1, dimension, ONE, OTHER, label=label, resamples=100)
    table = Counter((encode_value(one), encode_value(other)) for one, other in pairs)
    expected = coefficients_of_two(table, CONFIG.by_name[dimension], label, resamples=100)
    assert found["tasks"] == len(pairs)
    assert found["coefficients"] == {name: shown(value) for name, value in expected.items()}
    ones, others = zip(*pairs, strict=True)
    if label is not None:
        mark = "a" if dimension == "label" else 2.0
        ones, others = [one == mark for one in ones], [other == mark for other in others]  # type: ignore[assignment]
    kappa = cohen_kappa_score([str(one) for one in ones], [str(other) for other in others])
    assert found["coefficients"]["cohen_kappa"]["value"] == pytest.approx(kappa, abs=1e-9)
    assert {(row["one"], row["other"]): row["tasks"] for row in found["confusion"]} == Counter(pairs)


@pytest.mark.parametrize(("dimension", "metric"), [("note", "text_similarity"), ("span", "overlap")])
def test_alpha_of_two_is_by_the_metric_of_the_project(
    read: tuple[Connection, Answers], dimension: str, metric: str
) -> None:
    connection, answers = read
    units = [
        [() if value is None else value for value in pair] for pair in both(answers, dimension) if pair != (None, None)
    ]
    found = chance.of_pair(connection, 1, dimension, ONE, OTHER, resamples=100)["coefficients"]
    alpha = shown(metric_alpha(units, METRICS[metric], resamples=100))
    assert found["krippendorff_alpha_by_metric"] == {**alpha, "metric": metric}
    assert alpha["interval"] is not None
    assert found["cohen_kappa"]["value"] is None
    if dimension == "note":
        assert "krippendorff_alpha_unitizing" not in found
        return
    spans: list[list[list[tuple[float, float, str]]]] = []
    for unit in units:
        regions: list[list[dict[str, Any]]] = [[dict(region) for region in value] for value in unit]  # type: ignore[arg-type, union-attr]
        spans.append([[(r["start"], r["end"], r["labels"][0]) for r in drawn] for drawn in regions])
    # Nobody put these tasks on the board, so that each ends with its last span.
    continua = [Continuum(max(end for drawn in unit for _, end, _ in drawn), dict(enumerate(unit))) for unit in spans]
    assert found["krippendorff_alpha_unitizing"] == shown(unitizing_alpha(continua, resamples=100))


def test_the_order_of_two_turns_their_table_and_nothing_else(read: tuple[Connection, Answers]) -> None:
    connection, _ = read
    for dimension in ("label", "stars", "note", "span"):
        one, other = (
            chance.of_pair(connection, 1, dimension, *pair, resamples=0) for pair in ((ONE, OTHER), (OTHER, ONE))
        )
        values = [{name: value["value"] for name, value in found["coefficients"].items()} for found in (one, other)]
        assert values[0] == pytest.approx(values[1], abs=1e-12)
        turned = {(row["other"], row["one"]): row["tasks"] for row in other["confusion"]}
        assert {(row["one"], row["other"]): row["tasks"] for row in one["confusion"]} == turned
