"""What cannot be dealt with when it comes by Kafka is parked, holds up its project alone, and can be tried again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import text

from annolog.domain.recorded import Recorded
from annolog.infra.backbone.projecting import KafkaProjector
from annolog.infra.backbone.topic import Topic
from annolog.infra.composition import Installation, Part
from annolog.infra.read_models import PROJECTORS
from annolog.infra.retrying import retry_parked
from annolog.infra.settings import InstallationSettings
from annolog.projections.engine.parking import ParkingRules, WhenParked
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rows import Rows
from annolog.projections.progress.projector import progress
from annolog.services.reaction import Reaction
from tests.faults.postgresql.ground import parked_in, whole_log
from tests.infra.backbone.conftest import Open, is_proven
from tests.infra.backbone.records import label

pytestmark = [pytest.mark.services, pytest.mark.fault]

POISONED = 1


def stumble(rows: Rows, recorded: Recorded) -> None:
    if recorded.project == POISONED and recorded.type == "AnnotationSubmitted":
        raise ZeroDivisionError(f"nobody thought of {recorded.type}")
    progress.apply(rows, recorded)


BROKEN: Sequence[Projector] = [replace(p, apply=stumble) if p is progress else p for p in PROJECTORS]


@contextmanager
def member(installation: Installation, settings: InstallationSettings, rules: ParkingRules) -> Iterator[KafkaProjector]:
    """A projector whose progress cannot deal with the answers of one project."""
    found = KafkaProjector(
        Topic.of(settings), installation.log, installation.read_writer, BROKEN, rules, installation.observer
    )
    found.start()
    try:
        yield found
    finally:
        found.stop()


def annotations(installation: Installation) -> dict[int, int]:
    with installation.read_engine.connect() as connection:
        return dict(connection.execute(text("SELECT project, annotations FROM progress_project")).fetchall())


def until(done: Callable[[], bool], seconds: float = 30.0) -> None:
    begun = monotonic()
    while not done():
        assert monotonic() - begun < seconds
        sleep(0.05)


@pytest.mark.parametrize("when", WhenParked)
def test_an_event_that_cannot_be_folded_holds_up_its_project_alone_until_it_is_retried(
    opened: Open, settings: InstallationSettings, tmp_path: Path, when: WhenParked
) -> None:
    quiet = opened(Part.API)
    opened(Part.RELAY)
    with member(quiet, settings, ParkingRules(when)):
        for _ in range(3):
            label(quiet, 4)
        quiet.wait_for(quiet.log.head(), 30)
    waits = when is WhenParked.WAIT
    found = parked_in(quiet)
    assert [(one.reader, one.place, one.waits) for one in found] == [("progress", "project-1", waits)] * len(found)
    assert len(found) == (1 if waits else 8)
    assert annotations(quiet) == {1: 0, 2: 8, 3: 8}
    opened(Part.PROJECTOR)
    label(quiet, 4)
    quiet.wait_for(quiet.log.head(), 30)
    for one in parked_in(quiet):
        assert retry_parked(quiet, one)
    assert annotations(quiet) == {1: 8, 2: 8, 3: 8, 4: 8}
    assert is_proven(quiet, tmp_path)


def test_a_member_that_has_parked_as_much_as_it_may_stands_still_and_says_why_until_it_can_go_on(
    opened: Open, settings: InstallationSettings, tmp_path: Path
) -> None:
    quiet = opened(Part.API)
    opened(Part.RELAY)
    with member(quiet, settings, ParkingRules(WhenParked.GO_ON, most=3)) as projecting:
        label(quiet, 4)
        until(lambda: projecting.trouble is not None)
        for _ in range(60):
            assert projecting.trouble is not None
            assert "progress stands still: 3 of its events are parked" in projecting.trouble
            sleep(0.05)
        assert len(parked_in(quiet)) <= 3
        assert quiet.projections.position < quiet.log.head()
        stopping = monotonic()
    assert monotonic() - stopping < 10
    opened(Part.PROJECTOR)
    quiet.wait_for(quiet.log.head(), 30)
    for one in parked_in(quiet):
        assert retry_parked(quiet, one)
    assert is_proven(quiet, tmp_path)


def test_a_reaction_that_fails_parks_its_event_and_goes_on_with_those_after_it(opened: Open, tmp_path: Path) -> None:
    """Also where the project's later events would wait for a read model: each event asks for itself."""
    quiet = opened(Part.API)
    opened(Part.RELAY)
    opened(Part.PROJECTOR)
    reacting = quiet.kafka_reactor()
    failed: list[int] = []

    def of(reaction: Reaction) -> Reaction:
        def react(events: Sequence[Recorded]) -> Any:
            first = next((one.position for one in events if one.type == "AnnotationSubmitted"), None)
            if first is not None and (not failed or first in failed):
                failed.append(first)
                raise KeyError("a defect")
            return reaction.react(events)

        return replace(reaction, react=react) if reaction.name == "reassignment" else reaction

    reacting._reactor.reactions = tuple(of(one) for one in reacting._reactor.reactions)
    reacting.start()
    try:
        label(quiet, 6)
        quiet.settle(30)
    finally:
        reacting.stop()
    found = parked_in(quiet)
    assert {one.reader for one in found} == {"reaction.reassignment"}
    assert {one.waits for one in found} == {0}
    for one in found:
        assert retry_parked(quiet, one)
    told = {event.stream for event in whole_log(quiet) if event.type == "TaskInfeasible"}
    assert told == {"task-1", "task-4"}
    quiet.wait_for(quiet.log.head(), 30)
    assert is_proven(quiet, tmp_path)
