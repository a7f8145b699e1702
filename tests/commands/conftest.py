from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annolog.commands import (
    commenting,
    people,
)
from annolog.domain.people.events import OrganizationRole
from annolog.domain.project.events import ProjectRole
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.settings import InstallationSettings
from tests.world import Backend, MovableClock, World, world_in


@pytest.fixture(
    params=[
        pytest.param(Backend.EMBEDDED, id="embedded"),
        pytest.param(Backend.POSTGRESQL, id="postgresql", marks=pytest.mark.services),
    ]
)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path, request.param) as found:
        # Nothing but the test sends commands: what arrives together, or finds the bus full, is counted here.
        found.installation.sweeper.stop()
        yield found


@pytest.fixture
def office(tmp_path: Path) -> Iterator[World]:
    """A project with somebody in every role, without anything that runs by itself."""
    clock = MovableClock()
    with Installation(InstallationSettings(data_dir=tmp_path), parts=NOTHING, clock=clock) as installation:
        world = World(installation, clock)
        world.set_up(tasks=3, annotators="bob annotator", reviewers="reviewer", managers="manager")
        world.join("viewer", ProjectRole.VIEWER)
        newcomers = [
            people.NewPerson(handle="owner", role=OrganizationRole.OWNER),
            people.NewPerson(handle="administrator", role=OrganizationRole.ADMINISTRATOR),
            people.NewPerson(handle="stranger"),
        ]
        registered = world.run(people.RegisterPeople(people=newcomers)).value["people"]
        world.people |= {person["handle"]: person["person"] for person in registered}
        assert world.submit("bob", 1) == 1
        assert world.run(commenting.AddComment(task=1, text="hm"), "bob").value["comment"] == 1
        yield world
