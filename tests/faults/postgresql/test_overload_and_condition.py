"""Too much is refused with its cause, and everybody can see how everything is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr

from annolog.infra import condition
from annolog.infra.composition import NOTHING, Installation, Part
from annolog.infra.condition import condition_of
from annolog.infra.http.serve import running_server
from annolog.infra.retrying import retry_parked
from annolog.infra.settings import InstallationSettings
from annolog.projections.engine import runner
from annolog.projections.engine.parking import all_parked
from annolog.projections.progress.projector import progress
from annolog.services.reaction import Reaction
from tests.world import Backend, MovableClock, World, result, settings_in

pytestmark = [pytest.mark.services, pytest.mark.fault]

TOKEN = "annolog_of_the_owner"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[InstallationSettings]:
    with settings_in(tmp_path, Backend.POSTGRESQL) as found:
        yield found.model_copy(update={"bootstrap_token": SecretStr(TOKEN)})


def standings(installation: Installation) -> dict[str, str]:
    return {reader.name: reader.standing.value for reader in condition_of(installation).readers}


def begun(installation: Installation, tasks: int = 4) -> World:
    world = World(installation, MovableClock())
    world.set_up(tasks=tasks, annotators="ann bob", assignment={"overlap": 2})
    return world


def test_while_projectors_stand_still_work_is_refused_and_says_why(settings: InstallationSettings) -> None:
    little = settings.model_copy(update={"most_lag": 30})
    with Installation(little, parts={Part.API}) as installation, running_server(installation) as url:
        world = begun(installation, tasks=40)
        path = f"{url}/v1/tasks/1/annotations"
        headers = {**HEADERS, "Annolog-On-Behalf-Of": str(world.people["ann"]), "Idempotency-Key": uuid4().hex}
        refused = httpx.post(path, headers=headers, json={"result": result("A")})
        assert (refused.status_code, refused.json()["code"]) == (503, "overloaded")
        assert "events behind" in refused.json()["detail"]
        assert refused.headers["Retry-After"]
        installation.projections.catch_up()
        taken = httpx.post(path, headers=headers, json={"result": result("A")})
        assert taken.status_code < 300


def test_what_is_behind_and_what_stands_still_is_told_apart(
    settings: InstallationSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Installation(settings, parts=NOTHING) as installation:
        world = begun(installation)
        assert standings(installation)["progress"] == "behind"
        installation.projections.catch_up()
        assert standings(installation)["progress"] == "current"
        world.clock.forward(-3_600)
        world.work("ann")
        monkeypatch.setattr(condition, "STALLED_SECONDS", 0.05)
        sleep(0.1)
        assert standings(installation)["progress"] == "stalled"
        [reason] = [reason for reason in condition_of(installation).reasons() if reason.startswith("progress")]
        assert "has not moved since" in reason


def test_a_parked_event_turns_health_yellow_says_why_and_a_retry_turns_it_green(
    settings: InstallationSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(rows: Any, recorded: Any) -> None:
        if recorded.type == "AnnotationSubmitted":
            raise ValueError("no such thing")
        progress.apply(rows, recorded)

    broken = replace(progress, apply=stumble)
    with Installation(settings, parts={Part.API}) as installation, running_server(installation) as url:
        world = begun(installation)
        installation.projections.catch_up()
        world.work("ann")
        runner.ProjectionRunner(installation.log, installation.read_writer, [broken]).catch_up()
        installation.projections.catch_up()
        assert standings(installation)["progress"] == "parked"
        ready = httpx.get(f"{url}/readyz")
        assert (ready.status_code, ready.json()["status"]) == (200, "warning")
        assert "progress has parked 1 events" in ready.json()["reasons"][0]
        metrics = httpx.get(f"{url}/metrics").text
        assert 'annolog_parked_events{consumer="progress"} 1.0' in metrics
        with installation.read_engine.connect() as connection:
            [parked] = all_parked(connection)
        assert "no such thing" in parked.error
        assert retry_parked(installation, parked)
        assert httpx.get(f"{url}/readyz").json()["status"] == "ok"


def test_a_reaction_that_fails_is_parked_others_go_on_and_a_retry_makes_up_for_it(
    settings: InstallationSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = {"enabled": True, "threshold": 0.9, "maximum_additional": 1}
    with Installation(settings, parts={Part.PROJECTOR, Part.REACTOR}) as installation:
        world = World(installation, MovableClock())
        world.set_up(tasks=1, assignment={"overlap": 2}, reassignment=rule)
        world.settle()

        def fail(_: Any) -> Any:
            raise KeyError("a defect")

        reactor = installation.reactions._reactor  # type: ignore[union-attr]
        whole = reactor.reactions
        reactor.reactions = tuple(
            Reaction(one.name, one.interests, fail) if one.name == "reassignment" else one for one in whole
        )
        world.work("ann", "A")
        world.work("bob", "B")
        world.settle()
        assert "SlotAdded" not in world.types("task-1")
        found = condition_of(installation)
        assert {one.reader for one in found.parked} == {"reaction.reassignment"}
        assert standings(installation)["reaction.evaluation"] == "current"
        assert {retry_parked(installation, one) for one in found.parked} == {True}
        assert world.types("task-1").count("SlotAdded") == 1
        assert condition_of(installation).parked == []


def test_a_database_that_is_gone_is_told_and_forgotten_once_it_is_back(settings: InstallationSettings) -> None:
    from tools.services.postgresql import PostgreSQL

    server = PostgreSQL()
    server.start()
    try:
        gone = settings.model_copy(update={"log_url": SecretStr(server.create("gone"))})
        with Installation(gone) as installation, running_server(installation) as url:
            world = begun(installation)
            world.settle()
            server.kill()
            deadline = monotonic() + 20
            while httpx.get(f"{url}/readyz", timeout=30).status_code != 503:
                assert monotonic() < deadline
            assert httpx.get(f"{url}/livez").status_code == 200
            assert httpx.get(f"{url}/metrics", timeout=30).text.count("annolog_lag_readable 0.0") == 1
            asked = httpx.get(f"{url}/v1/projects", headers=HEADERS, timeout=30)
            assert (asked.status_code, asked.json()["code"]) == (503, "unavailable")
            server.start()
            while httpx.get(f"{url}/readyz", timeout=30).status_code != 200:
                assert monotonic() < deadline + 30
            world.work("ann")
            world.settle()
    finally:
        server.remove()
