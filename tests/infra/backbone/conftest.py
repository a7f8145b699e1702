from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from annolog.infra.composition import EVERYTHING, Installation, Part, scratch_engine
from annolog.infra.read_models import PROJECTORS
from annolog.infra.settings import InstallationSettings
from tests.faults.postgresql.ground import parked_in
from tests.world import Backend, settings_in

Open = Callable[..., Installation]


def is_proven(installation: Installation, folder: Path) -> bool:
    """Whether read models equal those built anew, and nothing is parked."""
    differences = []
    for projector in PROJECTORS:
        scratch = scratch_engine(folder)
        differences += installation.verify(projector, scratch)
        scratch.dispose()
    return differences == [] and parked_in(installation) == []


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[InstallationSettings]:
    """A scaled-out installation that nothing has happened in."""
    with settings_in(tmp_path, Backend.SCALED_OUT) as found:
        yield found


@pytest.fixture
def opened(settings: InstallationSettings) -> Iterator[Open]:
    """Opens the installation as often as one likes, as so many processes would, each with some parts."""
    with ExitStack() as stack:

        def open_one(*parts: Part, **more: object) -> Installation:
            changed = settings.model_copy(update=more)
            return stack.enter_context(Installation(changed, parts=frozenset(parts) if parts else EVERYTHING))

        yield open_one
