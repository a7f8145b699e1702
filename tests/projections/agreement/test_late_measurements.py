"""What metrics of a project's own said stays while it is of use, and what speaks of nothing known changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import create_engine, select

from annolog.domain.event import Event
from annolog.domain.project import events as project_events
from annolog.domain.project.settings import AgreementSettings, plain
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.projections.agreement import queries
from annolog.projections.agreement.projector import agreement
from annolog.projections.agreement.tables import agreement_task

XML = """<View><Text name="text" value="$text"/>
<Choices name="label" toName="text"><Choice value="a"/><Choice value="b"/></Choices></View>"""
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def proposed(version: int, digest: str) -> Event:
    definition = plain(AgreementSettings(custom=digest))
    return project_events.AgreementDefinitionProposed(project=1, version=version, definition=definition, activate=False)


def recomputed(version: int) -> Event:
    return project_events.AgreementRecomputed(
        project=1, version=version, first_task=1, last_task=2**53 - 1, complete=True
    )


def measured(definition: int, score: float, other: int = 12) -> Event:
    return happened.AgreementMeasured(
        project=1,
        task=1,
        definition=definition,
        digest="d",
        annotations=[(11, 1), (other, 1)],
        pairs=[happened.MeasuredPair(one=11, other=other, score=score)],
        score=score,
    )


def answered(annotation: int, label: str) -> Event:
    item = {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}}
    return happened.AnnotationSubmitted(
        project=1, task=1, annotation=annotation, annotator=annotation - 10, result=[item], config_version=1
    )


BEGINNING = (
    project_events.ProjectCreated(project=1, title="p"),
    project_events.LabelConfigRevised(project=1, version=1, label_config=XML),
    answered(11, "a"),
    answered(12, "b"),
)
IN_FORCE = (
    proposed(1, "one"),
    recomputed(1),
    measured(1, 0.25),
    project_events.AgreementDefinitionActivated(
        project=1, version=1, previous=0, definition=plain(AgreementSettings(custom="one"))
    ),
)


def judged(*events: Event) -> tuple[float | None, bool, float | None]:
    """The task's score by the definition in force, whether it is complete, and the project's mean."""
    id = UUID(int=1)
    history = [
        Recorded(position, id, "s", position, NOON, 1, None, id, id, None, 1, event)
        for position, event in enumerate((*BEGINNING, *events), 1)
    ]
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        agreement.metadata.create_all(connection)
        agreement.fold(connection, history)
        [(_, score, _, _, complete)] = queries.measured(connection, [1])
        project = queries.project_agreement(connection, 1)
        assert connection.execute(select(agreement_task.c.compared)).scalar_one() == 2
    engine.dispose()
    assert project is not None
    return score, complete, project["percent_agreement"]


def test_what_is_in_force_stays_measured_however_many_definitions_are_tried_beside_it() -> None:
    tried: list[Event] = []
    for version in (2, 3, 4):
        withdrawn = project_events.AgreementDefinitionWithdrawn(project=1, version=version, reason="")
        tried += [proposed(version, f"d{version}"), recomputed(version), measured(version, 0.75), withdrawn]
    assert judged(*IN_FORCE, *tried) == (0.25, True, 0.25)


def test_what_comes_too_late_for_its_definition_changes_nothing() -> None:
    withdrawn = project_events.AgreementDefinitionWithdrawn(project=1, version=2, reason="")
    late = [proposed(2, "two"), withdrawn, measured(2, 0.75), measured(9, 0.5)]
    assert judged(*IN_FORCE, *late) == (0.25, True, 0.25)


def test_what_was_measured_of_answers_that_nobody_gave_changes_nothing() -> None:
    assert judged(*IN_FORCE, measured(1, 1.0, other=99)) == (0.25, True, 0.25)


def test_a_definition_that_nobody_proposed_is_in_force_all_the_same() -> None:
    plain_again = plain(AgreementSettings())
    unheard = project_events.AgreementDefinitionWithdrawn(project=1, version=7, reason="")
    activated = project_events.AgreementDefinitionActivated(project=1, version=8, previous=0, definition=plain_again)
    score, complete, _ = judged(unheard, activated)
    assert (score, complete) == (None, True)
