"""Somebody who became hasty, for all tests about them."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.commands.reviewing import SetGroundTruth
from annolog.infra.composition import Installation
from annolog.infra.settings import InstallationSettings
from tests.infra.web.site import serving
from tests.world import MovableClock, World

DAY = 86_400.0


@pytest.fixture(scope="session")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server on which somebody's pace changed after eight days, and the truth of some tasks is known."""
    folder, clock = tmp_path_factory.mktemp("hasty"), MovableClock()
    clock.forward(-30 * DAY)
    with Installation(InstallationSettings(data_dir=folder), clock=clock) as installation:
        world = World(installation, clock)
        world.set_up(tasks=70, managers="max", evaluation={"drift": True})
        for task in (1, 2, 3):
            world.run(SetGroundTruth(task=task, annotation=world.submit("rev", task, "A")), "rev")
        task = 0
        for seconds in (30.0, 33.0, 29.0, 31.0, 30.0, 32.0, 28.0, 31.0, 5.0, 4.0, 5.0, 5.0):
            for _ in range(5):
                task += 1
                world.submit("ann", task, "B" if task == 2 else "A", lead_time=seconds)
            world.settle()
            clock.forward(DAY)
        world.settle()
        project, people = world.project, dict(world.people)
    with serving(folder) as site:
        site.people |= people
        yield site, project, people["ann"]
